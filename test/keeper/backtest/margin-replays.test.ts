import { expect } from "chai";
import { hoursOf } from "../../../keeper/src/backtest/account/hours.js";
import { marginNeeds } from "../../../keeper/src/backtest/account/margin-needs.js";
import { keepAllBooks } from "../../../keeper/src/backtest/account/strategies.js";
import { type AssetCase, layOut } from "../../../keeper/src/backtest/data/cases.js";
import { loadMarket } from "../../../keeper/src/backtest/data/load-market.js";
import type { Market } from "../../../keeper/src/backtest/data/market.js";
import { Inputs, Settings, type SettingsInput } from "../../../keeper/src/backtest/options.js";
import { HOUR } from "../../../keeper/src/backtest/time.js";
import { type Decisions, walk } from "../../../keeper/src/backtest/walk/walk.js";
import { ShortAccount } from "../../../keeper/src/model/margin/short-account.js";
import { missingData, sharedFile } from "../../integration/support/shared-data.js";

const missing = missingData("prices_1h.csv.gz", "perp_1h.csv.gz", "funding_8h.csv.gz");
const METHOD = "kalman-slow";
const PERIOD = { from: "2019-02", to: "2024-08" };

/** Crashes with their rebounds, and the squeezes that a short has to fear. */
const REPLAYS: Record<string, readonly [from: string, to: string]> = {
  "the rally of April 2019": ["2019-04-01", "2019-04-08"],
  "the squeeze of October 2019": ["2019-10-24", "2019-10-30"],
  "2020-03-12 and its rebound": ["2020-03-10", "2020-03-25"],
  "January and February 2021": ["2021-01-01", "2021-02-28"],
  "2021-05-19 and its rebound": ["2021-05-17", "2021-05-30"],
  "LUNA, May 2022": ["2022-05-05", "2022-05-20"],
  "FTX, November 2022": ["2022-11-05", "2022-11-20"],
  "the squeeze of January 2023": ["2023-01-08", "2023-01-25"],
  "the USDC depeg, March 2023": ["2023-03-09", "2023-03-20"],
  "the rally of May 2024": ["2024-05-18", "2024-05-28"],
};
const seconds = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1000;

describe(`margin over replays${missing === undefined ? "" : `: ${missing}`}`, () => {
  let market: Market;
  let cases: readonly AssetCase[];
  const decisions = new Map<string, Decisions>();

  before(async function () {
    if (missing !== undefined) this.skip();
    this.timeout(120_000);
    const inputs = Inputs.parse({
      prices: sharedFile("prices_1h.csv.gz"),
      perps: sharedFile("perp_1h.csv.gz"),
      funding: sharedFile("funding_8h.csv.gz"),
    });
    market = await loadMarket(inputs);
    cases = layOut(market, inputs, Settings.parse(PERIOD)).cases;
    for (const { asset, observations, hedges, times } of cases) {
      const task = { observations, hedges: hedges.length, methods: [METHOD], times, latency: 60 };
      decisions.set(asset, walk(task).decisions);
    }
  });

  /** When an account was liquidated, unix seconds, and hours with a position by replay; of all assets under both methods. */
  function run(given: SettingsInput) {
    const settings = Settings.parse({ ...PERIOD, ...given });
    const needs = marginNeeds(market, cases, settings);
    const liquidations: number[] = [];
    const hedged = Object.fromEntries(Object.keys(REPLAYS).map((name) => [name, 0]));
    for (const of of cases) {
      const hours = hoursOf(of, settings);
      const { margins } = keepAllBooks(of, hours, decisions.get(of.asset)!, settings, needs?.(of));
      for (const { liquidated, ratio } of Object.values(margins)) {
        liquidated.forEach((one, hour) => {
          if (one === 1) liquidations.push(hours.start + (hour + 1) * HOUR);
        });
        for (const [name, [from, to]] of Object.entries(REPLAYS)) {
          const [first, last] = [from, to].map((day) => Math.max(0, (seconds(day) - hours.start) / HOUR));
          hedged[name]! += ratio.slice(first, last).filter((value) => !Number.isNaN(value)).length;
        }
      }
    }
    const during = (name: string): number => {
      const [from, to] = REPLAYS[name]!.map(seconds);
      return liquidations.filter((time) => time >= from! && time <= to!).length;
    };
    return { liquidations, hedged, during };
  }

  it("sized by data, topped up a day late: every asset is hedged through all of them, and none is ever liquidated", () => {
    const { liquidations, hedged, during } = run({ marginTarget: "data", topUpLatency: 24 });
    for (const [name, hours] of Object.entries(hedged)) {
      expect(hours, name).to.be.above(1000);
      expect(during(name), name).to.equal(0);
    }
    expect(liquidations).to.deep.equal([]);
  }).timeout(60_000);

  it("at ten times leverage accounts are liquidated wherever prices rose", () => {
    const ten = run({ marginTarget: 0.1, initialMargin: 0.0625 });
    // LUNA and FTX pulled prices down: what shorts have gained by then carries them through the rebound.
    const squeezes = Object.keys(REPLAYS).filter((name) => !/^LUNA|^FTX/.test(name));
    for (const name of squeezes) expect(ten.during(name), name).to.be.above(0);
    expect(ten.liquidations.length).to.be.above(1000);
  }).timeout(60_000);

  it("a short of BTC left alone for a day is liquidated about as often as measured with the bars' highs, a little less by their closes", () => {
    const { grid, columns } = market.prices;
    const price = columns.get("BTC")!;
    const row = (day: string): number => (seconds(day) - grid.start) / HOUR;
    const terms = { maintenance: 0.025, initial: 0.05, liquidationFee: 0.025, slippage: 0.01 };
    const levels = (target: number) => ({ low: 0, target, high: 1e9 });
    const share = (leverage: number): number => {
      let [opened, liquidated] = [0, 0];
      for (let first = row("2019-01-01"); first + 24 < row("2024-01-01"); first += 6) {
        if (!(price[first]! > 0)) continue;
        const account = new ShortAccount({ instruments: 1, terms, latency: 0 });
        account.quote([price[first]!]);
        account.trade([1], levels(1 / leverage), 0);
        opened += 1;
        for (let hour = 1; hour <= 24; hour++) {
          if (!(price[first + hour]! > 0) || account.mark([price[first + hour]!]) === undefined) continue;
          liquidated += 1;
          break;
        }
      }
      return liquidated / opened;
    };
    expect(share(3)).to.be.within(0.0001, 0.0005);
    expect(share(5)).to.be.within(0.0015, 0.0038);
    expect(share(10)).to.be.within(0.035, 0.055);
  });
});
