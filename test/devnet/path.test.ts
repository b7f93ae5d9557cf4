import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { REGIMES, type Regime, regimeShift } from "../../scripts/devnet/generated-path.js";
import { generatePath, type PricePath, readPath } from "../../scripts/devnet/path.js";
import { DAY, HOUR, QUARTER } from "../../scripts/devnet/time.js";
import { UsageError } from "../../scripts/errors.js";
import { apart, failureOf, PRICES, pathOf, START } from "./fixture.js";

function correlation(a: number[], b: number[]): number {
  const dot = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function returns(prices: PricePath, asset: "ETH" | "BTC" | "ALT", from: number, to: number): number[] {
  const result: number[] = [];
  for (let time = from; time < to; time += HOUR) {
    result.push(Math.log(prices.priceAt(time + HOUR)[asset] / prices.priceAt(time)[asset]));
  }
  return result;
}

describe("a price path", () => {
  it("interpolates the quarter-hours in log price", () => {
    const prices = pathOf([PRICES, { ...PRICES, ETH: 4000, ALT: 1 }]);
    expect(prices.quoteAt(START).ETH).to.equal(2000);
    expect(apart(prices.quoteAt(START + QUARTER).ETH!, 2000 * 2 ** 0.25)).to.be.below(1e-12);
    expect(apart(prices.quoteAt(START + 2 * QUARTER).ALT!, 4)).to.be.below(1e-12);
    expect(prices.quoteAt(START + 3 * QUARTER + 899)).to.deep.equal(prices.quoteAt(START + 3 * QUARTER));
    expect(prices.priceAt(START + HOUR)).to.deep.equal({ ...PRICES, ETH: 4000, ALT: 1 });
  });

  it("quotes nothing in a gap, and values at the last known price", () => {
    const { ETH, ...gap } = PRICES;
    const prices = pathOf([PRICES, gap, { ...PRICES, ETH: 3000 }]);
    for (let step = 1; step < 8; step += 1) {
      expect(prices.quoteAt(START + step * QUARTER)).to.deep.equal(gap);
      expect(prices.priceAt(START + step * QUARTER).ETH).to.equal(ETH);
    }
    expect(prices.quoteAt(START + 2 * HOUR).ETH).to.equal(3000);
  });

  it("refuses times outside, and a first row with a hole", async () => {
    const prices = pathOf([PRICES, PRICES]);
    for (const time of [START - 1, START + HOUR + 1]) {
      expect(await failureOf(() => prices.priceAt(time))).to.be.instanceOf(UsageError);
    }
    expect((await failureOf(() => pathOf([{ ETH: 1 }]))).message).to.contain("BTC, ALT, USDC");
  });
});

describe("a generated price path", () => {
  it("is the same for the same seed, and another for another", () => {
    const options = { seed: 7, days: 3, warmUpDays: 2 };
    const [a, b, c] = [generatePath(options), generatePath(options), generatePath({ ...options, seed: 8 })];
    expect([a.start, a.scored, a.end]).to.deep.equal([START, START + 2 * DAY, START + 5 * DAY]);
    for (let time = a.start; time <= a.end; time += HOUR) expect(a.priceAt(time)).to.deep.equal(b.priceAt(time));
    expect(c.priceAt(c.end)).to.not.deep.equal(a.priceAt(a.end));
    expect(a.priceAt(a.end).USDC).to.equal(1);
  });

  it("has the volatilities and correlations of its regimes, and fat tails", () => {
    const days = 1600;
    const prices = generatePath({ seed: 3, days, warmUpDays: 0 });
    const shift = regimeShift(prices.scored, days);
    const check = (regime: Regime, from: number, to: number) => {
      const [eth, btc, alt] = (["ETH", "BTC", "ALT"] as const).map((asset) => returns(prices, asset, from, to));
      expect(Math.abs(correlation(eth!, btc!) - regime.correlation.ethBtc)).to.be.below(0.03);
      expect(Math.abs(correlation(eth!, alt!) - regime.correlation.ethAlt)).to.be.below(0.03);
      expect(Math.abs(correlation(btc!, alt!) - regime.correlation.btcAlt)).to.be.below(0.03);
      [eth!, btc!, alt!].forEach((series, i) => {
        const variance = series.reduce((sum, value) => sum + value ** 2, 0) / series.length;
        expect(apart(Math.sqrt(variance * 8760), regime.volatility[i]!)).to.be.below(0.05);
        const fourth = series.reduce((sum, value) => sum + value ** 4, 0) / series.length;
        expect(fourth / variance ** 2).to.be.above(4.5);
      });
    };
    check(REGIMES.calm, prices.start, shift);
    check(REGIMES.stressed, shift, prices.end);
  });
});

describe("a price path from a CSV file", () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(path.join(tmpdir(), "prices-"));
  });
  after(() => rmSync(directory, { recursive: true }));

  const header = "time,BTC,ETH,FOO";
  /** Three days of hours from the world's start; a line may be replaced. */
  function lines(replaced: Record<number, string> = {}): string[] {
    return Array.from({ length: 73 }, (_, i) => {
      const time = new Date((START + i * HOUR) * 1000).toISOString().replace(".000", "");
      return `${time},${replaced[i] ?? `${40_000 + i},${2000 + i},${10 + i}`}`;
    });
  }
  function write(rows: string[], head = header): string {
    const file = path.join(directory, "prices.csv");
    writeFileSync(file, [head, ...rows].join("\n"));
    return file;
  }
  const options = { alt: "FOO", from: new Date((START + DAY) * 1000), days: 2, warmUpDays: 1 };
  const refusal = async (file: string, other: object = {}) => {
    const error = await failureOf(() => readPath(file, { ...options, ...other }));
    expect(error).to.be.instanceOf(UsageError);
    return error.message;
  };

  it("is read at its hours, its token by name, USDC at a dollar", () => {
    const prices = readPath(write(lines()), options);
    expect([prices.start, prices.scored, prices.end]).to.deep.equal([START, START + DAY, START + 3 * DAY]);
    expect(prices.priceAt(START + 5 * HOUR)).to.deep.equal({ BTC: 40_005, ETH: 2005, ALT: 15, USDC: 1 });
    expect(prices.altSymbol).to.equal("FOO");
  });

  it("is read gzipped, and with a column for USDC", () => {
    const rows = lines().map((line, i) => `${line},${i === 4 ? "" : 0.9}`);
    const file = path.join(directory, "prices.csv.gz");
    writeFileSync(file, gzipSync([`${header},USDC`, ...rows].join("\n")));
    const prices = readPath(file, options);
    expect(prices.priceAt(START + 5 * HOUR)).to.deep.equal({ BTC: 40_005, ETH: 2005, ALT: 15, USDC: 0.9 });
    expect(prices.quoteAt(START + 4 * HOUR)).to.not.have.property("USDC");
  });

  it("has gaps where cells are empty or rows are missing", () => {
    const rows = lines({ 3: "40003,,13" });
    rows.splice(10, 1);
    const prices = readPath(write(rows), options);
    expect(prices.quoteAt(START + 3 * HOUR)).to.deep.equal({ BTC: 40_003, ALT: 13, USDC: 1 });
    expect(prices.quoteAt(START + 10 * HOUR)).to.deep.equal({});
    expect(prices.priceAt(START + 10 * HOUR).ALT).to.equal(19);
  });

  it("says what is wrong, and what to do", async () => {
    expect(await refusal(path.join(directory, "none.csv")))
      .to.contain("Cannot read prices")
      .and.contain("columns");
    expect(await refusal(write(lines()), { alt: "BAR" })).to.contain("no column BAR; it has time, BTC, ETH, FOO");
    expect(await refusal(write(lines(), "when,BTC,ETH,FOO"))).to.contain("no column time");
    expect(await refusal(write(lines()), { days: 3 })).to.contain("Choose a start from");
    expect(await refusal(write(lines()), { warmUpDays: 2 })).to.contain("Choose a start from");
    expect(await refusal(write(lines()), { from: "soon" })).to.contain('"soon" is no full hour');
    expect(await refusal(write(lines({ 0: "40000,2000," }))))
      .to.contain("no FOO price at 2024-01-01")
      .and.contain("1 hours later");
    const empty = Object.fromEntries(Array.from({ length: 73 }, (_, i) => [i, "40000,2000,"]));
    expect(await refusal(write(lines(empty)))).to.contain("no FOO price in these days");
    const early = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [i + 24, "40000,2000,"]));
    expect(await refusal(write(lines(early)))).to.contain("no FOO price from 2024-01-02");
    for (const cell of ["-1", "0", "much"]) {
      expect(await refusal(write(lines({ 7: `40000,${cell},10` })))).to.contain(`the price "${cell}" at 2024-01-01T07`);
    }
    expect(await refusal(write(["yesterday,1,1,1"]))).to.contain('the time "yesterday"');
    expect(await refusal(write(["a,b", "c"]))).to.contain("Cannot read prices");
  });
});
