import type { PairPast } from "./pair-past.js";
import { SHIFT_COEFFICIENTS } from "./shift-coefficients.js";

/** What is expected of a pair in the next week, beside what it is in the last. */
export interface ShiftForecast {
  readonly correlation: number;
  readonly beta: number;
  readonly correlationNow: number;
  readonly betaNow: number;
}

/** What each regressor is worth. */
export interface ShiftCoefficients {
  readonly ofCorrelation: readonly number[];
  readonly ofBeta: readonly number[];
}

/**
 * Next week's correlation and beta of an asset with one hedge, in the HAR form of Corsi (2009): the Fisher-z of the correlation is
 * regressed on those of the last 1, 7, 30 and 90 days; how far beta will be from the one that a model has learned, on how far those of
 * these days, and one for one, are from it.
 *
 * @param own Beta on the hedge that a model has learned
 */
export function forecastShift(
  past: PairPast,
  own: number,
  coefficients: ShiftCoefficients = SHIFT_COEFFICIENTS,
): ShiftForecast {
  return {
    correlation: Math.tanh(weigh(coefficients.ofCorrelation, correlationRegressors(past))),
    beta: own + weigh(coefficients.ofBeta, betaRegressors(past, own)),
    correlationNow: Math.tanh(past.z[1]!),
    betaNow: past.beta[1]!,
  };
}

/** Constant, and Fisher-z over 1, 7, 30, 90 days. */
export function correlationRegressors({ z }: PairPast): number[] {
  return [1, ...z];
}

/** Constant, and how far the betas over 1, 7, 30, 90 days, and one, are from the one learned. */
export function betaRegressors({ beta }: PairPast, own: number): number[] {
  return [1, ...beta.map((value) => value - own), 1 - own];
}

function weigh(coefficients: readonly number[], regressors: readonly number[]): number {
  return regressors.reduce((sum, value, k) => sum + coefficients[k]! * value, 0);
}
