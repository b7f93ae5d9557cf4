import { solveQuadraticProgram } from "./quadratic-program.js";

/** An instrument that can be shorted: one market of a hedge leg. Its asset may be one that the liquidity holds. */
export interface Instrument {
  /** Index of the asset that moves it. */
  readonly asset: number;
  /** Exposure now, USD, negative when short. */
  readonly current: number;
  /** Half-width of the no-trade band, USD. */
  readonly band: number;
  /** Largest short, USD. */
  readonly cap: number;
  /** Part of `gross` that one dollar of it takes, 1 where it is left out. */
  readonly use?: number;
  /** True where it cannot be traded now, and stays as it is. */
  readonly fixed?: boolean;
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
  /** Largest Σ use·|hedge|, USD. */
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
  const used = ({ current, use = 1 }: Instrument): number => use * Math.abs(current);
  const free = Math.max(0, gross - instruments.reduce((sum, one) => (one.fixed ? sum + used(one) : sum), 0));
  const scale = Math.max(1, ...exposure.map(Math.abs), ...instruments.map(({ current }) => Math.abs(current)));
  const pull = instruments.map(({ asset }) =>
    covariance[asset]!.reduce((sum, c, i) => sum + (c * exposure[i]!) / scale, 0),
  );
  const solution = solveQuadraticProgram({
    P: instruments.map((a) => instruments.map((b) => covariance[a.asset]![b.asset]!)),
    q: instruments.map(({ carry = 0 }, j) => pull[j]! + (carry === 0 ? 0 : carry / (aversion * scale))),
    x0: instruments.map(({ current }) => current / scale),
    kappa: instruments.map(({ asset, band }) => (covariance[asset]![asset]! * band) / scale),
    lower: instruments.map(({ cap, fixed, current }) => (fixed ? current : -cap) / scale),
    upper: instruments.map(({ fixed, current }) => (fixed ? current / scale : 0)),
    gross: free / scale,
    use: instruments.map(({ use = 1, fixed }) => (fixed ? 0 : use)),
  });
  return solution.map((value) => (value === 0 ? 0 : value * scale));
}
