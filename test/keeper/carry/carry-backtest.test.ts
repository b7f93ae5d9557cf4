import { expect } from "chai";
import fc from "fast-check";
import { readTable } from "../../../keeper/src/backtest/data/read-table.js";
import type { Table } from "../../../keeper/src/backtest/data/table.js";
import { CAUTION, HALF_LIVES } from "../../../keeper/src/model/carry/carry-coefficients.js";
import { knownDays } from "../../bench/carry/known-days.js";
import { account, byRule, bySign, type HeldDay, heldDays, withForesight } from "../../bench/carry/positions.js";
import { missingData, sharedFile } from "../../integration/support/shared-data.js";
import { expectClose } from "../expect-close.js";

const FILE = "funding_8h.csv.gz";
const dayOf = (text: string): number => Date.parse(text) / 86_400_000;
const outlook = { holdingDays: 30, rate: 0, deviation: 0, negativeDays: 0 };
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("carry positions over the past", () => {
  it("knows the best in hindsight: of all there are, by trying them", () => {
    const earned = fc.array(fc.double({ min: -0.01, max: 0.01, noNaN: true }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(earned, fc.double({ min: 0, max: 0.02, noNaN: true }), (values, roundTrip) => {
        const days: HeldDay[] = values.map((value, day) => ({ day, earned: value, outlook }));
        const terms = { roundTrip, opportunity: 0, caution: 0 };
        const bring = (held: boolean[]) => sum(account(days, held, terms).net);
        const all = Array.from({ length: 2 ** days.length }, (_, bits) => days.map((_, i) => ((bits >> i) & 1) === 1));
        expectClose(bring(withForesight(days, terms)), Math.max(...all.map(bring)), 1e-12);
      }),
      { seed: 6, numRuns: 60 },
    );
  });

  it("keeps a position between the two thresholds, and books each change", () => {
    const terms = { roundTrip: 0.01, opportunity: 0, caution: 0 };
    const at = (rate: number, negativeDays = 0): HeldDay => ({
      ...{ day: 0, earned: 0.001, outlook: { ...outlook, rate, negativeDays } },
    });
    const days = [at(0.1), at(0.13), at(0.1), at(-0.1, 3), at(-0.13, 3), at(0.1)];
    const held = byRule(days, terms);
    expect(held).to.deep.equal([false, true, true, true, false, false]);
    expect(account(days, held, terms)).to.deep.equal({ net: [0, -0.004, 0.001, 0.001, -0.005, 0], changes: 2 });
  });

  describe("of 21 perps, 2019-09 to 2024-08", () => {
    let table: Table;

    before(async function () {
      const absent = missingData(FILE);
      if (absent !== undefined) {
        console.log(`      skipped: ${absent}`);
        return this.skip();
      }
      table = await readTable(sharedFile(FILE), "rate");
    });

    it("know nothing of what comes later", () => {
      const cut = table.grid.length - 24 * 500;
      const short: Table = {
        grid: { ...table.grid, length: cut },
        columns: new Map([["BTC", table.columns.get("BTC")!.slice(0, cut)]]),
      };
      const all = knownDays(table, "BTC", [HALF_LIVES]);
      const early = knownDays(short, "BTC", [HALF_LIVES]);
      expect(early.length).to.be.above(1_000);
      expect(all.slice(0, early.length)).to.deep.equal(early);
    });

    it("bring more than being always in, and most of what hindsight would, after what they were chosen on", () => {
      const [from, to] = [dayOf("2021-04-01"), dayOf("2024-08-31")];
      const assets = [...table.columns.keys()];
      for (const [roundTrip, names] of [
        [0.002, assets],
        [0.008, assets],
        [0.002, ["BTC", "ETH"]],
      ] as const) {
        const terms = { roundTrip, opportunity: 0.03, caution: CAUTION };
        const totals = { rule: 0, always: 0, sign: 0, foresight: 0 };
        for (const name of names) {
          const days = heldDays(knownDays(table, name, [HALF_LIVES]), HALF_LIVES, terms.opportunity);
          const within = (held: boolean[]) =>
            sum(account(days, held, terms).net.filter((_, i) => days[i]!.day >= from && days[i]!.day <= to));
          totals.rule += within(byRule(days, terms));
          totals.always += within(days.map(() => true));
          totals.sign += within(bySign(days, terms));
          totals.foresight += within(withForesight(days, terms));
        }
        expect(totals.rule, "always in").to.be.above(totals.always);
        // By the forecast's sign alone: cheap changes of the two that change least are the exception.
        expect(totals.rule, "by sign").to.be.above(names === assets ? totals.sign : 0.99 * totals.sign);
        expect(totals.rule / totals.foresight, "of hindsight").to.be.within(0.8, 1);
      }
    });
  });
});
