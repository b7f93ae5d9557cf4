import { expect } from "chai";
import type { Market } from "../../../keeper/src/backtest/data/market.js";
import { Inputs, Settings } from "../../../keeper/src/backtest/options.js";
import { cycleByHour } from "../../../keeper/src/backtest/report/cycles.js";
import { statesOf } from "../../../keeper/src/backtest/report/states.js";
import { runBacktest } from "../../../keeper/src/backtest/run/run-backtest.js";
import { DAY, HOUR } from "../../../keeper/src/backtest/time.js";
import { createRandom } from "../../../keeper/src/model/random.js";
import { casesOf, copyOf, smallMarket } from "./support.js";

/** A market in which everything falls by 2% an hour in moves of 4% for two days from a row on, and funding is what is given. */
function crashing(row: number, rate: number): Market {
  const { prices, perps, funding } = smallMarket(3, 80, 2);
  const random = createRandom(1);
  const fallen = copyOf(prices);
  const falls: number[] = [];
  for (let hour = 0, sum = 0; hour < 48; hour += 1) {
    sum += 0.04 * random.normal() - 0.02;
    falls.push(sum);
  }
  for (const series of fallen.columns.values()) {
    for (let i = row; i < series.length; i += 1) series[i]! *= Math.exp(falls[Math.min(i - row, 47)]!);
  }
  const paid = copyOf(funding!);
  for (const series of paid.columns.values()) {
    for (let i = row; i < series.length; i += 1) if (series[i] !== 0 && !Number.isNaN(series[i]!)) series[i] = rate;
  }
  return { prices: fallen, perps: perps!, funding: paid };
}

describe("cycles of a backtest", () => {
  const row = 60 * 24;
  const market = crashing(row, -0.001);
  const { cases } = casesOf(market);
  const at = cycleByHour(cases);
  const { start } = market.prices.grid;

  it("find a crash within hours, and funding beyond all that was within days", () => {
    const before = at(start + (row - 1) * HOUR);
    expect(before).to.deep.equal({ regime: "calm", liquidity: "ample" });
    expect(at(start + (row + 24) * HOUR).regime).to.equal("crash");
    // -0.1% every eight hours is -110% a year; after three days nothing else is in the mean.
    expect(at(start + (row + 80) * HOUR).liquidity).to.equal("dry");
    expect(at(start - 100 * DAY)).to.deep.equal({ regime: null, liquidity: "ample" });
  });

  it("know nothing of what comes later", () => {
    const other = cycleByHour(casesOf(crashing(row + 100, 0.001)).cases);
    const untouched = cycleByHour(casesOf(smallMarket(3, 80, 2)).cases);
    for (let hour = 0; hour < row; hour += 7) {
      const time = start + hour * HOUR;
      expect(at(time)).to.deep.equal(untouched(time));
      expect(other(time)).to.deep.equal(untouched(time));
    }
  });

  it("divide a report's days", async () => {
    const outcome = await runBacktest(market, Inputs.parse({}), Settings.parse({ minHistory: 10 }), { threads: 0 });
    const { rows } = statesOf(outcome);
    const daysOf = (name: string): number => rows.find((one) => one.name === name)?.days ?? 0;
    const years = rows.filter(({ name }) => /^\d{4}$/.test(name)).reduce((sum, { days }) => sum + days, 0);
    expect(daysOf("begun calm") + daysOf("begun crash") + daysOf("begun decoupled")).to.equal(years);
    expect(daysOf("begun crash")).to.be.within(2, 15);
    expect(
      daysOf("begun with ample liquidity") + daysOf("begun with thin liquidity") + daysOf("begun with dry liquidity"),
    ).to.equal(years);
    expect(daysOf("begun with dry liquidity")).to.be.above(10);
  });
});
