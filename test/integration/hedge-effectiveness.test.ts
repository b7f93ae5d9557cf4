import { expect } from "chai";
import { loadMarket } from "../../keeper/src/backtest/data/load-market.js";
import { NAIVE } from "../../keeper/src/backtest/learn/registry.js";
import { Inputs, Settings } from "../../keeper/src/backtest/options.js";
import { type Outcome, runBacktest } from "../../keeper/src/backtest/run/run-backtest.js";
import type { Score } from "../../keeper/src/backtest/score/asset-score.js";
import { HOUR } from "../../keeper/src/backtest/time.js";
import { DEFAULT_METHOD, UNGUARDED } from "../../keeper/src/model/forecast/methods.js";
import { missingData, sharedFile } from "./support/shared-data.js";

const DATA = "prices_1h.csv.gz";
const missing = missingData(DATA);
const PERIODS = {
  first: { from: "2021-04", to: "2023-12" },
  second: { from: "2019-02", to: "2021-03" },
} as const;
type Period = keyof typeof PERIODS;

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Walks of the backtester, as `npm run backtest` makes them: set daily, scored by the hour, 5 basis points of what is traded. */
describe("hedge effectiveness on real prices", () => {
  const outcomes = {} as Record<Period, Outcome>;

  before(async function () {
    if (missing !== undefined) {
      console.log(`      skipped: ${missing}`);
      return this.skip();
    }
    this.timeout(120_000);
    const inputs = Inputs.parse({ prices: sharedFile(DATA) });
    const market = await loadMarket(inputs);
    for (const period of ["first", "second"] as const) {
      const settings = Settings.parse({
        ...PERIODS[period],
        methods: [DEFAULT_METHOD, UNGUARDED[DEFAULT_METHOD]!, "low-turnover"],
      });
      outcomes[period] = await runBacktest(market, inputs, settings, { threads: 0 });
    }
  });

  /** Assets of which at least this share of the period's hours is scored. */
  const sample = (period: Period, share: number): string[] => {
    const { books, from, to } = outcomes[period];
    const hours = (to - from) / HOUR;
    return [...books.keys()].filter((asset) => {
      const scored = books.get(asset)!.hours.unhedged.filter((value) => !Number.isNaN(value)).length;
      return scored >= share * hours;
    });
  };
  const of = (name: string, period: Period, assets: readonly string[], what: keyof Score = "he"): number =>
    mean(assets.map((asset) => outcomes[period].scores.summary.methods[name]![asset]![what]));
  const best = (period: Period, assets: readonly string[]): number =>
    mean(assets.map((asset) => outcomes[period].scores.references.static[asset]!.he));

  it("of the default method, from April 2021 to 2023, is what it has to be", () => {
    const assets = sample("first", 0.5);
    expect(assets.length).to.be.at.least(16);
    expect(of(DEFAULT_METHOD, "first", assets)).to.be.above(0.535);
    expect(of(DEFAULT_METHOD, "first", assets, "heNet")).to.be.above(0.535);
    expect(of(DEFAULT_METHOD, "first", assets)).to.be.above(of(NAIVE, "first", assets) + 0.03);
    expect(of(DEFAULT_METHOD, "first", assets)).to.be.above(1.015 * best("first", assets));
    expect(outcomes.first.scores.summary.pooled[DEFAULT_METHOD]!.beyondNaive.lower).to.be.above(0);
  });

  it("of the default method, from February 2019 to March 2021, is what it has to be", () => {
    const throughout = sample("second", 0.97);
    expect(throughout.length).to.be.at.least(6);
    expect(of(DEFAULT_METHOD, "second", throughout)).to.be.above(0.48);
    for (const assets of [throughout, sample("second", 0.5)]) {
      expect(of(DEFAULT_METHOD, "second", assets)).to.be.above(of(NAIVE, "second", assets) + 0.03);
      expect(of(DEFAULT_METHOD, "second", assets)).to.be.above(1.015 * best("second", assets));
    }
  });

  it("is cut by no more than 0.3 points when relations break", () => {
    for (const period of ["first", "second"] as const) {
      const assets = sample(period, 0.5);
      const cost = of(UNGUARDED[DEFAULT_METHOD]!, period, assets) - of(DEFAULT_METHOD, period, assets);
      expect(cost).to.be.within(0, 0.003);
    }
  });

  it("of the method that trades little is near that of the default", () => {
    const assets = sample("first", 0.5);
    expect(of("low-turnover", "first", assets, "turnoverPerDay")).to.be.below(0.02);
    expect(of("low-turnover", "first", assets)).to.be.above(of(DEFAULT_METHOD, "first", assets) - 0.005);
  });
});
