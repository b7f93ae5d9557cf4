/**
 * `npm run calibrate:detectors [-- --thresholds] [--paths N] [--seed S]`: how often the detectors of breakdowns raise a false alarm, and how late
 * they notice a break, in simulated markets; with `--thresholds`, what keeper/src/model/breakdown/thresholds.ts should say.
 */
import { Command, InvalidArgumentError } from "commander";
import { CALIBRATED_AT, FALSE_ALARM_DAYS } from "../../../keeper/src/model/breakdown/thresholds.js";
import { meanDays, quantile, runLengths, thresholdsFor } from "./run-length.js";

function whole(least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`It must be a whole number, ${least} or more.`);
    }
    return value;
  };
}

const { thresholds, paths, seed } = new Command("calibrate:detectors")
  .description("How often the detectors of a broken hedge raise a false alarm, and how late they notice a break.")
  .option("--thresholds", "find the thresholds instead", false)
  .option("--paths <number>", "simulated markets", whole(1), 400)
  .option("--seed <number>", "of everything random", whole(0), 1)
  .allowExcessArguments(false)
  .parse()
  .opts<{ thresholds: boolean; paths: number; seed: number }>();
const FALSE_ALARM_HOURS = 720 * 24;
const BREAK_HOURS = 1500;
const shown = (hours: number) => (Number.isFinite(hours) ? `${hours}` : `>${BREAK_HOURS}`);

console.log(`${paths} paths, seed ${seed}`);
if (thresholds) {
  for (const before of CALIBRATED_AT) {
    const found = thresholdsFor({ paths, seed, hours: FALSE_ALARM_HOURS, before, after: before }, FALSE_ALARM_DAYS);
    const [fisher, correlation, beta] = Object.values(found).map((value: number) => value.toFixed(2));
    console.log(`  { fisher: ${fisher}, correlationCusum: ${correlation}, betaCusum: ${beta} }, // at ${before}`);
  }
} else {
  const checkSeed = seed + 1;
  console.log("\nDays to a false alarm, by correlation and by common part of the volatilities");
  for (const common of [0.4, 0, 1]) {
    for (const before of common === 0.4 ? CALIBRATED_AT : [0.75]) {
      const calm = runLengths({ paths, seed: checkSeed, hours: FALSE_ALARM_HOURS, before, after: before, common });
      console.log(`  correlation ${before}  common ${common}  ${meanDays(calm).toFixed(0)} d`);
    }
  }
  console.log("\nHours to an alarm after a break: median, 90%");
  const breaks = [
    { before: 0.75, after: 0 },
    { before: 0.75, after: 0.4 },
    { before: 0.75, after: 0.75, noise: 2 },
    { before: 0.75, after: 0.75, noise: 3 },
    { before: 0.6, after: 0 },
    { before: 0.9, after: 0.4 },
  ];
  for (const common of [0.4, 0, 1]) {
    for (const change of breaks) {
      const late = runLengths({ paths, seed: checkSeed, hours: BREAK_HOURS, common, ...change });
      const noise = change.noise === undefined ? "" : `, own noise x${change.noise}`;
      const hours = `${shown(quantile(late, 0.5))} / ${shown(quantile(late, 0.9))}`;
      console.log(`  common ${common}  ${change.before} -> ${change.after}${noise}`.padEnd(46) + hours);
    }
  }
}
