import { expect } from "chai";
import type { BaseContract } from "ethers";
import { fund } from "../../scripts/devnet/world.js";
import { LOCK_TABLE } from "../integration/support/lock-table.js";
import { pricesOf } from "../support/actions.js";
import { START } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import {
  type Attempt,
  functionsOf,
  guess,
  hookedVault,
  MOMENTS,
  mostEarned,
  prepare,
  successes,
} from "./support/hooks.js";
import { printProfit, shareValue } from "./support/ledger.js";

/**
 * The threat: a market of somebody else's lends against shares by what a view says, and whoever a token hands control to borrows in the middle of
 * an operation, when the figures do not fit together.
 *
 * The bound (docs/architecture.md, "Lock"): nothing. Every view of value of vault, Rebalancer and legs is tried as the lender's price, each word
 * of its answer, as a figure that rises with the share's price and as one that falls; the list comes from their ABIs.
 */
const SHARES_EACH = wad(1_000);

type Part = keyof typeof LOCK_TABLE;
const PARTS = Object.keys(LOCK_TABLE) as Part[];

async function withLender() {
  const f = await hookedVault();
  const perShare = ((await shareValue(f, START)) * usdc(1)) / wad(1);
  const lender = await f.world.ethers.deployContract("MockLender", [f.vault, f.world.tokens.USDC, perShare]);
  await fund(f.world, await lender.getAddress(), { USDC: usdc(10_000_000) });
  await f.vault.connect(f.attacker).approve(lender, 2n ** 255n);
  return { ...f, lender, perShare };
}
const fixture = reusable(withLender);
type Lent = Awaited<ReturnType<typeof withLender>>;

interface Source {
  name: string;
  target: string;
  data: string;
  word: number;
  atRest: bigint;
  inverse: boolean;
}

/** Is it a view from which a price follows? A view without a row fails here. */
function isValue(part: Part, name: string): boolean {
  const row = LOCK_TABLE[part][name];
  if (row === undefined) throw new Error(`${part}.${name} has no row in lock-table.ts`);
  return "error" in row && row.error.endsWith("Locked");
}

/** Every word of what every view of value answers at rest. */
async function sources(f: Lent): Promise<Source[]> {
  const prices = await pricesOf(f);
  const token = await f.world.tokens.ALT.getAddress();
  const contracts: Record<Part, BaseContract> = {
    vault: f.vault,
    rebalancer: f.rebalancer,
    liquidity: f.liquidity,
    perp: f.perp,
  };
  const found: Source[] = [];
  for (const part of PARTS) {
    const { interface: abi } = contracts[part];
    const target = await contracts[part].getAddress();
    for (const fragment of functionsOf(abi, true)) {
      if (!isValue(part, fragment.name)) continue;
      const args = fragment.inputs.map((input) => {
        if (input.components?.[0]?.name === "mid") return prices;
        if (input.name === "baseToken" || input.name === "market") return f.world.deployment.perp.markets.ETH.base;
        if (input.name === "tokens") return [token];
        if (input.name === "amounts") return [wad(10)];
        if (/^mid[01]$/.test(input.name)) return wad(1);
        return input.type === "uint256" ? wad(10) : guess(f, token, input);
      });
      const data = abi.encodeFunctionData(fragment, args);
      const answer = await f.world.ethers.provider.call({ to: target, data });
      for (let word = 0; word < (answer.length - 2) / 64; word++) {
        const atRest = BigInt(`0x${answer.slice(2 + 64 * word, 66 + 64 * word)}`);
        // Not lengths, places, flags, ticks and what is negative.
        if (atRest <= 1_000n || atRest >= 2n ** 128n) continue;
        for (const inverse of [false, true]) {
          found.push({ name: `${part}.${fragment.name}[${word}]`, target, data, word, atRest, inverse });
        }
      }
    }
  }
  return found;
}

/** The attacker pledges shares by each of them, where he gets more than they are worth. */
async function loans(f: Lent, list: Source[], least: bigint): Promise<Attempt[]> {
  const target = await f.lender.getAddress();
  return list.map(({ name, ...source }) => ({
    name,
    target,
    data: f.lender.interface.encodeFunctionData("lend", [source, SHARES_EACH, least]),
  }));
}

describe("attack: borrowing against shares in the middle of an operation", () => {
  it("is tried with every view of value, all of which a lender could use at rest", async () => {
    const f = await fixture();
    const list = await sources(f);
    const worth = (SHARES_EACH * f.perShare) / wad(1);
    const attempts = await loans(f, list, (worth * 99n) / 100n);
    const refused: string[] = [];
    for (let i = 0; i < attempts.length; i += 20) {
      const some = attempts.slice(i, i + 20);
      const snapshot = await f.world.networkHelpers.takeSnapshot();
      await prepare(f, some);
      await f.listener.getFunction("act")();
      const lent = await successes(f, some);
      await snapshot.restore();
      refused.push(...some.filter((attempt) => !lent.includes(attempt)).map(({ name }) => name));
    }
    expect(refused).to.deep.equal([]);
    expect(list.length).to.be.greaterThan(40);
  });

  for (const moment of Object.keys(MOMENTS)) {
    it(`in the middle of ${moment} earns nothing`, async () => {
      const f = await fixture();
      const list = await sources(f);
      const worth = (SHARES_EACH * f.perShare) / wad(1);
      const attempts = await loans(f, list, (worth * 1_001n) / 1_000n);
      const best = await mostEarned(f, moment, attempts, 4);
      printProfit(`read-only-reentrancy in ${moment}`, best, 0n);
      expect(best.profit).to.equal(0n);
    });
  }
});
