import { DAY, HOUR, HOURS_A_YEAR } from "../backtest/time.js";
import { KeeperError } from "../errors.js";
import { betas } from "../model/beta.js";
import type { OracleRound } from "../model/rounds.js";
import { chainMoments } from "./chain-moments.js";
import { durationText, type Finding } from "./finding.js";
import type { History } from "./history.js";
import { type DayReturns, daysOf } from "./returns.js";
import type { VaultShape } from "./shape.js";
import { varianceFloors } from "./variance-floors.js";

/** Grid steps and half-lives that are tried; the oracle takes 1 h to 2 days, and 1 to 365 days. */
const STEP_HOURS = [4, 6, 8, 12, 16, 24];
/** The step at which half-lives are chosen; the step is chosen after them. */
const REFERENCE_HOURS = 8;
const HALF_LIFE_DAYS = [2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90];
/** The oracle's history before it is usable, as deployments have it; a stable's variance is not judged. */
export const MIN_HISTORY = 30 * DAY;
/** Part of the least variance that tells no half-lives apart: the shorter one is quicker to see a change. */
const FLAT = 0.005;
const STABLE_FLOOR = 1e-4;

/** How the covariance oracle samples and forgets, seconds. */
export interface Sampling {
  readonly gridStep: number;
  readonly halfLifeFast: number;
  readonly halfLifeSlow: number;
}

/** Mean losses of one day's forecasts: realised variance of the hedged asset over the unhedged one's, and log h + r/h of that variance. */
interface Losses {
  readonly hedged: number;
  readonly qlike: number;
}

/** The covariance oracle's parameters for a vault, with these floors by asset. */
export function oracleParams(
  { assets }: VaultShape,
  floors: readonly (number | null)[],
  sampling: Sampling,
  start: number,
) {
  return {
    ...sampling,
    heartbeats: assets.map(({ heartbeat }) => heartbeat),
    varianceFloors: floors.map((floor) => floor ?? STABLE_FLOOR),
    genesis: Math.ceil(start / sampling.gridStep) * sampling.gridStep,
    minHistory: MIN_HISTORY,
    maxAge: 2 * DAY,
  };
}

/**
 * Walk-forward choice of the oracle's sampling: at each midnight the pool's asset is hedged by the matrix of that moment and judged by the
 * hours of the day that follows. The slow half-life is the shortest whose hedge leaves about the least variance, the fast one that whose variance of what is
 * left is the best forecast (QLIKE, Patton 2011), and the step the one at which that forecast is best.
 *
 * @param rounds By asset
 * @param quiet Variances of quiet months by asset, which the floors are made of
 */
export function chooseSampling(
  shape: VaultShape,
  history: History,
  rounds: readonly (readonly OracleRound[])[],
  quiet: readonly (number | null)[],
): { readonly sampling: Sampling; readonly findings: readonly Finding[] } {
  const days = daysOf(history);
  const lossesOf = (hours: number, halfLife: number): Losses =>
    judge(shape, history, rounds, quiet, hours * HOUR, halfLife * DAY, days);
  const losses = HALF_LIFE_DAYS.map((halfLife) => lossesOf(REFERENCE_HOURS, halfLife));
  const most = Math.min(...losses.map(({ hedged }) => hedged)) * (1 + FLAT);
  const slow = losses.findIndex(({ hedged }) => hedged <= most);
  const fast = least(losses.slice(0, slow + 1).map(({ qlike }) => qlike));
  const steps = STEP_HOURS.map((hours) => lossesOf(hours, HALF_LIFE_DAYS[fast]!).qlike);
  const hours = STEP_HOURS[least(steps)]!;
  const sampling = {
    gridStep: hours * HOUR,
    halfLifeFast: HALF_LIFE_DAYS[fast]! * DAY,
    halfLifeSlow: HALF_LIFE_DAYS[slow]! * DAY,
  };
  const tried = STEP_HOURS.map((step, k) => `${step} h ${steps[k]!.toFixed(3)}`).join(", ");
  const hedged = losses.map(({ hedged: left }, k) => `${HALF_LIFE_DAYS[k]} d ${(1 - left).toFixed(3)}`).join(", ");
  const qlikes = losses.map(({ qlike }, k) => `${HALF_LIFE_DAYS[k]} d ${qlike.toFixed(3)}`).join(", ");
  const findings: Finding[] = [
    {
      parameter: "covariance.gridStep",
      value: durationText(sampling.gridStep),
      why: `best forecast of the next day's variance of the hedged asset over ${days.length} days (QLIKE, less is better): ${tried}; floors keep the step at (3δ/σ)² or more`,
    },
    {
      parameter: "covariance.halfLifeFast",
      value: durationText(sampling.halfLifeFast),
      why: `best forecast of the next day's variance, of those up to the slow one (QLIKE): ${qlikes}`,
    },
    {
      parameter: "covariance.halfLifeSlow",
      value: durationText(sampling.halfLifeSlow),
      why: `the shortest whose hedge left no more than ${FLAT * 100}% above the least variance on the days that followed (effectiveness): ${hedged}`,
    },
    {
      parameter: "keeper.model.gridHours",
      value: hours,
      why: "the keeper samples feeds no faster than the chain",
    },
  ];
  return { sampling, findings };
}

function judge(
  shape: VaultShape,
  history: History,
  rounds: readonly (readonly OracleRound[])[],
  quiet: readonly (number | null)[],
  gridStep: number,
  halfLife: number,
  days: readonly DayReturns[],
): Losses {
  const floors = varianceFloors(shape, quiet, gridStep);
  const params = oracleParams(
    shape,
    floors,
    { gridStep, halfLifeFast: halfLife, halfLifeSlow: halfLife },
    history.start,
  );
  const moments = chainMoments(params, rounds, history.start + history.rows * HOUR);
  const { asset } = shape.pool;
  const hedges = shape.hedges.map((hedge) => hedge.asset).filter((hedge) => hedge !== asset);
  const n = shape.assets.length;
  let [left, all, qlike, count] = [0, 0, 0, 0];
  let at = 0;
  for (const { time, hours } of days) {
    while (at + 1 < moments.length && moments[at + 1]!.time < time) at++;
    const moment = moments[at];
    if (moment === undefined || moment.time >= time) continue;
    const sigma = Array.from({ length: n }, (_, i) => moment.fast.slice(i * n, (i + 1) * n));
    const ratios = betas(sigma, hedges)[asset]!;
    const weights: number[] = shape.assets.map((_, i) => (i === asset ? 1 : 0));
    hedges.forEach((hedge, j) => {
      weights[hedge]! -= ratios[j]!;
    });
    const expected = weights.reduce(
      (sum, w, i) => sum + w * weights.reduce((row, v, j) => row + v * sigma[i]![j]!, 0),
      0,
    );
    const realised = hours.reduce(
      (sum, values) => sum + values.reduce((move, r, i) => move + weights[i]! * r, 0) ** 2,
      0,
    );
    left += realised;
    all += hours.reduce((sum, values) => sum + values[asset]! ** 2, 0);
    qlike += Math.log(expected) + ((realised / hours.length) * HOURS_A_YEAR) / expected;
    count++;
  }
  if (count === 0 || all === 0) {
    throw new KeeperError(
      "The covariance oracle would never have been usable over these prices.",
      "Give prices with fewer gaps.",
    );
  }
  return { hedged: left / all, qlike: qlike / count };
}

function least(values: readonly number[]): number {
  return values.reduce<number>((best, value, i) => (value < values[best]! ? i : best), 0);
}
