import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { type CaseHours, hoursOf } from "../../../keeper/src/backtest/account/hours.js";
import { keepBooks } from "../../../keeper/src/backtest/account/ledger.js";
import { legPrices } from "../../../keeper/src/backtest/account/leg-prices.js";
import { margined } from "../../../keeper/src/backtest/account/margined.js";
import { constant, follow } from "../../../keeper/src/backtest/account/rules.js";
import { keepAllBooks } from "../../../keeper/src/backtest/account/strategies.js";
import { runBacktestCli } from "../../../keeper/src/backtest/cli/program.js";
import { Settings, type SettingsInput } from "../../../keeper/src/backtest/options.js";
import { marginScore } from "../../../keeper/src/backtest/score/margin-score.js";
import type { Summary } from "../../../keeper/src/backtest/score/summary.js";
import { expectClose } from "../expect-close.js";
import { casesOf, csvOf, smallMarket, tableOf, temporaryFolder } from "./support.js";

const DAY = 24;

/** An asset that stays, hedged by something that goes through these prices hour by hour, decided on daily. */
function squeezed(prices: readonly number[], settings: SettingsInput) {
  const all = Settings.parse({ minHistory: 1, ...settings });
  const calm = [...new Array(2 * DAY)].map((_, i) => (i % 2 === 0 ? 100 : 100.01));
  const table = tableOf({
    ALFA: [...calm, ...prices.map((_, hour) => (hour < prices.length - 1 ? 50 : 51))],
    ETH: [...calm, ...prices],
  });
  const [of] = casesOf(
    { prices: table },
    { ...settings, minHistory: 1, from: "2022-01-03" },
    { hedges: ["ETH"] },
  ).cases;
  const hours = hoursOf(of!, all);
  return { of: of!, hours, all };
}

/** A ratio of one behind an account of this margin, over these hours. */
function book(of: ReturnType<typeof squeezed>, rule = follow({ hours: everyDay(of.hours), ratios: ones(of.hours) })) {
  const account = margined(of.of, of.hours, of.all, undefined, { rule, drift: () => 0 });
  return { ledger: keepBooks(of.hours, account.rule, account.drift), record: account.record };
}

const everyDay = ({ unhedged }: CaseHours): number[] => [...unhedged.keys()].filter((hour) => hour % DAY === 0);
const ones = (hours: CaseHours): Float64Array => new Float64Array(everyDay(hours).length).fill(1);

