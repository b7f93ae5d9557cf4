import { indexRounds, type OracleRound } from "./rounds.js";

export { indexRounds, type OracleRound, type RoundIndex, roundsAt } from "./rounds.js";

/** Seconds in the year that annualises: 365 days, as on-chain. */
const YEAR = 365 * 86_400;
/** Largest log return that is folded (CovarianceMath.MAX_RETURN). */
const MAX_RETURN = 4;
/** Most by which a variance floor scales a row (CovarianceMath.MAX_SCALE). */
const MAX_SCALE = 3;

/** Parameters of a CovarianceOracle; times in seconds. */
export interface CovarianceOracleParams {
  /** Heartbeat by asset, seconds. */
  heartbeats: readonly number[];
  /** Least variance a year by asset, 1.0 = 100%² a year. */
  varianceFloors: readonly number[];
  gridStep: number;
  /** First grid time, unix seconds. */
  genesis: number;
  halfLifeFast: number;
  halfLifeSlow: number;
  minHistory: number;
  maxAge: number;
}

/** What the oracle stores, in float64. Matrices are raw: to be divided by the weight seen, 1 − kept. */
export interface CovarianceOracleState {
  /** Last grid time that is done with, unix seconds. */
  cursor: number;
  /** Last grid time whose prices were taken, 0 before the first. */
  lastFold: number;
  /** Grid steps folded, seconds. */
  folded: number;
  keptFast: number;
  keptSlow: number;
  /** Natural logs of the answers at `lastFold`, feed units. */
  logs: readonly number[];
  /** Row-major n×n. */
  fast: readonly number[];
  slow: readonly number[];
}

/** Rank-one gamma c·uu', u = e_i − e_j; c in USD. */
export interface GammaTerm {
  c: number;
  i: number;
  j: number;
}

/** USD² a year. */
export interface VarianceParts {
  total: number;
  gammaPart: number;
}

/**
 * The state of a newly made oracle.
 *
 * @param params The oracle's parameters
 * @returns The state before the first grid time
 */
export function initialState(params: CovarianceOracleParams): CovarianceOracleState {
  const n = params.varianceFloors.length;
  return {
    cursor: params.genesis - params.gridStep,
    lastFold: 0,
    folded: 0,
    keptFast: 1,
    keptSlow: 1,
    logs: new Array<number>(n).fill(0),
    fast: new Array<number>(n * n).fill(0),
    slow: new Array<number>(n * n).fill(0),
  };
}

/**
 * Passes one grid time, `cursor + gridStep`: Σ ← wΣ + (1−w)·rr'/Δt with w = 2^(−Δt/halfLife), or skips it for the whole set if a round is
 * missing, not positive, or older than its heartbeat.
 *
 * @param params The oracle's parameters
 * @param state The state before
 * @param rounds The round in force by asset, undefined where there was none
 * @returns The state after
 */
export function foldGridTime(
  params: CovarianceOracleParams,
  state: CovarianceOracleState,
  rounds: readonly (OracleRound | undefined)[],
): CovarianceOracleState {
  const t = state.cursor + params.gridStep;
  const logs: number[] = [];
  const r: number[] = [];
  for (const [i, round] of rounds.entries()) {
    if (round === undefined || round.answer <= 0n || t - round.updatedAt > at(params.heartbeats, i)) {
      return { ...state, cursor: t };
    }
    const log = Math.log(Number(round.answer));
    logs.push(log);
    r.push(Math.max(-MAX_RETURN, Math.min(MAX_RETURN, log - at(state.logs, i))));
  }
  if (state.lastFold === 0) return { ...state, cursor: t, lastFold: t, logs };

  const elapsed = t - state.lastFold;
  const keepFast = 2 ** (-elapsed / params.halfLifeFast);
  const keepSlow = 2 ** (-elapsed / params.halfLifeSlow);
  return {
    cursor: t,
    lastFold: t,
    folded: state.folded + params.gridStep,
    keptFast: state.keptFast * keepFast,
    keptSlow: state.keptSlow * keepSlow,
    logs,
    fast: update(state.fast, r, keepFast, elapsed),
    slow: update(state.slow, r, keepSlow, elapsed),
  };
}

/**
 * Passes every grid time before `until`.
 *
 * @param params The oracle's parameters
 * @param state The state to go on from
 * @param histories Rounds by asset
 * @param until Unix seconds; a grid time must be earlier, as on-chain
 * @returns The state after
 */
