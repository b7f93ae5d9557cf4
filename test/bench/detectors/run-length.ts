import { BreakdownDetector } from "../../../keeper/src/model/breakdown/detector.js";
import { Standardiser } from "../../../keeper/src/model/breakdown/standardise.js";
import { BreakStatistics } from "../../../keeper/src/model/breakdown/statistics.js";
import type { Statistics } from "../../../keeper/src/model/breakdown/thresholds.js";
import { createMarket, type MarketOptions } from "./market.js";

const HOUR = 3600;
/** Hours before anything counts. */
export const WARM_UP = 60 * 24;

/** Markets to run a detector in, one for each path. */
export interface Paths extends Omit<MarketOptions, "seed" | "breakAt"> {
  readonly paths: number;
  readonly seed: number;
  /** Hours that each is watched for. */
  readonly hours: number;
}

/** How long it took to an alarm. */
export interface RunLengths {
  /** Hours to the alarm by path; Infinity where none came in time. Paths that were alarmed when the watch began are left out. */
  readonly lengths: readonly number[];
  readonly watched: number;
}

/** Hours to the first alarm after the break (which is none where `after` is `before`). */
export function runLengths(options: Paths): RunLengths {
  const lengths: number[] = [];
  for (let path = 0; path < options.paths; path++) {
    const market = createMarket({ ...options, seed: seedOf(options, path), breakAt: WARM_UP });
    const detector = new BreakdownDetector();
    const next = (hour: number) => detector.update(hour * HOUR, ...market()).alarmed;
    let alarmed = false;
    for (let hour = 0; hour < WARM_UP; hour++) alarmed = next(hour);
    if (alarmed) continue;
    let hour = 0;
    while (hour < options.hours && !alarmed) alarmed = next(WARM_UP + hour++);
    lengths.push(alarmed ? hour : Number.POSITIVE_INFINITY);
  }
  return { lengths, watched: options.hours };
}

/** Mean days to an alarm, those that did not come counted as waited for (the estimate of an exponential law from censored data). */
export function meanDays({ lengths, watched }: RunLengths): number {
  const waited = lengths.reduce((sum, length) => sum + Math.min(length, watched), 0);
  return waited / lengths.filter(Number.isFinite).length / 24;
}

export function quantile({ lengths }: RunLengths, share: number): number {
  const sorted = lengths.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)]!;
}

/** New highs of one statistic along one path: hours and values, both increasing. */
type Highs = { hour: number; value: number }[];

/** Thresholds at which each statistic alone has its mean days to a false alarm. */
export function thresholdsFor(options: Paths, days: Statistics): Statistics {
  const names = Object.keys(days) as (keyof Statistics)[];
  const highs: Record<keyof Statistics, Highs[]> = { fisher: [], correlationCusum: [], betaCusum: [] };
  const endless = { fisher: Infinity, correlationCusum: Infinity, betaCusum: Infinity };
  for (let path = 0; path < options.paths; path++) {
    const market = createMarket({ ...options, seed: seedOf(options, path), breakAt: Infinity });
    const [first, second] = [new Standardiser(), new Standardiser()];
    const statistics = new BreakStatistics(() => endless);
    for (const name of names) highs[name].push([]);
    for (let hour = 0; hour < WARM_UP + options.hours; hour++) {
      const [asset, hedge] = market();
      const [a, h] = [first.next(asset), second.next(hedge)];
      const measured = a === null || h === null ? null : statistics.next(a, h);
      if (measured === null || hour < WARM_UP) continue;
      for (const name of names) {
        const value = measured.statistics[name];
        const seen = highs[name].at(-1)!;
        if (value > (seen.at(-1)?.value ?? 0)) seen.push({ hour: hour - WARM_UP + 1, value });
      }
    }
  }
  return {
    fisher: thresholdOf(highs.fisher, options.hours, days.fisher),
    correlationCusum: thresholdOf(highs.correlationCusum, options.hours, days.correlationCusum),
    betaCusum: thresholdOf(highs.betaCusum, options.hours, days.betaCusum),
  };
}

function thresholdOf(paths: readonly Highs[], watched: number, days: number): number {
  let [low, high] = [0, Math.max(...paths.map((highs) => highs.at(-1)?.value ?? 0))];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    const lengths = paths.map((highs) => highs.find(({ value }) => value >= middle)?.hour ?? Number.POSITIVE_INFINITY);
    if (meanDays({ lengths, watched }) < days) low = middle;
    else high = middle;
  }
  return high;
}

function seedOf({ seed }: Paths, path: number): number {
  return seed * 100_000 + path + 1;
}
