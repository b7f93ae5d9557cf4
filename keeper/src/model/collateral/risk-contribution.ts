import { KeeperError } from "../../errors.js";

/** Sweeps before the solver is given up; it takes some tens. */
const MAX_SWEEPS = 10_000;
const CONVERGED = 1e-13;

/** (Cw)_i by position. */
function marginal(weights: readonly number[], covariance: readonly (readonly number[])[]): number[] {
  return covariance.map((row) => row.reduce((sum, value, j) => sum + value * weights[j]!, 0));
}

/** Euler's parts of a volatility, w_i·(Cw)_i/√(w'Cw): they add up to it. All zero where it is zero. */
export function riskContributions(weights: readonly number[], covariance: readonly (readonly number[])[]): number[] {
  const slopes = marginal(weights, covariance);
  const variance = weights.reduce((sum, weight, i) => sum + weight * slopes[i]!, 0);
  return weights.map((weight, i) => (variance > 0 ? (weight * slopes[i]!) / Math.sqrt(variance) : 0));
}

/**
 * Positive weights that add up to 1 and whose risk contributions are in proportion to budgets: the minimum of ½x'Cx − Σ b_i·ln x_i, which is
 * unique, by cyclical coordinate descent (Griveau-Billion, Richard & Roncalli 2013), scaled. A budget of zero gets no weight.
 *
 * @param covariance Positive semidefinite, its diagonal positive
 * @param budgets 0 or more, one of them positive
 * @throws KeeperError if there is no such weight, or the descent does not end
 */
export function riskBudgetWeights(covariance: readonly (readonly number[])[], budgets: readonly number[]): number[] {
  const total = budgets.reduce((sum, budget) => sum + budget, 0);
  const sound = budgets.every((budget, i) => budget >= 0 && (budget === 0 || covariance[i]![i]! > 0));
  if (!sound || !(total > 0) || !Number.isFinite(total)) {
    throw new KeeperError(
      `No weights have risk in proportion to ${budgets.join(", ")}.`,
      "Give budgets of 0 or more, and a variance to each that is positive.",
    );
  }
  const parts = budgets.map((budget) => budget / total);
  const x = parts.map((part, i) => (part > 0 ? Math.sqrt(part / covariance[i]![i]!) : 0));
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let change = 0;
    for (const [i, part] of parts.entries()) {
      if (part === 0) continue;
      const own = covariance[i]![i]!;
      const others = covariance[i]!.reduce((sum, value, j) => (j === i ? sum : sum + value * x[j]!), 0);
      // Without cancellation: the root of own·x² + others·x = part.
      const root = Math.sqrt(others * others + 4 * own * part);
      const next = others > 0 ? (2 * part) / (others + root) : (root - others) / (2 * own);
      change = Math.max(change, Math.abs(next - x[i]!) / next);
      x[i] = next;
    }
    if (change < CONVERGED) {
      const sum = x.reduce((all, value) => all + value, 0);
      return x.map((value) => value / sum);
    }
  }
  throw new KeeperError(`Risk budgets were not met in ${MAX_SWEEPS} sweeps.`, "Add a ridge to the covariance.");
}
