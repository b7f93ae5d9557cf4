import { solveQuadraticProgram } from "./quadratic-program.js";

/** An instrument that can be shorted: one perp market. */
export interface Instrument {
  /** Index of the asset that moves it. */
  readonly asset: number;
  /** Exposure now, USD, negative when short. */
  readonly current: number;
  /** Half-width of the no-trade band, USD. */
  readonly band: number;
  /** Largest short, USD. */
  readonly cap: number;
  /** Yearly carry of one USD of exposure, positive where longs pay. */
  readonly carry?: number;
}

/** What the hedge is chosen from. */
export interface HedgeProblem {
  /** Exposures without the hedge, USD by asset. */
  readonly exposure: readonly number[];
  /** Annualised covariance, by asset. */
  readonly covariance: readonly (readonly number[])[];
  readonly instruments: readonly Instrument[];
  /** Largest Σ|hedge|, USD. */
  readonly gross: number;
  /** Risk aversion per USD: how much yearly carry one USD² of yearly variance is worth, twice. Only carry needs it. */
  readonly aversion: number;
}

/**
 * The hedge exposures that minimise ½(d+Bh)'Σ(d+Bh) + Σ w|h−h0| + carry/γ, shorts only, under a cap each and a gross cap.
 *
 * The weight of an instrument's turnover, w = σ²·band, makes the program's own no-trade region as wide as the dynamic
 * optimum that `band` comes from; a trade goes to the edge of it.
 *
 * @returns USD by instrument, none positive
 */
export function minVarianceHedge(problem: HedgeProblem): number[] {
  const { exposure, covariance, instruments, gross, aversion } = problem;
  const scale = Math.max(1, ...exposure.map(Math.abs), ...instruments.map(({ current }) => Math.abs(current)));
  const pull = instruments.map(({ asset }) =>
    covariance[asset]!.reduce((sum, c, i) => sum + (c * exposure[i]!) / scale, 0),
  );
  const solution = solveQuadraticProgram({
    P: instruments.map((a) => instruments.map((b) => covariance[a.asset]![b.asset]!)),
    q: instruments.map(({ carry = 0 }, j) => pull[j]! + (carry === 0 ? 0 : carry / (aversion * scale))),
    x0: instruments.map(({ current }) => current / scale),
    kappa: instruments.map(({ asset, band }) => (covariance[asset]![asset]! * band) / scale),
    lower: instruments.map(({ cap }) => -cap / scale),
    upper: instruments.map(() => 0),
    gross: gross / scale,
  });
  return solution.map((value) => (value === 0 ? 0 : value * scale));
}
