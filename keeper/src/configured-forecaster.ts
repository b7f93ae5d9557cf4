import type { KeeperConfig } from "./config.js";
import { METHODS } from "./model/forecast/methods.js";
import { Forecaster } from "./model/forecaster.js";
import { GridCovariance } from "./model/grid-covariance.js";
import { guardedMethod } from "./model/guarded-method.js";

const HOUR = 3_600;
const DAY = 24 * HOUR;

/**
 * The forecaster that a configuration asks for.
 *
 * @param stable By asset
 * @param hedges Indices of the assets that have an instrument
 */
export function configuredForecaster(
  stable: readonly boolean[],
  hedges: readonly number[],
  { model, margin }: KeeperConfig,
): Forecaster {
  return new Forecaster({
    stable,
    hedges,
    estimator: (size) =>
      new GridCovariance(size, {
        step: model.gridHours * HOUR,
        staggers: model.gridStaggers,
        halfLife: model.halfLifeDays * DAY,
      }),
    model: guardedMethod(METHODS[model.method]!),
    minSpanSeconds: model.minSpanDays * DAY,
    ridge: model.ridge,
    moves: { horizonHours: margin.latencyHours, exceedance: margin.exceedance },
  });
}
