import { seededNormals } from "../../support/random.js";

/**
 * How two correlated random walks and their feeds are made: each reports as soon as it has moved by δ since its last
 * report.
 */
export interface WalkOptions {
  readonly seed: number;
  readonly steps: number;
  readonly correlation: number;
  /** Deviation of one step over the threshold δ: the smaller, the nearer to continuous time. */
  readonly fineness: number;
}

/** What the walks did, in units of δ. */
export interface Walks {
  /** By asset: the log price after each step, the start included. */
  readonly logs: readonly Float64Array[];
  /** By report in order of time. */
  readonly reports: readonly { asset: number; time: number; logPrice: number }[];
}

/** Mean overshoot of a random walk over a barrier, in deviations of its steps (Broadie, Glasserman & Kou 1997). */
const OVERSHOOT = 0.5826;

/**
 * Walks with a step a second, and reports triggered by deviation only; the barrier is set back by what a walk
 * overshoots it.
 */
export function walkWithFeeds({ seed, steps, correlation, fineness }: WalkOptions): Walks {
  const draw = seededNormals(seed);
  const logs = [new Float64Array(steps + 1), new Float64Array(steps + 1)] as const;
  const reports = [0, 1].map((asset) => ({ asset, time: 0, logPrice: 0 }));
  const posted = [0, 0];
  const barrier = 1 - OVERSHOOT * fineness;
  const own = Math.sqrt(1 - correlation ** 2);
  for (let time = 1; time <= steps; time++) {
    const common = draw();
    const moves = [common, correlation * common + own * draw()];
    for (const asset of [0, 1]) {
      const logPrice = logs[asset]![time - 1]! + fineness * moves[asset]!;
      logs[asset]![time] = logPrice;
      if (Math.abs(logPrice - posted[asset]!) < barrier) continue;
      posted[asset] = logPrice;
      reports.push({ asset, time, logPrice });
    }
  }
  return { logs, reports };
}
