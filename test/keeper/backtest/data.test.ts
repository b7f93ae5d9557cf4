import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { Market } from "../../../keeper/src/backtest/data/market.js";
import { readRounds } from "../../../keeper/src/backtest/data/read-rounds.js";
import { readTable } from "../../../keeper/src/backtest/data/read-table.js";
import { syntheticMarket } from "../../../keeper/src/backtest/data/synthetic.js";
import { onGrid, returnsOf, type Table } from "../../../keeper/src/backtest/data/table.js";
import { KeeperError } from "../../../keeper/src/errors.js";
import { casesOf, csvOf, errorOf, smallMarket, tableOf, temporaryFolder } from "./support.js";

describe("backtest data", () => {
  const folder = temporaryFolder();
  const read = (text: string) => readTable(folder.file("prices.csv", text), "price");

  it("reads what it is given, plain or gzipped, and leaves gaps where hours or cells are missing", async () => {
    const text = "time,ETH,BTC\n2022-01-01T00:00:00Z,100,\n2022-01-01T01:00:00Z,101,5\n2022-01-01T04:00:00Z,104,6\n";
    for (const content of [text, gzipSync(text), `\uFEFF${text.replaceAll("\n", "\r\n")}`]) {
      const { grid, columns } = await readTable(folder.file("t.csv", content), "price");
      expect(grid).to.deep.equal({ start: Date.UTC(2022, 0, 1) / 1000, length: 5 });
      expect([...columns.get("ETH")!]).to.deep.equal([100, 101, Number.NaN, Number.NaN, 104]);
      expect([...columns.get("BTC")!]).to.deep.equal([Number.NaN, 5, Number.NaN, Number.NaN, 6]);
    }
  });

  it("a gap is an unknown return, never one of many hours", () => {
    const { columns } = tableOf({ X: [100, 110, Number.NaN, Number.NaN, 220, 231] });
    const returns = [...returnsOf(columns.get("X")!)].map((value) => Number(value.toFixed(9)));
    expect(returns).to.deep.equal([Number.NaN, 0.1, Number.NaN, Number.NaN, Number.NaN, 0.05]);
  });

  it("moves series from grid to grid by their times", () => {
    const from = { start: 7200, length: 3 };
    expect([...onGrid(Float64Array.of(1, 2, 3), from, { start: 3600, length: 5 })]).to.deep.equal([
      Number.NaN,
      1,
      2,
      3,
      Number.NaN,
    ]);
    expect([...onGrid(Float64Array.of(1, 2, 3), from, { start: 10800, length: 3 }, 0)]).to.deep.equal([2, 3, 0]);
  });

  const bad: Record<string, [text: string, says: string[]]> = {
    "a price that is none": ["time,ETH\n2022-01-01T00:00:00Z,abc\n", ["prices.csv, row 2, column ETH", '"abc"']],
    "a price of zero": ["time,ETH\n2022-01-01T00:00:00Z,1\n2022-01-01T01:00:00Z,0\n", ["row 3, column ETH"]],
    "an infinite price": ["time,ETH\n2022-01-01T00:00:00Z,Infinity\n", ["row 2, column ETH"]],
    "a time without its zone": ["time,ETH\n2022-01-01 00:00:00,1\n", ["row 2, column time", "UTC"]],
    "a time off the hour": ["time,ETH\n2022-01-01T00:30:00Z,1\n", ["row 2, column time", "full hour"]],
    "a time twice": ["time,ETH\n2022-01-01T00:00:00Z,1\n2022-01-01T00:00:00Z,1\n", ["row 3, column time", "not later"]],
    "times the wrong way round": [
      "time,ETH\n2022-01-01T01:00:00Z,1\n2022-01-01T00:00:00Z,1\n",
      ["row 3, column time", "not later"],
    ],
    "a row too short": ["time,ETH,BTC\n2022-01-01T00:00:00Z,1\n", ["row 2", "2 cells, the header 3"]],
    "no column of times": ["date,ETH\n2022-01-01T00:00:00Z,1\n", ["no column time", "date, ETH"]],
    "a column twice": ["time,ETH,ETH\n2022-01-01T00:00:00Z,1,1\n", ["ETH twice"]],
    "no rows": ["time,ETH\n", ["no rows"]],
    "nothing at all": ["", ["no rows"]],
    "a quote that never ends": ['time,ETH\n"2022-01-01T00:00:00Z,1\n', ["prices.csv", "row"]],
  };
  for (const [name, [text, says]] of Object.entries(bad)) {
    it(`says where it found ${name}`, async () => {
      const error = await errorOf(() => read(text));
      expect(error).to.be.instanceOf(KeeperError);
      for (const part of says) expect(error.message).to.include(part);
    });
  }

  it("says so where a file is not there, or cut off", async () => {
    expect((await errorOf(() => readTable(`${folder.path}/none.csv`, "price"))).message).to.include("There is no file");
    const cut = folder.file("cut.csv.gz", gzipSync(csvOf(smallMarket(1, 5).prices)).subarray(0, 900));
    const error = await errorOf(() => readTable(cut, "price"));
    expect(error).to.be.instanceOf(KeeperError);
    expect(error.message).to.include("cut.csv.gz");
  });

  it("takes rates of either sign, but no percents", async () => {
    const rates = (cell: string) => readTable(folder.file("f.csv", `time,ETH\n2022-01-01T00:00:00Z,${cell}\n`), "rate");
    expect((await rates("-0.0003")).columns.get("ETH")![0]).to.equal(-0.0003);
    expect((await errorOf(() => rates("3"))).message).to.include("row 2, column ETH");
  });

  it("reads rounds as the keeper cleans them, and says where one cannot be read", async () => {
    const head = "time,roundId,answer,updatedAt\n";
    const row = (id: string, answer: string, time: string) => `x,${id},${answer},${time}\n`;
    const good = head + row("1", "100", "10") + row("3", "0", "30") + row("2", "110", "20") + row("4", "120", "20");
    const { times, answers } = await readRounds(folder.file("r.csv", good));
    expect([[...times], [...answers]]).to.deep.equal([
      [10, 20],
      [100, 110],
    ]);
    const error = await errorOf(() => readRounds(folder.file("r2.csv", head + row("1", "1.5", "10"))));
    expect(error.message).to.include("r2.csv, row 2, column answer");
    const few = await errorOf(() => readRounds(folder.file("r3.csv", head + row("1", "5", "10"))));
    expect(few.message).to.include("1 usable rounds");
  });

  it("the generated market is the seed's, and has gaps, late listings and funding", () => {
    const [one, same, other] = [1, 1, 2].map((seed) => syntheticMarket({ seed, days: 120, alts: 4 }));
    expect([...same!.prices.columns.values()]).to.deep.equal([...one!.prices.columns.values()]);
    expect(other!.prices.columns.get("ETH")).to.not.deep.equal(one!.prices.columns.get("ETH"));
    const known = (name: string) => one!.prices.columns.get(name)!.findIndex((value) => !Number.isNaN(value));
    expect([known("ALFA"), known("DELTA")]).to.deep.equal([0, 60 * 24]);
    expect(one!.prices.columns.get("ETH")!.some(Number.isNaN)).to.equal(true);
    expect(one!.funding.columns.get("ETH")!.filter((value) => !Number.isNaN(value)).length).to.equal(120 * 3 + 1);
  });

  describe("laid out by asset", () => {
    const hour = 3600;

    it("hedges on the perp where there is one, on the spot elsewhere; funding is the perp's only", () => {
      const rows = 24 * 30;
      const flat = (value: number) => Array.from({ length: rows }, (_, i) => value * (1 + 0.001 * i));
      const perp = flat(200).map((value, i) => (i >= 500 && i < 510 ? Number.NaN : value * (1 + (i % 3) / 100)));
      const market = {
        prices: tableOf({ X: flat(1), ETH: flat(200), BTC: flat(400) }),
        perps: tableOf({ ETH: perp }),
        funding: tableOf({ ETH: flat(0.0001), BTC: flat(0.0002) }),
      };
      const [of] = casesOf(market, { warmUp: 0, from: "2022-01-12" }).cases;
      // The case begins at the first decision.
      const shift = (of!.grid.start - market.prices.grid.start) / hour;
      expect(shift).to.equal(11 * 24);
      const inGap = 505 - shift;
      expect(of!.legs[0]![inGap + 20]).to.equal(returnsOf(Float64Array.from(perp))[525]);
      expect(of!.legs[0]![inGap]).to.equal(returnsOf(Float64Array.from(flat(200)))[505]);
      expect(of!.funding[0]![inGap]).to.equal(0);
      expect(of!.funding[0]![inGap + 20]).to.be.greaterThan(0);
      expect(of!.funding[1]!.every((value) => value === 0)).to.equal(true);
    });

    it("waits for an asset's history, and says which assets it left out", () => {
      const market = syntheticMarket({ seed: 1, days: 80, alts: 4 });
      const { cases, notes } = casesOf(market, { minHistory: 30, from: "2022-01-31" });
      expect(cases.map(({ asset }) => asset)).to.deep.equal(["ALFA", "BRAVO", "CHARLIE"]);
      expect(notes.join()).to.include("DELTA is left out").and.not.include("only from the day");
      const [late] = casesOf(market, { minHistory: 10, from: "2022-01-31" }).cases.slice(-1);
      expect(casesOf(market, { minHistory: 10, from: "2022-01-31" }).notes.join()).to.include("DELTA (2022-03-12)");
      expect(late!.times[0]).to.equal(market.prices.grid.start + 70 * 86_400);
    });

    it("says which hedges have no perp or no funding, and that there is little to learn from", () => {
      const market = smallMarket();
      const only = ({ grid, columns }: Table, name: string): Table => {
        return { grid, columns: new Map([[name, columns.get(name)!]]) };
      };
      const notes = (of: Market) => casesOf(of, { from: "2022-01-12" }).notes.join(" ");
      expect(notes({ ...market, perps: only(market.perps!, "ETH") })).to.include(
        "No perp prices of BTC in this period",
      );
      const funded = notes({ ...market, funding: only(market.funding!, "BTC") });
      expect(funded).to.include("No funding rates of ETH in this period").and.not.include("perp prices");
      expect(notes(market)).to.equal("Before the first decision there are 11 days to learn from.");
      const { prices, funding } = market;
      expect(casesOf({ prices, funding: funding! }).notes.join()).to.include("without --perps");
    });

    it("leaves out what was gone before the period, and what never moved, unless it was asked for", async () => {
      const { prices } = smallMarket();
      const columns = new Map(prices.columns);
      columns.set(
        "ALFA",
        prices.columns.get("ALFA")!.map((value, row) => (row < 40 * 24 ? value : Number.NaN)),
      );
      columns.set(
        "BRAVO",
        prices.columns.get("BRAVO")!.map(() => 5),
      );
      const market = { prices: { ...prices, columns } };
      const { cases, notes } = casesOf(market, { from: "2022-02-20" });
      expect(cases.map(({ asset }) => asset)).to.deep.equal(["CHARLIE"]);
      for (const name of ["ALFA", "BRAVO"]) expect(notes.join()).to.include(`${name} is left out: it has no hour`);
      const error = await errorOf(() => casesOf(market, { from: "2022-02-20" }, { assets: ["ALFA"] }));
      expect(error.message).to.include("no hour that can be scored from 2022-02-20T00:00:00Z");
    });

    it("scores no longer than there are rounds, and says so", () => {
      const market = smallMarket();
      const { start } = market.prices.grid;
      const feed = (hours: number) => {
        const times = Float64Array.from({ length: hours }, (_, i) => start + i * hour + 1800);
        return { times, answers: times.map((time) => 1e8 + (time % 997)) };
      };
      const rounds = new Map([
        ["ALFA", feed(20 * 24)],
        ["ETH", feed(60 * 24)],
        ["BTC", feed(60 * 24)],
      ]);
      const { cases, notes } = casesOf({ ...market, rounds }, { from: "2022-01-12" }, { assets: ["ALFA"] });
      const [of] = cases;
      const end = start + (20 * 24 - 1) * hour;
      expect(of!.grid.start + of!.lastRow * hour).to.equal(end);
      expect(of!.times.at(-1)).to.be.below(end);
      expect(notes.join()).to.include("until the rounds end: ALFA (2022-01-20T23:00:00Z)");
    });

    it("runs as far as the prices go, and says so", () => {
      const { from, to, notes } = casesOf(smallMarket(), { from: "2021-06", to: "2023-01" });
      expect([from, to]).to.deep.equal([Date.UTC(2022, 0, 1) / 1000, Date.UTC(2022, 2, 22) / 1000]);
      expect(notes.slice(0, 2).join()).to.equal(notes.filter((note) => note.startsWith("The prices")).join());
      expect(notes.join()).to.include("begin at 2022-01-01T00:00:00Z").and.to.include("end at 2022-03-22T00:00:00Z");
    });

    it("refuses what is not covered, in words", async () => {
      const market = smallMarket();
      const refused = async (run: () => unknown) => (await errorOf(run)).message;
      expect(await refused(() => casesOf(market, { to: "2021-06" }))).to.include("The prices run from 2022-01-01");
      expect(await refused(() => casesOf(market, { from: "2023-01-01" }))).to.include("was asked for");
      expect(await refused(() => casesOf(market, { from: "2022-02-02", to: "2022-02-01" }))).to.include(
        "in this order",
      );
      expect(await refused(() => casesOf(market, {}, { assets: ["NONE"] }))).to.include("no prices of NONE");
      expect(await refused(() => casesOf(market, {}, { assets: ["ETH"], hedges: ["ETH"] }))).to.include("only hedge");
      expect(
        await refused(() => casesOf(market, { lp: "eth" }, { assets: ["ALFA"], hedges: ["BTC", "ETH"] })),
      ).to.include("ETH pool");
      const rounds = new Map([["ETH", { times: Float64Array.of(1, 2), answers: Float64Array.of(1, 2) }]]);
      expect(await refused(() => casesOf({ ...market, rounds }, {}, { assets: ["ETH"] }))).to.include(
        "--rounds of BTC",
      );
    });
  });
});
