import { expect } from "chai";
import { ASSET_PARAMETERS } from "../../scripts/deploy/parameters.js";
import type { Prices } from "../../scripts/devnet/assets.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { wad } from "../support/orders.js";
import { nextGridTime } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";
import { pushPool, wholeMarket } from "./support/accomplice.js";
import { type Best, mostProfitable, navAt, type Owner, printProfit, profitOf } from "./support/ledger.js";
import { CAPACITY, exhaust, looseVault, type Wash } from "./support/stolen.js";

/**
 * The threat: a stolen keeper's key trades at a price that a feed has not corrected yet, with an accomplice who knows the true one and holds
 * markets where the plan wants them.
 *
 * The bounds (docs/threat-model.md): a feed that lags inside its threshold δ is paid for by the loss budget, less than 2C of NAV in seven days
 * ("A stolen keeper key"). A feed that is fresh, inside its heartbeat, and wrong by more: a notional of at most 2C/δ in seven days, times the
 * error ("Chainlink").
 */
const fixture = reusable(vaultWithHistory);
const STEPS_A_WEEK = 21;

type Kind = "swap" | "mint" | "size";
const KINDS = ["swap", "mint", "size"] as const;
/** δ of what a plan trades: of both tokens in the pool, of ETH on the perp venue; 1e18 = 100%. */
const thresholdOf = (kind: Kind): bigint =>
  kind === "size" ? ASSET_PARAMETERS.ETH.deviation : ASSET_PARAMETERS.ALT.deviation + ASSET_PARAMETERS.USDC.deviation;
/** That of the asset whose price is late, a fraction. */
const lateness = (kind: Kind): number => Number(ASSET_PARAMETERS[kind === "size" ? "ETH" : "ALT"].deviation) / 1e18;

const truthAt = (kind: Kind, error: number): Prices =>
  kind === "size" ? { ...START, ETH: START.ETH * (1 + error) } : { ...START, ALT: START.ALT * (1 + error) };

const washesOf = (kind: Kind, pushes: number[], side: -1 | 1): Wash[] =>
  pushes.map((push) => ({ kind, push, usd: { swap: 30_000, mint: 80_000, size: 60_000 }[kind], side }));

async function begin(): Promise<{ f: Fixture; accomplices: Owner[]; capacity: bigint }> {
  const f = await fixture();
  await looseVault(f);
  const accomplices = await wholeMarket(f);
  return { f, accomplices, capacity: ((await navAt(f, START)) * CAPACITY) / wad(1) };
}

/** What the accomplices gain by all that the budget lets them do now, at the true price of now. */
async function taken(f: Fixture, accomplices: Owner[], truth: Prices, wash: Wash): Promise<bigint> {
  // Liquidity is worth what the ledger says where the pool stands at the true price, as it does again at the end.
  await pushPool(f, truth.ALT);
  return profitOf(f, truth, accomplices, () => exhaust(f, wash, truth));
}

describe("attack: a stolen key trades on a stale feed", () => {
  for (const kind of KINDS) {
    it(`late within its threshold, ${kind}: less than 2C in seven days`, async () => {
      const { f, accomplices, capacity } = await begin();
      const late = lateness(kind) * 0.999;
      const plans = washesOf(kind, [0, 0.012, 0.022], -1);
      const best = await mostProfitable(f, plans, (wash) => taken(f, accomplices, truthAt(kind, late), wash));
      expect(best.profit).to.be.lessThanOrEqual(capacity);
      // The true price goes up and down within the threshold, and each time the key trades the wrong way.
      let profit = 0n;
      for (let step = 0; step < STEPS_A_WEEK; step++) {
        const side = step % 2 === 0 ? -1 : 1;
        profit += await taken(f, accomplices, truthAt(kind, -side * late), { ...best.choice, side });
        await nextGridTime(f);
      }
      printProfit(`stolen-key-stale-oracle, ${kind}, within ${late}, seven days`, { ...best, profit }, 2n * capacity);
      expect(profit).to.be.greaterThan(0n);
      expect(profit).to.be.lessThanOrEqual(2n * capacity);
    });

    it(`late by more than that, ${kind}: at most the error on a notional of 2C/δ`, async () => {
      const { f, accomplices, capacity } = await begin();
      for (const error of [0.02, 0.05, 0.1]) {
        const choices = [-1, 1].flatMap((side) =>
          washesOf(kind, [0, 0.012, 0.022], side as -1 | 1).map((wash) => ({ ...wash, error: -side * error })),
        );
        const best: Best<Wash> = await mostProfitable(f, choices, ({ error: signed, ...wash }) =>
          taken(f, accomplices, truthAt(kind, signed), wash),
        );
        const bound = (2n * capacity * wad(error)) / thresholdOf(kind);
        printProfit(`stolen-key-stale-oracle, ${kind}, wrong by ${error}`, best, bound);
        expect(best.profit).to.be.greaterThan(0n);
        expect(best.profit).to.be.lessThanOrEqual(bound);
      }
    });
  }
});