export function replay(
  params: CovarianceOracleParams,
  state: CovarianceOracleState,
  histories: readonly (readonly OracleRound[])[],
  until: number,
): CovarianceOracleState {
  const indexes = histories.map(indexRounds);
  let now = state;
  for (let t = state.cursor + params.gridStep; t < until; t += params.gridStep) {
    now = foldGridTime(
      params,
      now,
      indexes.map((index) => index.inForce(t)),
    );
  }
  return now;
}

/**
 * True if at least `minHistory` is folded and the newest fold is no older than `maxAge`.
 *
 * @param params The oracle's parameters
 * @param state Its state
 * @param now Unix seconds
 * @returns Whether the chain would call it usable
 */
export function usable(params: CovarianceOracleParams, state: CovarianceOracleState, now: number): boolean {
  return state.folded >= params.minHistory && now - state.lastFold <= params.maxAge;
}

/**
 * Annualised covariance with variance floors, by half-life. Where Σ_ii is below its floor, row and column i are scaled by
 * min(√(floor/Σ_ii), 3), which keeps correlations, and what is missing is added to the diagonal.
 *
 * @param params The oracle's parameters
 * @param state Its state
 * @returns Row-major n×n matrices, 1.0 = 100%² a year
 */
export function covariance(
  params: CovarianceOracleParams,
  state: CovarianceOracleState,
): { fast: number[]; slow: number[] } {
  return {
    fast: floored(state.fast, 1 - state.keptFast, params.varianceFloors),
    slow: floored(state.slow, 1 - state.keptSlow, params.varianceFloors),
  };
}

/**
 * x'Σx + ½·h·tr((ΓΣ)²), the larger under the two matrices, as RiskMath.sol computes it.
 *
 * @param params The oracle's parameters
 * @param state Its state
 * @param exposure USD by asset
 * @param gammas Rank-one terms
 * @param horizonSeconds The rebalance horizon h
 * @returns The larger figure, and both
 */
export function variance(
  params: CovarianceOracleParams,
  state: CovarianceOracleState,
  exposure: readonly number[],
  gammas: readonly GammaTerm[],
  horizonSeconds: number,
): VarianceParts & { fast: VarianceParts; slow: VarianceParts } {
  const matrices = covariance(params, state);
  const fast = deltaGammaVariance(matrices.fast, exposure, gammas, horizonSeconds);
  const slow = deltaGammaVariance(matrices.slow, exposure, gammas, horizonSeconds);
  return { ...(slow.total > fast.total ? slow : fast), fast, slow };
}

/**
 * x'Σx + ½·h·Σ_pΣ_q c_p·c_q·(u_p'Σu_q)² under one matrix.
 *
 * @param sigma Row-major n×n, 1.0 = 100%² a year
 * @param x Exposure, USD
 * @param gammas Rank-one terms
 * @param horizonSeconds h
 * @returns USD² a year
 */
export function deltaGammaVariance(
  sigma: readonly number[],
  x: readonly number[],
  gammas: readonly GammaTerm[],
  horizonSeconds: number,
): VarianceParts {
  const n = x.length;
  let delta = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) delta += at(x, i) * at(sigma, i * n + j) * at(x, j);
  let trace = 0;
  for (const p of gammas) {
    for (const q of gammas) {
      const m =
        at(sigma, p.i * n + q.i) - at(sigma, p.i * n + q.j) - at(sigma, p.j * n + q.i) + at(sigma, p.j * n + q.j);
      trace += p.c * q.c * m * m;
    }
  }
  const gammaPart = (Math.max(0, trace) * horizonSeconds) / (2 * YEAR);
  return { total: Math.max(0, delta) + gammaPart, gammaPart };
}

function update(matrix: readonly number[], r: readonly number[], keep: number, elapsed: number): number[] {
  const add = ((1 - keep) * YEAR) / elapsed;
  const n = r.length;
  return matrix.map((value, k) => value * keep + at(r, Math.floor(k / n)) * at(r, k % n) * add);
}

function floored(raw: readonly number[], seen: number, floors: readonly number[]): number[] {
  const n = floors.length;
  const sigma = raw.map((value) => (seen === 0 ? 0 : value / seen));
  const scale = floors.map((floor, i) => {
    const own = at(sigma, i * n + i);
    return own >= floor ? 1 : own === 0 ? MAX_SCALE : Math.min(Math.sqrt(floor / own), MAX_SCALE);
  });
  return sigma.map((value, k) => {
    const i = Math.floor(k / n);
    const j = k % n;
    return i === j ? Math.max(value, at(floors, i)) : value * at(scale, i) * at(scale, j);
  });
}

function at(values: readonly number[], index: number): number {
  return values[index] as number;
}
