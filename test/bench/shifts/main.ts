/**
 * `npm run calibrate:shifts -- FILE`: what keeper/src/model/forecast/shift-coefficients.ts should say, fitted on the file's hourly prices of
 * 2019-02 to 2021-03, and how good that is later.
 */
import path from "node:path";
import { Command } from "commander";
import { loadMarket } from "../../../keeper/src/backtest/data/load-market.js";
import { Inputs } from "../../../keeper/src/backtest/options.js";
import { stopWithError } from "../stop-with-error.js";
import { fitShifts, skillOf } from "./fit.js";
import { between, marketWeeks } from "./market-weeks.js";

const FITTED: readonly [string, string] = ["2019-02-01", "2021-03-31"];
const JUDGED: readonly (readonly [string, string])[] = [
  FITTED,
  ["2021-04-01", "2023-12-31"],
  ["2024-01-01", "2024-08-31"],
];

const [file = ""] = new Command("calibrate:shifts")
  .description("Fits what next week's correlation and beta are foreseen by, and says how good that was later.")
  .argument("<file>", "CSV file of hourly prices, plain or gzipped, such as ../shared/data/prices_1h.csv.gz")
  .allowExcessArguments(false)
  .parse().args;
const market = await loadMarket(Inputs.parse({ prices: path.resolve(file) })).catch(stopWithError);
const weeks = marketWeeks(market);
const learned = between(weeks, ...FITTED);
const coefficients = fitShifts(learned);
const shown = (values: readonly number[]): string => values.map((value) => value.toFixed(4)).join(", ");
console.log(`Fitted on ${learned.length} weeks of ${FITTED.join(" to ")}`);
console.log(`  ofCorrelation: [${shown(coefficients.ofCorrelation)}],`);
console.log(`  ofBeta: [${shown(coefficients.ofBeta)}],`);
console.log("\nR² against each asset's mean as it was known: Fisher-z of the correlation, beta");
for (const [from, to] of JUDGED) {
  const { correlation, beta, count } = skillOf(between(weeks, from, to), coefficients);
  console.log(`  ${from} to ${to}  ${correlation.toFixed(3)}  ${beta.toFixed(3)}  (${count} weeks)`);
}