describe("backtest margin", () => {
  it("a liquidation takes the hedge away until the next decision, and its fee is scored", () => {
    // 20% of margin, maintenance of 6.25%: 100 becomes more than 112.9 in the sixth hour.
    const prices = [...[100, 101, 102, 103, 104, 105, 114], ...new Array(40).fill(114)];
    const { ledger, record } = book(squeezed(prices, { marginTarget: 0.2 }));
    expect([record.liquidations, record.liquidated.indexOf(1)]).to.deep.equal([1, 5]);
    expect([...ledger.held.slice(0, 6)]).to.deep.equal([1, 1, 1, 1, 1, 1]);
    expect([...ledger.held.slice(6, 24)].every((held) => held === 0)).to.equal(true);
    expect(ledger.held[24]).to.equal(1);
    // A ratio of one to what stays is one dollar short at the beginning of every hour, so what was lost is the sum of the returns.
    const short = 114 / 105;
    expectClose(ledger.net[6], -0.035 * short, 1e-9);
    expectClose(ledger.costs[24], 0.0005, 1e-6);
    const distance =
      (1 + (0.2 - [1 / 100, 1 / 101, 1 / 102, 1 / 103, 1 / 104, 9 / 105].reduce((a, b) => a + b)) / short) / 1.0625 - 1;
    expectClose(record.leastDistance, distance, 1e-9);
    expect(record.ratio[10]).to.be.NaN;
  });

  it("a rule that trades every hour waits for the next decision too; funding that is paid eats the margin", () => {
    const hourly = (_: number, held: Float64Array): void => {
      held.fill(1);
    };
    const jump = [100, 114, ...new Array(40).fill(114)];
    const { ledger } = book(squeezed(jump, { marginTarget: 0.2 }), hourly);
    expect([...ledger.held.slice(0, 25)]).to.deep.equal([1, ...new Array(23).fill(0), 1]);
    const still = squeezed([100, ...new Array(30).fill(100)], { marginTarget: 0.2, marginLow: 0 });
    const paying = { ...still, hours: { ...still.hours, funding: [still.hours.funding[0]!.map(() => -0.02)] } };
    expect(book(paying).record.liquidated.indexOf(1)).to.equal(6);
  });

  it("a top-up saves it where it comes in time", () => {
    const slow = [100, ...Array.from({ length: 30 }, (_, hour) => 100 + hour)];
    for (const [latency, liquidations] of [
      [4, 0],
      [48, 1],
    ] as const) {
      const { record } = book(squeezed(slow, { marginTarget: 0.2, topUpLatency: latency }));
      expect(record.liquidations, `${latency} hours`).to.equal(liquidations);
      expect(record.topUps).to.be.above(0);
      expect(record.hoursBelowLow).to.be.above(3);
    }
    const poor = book(squeezed(slow, { marginTarget: 0.2, topUpLatency: 4, marginReserve: 0.2 }));
    expect(poor.record.liquidations, "nothing left to add").to.equal(1);
  });

  it("an account with more than enough changes nothing", () => {
    const market = smallMarket(6, 70, 2);
    for (const lp of [undefined, "usdc", "own"] as const) {
      const given = { minHistory: 10, ...(lp && { lp }) };
      const settings = Settings.parse(given);
      const [of] = casesOf(market, given).cases;
      const hours = hoursOf(of!, settings);
      const bare = keepAllBooks(of!, hours, {}, settings);
      const safe = keepAllBooks(of!, hours, {}, { ...settings, marginTarget: 5 });
      expect(Object.keys(bare.margins)).to.deep.equal([]);
      for (const [name, { held, net, traded }] of Object.entries(safe.methods)) {
        expect(net).to.deep.equal(bare.methods[name]!.net);
        expect(held).to.deep.equal(bare.methods[name]!.held);
        expect(traded).to.deep.equal(bare.methods[name]!.traded);
        const { liquidations: none, refusedTrades, leastDistance } = marginScore(safe.margins[name]!);
        expect([none, refusedTrades]).to.deep.equal([0, 0]);
        expect(leastDistance).to.be.above(2);
      }
    }
  });

  it("counts moves over hours without a price once", () => {
    const spot = Float64Array.of(100, Number.NaN, Number.NaN, 150, 165, Number.NaN, 330);
    const leg = Float64Array.of(Number.NaN, Number.NaN, Number.NaN, Number.NaN, 0.2, 0.5, Number.NaN);
    // The perp of the fifth hour moved more than the spot; over the last two it is what the spot moved since 165.
    const found = legPrices(leg, spot);
    [1, 1, 1, 1.5, 1.8, 2.7, 3.6].forEach((price, row) => {
      expectClose(found[row], price, 1e-12);
    });
  });

  it("is counted as an account by hand counts it", () => {
    const market = smallMarket(9, 70, 2);
    const given = { minHistory: 10, marginTarget: 0.12, marginLow: 0, marginHigh: 100, initialMargin: 0.0625, cost: 0 };
    const settings = Settings.parse(given);
    let liquidations = 0;
    for (const of of casesOf(market, given).cases) {
      const account = margined(of, hoursOf(of, settings), settings, undefined, {
        rule: follow(constant([1, 0])),
        drift: () => 0,
      });
      keepBooks(hoursOf(of, settings), account.rule, account.drift);
      const first = (of.times[0]! - of.grid.start) / 3600;
      const price = legPrices(of.legs[0]!.slice(first), of.hedgePrices[0]!.slice(first));
      const known = [...of.price.slice(first)];
      known.forEach((value, i) => {
        if (Number.isNaN(value)) known[i] = known[i - 1]!;
      });
      let [cash, short, hour] = [0, 0, 0];
      for (; hour < known.length - 1; hour++) {
        cash += Math.max(0, Math.min(0.12 * (known[hour]! - short), 0.12 * known[hour]! - cash));
        const growth = price[hour + 1]! / price[hour]!;
        short = known[hour]! * growth;
        cash -= known[hour]! * (growth - 1) - known[hour]! * hoursOf(of, settings).funding[0]![hour]!;
        if (cash < 0.0625 * short) break;
      }
      expect(account.record.liquidated.indexOf(1)).to.equal(hour < known.length - 1 ? hour : -1);
      liquidations += account.record.liquidations;
    }
    expect(liquidations).to.be.above(0);
  });

  describe("of the command line", () => {
    const folder = temporaryFolder();
    const market = smallMarket(2);
    const args = ["--prices", "prices.csv", "--perps", "perps.csv", "--funding", "funding.csv", "--min-history", "10"];

    async function cli(more: readonly string[], threads = 0) {
      let [printed, errors] = ["", ""];
      const print = (text: string) => {
        printed += text;
      };
      const printError = (text: string) => {
        errors += text;
      };
      const options = [...args, "--methods", "ewma-7d,low-turnover", "--default", "ewma-7d", ...more];
      const code = await runBacktestCli(options, { base: folder.path, threads, print, printError });
      return { code, printed, errors };
    }
    const summaryOf = (out: string): Summary =>
      JSON.parse(readFileSync(path.join(folder.path, out, "summary.json"), "utf8"));

    before(() => {
      folder.file("prices.csv", csvOf(market.prices));
      folder.file("perps.csv", csvOf(market.perps!));
      folder.file("funding.csv", csvOf(market.funding!));
    });

    it("reports liquidations and top-ups; workers find the same", async () => {
      const found = await cli(["--margin-target", "0.12", "--out", "thin", "--hourly", "all"]);
      expect(found.code, found.errors).to.equal(0);
      const { margin } = summaryOf("thin");
      const all = Object.values(margin!.assets);
      expect(Object.keys(margin!.assets)).to.deep.equal(["ALFA", "BRAVO", "CHARLIE"]);
      const sum = all.reduce((count, { liquidations }) => count + liquidations, 0);
      expect(sum).to.be.above(0);
      expectClose(margin!.mean.liquidations, sum / 3, 1e-12);
      expect(found.printed).to.include(`${sum} liquidations`);
      const html = readFileSync(path.join(folder.path, "thin/report.html"), "utf8");
      expect(html)
        .to.include("Margin, liquidations and top-ups")
        .and.to.not.match(/NaN|undefined/);
      const file = await asyncBufferFromFile(path.join(folder.path, "thin/hourly.parquet"));
      const rows = (await parquetReadObjects({ file })) as Record<string, unknown>[];
      const ratios = rows.filter(({ asset }) => asset === "ALFA").map((row) => row["ewma-7d_margin"] as number | null);
      expect(Math.max(...ratios.map(Number))).to.be.at.most(margin!.assets["ALFA"]!.largestMargin + 1e-9);
      expect(ratios.includes(null)).to.equal(true);
      const workers = await cli(["--margin-target", "0.12", "--out", "workers"], 2);
      expect(workers.code, workers.errors).to.equal(0);
      expect(summaryOf("workers")).to.deep.equal(summaryOf("thin"));
    });

    it("sized by data it needs less margin the more moves may exceed it, between its floor and its cap", async () => {
      folder.file("long.csv", csvOf(smallMarket(2, 160, 1).prices));
      const low = async (...more: string[]): Promise<number> => {
        const data = ["--prices", "long.csv", "--from", "2022-05", "--margin-target", "data", "--margin-floor", "0"];
        const { code, errors } = await cli([...data, ...more, "--out", "data"]);
        expect(code, errors).to.equal(0);
        return summaryOf("data").margin!.mean.meanLow;
      };
      const [rare, often] = [await low("--margin-exceedance", "0.01"), await low("--margin-exceedance", "0.1")];
      expect(rare).to.be.within(often * 1.2, 0.9);
      expect(often).to.be.above(0.07);
      expectClose(await low("--margin-cap", "0.1"), 0.1, 1e-6);
      expectClose(await low("--margin-floor", "0.9"), 0.9, 1e-6);
    });

    it("refuses margins that no hedge could be opened with, and says which options there are", async () => {
      for (const [more, says] of [
        [["--margin-target", "0.05"], "Raise --margin-target"],
        [["--margin-target", "much"], "must be a number"],
        [["--margin-target", "-1"], "--margin-target: Too small"],
        [["--margin-target", "data", "--margin-cap", "0.1"], "--margin-cap"],
        [["--margin-low", "0.5"], "Give --margin-target"],
        [["--margin-target", "0.5", "--maintenance", "0.2"], "--maintenance"],
      ] as const) {
        const { code, errors } = await cli([...more, "--out", "wrong"]);
        expect([code, errors.includes(says)], errors).to.deep.equal([1, true]);
      }
      const { printed } = await cli(["--help"]);
      for (const option of ["--margin-target", "--margin-floor", "--top-up-latency", "--liquidation-fee"]) {
        expect(printed).to.include(option);
      }
    });
  });
});
