import { Matrix, solve } from "ml-matrix";
import { KeeperError } from "../../errors.js";
import { betas as regress } from "../beta.js";
import { repairCovariance } from "../psd.js";
import type { BetaModel } from "./beta-model.js";
import { DayMoments, dayFeatures } from "./day-moments.js";
import { Intervals } from "./intervals.js";
import { Periods } from "./periods.js";

const DAY = 86_400;
/** Days in the means that the regression is on. */
const [WEEK, MONTH] = [7, 30];
/** Days between two fits, and days with all regressors before the first. */
const [REFIT, FIRST_FIT] = [30, 30];
/** Weight of coefficients being zero, in days of regressors of size one. */
const RIDGE = 100;

interface Fit {
  /** Mean of the month's mean. */
  readonly center: number;
  readonly coefficients: readonly number[];
}

/**
 * Betas from tomorrow's covariance as the heterogeneous autoregression has it: log realised variances and Fisher-z correlations of daily
 * blocks, each regressed on its own last day, week's mean and month's mean (Corsi 2009), refitted every 30 days on all that is known.
 */
export class HarBeta implements BetaModel {
  readonly #size: number;
  readonly #intervals: Intervals;
  readonly #periods = new Periods(DAY);
  readonly #day: DayMoments;
  /** By series, then day: log variances first, then Fisher-z of each pair i > j. */
  readonly #series: number[][];
  /** By series. */
  #fits: Fit[] | undefined;
  #fittedAt = -REFIT;
  #betas: readonly number[] | null = null;

  /** @param hedges Number of hedges */
  constructor(hedges: number) {
    if (!(hedges >= 1)) throw new KeeperError("No hedges.", "Give at least one.");
    this.#size = hedges + 1;
    this.#intervals = new Intervals(hedges);
    this.#day = new DayMoments(this.#size);
    this.#series = Array.from({ length: (this.#size * (this.#size + 1)) / 2 }, () => []);
  }

  update(time: number, elapsed: number, asset: number, hedges: readonly number[]): void {
    this.#intervals.accept(time, elapsed, asset, hedges);
    if (this.#periods.closesBefore(time)) this.#close();
    this.#day.add(elapsed, asset, hedges);
    if (this.#periods.closesAt(time)) this.#close();
  }

  betas(): readonly number[] | null {
    return this.#betas;
  }

  #close(): void {
    const moments = this.#day.take();
    if (moments === null) return;
    for (const [s, value] of dayFeatures(moments, this.#size).entries()) this.#series[s]!.push(value);
    const days = this.#series[0]!.length;
    if (days - this.#fittedAt >= REFIT && days >= MONTH + FIRST_FIT) {
      this.#fits = this.#series.map(fit);
      this.#fittedAt = days;
    }
    if (this.#fits) this.#betas = this.#forecast(this.#fits);
  }

  #forecast(fits: readonly Fit[]): readonly number[] {
    const next = this.#series.map((values, s) => predict(values, fits[s]!));
    const deviation = Array.from({ length: this.#size }, (_, i) => Math.exp(next[i]! / 2));
    const covariance = deviation.map((a) => deviation.map((b) => a * b));
    let s = this.#size;
    for (let i = 0; i < this.#size; i++) {
      for (let j = 0; j < i; j++, s++) {
        covariance[i]![j]! *= Math.tanh(next[s]!);
        covariance[j]![i] = covariance[i]![j]!;
      }
    }
    const hedges = Array.from({ length: this.#size - 1 }, (_, j) => j + 1);
    return regress(repairCovariance(covariance), hedges)[0]!;
  }
}

/** Of the day after the first `end` days: a constant, how far the last day and week are from the month's mean, and that mean. */
function regressors(values: readonly number[], end: number): number[] {
  const mean = (days: number): number => {
    let sum = 0;
    for (let d = end - days; d < end; d++) sum += values[d]!;
    return sum / days;
  };
  const month = mean(MONTH);
  return [1, values[end - 1]! - month, mean(WEEK) - month, month];
}

/** Ridge regression of the day on them, which falls back to the month's mean where little is known. */
function fit(values: readonly number[]): Fit {
  const rows: number[][] = [];
  for (let day = MONTH; day < values.length; day++) rows.push(regressors(values, day));
  const center = rows.reduce((sum, row) => sum + row[3]!, 0) / rows.length;
  const x = new Matrix(rows.map(([one, day, week, month]) => [one!, day!, week!, month! - center]));
  const y = Matrix.columnVector(rows.map((row, k) => values[MONTH + k]! - row[3]!));
  const ridge = Matrix.eye(4, 4).mul(RIDGE);
  return { center, coefficients: solve(x.transpose().mmul(x).add(ridge), x.transpose().mmul(y)).to1DArray() };
}

function predict(values: readonly number[], { center, coefficients }: Fit): number {
  const [one, day, week, month] = regressors(values, values.length) as [number, number, number, number];
  return (
    month +
    one * coefficients[0]! +
    day * coefficients[1]! +
    week * coefficients[2]! +
    (month - center) * coefficients[3]!
  );
}
