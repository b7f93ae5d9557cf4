import type { VaultEvent } from "@crosshedge/sdk";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { agree, countOn, countsFrom, noCounts } from "../../../sdk/src/history/counts.js";

const VAULT = "0x1111111111111111111111111111111111111111";
const ALICE = "0x2222222222222222222222222222222222222222";
const REBALANCER = "0x3333333333333333333333333333333333333333";
const event = (name: VaultEvent["name"], args: object) => ({ name, args, contract: REBALANCER }) as VaultEvent;
const moved = (from: string, to: string, value: bigint) => event("Transfer", { from, to, value });

/** Mints and burns twice over: as transfers, and by what deposits, fees, exits and settlements say. */
const EVENTS = [
  ...[moved(ZeroAddress, ALICE, 1_000n), event("BasketDeposit", { shares: 1_000n })],
  ...[moved(ZeroAddress, ALICE, 30n), event("FeesAccrued", { managementShares: 10n, performanceShares: 20n })],
  ...[moved(ALICE, VAULT, 400n), moved(VAULT, ALICE, 50n), event("Rebalanced", {})],
  ...[moved(VAULT, ZeroAddress, 200n), event("Settled", { shares: 200n })],
  ...[moved(ALICE, ZeroAddress, 100n), event("ExitInKind", { shares: 100n }), event("Rebalanced", {})],
];

describe("sdk: counts of a history", () => {
  it("adds events up to the chain's counters, and back to what was before", () => {
    const counts = countOn(noCounts(0), VAULT, EVENTS);
    expect(counts).to.include({ supply: "730", flows: "730", escrow: "150" });
    expect(counts.epochs).to.deep.equal({ [REBALANCER]: 2 });
    const back = countOn(counts, VAULT, EVENTS, -1);
    expect(back).to.deep.equal({ ...noCounts(0), epochs: { [REBALANCER]: 0 } });
  });

  it("asks no plans of before its beginning from a Rebalancer that comes to a history that began later", () => {
    const chain = { supply: 5n, escrow: 1n, epochs: new Map([[REBALANCER, 7]]), rebalancer: REBALANCER, legs: [] };
    const followed = [{ address: REBALANCER, kind: "rebalancer" as const, pool: null, from: 9, to: null }];
    const fits = (before: Map<string, number>) =>
      agree(countsFrom({ ...chain, epochs: before }, 8), chain, new Set(["Rebalanced"]), followed, 9);
    expect(fits(new Map())).to.equal(true);
    expect(fits(new Map([[REBALANCER, 6]]))).to.equal(false);
  });
});
