import { expect } from "chai";
import fc from "fast-check";
import { hoursOf } from "../../../keeper/src/backtest/account/hours.js";
import { marginNeeds } from "../../../keeper/src/backtest/account/margin-needs.js";
import { keepAllBooks } from "../../../keeper/src/backtest/account/strategies.js";
import type { Market } from "../../../keeper/src/backtest/data/market.js";
import { methodNames } from "../../../keeper/src/backtest/learn/registry.js";
import { Settings, type SettingsInput } from "../../../keeper/src/backtest/options.js";
import { DAY, HOUR } from "../../../keeper/src/backtest/time.js";
import { walk } from "../../../keeper/src/backtest/walk/walk.js";
import { createRandom } from "../../../keeper/src/model/random.js";
import { casesOf, copyOf, smallMarket } from "./support.js";

const methods = methodNames();
const market = smallMarket(5, 60, 1);

/** A token's decisions and books under some settings. */
function run(of: Market, settings: SettingsInput) {
  const first = casesOf(of, settings).cases.find(({ asset }) => asset === "ALFA");
  const { observations, hedges, times } = first!;
  const { latency = 60 } = settings;
  const { decisions } = walk({ observations, hedges: hedges.length, methods, times, latency });
  const all = Settings.parse({ minHistory: 10, ...settings });
  return { times, decisions, books: keepAllBooks(first!, hoursOf(first!, all), decisions, all) };
}

/** The market with every price stamped at or after a time thrown about. */
function shaken({ prices, perps, funding }: Market, from: number, seed: number): Market {
  const random = createRandom(seed);
  const [p, q] = [copyOf(prices), copyOf(perps!)];
  for (const { grid, columns } of [p, q]) {
    for (const series of columns.values()) {
      for (let row = Math.ceil((from - grid.start) / HOUR); row < series.length; row++) {
        series[row]! *= Math.exp(0.1 * random.normal());
      }
    }
  }
  return { prices: p, perps: q, funding: funding! };
}

const RUNS: Record<string, SettingsInput> = {
  "daily, of the asset itself": {},
  "every seven hours, two hours late": { every: 7, latency: 7200 },
  "a position in USDC": { lp: "usdc", rangeFactor: 1.1 },
  "behind a thin account": { marginTarget: 0.12 },
  "a position in ETH": { lp: "eth", rangeFactor: 1.1 },
};

describe("backtest without look-ahead", () => {
  for (const [name, settings] of Object.entries(RUNS)) {
    it(`${name}: no row at or after t − latency changes the decision at t, nor any hedge before`, () => {
      const base = run(market, settings);
      const { latency = 60 } = settings;
      const { start, length } = market.prices.grid;
      fc.assert(
        fc.property(fc.integer({ min: 32 * 24, max: length - 2 }), fc.nat(1e6), (row, seed) => {
          const from = start + row * HOUR;
          const other = run(shaken(market, from, seed), settings);
          for (const method of methods) {
            const size = base.books.hours.legs.length;
            const seen = [...base.times].filter((time) => time - latency <= from).length;
            const early = (decisions: typeof base.decisions) => decisions[method]!.slice(0, seen * size);
            expect(early(other.decisions)).to.deep.equal(early(base.decisions));
            // Hours that end before the first changed row were booked alike; the one that ends with it was hedged alike.
            const hours = Math.max(0, (from - base.times[0]!) / HOUR - 1);
            const hedges = [base, other].map((of) => of.books.methods[method]!.held.slice(0, (hours + 1) * size));
            expect(hedges[1]).to.deep.equal(hedges[0]);
            const margins = [base, other].map((of) => of.books.margins[method]?.ratio.slice(0, hours + 1));
            expect(margins[1]).to.deep.equal(margins[0]);
            for (const key of ["gross", "net"] as const) {
              const books = [base, other].map((of) => of.books.methods[method]![key].slice(0, hours));
              expect(books[1]).to.deep.equal(books[0]);
            }
          }
        }),
        { numRuns: 12, seed: 7 },
      );
    });
  }

  it("margin sized by data at t knows the row just before t − latency, and none after", () => {
    const long = smallMarket(8, 220, 1);
    const settings = { marginTarget: "data", from: "2022-04-20", warmUp: 30, marginExceedance: 0.05 } as const;
    const needOf = (of: Market): Float64Array => {
      const { cases } = casesOf(of, settings);
      return marginNeeds(of, cases, Settings.parse(settings))!(cases[0]!)[0]!.short;
    };
    const [first] = casesOf(long, settings).cases;
    const base = needOf(long);
    // Where it goes with the volatility from hour to hour.
    const at = base.findLastIndex(
      (need, row) =>
        row < base.length - 2 &&
        row % 24 === 12 &&
        need !== base[row - 1] &&
        need !== base[row + 1] &&
        base[row + 1] !== base[row + 2],
    );
    // Known at the hour after it, with a latency of a minute.
    const other = needOf(shaken(long, first!.grid.start + at * HOUR, 4));
    expect(other.slice(0, at + 1)).to.deep.equal(base.slice(0, at + 1));
    expect(other[at + 1]).to.not.equal(base[at + 1]);
    expect(base[at]).to.be.within(0.08, 0.9);
  });

  it("the row just before t − latency does change the decision at t", () => {
    const base = run(market, {});
    const at = 20;
    const row = base.times[at]! - HOUR;
    const other = run(shaken(market, row, 3), {});
    expect(other.decisions[methods[0]!]!.slice(2 * at, 2 * at + 2)).to.not.deep.equal(
      base.decisions[methods[0]!]!.slice(2 * at, 2 * at + 2),
    );
    // The bar that closes at the decision itself is not seen: it closes after t − latency.
    const closing = run(shaken(market, base.times[at]!, 3), {});
    expect(closing.decisions[methods[0]!]!.slice(0, 2 * at + 2)).to.deep.equal(
      base.decisions[methods[0]!]!.slice(0, 2 * at + 2),
    );
  });

  it("rounds: one that is updated at or after t − latency is not seen", () => {
    const { normal } = createRandom(2);
    const feed = (seed: number, changedFrom = Number.POSITIVE_INFINITY) => {
      const random = createRandom(seed);
      let price = 100;
      const times = Float64Array.from({ length: 1500 }, (_, i) => market.prices.grid.start + i * 3500 + (i % 7) * 11);
      const answers = times.map((time) => {
        price *= Math.exp(0.01 * random.normal());
        return time >= changedFrom ? price * Math.exp(0.2 * normal()) : price;
      });
      return { times, answers };
    };
    const decide = (changedFrom?: number) => {
      const rounds = new Map([
        ["ALFA", feed(1, changedFrom)],
        ["ETH", feed(1)],
        ["BTC", feed(3, changedFrom)],
      ]);
      return run({ ...market, rounds }, {});
    };
    const base = decide();
    const at = 15;
    const time = base.times[at]!;
    const same = decide(time - 60).decisions;
    const changed = decide(time - DAY).decisions;
    const upTo = (of: typeof same) => of[methods[0]!]!.slice(0, 2 * at + 2);
    expect(upTo(same)).to.deep.equal(upTo(base.decisions));
    expect(upTo(changed)).to.not.deep.equal(upTo(base.decisions));
  });
});
