import { expect } from "chai";
import { readTable } from "../../../keeper/src/backtest/data/read-table.js";
import { returnsOf, type Table } from "../../../keeper/src/backtest/data/table.js";
import { liquidityState } from "../../../keeper/src/model/cycles/liquidity-state.js";
import { MarketWatch } from "../../../keeper/src/model/cycles/market-watch.js";
import type { Regime } from "../../../keeper/src/model/cycles/regime-filter.js";
import { missingData, sharedFile } from "../../integration/support/shared-data.js";
import { expectClose } from "../expect-close.js";

const HOUR = 3_600;
const missing = missingData("prices_1h.csv.gz", "funding_8h.csv.gz");
const at = (text: string): number => Date.parse(`${text}Z`) / 1000;

/** Regime at each hour from 2019 on, of ETH and BTC, with an alt beside them or without. */
function regimesOf(prices: Table, alt?: string): Map<number, Regime> {
  const [btc, eth] = ["BTC", "ETH"].map((name) => returnsOf(prices.columns.get(name)!));
  const own = alt === undefined ? undefined : returnsOf(prices.columns.get(alt)!);
  const watch = new MarketWatch(alt === undefined ? 0 : 1);
  const regimes = new Map<number, Regime>();
  const { start, length } = prices.grid;
  for (let row = (at("2018-10-01T00:00") - start) / HOUR; row < length; row += 1) {
    const returns = [Math.log1p(btc![row]!), Math.log1p(eth![row]!)];
    if (returns.some(Number.isNaN)) continue;
    const time = start + row * HOUR;
    watch.market(time, HOUR, returns);
    if (own !== undefined && !Number.isNaN(own[row]!)) watch.relation(0, time, HOUR, Math.log1p(own[row]!), returns);
    if (watch.state !== null) regimes.set(time, watch.state.regime);
  }
  return regimes;
}

const shareOf = (regimes: ReadonlyMap<number, Regime>, regime: Regime, from: number, to: number): number => {
  const hours = [...regimes].filter(([time]) => time >= from && time < to);
  return hours.filter(([, one]) => one === regime).length / hours.length;
};

describe(`regimes of the past${missing === undefined ? "" : `: ${missing}`}`, () => {
  let prices: Table;
  let market: Map<number, Regime>;

  before(async function () {
    if (missing !== undefined) return this.skip();
    prices = await readTable(sharedFile("prices_1h.csv.gz"), "price", () => ["BTC", "ETH", "XRP"]);
    market = regimesOf(prices);
  });

  it("has found each crash by the hour in which it was in full swing", () => {
    // Before most of the fall: 2020-03-12 10:45, 2021-05-19 12:30, Luna on 2022-05-09, FTX on 2022-11-08, UTC.
    for (const time of ["2020-03-12T09:00", "2021-05-19T06:00", "2022-05-09T17:00", "2022-11-08T19:00"]) {
      expect(market.get(at(time)), time).to.equal("crash");
    }
    for (const time of ["2019-02-15T00:00", "2020-10-10T00:00", "2021-10-15T00:00", "2023-07-01T00:00"]) {
      expect(market.get(at(time)), time).to.equal("calm");
    }
  });

  it("is a crash for a twentieth of the time, on what it was chosen on and after it", () => {
    expectClose(shareOf(market, "crash", at("2019-01-01T00:00"), at("2021-04-01T00:00")), 0.053, 0.003);
    expectClose(shareOf(market, "crash", at("2021-04-01T00:00"), at("2024-09-01T00:00")), 0.05, 0.003);
  });

  it("means a day ahead with five times the variance at least, and half as much again to lose for a short", () => {
    const ahead = (from: number, to: number) => {
      const [btc, eth] = ["BTC", "ETH"].map((name) => prices.columns.get(name)!);
      const variance: Record<Regime, number[]> = { calm: [], crash: [], decoupled: [] };
      const rise: Record<Regime, number[]> = { calm: [], crash: [], decoupled: [] };
      for (const [time, regime] of market) {
        if (time < from || time >= to) continue;
        const row = (time - prices.grid.start) / HOUR;
        const logs = Array.from({ length: 25 }, (_, i) => Math.log(btc![row + i]! * eth![row + i]!) / 2);
        if (logs.some(Number.isNaN)) continue;
        variance[regime].push(logs.slice(1).reduce((sum, log, i) => sum + (log - logs[i]!) ** 2, 0));
        rise[regime].push(Math.max(...logs) - logs[0]!);
      }
      const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      const high = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(0.99 * values.length)]!;
      return { variance: mean(variance.crash) / mean(variance.calm), rise: high(rise.crash) / high(rise.calm) };
    };
    const chosen = ahead(at("2019-01-01T00:00"), at("2021-04-01T00:00"));
    expectClose(chosen.variance, 5.4, 0.1);
    expectClose(chosen.rise, 1.53, 0.05);
    const later = ahead(at("2021-04-01T00:00"), at("2024-08-30T00:00"));
    expectClose(later.variance, 5.1, 0.1);
    expectClose(later.rise, 1.93, 0.05);
  });

  it("is decoupled where XRP was sued, and when a court decided for it", () => {
    const regimes = regimesOf(prices, "XRP");
    expect(regimes.get(at("2020-12-29T12:00"))).to.equal("decoupled");
    expect(shareOf(regimes, "decoupled", at("2019-01-01T00:00"), at("2024-09-01T00:00"))).to.be.within(0.01, 0.04);
  });

  it("calls a market dry only where its funding was beyond all of the years before: ETH before the merge", async () => {
    const { grid, columns } = await readTable(sharedFile("funding_8h.csv.gz"), "rate", () => ["ETH"]);
    const dry = new Set<string>();
    const rates: number[] = [];
    columns.get("ETH")!.forEach((rate, row) => {
      if (Number.isNaN(rate)) return;
      rates.push(rate * 3 * 365);
      const last = rates.slice(-9);
      const funding = last.reduce((sum, value) => sum + value, 0) / last.length;
      const time = grid.start + row * HOUR;
      if (liquidityState({ impact: 0, funding }) === "dry") dry.add(new Date(time * 1000).toISOString().slice(0, 7));
    });
    expect([...dry]).to.deep.equal(["2022-09"]);
  });
});
