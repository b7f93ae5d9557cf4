import { Matrix, solve } from "ml-matrix";
import { DEFAULT_METHOD, METHODS } from "../../../../keeper/src/model/forecast/methods.js";
import { Forecaster } from "../../../../keeper/src/model/forecaster.js";
import { GridCovariance } from "../../../../keeper/src/model/grid-covariance.js";
import type { OracleRound } from "../../../../keeper/src/model/rounds.js";
import { seededNormals } from "../../../support/random.js";
import type { EngineCase } from "../case.js";

const ASSETS = 20;
const HEDGES = [0, 1, 2, 3];
const HOUR = 3600;
const MONTH = 30 * 24;

/** Log returns of all assets in an hour: one factor in common, and of each its own. */
function returnsOf(normal: () => number): number[] {
  const common = normal();
  return Array.from({ length: ASSETS }, (_, asset) => 0.01 * ((0.7 + 0.03 * asset) * common + 0.6 * normal()));
}

/** Feeds that all report once in each hour, for ever. */
function feeds(seed: number): () => OracleRound[][] {
  const normal = seededNormals(seed);
  const moves = Array.from({ length: MONTH }, () => returnsOf(normal));
  const logs = new Array<number>(ASSETS).fill(0);
  let hour = 0;
  return () => {
    const move = moves[hour % MONTH]!;
    // What has gone up comes down the next time round.
    const sign = Math.floor(hour / MONTH) % 2 === 0 ? 1 : -1;
    hour += 1;
    return logs.map((_, asset) => {
      logs[asset]! += sign * move[asset]!;
      const answer = BigInt(Math.round(1e12 * Math.exp(logs[asset]!)));
      return [{ roundId: BigInt(hour), answer, updatedAt: hour * HOUR - ((asset * 170) % HOUR) }];
    });
  };
}

/** An hour's rounds of all feeds, cleaned and learnt from, and the forecast: covariance, betas of every asset on the hedges, guards. */
function updates(method: string): () => unknown {
  const forecaster = new Forecaster({
    ...{ stable: new Array<boolean>(ASSETS).fill(false), hedges: HEDGES, model: METHODS[method]! },
    estimator: (size) => new GridCovariance(size, { step: 8 * HOUR, staggers: 8, halfLife: 14 * 24 * HOUR }),
    ...{ minSpanSeconds: 24 * HOUR, ridge: 0.01, moves: { horizonHours: 24, exceedance: 0.005 } },
  });
  const next = feeds(1);
  for (let hour = 0; hour < MONTH; hour++) forecaster.add(next());
  return () => {
    forecaster.add(next());
    return forecaster.forecast();
  };
}

/** The betas alone, from a month's hourly returns by least squares, all at once: what a model that keeps no state would do. */
function anew(): () => unknown {
  const normal = seededNormals(1);
  const returns = new Matrix(Array.from({ length: MONTH }, () => returnsOf(normal)));
  const rows = Array.from({ length: MONTH }, (_, row) => row);
  return () => {
    const hedges = returns.selection(rows, HEDGES);
    const transposed = hedges.transpose();
    return solve(transposed.mmul(hedges), transposed.mmul(returns));
  };
}

export default function measure(): EngineCase[] {
  return [
    {
      ...{ name: `model update: ${ASSETS} assets, ${HEDGES.length} of them hedges`, unit: "update", most: 50 },
      own: { name: `${DEFAULT_METHOD}, from rounds`, run: updates(DEFAULT_METHOD) },
      others: [
        { name: "one filter instead of seven experts", run: updates("kalman") },
        { name: "betas alone, by least squares over a month of hourly returns, anew", run: anew() },
      ],
    },
  ];
}
