import { betas } from "../../../keeper/src/model/beta.js";
import type { CovarianceEstimator } from "../../../keeper/src/model/covariance-estimator.js";
import { METHODS } from "../../../keeper/src/model/forecast/methods.js";
import { Forecaster } from "../../../keeper/src/model/forecaster.js";
import { GridCovariance } from "../../../keeper/src/model/grid-covariance.js";
import { repairCovariance } from "../../../keeper/src/model/psd.js";
import { RoundStream } from "../../../keeper/src/model/round-stream.js";
import type { OracleRound } from "../../../keeper/src/model/rounds.js";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Betas on some of the assets, learned from rounds as they come in. */
export interface RoundBetas {
  add(histories: readonly (readonly OracleRound[])[]): void;
  /** By asset, then hedge. */
  betas(): number[][];
}

/** Those of an estimated covariance alone. */
export function ofEstimate(
  estimate: CovarianceEstimator,
  size: number,
  hedges: readonly number[],
  ridge = 0,
): RoundBetas {
  const stream = new RoundStream(size);
  return {
    add(histories) {
      for (const { asset, time, logPrice } of stream.add(histories)) estimate.observe(asset, time, logPrice);
    },
    betas: () => betas(repairCovariance(estimate.covariance(), ridge), hedges),
  };
}

/** Those of the keeper's forecast, by a method. */
export function ofForecaster(method: string, size: number, hedges: readonly number[]): RoundBetas {
  const forecaster = new Forecaster({
    stable: new Array<boolean>(size).fill(false),
    hedges,
    estimator: (count) => new GridCovariance(count, { step: 8 * HOUR, staggers: 8, halfLife: 14 * DAY }),
    model: METHODS[method]!,
    minSpanSeconds: 7 * DAY,
    ridge: 0.01,
    moves: { horizonHours: 24, exceedance: 0.005 },
  });
  return {
    add: (histories) => forecaster.add(histories),
    betas: () => betas(forecaster.forecast()!.covariance, hedges),
  };
}
