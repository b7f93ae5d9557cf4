import { expect } from "chai";
import { betas as regress } from "../../keeper/src/model/beta.js";
import { DEFAULT_METHOD, METHODS, UNGUARDED } from "../../keeper/src/model/forecast/methods.js";
import { missingData, readRows } from "./support/shared-data.js";

const DATA = "prices_1h.csv.gz";
const missing = missingData(DATA);
const HOUR = 3600;
const DAY = 24 * HOUR;
const HEDGES = ["ETH", "BTC"] as const;
/** Cost of a trade. */
const COST = 5e-4;
/** What must be known of an asset before it is hedged. */
const WARM_UP = 30 * DAY;
const PERIODS = { first: ["2021-04-01", "2024-01-01"], second: ["2019-02-01", "2021-04-01"] } as const;
type Period = keyof typeof PERIODS;

interface Score {
  readonly effectiveness: number;
  readonly net: number;
  readonly turnover: number;
}

/** Simple hourly returns of an asset and its hedges, where all are known. */
interface Row {
  readonly time: number;
  readonly asset: number;
  readonly hedges: readonly [number, number];
}

const seconds = (date: string): number => Date.parse(date.endsWith("Z") ? date : `${date}T00:00:00Z`) / 1000;

function returnsOf(rows: readonly Record<string, string>[], asset: string): Row[] {
  const found: Row[] = [];
  for (let k = 1; k < rows.length; k++) {
    const value = (name: string): number =>
      Number(rows[k]![name] || Number.NaN) / Number(rows[k - 1]![name] || Number.NaN) - 1;
    const row = {
      time: seconds(rows[k]!["time"]!),
      asset: value(asset),
      hedges: [value("ETH"), value("BTC")] as const,
    };
    if (Number.isFinite(row.asset + row.hedges[0] + row.hedges[1])) found.push(row);
  }
  return found;
}

const inside = (period: Period, time: number): boolean =>
  time > seconds(PERIODS[period][0]) && time <= seconds(PERIODS[period][1]);

/** Walks through an asset's hours; betas are set at each midnight from what ended by then. */
function walk(rows: readonly Row[], name: string): Record<Period, Score> {
  const model = METHODS[name]!(HEDGES.length);
  const sums = { first: [0, 0, 0, 0, 0], second: [0, 0, 0, 0, 0] };
  let held: readonly number[] = [0, 0];
  let day = Number.NaN;
  for (const { time, asset, hedges } of rows) {
    const period = inside("first", time) ? "first" : inside("second", time) ? "second" : undefined;
    let traded = 0;
    if (Math.ceil(time / DAY) !== day) {
      day = Math.ceil(time / DAY);
      const target = model.betas() ?? [1, 0];
      traded = Math.abs(target[0]! - held[0]!) + Math.abs(target[1]! - held[1]!);
      held = target;
      if (period && time > rows[0]!.time + WARM_UP) sums[period][4]!++;
    }
    if (period && time > rows[0]!.time + WARM_UP) {
      const hedged = asset - held[0]! * hedges[0] - held[1]! * hedges[1];
      const sum = sums[period];
      sum[0]! += asset ** 2;
      sum[1]! += hedged ** 2;
      sum[2]! += (hedged - COST * traded) ** 2;
      sum[3]! += traded;
    }
    model.update(time, HOUR, asset, hedges);
  }
  const score = ([unhedged, hedged, net, traded, days]: readonly number[]): Score => {
    return { effectiveness: 1 - hedged! / unhedged!, net: 1 - net! / unhedged!, turnover: traded! / days! };
  };
  return { first: score(sums.first), second: score(sums.second) };
}

/** Effectiveness of the betas that turned out to be best over the whole period. */
function hindsight(rows: readonly Row[], period: Period): number {
  const scored = rows.filter(({ time }) => inside(period, time) && time > rows[0]!.time + WARM_UP);
  const series = scored.map(({ asset, hedges }) => [asset, ...hedges]);
  const moment = (i: number, j: number): number => series.reduce((sum, row) => sum + row[i]! * row[j]!, 0);
  const covariance = [0, 1, 2].map((i) => [0, 1, 2].map((j) => moment(i, j)));
  const [b, c] = regress(covariance, [1, 2])[0] as [number, number];
  return 1 - series.reduce((sum, [y, x, z]) => sum + (y! - b * x! - c * z!) ** 2, 0) / covariance[0]![0]!;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe("hedge effectiveness on real prices", () => {
  const returns = new Map<string, Row[]>();
  const scores: Record<string, Map<string, Record<Period, Score>>> = {};

  before(function () {
    if (missing !== undefined) {
      console.log(`      skipped: ${missing}`);
      return this.skip();
    }
    this.timeout(120_000);
    const rows = readRows(DATA).filter((row) => row["time"]! >= "2018-06-01" && row["time"]! <= "2024-01-01T00:00:00Z");
    const assets = Object.keys(rows[0]!).filter(
      (name) => name !== "time" && !(HEDGES as readonly string[]).includes(name),
    );
    for (const asset of assets) {
      const known = returnsOf(rows, asset);
      if (known.length > 0) returns.set(asset, known);
    }
    for (const name of [DEFAULT_METHOD, UNGUARDED[DEFAULT_METHOD]!, "naive", "low-turnover"]) {
      scores[name] = new Map([...returns].map(([asset, known]) => [asset, walk(known, name)]));
    }
  });

  /** Assets of which at least this share of the period's hours is known. */
  const sample = (period: Period, share: number): string[] => {
    const hours = (seconds(PERIODS[period][1]) - seconds(PERIODS[period][0])) / HOUR;
    return [...returns.keys()].filter((asset) => {
      const scored = returns.get(asset)!.filter(({ time }) => inside(period, time)).length;
      return scored >= share * hours;
    });
  };
  const of = (name: string, period: Period, assets: readonly string[], what: keyof Score = "effectiveness"): number =>
    mean(assets.map((asset) => scores[name]!.get(asset)![period][what]));
  const best = (period: Period, assets: readonly string[]): number =>
    mean(assets.map((asset) => hindsight(returns.get(asset)!, period)));

  it("of the default method, from April 2021 to 2023, is what it has to be", () => {
    const assets = sample("first", 0.5);
    expect(assets.length).to.be.at.least(16);
    expect(of(DEFAULT_METHOD, "first", assets)).to.be.above(0.535);
    expect(of(DEFAULT_METHOD, "first", assets, "net")).to.be.above(0.535);
    expect(of(DEFAULT_METHOD, "first", assets)).to.be.above(of("naive", "first", assets) + 0.03);
    expect(of(DEFAULT_METHOD, "first", assets)).to.be.above(1.015 * best("first", assets));
  });

  it("of the default method, from February 2019 to March 2021, is what it has to be", () => {
    const throughout = sample("second", 0.99);
    expect(throughout.length).to.be.at.least(6);
    expect(of(DEFAULT_METHOD, "second", throughout)).to.be.above(0.48);
    for (const assets of [throughout, sample("second", 0.5)]) {
      expect(of(DEFAULT_METHOD, "second", assets)).to.be.above(of("naive", "second", assets) + 0.03);
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
    expect(of("low-turnover", "first", assets, "turnover")).to.be.below(0.02);
    expect(of("low-turnover", "first", assets)).to.be.above(of(DEFAULT_METHOD, "first", assets) - 0.005);
  });
});
