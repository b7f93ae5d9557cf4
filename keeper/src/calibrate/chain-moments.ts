import {
  type CovarianceOracleParams,
  covariance,
  foldGridTime,
  indexRounds,
  initialState,
  type OracleRound,
  usable,
} from "../model/covariance-oracle.js";

/** What the chain's covariance oracle says from one grid time to the next, row-major, 1.0 = 100%² a year. */
export interface ChainMoment {
  /** Unix seconds. */
  readonly time: number;
  readonly fast: readonly number[];
  readonly slow: readonly number[];
}

/**
 * The covariance oracle's matrices at every grid time at which it is usable, as the contract would have folded these rounds.
 *
 * @param rounds By asset
 * @param until Unix seconds
 */
export function chainMoments(
  params: CovarianceOracleParams,
  rounds: readonly (readonly OracleRound[])[],
  until: number,
): ChainMoment[] {
  const indexes = rounds.map(indexRounds);
  const moments: ChainMoment[] = [];
  let state = initialState(params);
  for (let time = params.genesis; time < until; time += params.gridStep) {
    state = foldGridTime(
      params,
      state,
      indexes.map((index) => index.inForce(time)),
    );
    if (usable(params, state, time)) moments.push({ time, ...covariance(params, state) });
  }
  return moments;
}
