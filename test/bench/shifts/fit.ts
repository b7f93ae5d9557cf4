import {
  betaRegressors,
  correlationRegressors,
  forecastShift,
  type ShiftCoefficients,
} from "../../../keeper/src/model/forecast/correlation-shift.js";
import type { PairWeek } from "./pair-weeks.js";
import { PooledRegression } from "./pooled-regression.js";
import { Skill } from "./skill.js";

/** Weight of coefficients being zero, in observations of size one. */
const RIDGE = 10;

/** Coefficients pooled over the weeks of all assets, by ridge regression. */
export function fitShifts(weeks: readonly PairWeek[]): ShiftCoefficients {
  const ofCorrelation = new PooledRegression(5, RIDGE);
  const ofBeta = new PooledRegression(6, RIDGE);
  for (const { past, own, realised } of weeks) {
    ofCorrelation.learn(correlationRegressors(past), realised.z);
    ofBeta.learn(betaRegressors(past, own), realised.beta - own);
  }
  return { ofCorrelation: ofCorrelation.coefficients(), ofBeta: ofBeta.coefficients() };
}

/** Out-of-sample R² of the correlation's Fisher-z and of beta against the asset's mean as it was known, and how many weeks were judged. */
export interface ShiftSkill {
  readonly correlation: number;
  readonly beta: number;
  readonly count: number;
}

/** How good forecasts by fixed coefficients are. */
export function skillOf(weeks: readonly PairWeek[], coefficients: ShiftCoefficients): ShiftSkill {
  const [correlation, beta] = [new Skill(), new Skill()];
  for (const { past, own, realised, mean } of weeks) {
    if (mean === null) continue;
    const forecast = forecastShift(past, own, coefficients);
    correlation.judge(realised.z, Math.atanh(forecast.correlation), mean.z);
    beta.judge(realised.beta, forecast.beta, mean.beta);
  }
  return { correlation: correlation.r2, beta: beta.r2, count: beta.count };
}
