import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { runBacktestCli } from "../../../keeper/src/backtest/cli/program.js";
import { DEFAULT_METHOD, methodNames } from "../../../keeper/src/backtest/learn/registry.js";
import { Inputs, Settings } from "../../../keeper/src/backtest/options.js";
import { Interrupted } from "../../../keeper/src/backtest/run/host.js";
import { partStore } from "../../../keeper/src/backtest/run/part-store.js";
import { runBacktest } from "../../../keeper/src/backtest/run/run-backtest.js";
import type { Summary } from "../../../keeper/src/backtest/score/summary.js";
import type { Walk } from "../../../keeper/src/backtest/walk/walk.js";
import { percent } from "../../../keeper/src/report/index.js";
import { expectClose } from "../expect-close.js";
import { csvOf, errorOf, smallMarket, temporaryFolder } from "./support.js";

const SCORE = ["he", "heNet", "turnoverPerDay", "es975Cut", "maxDrawdownCut"];

describe("backtest runs", () => {
  const folder = temporaryFolder();
  const market = smallMarket(2);
  const files = ["--prices", "prices.csv", "--perps", "perps.csv", "--funding", "funding.csv"];
  const out = path.join(folder.path, "out");

  before(() => {
    folder.file("prices.csv", csvOf(market.prices));
    folder.file("perps.csv", csvOf(market.perps!));
    folder.file("funding.csv", csvOf(market.funding!));
  });

  /** The command line in this process. */
  async function cli(args: readonly string[], threads = 0) {
    let [printed, errors] = ["", ""];
    const code = await runBacktestCli(args, {
      base: folder.path,
      threads,
      print: (text) => {
        printed += text;
      },
      printError: (text) => {
        errors += text;
      },
    });
    return { code, printed, errors };
  }

  describe("of the command line", () => {
    let summary: Summary;

    before(async () => {
      const { code, printed, errors } = await cli([...files, "--min-history", "10", "--out", "out"]);
      expect(code, errors).to.equal(0);
      expect(errors).to.include("3 assets done");
      expect(printed).to.include("hedge effectiveness").and.to.include("report.html");
      summary = JSON.parse(readFileSync(path.join(out, "summary.json"), "utf8"));
    });

    it("writes a summary of exactly this shape, all of it numbers", () => {
      expect(Object.keys(summary)).to.deep.equal(["default", "methods", "pooled", "naive", "static", "oracle"]);
      expect(summary.default).to.equal(DEFAULT_METHOD);
      expect(Object.keys(summary.methods)).to.deep.equal(["naive", ...methodNames()]);
      const scores = Object.values(summary.methods).flatMap((assets) => {
        expect(Object.keys(assets)).to.deep.equal(["ALFA", "BRAVO", "CHARLIE"]);
        return Object.values(assets);
      });
      for (const score of scores) expect(Object.keys(score)).to.deep.equal(SCORE);
      for (const score of [summary.naive, summary.static, summary.oracle]) expect(score).to.include.keys(SCORE);
      for (const [name, pooled] of Object.entries(summary.pooled)) {
        expect(pooled).to.include.keys([...SCORE, "beyondNaive", "beyondNaiveNet", "dieboldMariano", "confidenceSet"]);
        const { mean, lower, upper } = pooled.beyondNaive;
        expect(lower <= mean && mean <= upper, name).to.equal(true);
        const assets = Object.values(summary.methods[name]!);
        expectClose(pooled.he, assets.reduce((sum, { he }) => sum + he, 0) / assets.length, 1e-12);
        expectClose(mean, pooled.he - summary.naive.he, 1e-9);
      }
      expect(summary.pooled["naive"]!.beyondNaive).to.deep.equal({ mean: 0, lower: 0, upper: 0 });
      expect(JSON.stringify(summary)).to.not.include("null");
      expect(summary.oracle.he).to.be.greaterThan(summary.static.he);
      expect(summary.static.he).to.be.greaterThan(summary.naive.he);
    });

    it("the hours on disk give the summary's figures", async () => {
      const file = await asyncBufferFromFile(path.join(out, "hourly.parquet"));
      const rows = (await parquetReadObjects({ file })) as Record<string, number>[];
      for (const [asset, score] of Object.entries(summary.methods[DEFAULT_METHOD]!)) {
        const own = rows.filter((row) => (row["asset"] as unknown) === asset);
        const squares = (name: string) => own.reduce((sum, row) => sum + row[name]! ** 2, 0);
        expectClose(1 - squares(DEFAULT_METHOD) / squares("unhedged"), score.he, 1e-6);
        expectClose(1 - squares(`${DEFAULT_METHOD}_net`) / squares("unhedged"), score.heNet, 1e-6);
      }
      const names = ["naive", DEFAULT_METHOD].flatMap((name) => [name, `${name}_net`]);
      expect(Object.keys(rows[0]!)).to.have.members(["time", "asset", "unhedged", ...names]);
      // The first decision is ten days after the first return; its first hour ends an hour later.
      expect((rows[0]!["time"] as unknown as Date).toISOString()).to.equal("2022-01-31T01:00:00.000Z");
      expect(rows.length).to.be.greaterThan(3 * 24 * 40);
    });

    it("the decisions on disk say what was known and what was held", async () => {
      const file = await asyncBufferFromFile(path.join(out, "decisions.parquet"));
      const rows = (await parquetReadObjects({ file })) as Record<string, unknown>[];
      expect(Object.keys(rows[0]!)).to.deep.equal(["time", "asset", "method", "hedge", "beta", "held"]);
      const own = rows.filter(({ method, beta }) => method === DEFAULT_METHOD && beta !== null);
      expect(own.length).to.be.greaterThan(100);
      for (const { beta, held } of own) expectClose(held as number, beta as number, 1e-6);
      expect(rows.filter(({ method }) => method === "naive").every(({ beta }) => beta === null)).to.equal(true);
    });

    it("the report is one file that stands alone and shows naive, static and oracle", () => {
      const html = readFileSync(path.join(out, "report.html"), "utf8");
      for (const part of [
        "naive",
        "hindsight-static",
        "daily oracle",
        "ALFA",
        "Drawdown",
        "Turnover",
        "Costs",
        "hedges still work",
      ]) {
        expect(html).to.include(part);
      }
      expect(html).to.not.match(/NaN|undefined|https?:/);
      expect(html).to.not.include(folder.path);
      for (const [, , body] of html.matchAll(/<table>(.*?<\/thead>)(.*?)<\/table>/g)) {
        expect(body).to.match(/naive|mean|2022|all/);
      }
    });

    it("leaves no unfinished parts, and workers find the same", async () => {
      const { settings, assets } = JSON.parse(readFileSync(path.join(out, "run.json"), "utf8"));
      expect([settings.every, Object.keys(assets)]).to.deep.equal([24, ["ALFA", "BRAVO", "CHARLIE"]]);
      expect(readdirSync(out).sort()).to.deep.equal([
        "decisions.parquet",
        "hourly.parquet",
        "report.html",
        "run.json",
        "summary.json",
      ]);
      const { code, errors } = await cli([...files, "--min-history", "10", "--out", "out2", "--hourly", "all"], 2);
      expect(code, errors).to.equal(0);
      const file = await asyncBufferFromFile(path.join(folder.path, "out2/hourly.parquet"));
      const [row] = (await parquetReadObjects({ file, rowEnd: 1 })) as object[];
      expect(row).to.include.keys([...methodNames(), "har_net", "static_net", "oracle"]);
      expect(JSON.parse(readFileSync(path.join(folder.path, "out2/summary.json"), "utf8"))).to.deep.equal(summary);
    });

    it("positions too: in USDC, in ETH, with the own perp", async () => {
      for (const [pool, chosen] of [
        ["usdc", DEFAULT_METHOD],
        ["eth", DEFAULT_METHOD],
        ["own", "delta"],
      ] as const) {
        const { code, errors, printed } = await cli([...files, "--min-history", "10", "--lp", pool, "--out", pool]);
        expect(code, errors).to.equal(0);
        const found: Summary = JSON.parse(readFileSync(path.join(folder.path, pool, "summary.json"), "utf8"));
        expect(found.default).to.equal(chosen);
        expect(found.pooled[chosen]!.he).to.be.greaterThan(pool === "own" ? 0.95 : 0.2);
        const html = readFileSync(path.join(folder.path, pool, "report.html"), "utf8");
        expect(html).to.not.match(/NaN|undefined/);
        const { assets, mean } = found.liquidity!;
        expect(Object.keys(assets)).to.deep.equal(Object.keys(found.methods[chosen]!));
        expectClose(
          mean.breakEvenFeeApr,
          Object.values(assets).reduce((sum, { lvr, recentring }) => sum + lvr + recentring, 0) /
            Object.keys(assets).length,
          1e-9,
        );
        expect(html).to.include("Break-even fee APR").and.include(percent(mean.breakEvenFeeApr));
        expect(printed).to.include(`fees of ${percent(mean.breakEvenFeeApr)}`);
      }
    });

    it("explains itself", async () => {
      const { code, printed } = await cli(["--help"]);
      expect(code).to.equal(0);
      for (const option of ["--prices", "--perps", "--funding", "--assets", "--from", "--to", "--out", "--rounds"]) {
        expect(printed).to.include(option);
      }
      for (const option of ["--lp", "--range-factor", "--band", "--every", "--latency", "--grid", "--shard"]) {
        expect(printed).to.include(option);
      }
    });

    const wrong: Record<string, [args: string[], says: string]> = {
      "an option that there is not": [["--nonsense"], "unknown option"],
      "a number that is none": [["--cost", "much"], "must be a number"],
      "a latency below zero": [["--latency", "-5"], "--latency"],
      "a day that there is not": [["--from", "2022-02-30"], "--from: a day such as"],
      "a file that there is not": [["--prices", "none.csv"], "There is no file"],
      "a pool that there is not": [["--lp", "dai"], "usdc, eth, own"],
      "a method that there is not": [["--prices", "prices.csv", "--methods", "magic"], 'no method "magic"'],
      "a default that there is not": [["--prices", "prices.csv", "--default", "magic"], 'no method "magic"'],
      "an asset that there is not": [["--prices", "prices.csv", "--assets", "DOGE"], "no column DOGE"],
      "perps without prices": [["--perps", "perps.csv"], "--prices"],
      "a shard of nothing": [["--shard", "1/2"], "--grid"],
      "a shard beyond the last": [["--shard", "3/2"], "1/4"],
      "rounds without an asset": [["--rounds", "file.csv"], "ETH=rounds.csv.gz"],
      "no workers": [["--threads", "0"], "--threads"],
      "an argument too many": [["more"], "too many arguments"],
    };
    for (const [name, [args, says]] of Object.entries(wrong)) {
      it(`refuses ${name}`, async () => {
        const { code, errors } = await cli([...args, "--out", "wrong"]);
        expect(code).to.equal(1);
        expect(errors).to.include(says);
        expect(errors).to.not.include("    at ");
      });
    }
  });

  it("stopped on the way, keeps the finished assets and goes on from there to the same result", async () => {
    const inputs = Inputs.parse({});
    const settings = Settings.parse({ minHistory: 10 });
    const whole = await runBacktest(market, inputs, settings, { threads: 0 });
    const stop = new AbortController();
    const parts = path.join(folder.path, "parts");
    const store = partStore<Walk>(parts);
    const written: string[] = [];
    const watched = {
      ...store,
      write(name: string, part: Walk) {
        store.write(name, part);
        written.push(name);
        if (written.length === 2) stop.abort();
      },
    };
    const error = await errorOf(() =>
      runBacktest(market, inputs, settings, { threads: 0, signal: stop.signal }, watched),
    );
    expect(error).to.be.instanceOf(Interrupted);
    expect(error.message).to.include("2 of 3 assets");
    // A part that was cut off is done again.
    writeFileSync(path.join(parts, "ALFA.part"), "cut");
    const resumed = await runBacktest(market, inputs, settings, { threads: 0 }, watched);
    expect(written).to.deep.equal(["ALFA", "BRAVO", "ALFA", "CHARLIE"]);
    expect(resumed.scores.summary).to.deep.equal(whole.scores.summary);
  });

  describe("of a sweep", () => {
    const sweep = ["--prices", "prices.csv", "--min-history", "10", "--grid", "grid.json", "--out", "sweep"];
    const results = () => JSON.parse(readFileSync(path.join(folder.path, "sweep/sweep.json"), "utf8"));

    before(() => {
      folder.file("grid.json", JSON.stringify({ every: [12, 24], band: [0, 0.1] }));
    });

    it("does its shard, then the rest, and skips what is finished", async () => {
      const first = await cli([...sweep, "--shard", "1/2"]);
      expect(first.code, first.errors).to.equal(0);
      expect(first.printed).to.include("2 of 4 points are finished");
      const second = await cli(sweep);
      expect(second.errors).to.include("2 of them were finished before");
      expect(second.printed).to.include("4 of 4 points are finished").and.to.include("every=24 band=0.1");
      const third = await cli(sweep);
      expect(third.errors).to.include("4 of them were finished before");
      expect(results().map(({ point }: { point: unknown }) => point)).to.deep.equal([
        { every: 12, band: 0 },
        { every: 12, band: 0.1 },
        { every: 24, band: 0 },
        { every: 24, band: 0.1 },
      ]);
    });

    it("finds for a point what a run of its own finds, with workers too; the band saves turnover", async () => {
      const alone = await cli(["--prices", "prices.csv", "--min-history", "10", "--band", "0.1", "--out", "alone"]);
      expect(alone.code, alone.errors).to.equal(0);
      const summary: Summary = JSON.parse(readFileSync(path.join(folder.path, "alone/summary.json"), "utf8"));
      expect(results()[3].summary).to.deep.equal(summary);
      const turnover = (i: number) => results()[i].summary.pooled[DEFAULT_METHOD].turnoverPerDay;
      expect(turnover(3)).to.be.lessThan(turnover(2) / 2);
      folder.file("one.json", JSON.stringify({ band: [0.1] }));
      const workers = await cli(
        ["--prices", "prices.csv", "--min-history", "10", "--grid", "one.json", "--out", "w"],
        1,
      );
      expect(workers.code, workers.errors).to.equal(0);
      const [found] = JSON.parse(readFileSync(path.join(folder.path, "w/sweep.json"), "utf8"));
      expect(found.summary).to.deep.equal(summary);
    });

    it("does points again once the data are others", async () => {
      folder.file("prices.csv", csvOf(smallMarket(3).prices));
      const { errors } = await cli([...sweep, "--shard", "1/4"]);
      expect(errors).to.not.include("finished before");
      folder.file("prices.csv", csvOf(market.prices));
    });

    it("refuses a grid with an unknown setting or a bad value, and says which", async () => {
      for (const [text, says] of [
        ["{", "not JSON"],
        ["[]", "list of values"],
        ['{"every": 24}', "list of values"],
        ['{"evry": [24]}', "evry"],
        ['{"band": [0, -1]}', "band"],
      ] as const) {
        folder.file("bad.json", text);
        const { code, errors } = await cli(["--prices", "prices.csv", "--grid", "bad.json"]);
        expect([code, errors.includes(says)], errors).to.deep.equal([1, true]);
      }
    });
  });
});
