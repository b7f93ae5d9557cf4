import { cappedWeights } from "./capped-weights.js";
import { riskBudgetWeights, riskContributions } from "./risk-contribution.js";

/** Volatility that a dollar in a pool has at least, so that a stable pair does not take everything. */
const LEAST_VARIANCE = 0.02 ** 2;

/** One pool that liquidity may go to. */
export interface Prospect {
  /** Net income of a dollar a year (`netIncome`); null where its fees are not known yet. */
  readonly net: number | null;
  /** True where the vault is in it now. */
  readonly held: boolean;
  /** Largest weight, 0 to 1. */
  readonly cap: number;
}

/** How liquidity is to be spread over pools. */
export interface Allocation {
  /** By pool, 0 or more, adding up to 1 or less. */
  readonly weights: readonly number[];
  /** Euler's parts of the weighted volatility, a dollar's a year^½. */
  readonly contributions: readonly number[];
  /** By what: one pool alone, equal parts of risk, risk in proportion to net income, or nothing as no pool pays. */
  readonly basis: "one pool" | "equal risk" | "net income" | "none pays";
  /** By pool: false where it is left out as it does not pay. */
  readonly pays: readonly boolean[];
}

/**
 * Weights whose risk contributions are equal as long as not all net incomes are known, then in proportion to net income: where a dollar of risk
 * earns the same everywhere, as in the optimum of mean and variance (Roncalli 2013). It needs no aversion and moves little where pools are
 * alike, unlike that optimum itself.
 *
 * A pool that pays less than `band` below the reference is left, and one that is not held is entered only from `band` above it, so that noise
 * around it moves nothing. The reference is no income at all; where no pool reaches that and `leave` is false, the best of them: a vault is
 * made to provide liquidity.
 *
 * @param covariance Of a dollar in each pool after its hedge, a year (`poolCovariance`)
 * @param band Share a year: also added to each income, so that a pool fades out before it is left
 * @param leave True to leave all pools where none pays
 */
export function allocatePools(
  prospects: readonly Prospect[],
  covariance: readonly (readonly number[])[],
  { band, leave }: { readonly band: number; readonly leave: boolean },
): Allocation {
  const risk = covariance.map((row, i) => row.map((value, j) => (i === j ? Math.max(value, LEAST_VARIANCE) : value)));
  const caps = prospects.map(({ cap }) => cap);
  const nets = prospects.flatMap(({ net }) => (net === null ? [] : [net]));
  const known = nets.length === prospects.length;
  const reference = leave ? 0 : Math.min(0, ...(known ? [Math.max(...nets)] : []));
  const enterAt = leave || prospects.some(({ held }) => held) ? band : -band;
  const above = prospects.map(({ net }) => (known ? net! - reference : 0));
  const pays = prospects.map(({ held }, i) => !known || above[i]! > (held ? -band : enterAt));
  // What is not held must beat the reference by the band, which the reference itself does not.
  if (known && !leave && !pays.some(Boolean)) pays[above.indexOf(Math.max(...above))] = true;
  const budgets = above.map((income, i) => (pays[i] ? income + band : 0));
  if (!pays.some(Boolean)) {
    const nothing = prospects.map(() => 0);
    return { weights: nothing, contributions: nothing, basis: "none pays", pays };
  }
  const parts = known ? budgets : budgets.map(() => 1);
  const weights = cappedWeights(riskBudgetWeights(risk, parts), caps);
  const basis = prospects.length === 1 ? "one pool" : known ? "net income" : "equal risk";
  return { weights, contributions: riskContributions(weights, risk), basis, pays };
}
