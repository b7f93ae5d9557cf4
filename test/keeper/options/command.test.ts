import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { runCli } from "../../../keeper/src/cli/program.js";
import { forwardPrice } from "../../../keeper/src/model/options/black-scholes.js";

const directory = mkdtempSync(path.join(tmpdir(), "crosshedge-options-"));
const file = (name: string, rows: readonly string[], header = "expiry_days,kind,strike,bid,ask"): string => {
  const full = path.join(directory, name);
  writeFileSync(full, [header, ...rows].join("\n"));
  return full;
};
const rows = (spot = 2_000, volatility = 0.85): string[] =>
  [7, 30].flatMap((days) =>
    [0.7, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.2, 1.4].map((share) => {
      const [strike, kind] = [share * spot, share < 1 ? ("put" as const) : ("call" as const)];
      const price = forwardPrice(kind, spot, strike, volatility * Math.sqrt(days / 365));
      return `${days},${kind},${strike},${(price * 0.98).toFixed(4)},${(price * 1.02).toFixed(4)}`;
    }),
  );
const good = file("good.csv", rows());
const BASE = ["--price", "2000", "--lower", "1600", "--upper", "2500", "--volatility", "0.8"];

async function options(...words: string[]) {
  let out = "";
  const write = (text: string): void => {
    out += text;
  };
  const context = { environment: {}, print: write, printError: write };
  const code = await runCli(["node", "crosshedge", "options", ...words], context);
  return { code, out };
}

describe("crosshedge options", () => {
  it("shows strip, error, greeks and vega of a position, with neither node nor key", async () => {
    const { code, out } = await options(...BASE);
    expect(code).to.equal(0);
    expect(out).to.include("Position: 100,000 from 1,600 to 2,500 at 2,000");
    expect(out).to.include("delta 25.00 of the asset");
    expect(out).to.include("-0.104% of its value (small-time formula -0.156%)");
    expect(out).to.match(
      /18\.98 puts struck at 1,72\d\.\d+\n.*17\.62 puts struck at 2,000\n.*16\.35 puts struck at 2,32\d/,
    );
    expect(out).to.include("is its value to 0.71% at any price (0.33% with bins of even error)");
    expect(out).to.include("75.8% of its value a year").and.include("Give --quotes");
    expect((await options(...BASE, "--strip", "5")).out).to.include("0.26% at any price");
  });

  it("chooses among the options of a file, and says whether they are worth it", async () => {
    const { code, out } = await options(...BASE, "--quotes", good, "--premium", "3000", "--fee-apr", "0.3");
    expect(code).to.equal(0);
    expect(out).to.include("implied volatility at the forward, 30 days: 85.0%");
    expect(out).to.match(/buy [\d.]+ (put|call) \d+, 30 days at/);
    expect(out).to.match(/premium 3,000; expected loss versus rebalancing 5,216 \(0\.575\d of it\)/);
    expect(out).to.match(/gamma removed \d+\.\d%; deviation .*less; expected shortfall 97\.5% .*less/);
    expect(out).to.include("worth buying: fees of 30.0% a year against");
    const paid = await options(...BASE, "--quotes", good, "--fee-apr", "1.2");
    expect(paid.out).to.include("not worth buying");
    const limited = await options(...BASE, "--quotes", good, "--fee-apr", "1.2", "--max-gamma", "1.5");
    expect(limited.out).to.include("  worth buying: the limit on gamma asks for it");
    const loose = await options(...BASE, "--quotes", good, "--max-gamma", "3");
    expect(loose.out).to.include("worth buying only with fees below");
    const one = await options(...BASE, "--quotes", good, "--legs", "1");
    expect(one.out.match(/ {2}buy /g)!.length).to.equal(1);
  });

  it("takes options on another asset, and says what stays", async () => {
    const eth = ["--underlying", "2000", "--underlying-volatility", "0.8", "--correlation", "0.8"];
    const alt = ["--price", "10", "--lower", "8", "--upper", "12.5", "--volatility", "1.1"];
    const { code, out } = await options(...alt, "--quotes", good, ...eth);
    expect(code).to.equal(0);
    expect(out).to.include("from 8 to 12.5 at 10").and.include("36.0% of the gamma stays");
    const half = await options(...alt, "--quotes", good, "--correlation", "0.8");
    expect(half.code).to.equal(1);
    expect(half.out).to.include("Give --underlying, --underlying-volatility and --correlation together");
  });

  it("reports quotes that admit arbitrage, with the reason of each", async () => {
    const bad = file("bad.csv", [...rows(), "30,put,1850,300,290", "30,call,2050,400,410"]);
    const { code, out } = await options(...BASE, "--quotes", bad);
    expect(code).to.equal(0);
    expect(out).to.match(/refused \(crossed\): put 1850, 30 days: its bid 300 is above its ask 290/);
    expect(out).to.match(/refused \((vertical|butterfly)\): .*call 2050, 30 days/);
  });

  it("takes the forward of an expiry, and puts whose bid is empty", async () => {
    const header = "expiry_days,kind,strike,bid,ask,forward";
    const carried = rows(2_040).map((row) => `${row},2040`);
    const { out, code } = await options(...BASE, "--quotes", file("forward.csv", carried, header));
    expect(code).to.equal(0);
    expect(out).to.not.include("refused");
    expect(out).to.include("30 days: 85.0%");
    const empty = file("empty.csv", [...rows(), "30,put,1000,,0.05"]);
    expect((await options(...BASE, "--quotes", empty)).code).to.equal(0);
    const two = file("two.csv", ["30,put,1800,50,60,2000", "30,put,1900,80,90,2001"], header);
    expect((await options(...BASE, "--quotes", two)).out).to.include("two forwards");
  });

  it("refuses bad input with the place and what to do", async () => {
    const fails = async (words: string[], ...texts: string[]) => failsWith(1, words, ...texts);
    const failsWith = async (expected: number, words: string[], ...texts: string[]) => {
      const { code, out } = await options(...words);
      expect(code).to.equal(expected);
      for (const text of texts) expect(out).to.include(text);
    };
    await failsWith(78, ["--price", "2000"], "--lower");
    await failsWith(78, [...BASE, "--volatility", "high"], "It must be a number");
    await failsWith(78, [...BASE, "--days", "0"], "above 0");
    await failsWith(78, [...BASE, "--fee-apr", "-1"], "zero or more");
    await failsWith(78, [...BASE, "--legs", "4"], "whole number from 1 to 3");
    await fails([...BASE, "--lower", "2600"], "is empty", "--lower below --upper");
    await fails([...BASE, "--quotes", path.join(directory, "absent.csv")], "There is no file");
    await fails([...BASE, "--quotes", file("kind.csv", ["30,puts,1800,1,2"])], "row 2, column kind", "call or put");
    await fails([...BASE, "--quotes", file("ask.csv", ["30,put,1800,1,"])], "column ask", "above zero");
    await fails([...BASE, "--quotes", file("nan.csv", ["x,put,1800,1,2"])], "column expiry_days");
    await fails([...BASE, "--quotes", file("column.csv", ["30,put,1"], "expiry_days,kind,ask")], "no column strike");
    await fails([...BASE, "--quotes", good, "--days", "60"], "No usable quote lasts 60 days");
    await fails([...BASE, "--quotes", file("dead.csv", ["30,call,1000,1,2"])], "No expiry has quotes");
  });
});
