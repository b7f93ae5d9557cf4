/**
 * `npm run calibrate:margin -- FILE`: how often the margin's quantiles are exceeded on the file's hourly prices, walk-forward, on windows of 24 hours
 * that do not overlap, for each hour of the day at which they may begin; and what leverage that allows.
 */
import path from "node:path";
import { Command } from "commander";
import { loadMarket } from "../../../keeper/src/backtest/data/load-market.js";
import type { Table } from "../../../keeper/src/backtest/data/table.js";
import { Inputs } from "../../../keeper/src/backtest/options.js";
import { stopWithError } from "../stop-with-error.js";
import { type Coverage, coverageOf } from "./coverage.js";
import { describeLeverage } from "./leverage.js";
import { describePortfolio } from "./portfolio.js";
import { ASSETS, EXCEEDANCES, PERIODS } from "./sample.js";
import { type JudgedWindow, judgedWindows } from "./windows.js";

const percent = (value: number, digits = 2): string => `${(value * 100).toFixed(digits)}%`.padStart(7);
const range = (values: readonly number[], show: (value: number) => string): string =>
  `${show(Math.min(...values))} to ${show(Math.max(...values))}`;

function describe({ offsets, margin }: Coverage): string {
  const windows = offsets.reduce((sum, one) => sum + one.windows, 0);
  const rate = offsets.reduce((sum, one) => sum + one.exceedances, 0) / windows;
  const rates = range(
    offsets.map((one) => one.exceedances / one.windows),
    percent,
  );
  const passed = (pick: (one: Coverage["offsets"][number]) => number): string =>
    `${offsets.filter((one) => pick(one) >= 0.05).length}/24`;
  const least = Math.min(...offsets.map(({ kupiec }) => kupiec)).toFixed(3);
  return `${percent(rate)}  ${rates}  Kupiec ${passed(({ kupiec }) => kupiec)}, least p ${least}  independent ${passed(({ independence }) => independence)}  mean e^q-1 ${percent(margin, 1)}`;
}

function coverageTable(judged: ReadonlyMap<string, readonly JudgedWindow[]>): void {
  console.log("Exceedances of the quantile of the largest upward move in 24 h: of all windows, and of the 24 offsets");
  for (const [asset, windows] of judged) {
    for (const [which, exceedance] of EXCEEDANCES.entries()) {
      for (const period of PERIODS) {
        const words = describe(coverageOf(windows, which, exceedance, period));
        console.log(`  ${asset.padEnd(4)} ${percent(1 - exceedance, 1)} ${period.join(" to ")} ${words}`);
      }
    }
  }
}

function offsetTable(judged: ReadonlyMap<string, readonly JudgedWindow[]>): void {
  const whole = PERIODS.at(-1)!;
  console.log(
    `\nBy hour at which the windows begin, ${whole.join(" to ")}: exceedances (Kupiec's p) of so many windows`,
  );
  const columns = [...judged].flatMap(([asset, windows]) =>
    EXCEEDANCES.map((exceedance, which) => ({
      name: `${asset} ${percent(1 - exceedance, 1).trim()}`,
      offsets: coverageOf(windows, which, exceedance, whole).offsets,
    })),
  );
  console.log(`  UTC ${columns.map(({ name }) => name.padStart(18)).join("")}`);
  for (let hour = 0; hour < 24; hour++) {
    const cells = columns.map(({ offsets }) => {
      const { exceedances, windows, kupiec } = offsets[hour]!;
      return `${exceedances} of ${windows} (${kupiec.toFixed(2)})`.padStart(18);
    });
    console.log(`  ${String(hour).padStart(2, "0")}  ${cells.join("")}`);
  }
}

const [file = ""] = new Command("calibrate:margin")
  .description("How often the moves that margin is sized by were exceeded.")
  .argument("<file>", "CSV file of hourly prices, plain or gzipped, such as ../shared/data/prices_1h.csv.gz")
  .allowExcessArguments(false)
  .parse().args;
const { prices }: { prices: Table } = await loadMarket(Inputs.parse({ prices: path.resolve(file) })).catch(
  stopWithError,
);
const absent = ASSETS.filter((asset) => !prices.columns.has(asset));
if (absent.length > 0) {
  console.error(`${file} has no column ${absent.join(", ")}.`);
  process.exit(1);
}
const judged = new Map(
  ASSETS.map((asset) => [asset, judgedWindows(prices.grid, prices.columns.get(asset)!, EXCEEDANCES)] as const),
);
coverageTable(judged);
offsetTable(judged);
console.log(describePortfolio(prices));
console.log(describeLeverage(prices, judged));
