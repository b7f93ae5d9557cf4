import { expect } from "chai";
import { START, vaultWithHistory } from "../support/fixture.js";
import { wad } from "../support/orders.js";
import { nextGridTime } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";
import { wholeMarket } from "./support/accomplice.js";
import { dollars, mostProfitable, navAt, printProfit, profitOf, wealthOf } from "./support/ledger.js";
import { CAPACITY, exhaust, looseVault, type Wash } from "./support/stolen.js";

/**
 * The threat: a stolen keeper's key trades with an accomplice to whom every pool and every perp market belongs, as dearly as plans may, and
 * again as soon as the budget has anything. All order types that trade: swaps, mints with burns, sizes.
 *
 * The bound (docs/threat-model.md, "A stolen keeper key"): C at once and C more in seven days, so less than C·(1 + d/7) of NAV in d days.
 */
const fixture = reusable(vaultWithHistory);
const DAYS = 7;
const GRIDS_A_DAY = 3;

/** By order type: the plans that the attacker chooses from, and the least part of the bound that the best is known to take in a week. */
const PLANS: Record<string, { least: bigint; plans: Wash[] }> = {
  swap: {
    least: 80n,
    plans: [
      { kind: "fees", push: 0, usd: 40_000 },
      ...[0.012, 0.022].map((push) => ({ kind: "swap", push, usd: 30_000 }) as const),
    ],
  },
  mint: {
    least: 12n,
    plans: [40_000, 90_000].flatMap((usd) => [0.012, 0.024].map((push) => ({ kind: "mint", push, usd }) as const)),
  },
  size: {
    least: 80n,
    plans: [
      { kind: "perp fees", push: 0, usd: 300_000 },
      { kind: "size", push: 0.025, usd: 60_000 },
    ],
  },
};

describe("attack: a stolen key washes trades with an accomplice", () => {
  for (const [type, { plans, least }] of Object.entries(PLANS)) {
    it(`with orders of type ${type}: less than 2C in seven days, however it trades`, async () => {
      const f = await fixture();
      await looseVault(f);
      const accomplices = await wholeMarket(f);
      const nav = await navAt(f, START);
      const boundOf = (days: number) => (nav * CAPACITY * BigInt(DAYS + days)) / BigInt(DAYS) / wad(1);
      const best = await mostProfitable(f, plans, (wash) => profitOf(f, START, accomplices, () => exhaust(f, wash)));
      expect(best.profit).to.be.lessThanOrEqual(boundOf(0));

      const before = await wealthOf(f, START, accomplices);
      let profit = 0n;
      for (let day = 1; day <= DAYS; day++) {
        for (let step = 0; step < GRIDS_A_DAY; step++) {
          await exhaust(f, best.choice);
          await nextGridTime(f);
        }
        profit = (await wealthOf(f, START, accomplices)) - before;
        if (day === 1) console.log(`      attack stolen-key-wash, ${type}: ${dollars(profit)} USD on the first day`);
        expect(profit, `day ${day}`).to.be.lessThanOrEqual(boundOf(day));
        expect(nav - (await navAt(f, START)), `day ${day}`).to.be.lessThanOrEqual(boundOf(day));
      }
      printProfit(`stolen-key-wash, ${type}, seven days`, { ...best, profit }, boundOf(DAYS));
      // The attack is real.
      expect(profit * 100n).to.be.greaterThan(boundOf(DAYS) * least);
    });
  }
});
