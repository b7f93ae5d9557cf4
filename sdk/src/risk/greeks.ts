import type { VaultState } from "../state/types.js";
import { ONE, type Usd18 } from "../units.js";

/** What moves a vault's value; vectors and matrices in the vault's asset order. */
export interface Greeks {
  /** S·∂V/∂S by asset: USD gained when it doubles, to first order. */
  delta: Usd18[];
  /** ∂V/∂S by asset: whole tokens, 1e18, that gain as much. */
  deltaTokens: bigint[];
  /** S_i·S_j·∂²V/∂S_i∂S_j by pair, symmetric, USD: a move of r_i and r_j in all assets adds ½·Σ Γ_ij·r_i·r_j to the first order. */
  gamma: Usd18[][];
  /** USD per 1.00 of implied volatility. Zero: no leg holds options. */
  vega: Usd18;
}

/**
 * Delta, gamma and vega of the whole vault; null while prices are bad.
 *
 * @example
 * const { delta, gamma } = greeks(await vault.readState()) ?? {};
 */
export function greeks({ prices, portfolio: { exposure, gammas } }: VaultState): Greeks | null {
  if (!prices.ok) return null;
  const gamma = exposure.map(() => exposure.map(() => 0n));
  const add = (i: number, j: number, c: bigint): void => {
    const row = gamma[i];
    if (row?.[j] !== undefined) row[j] += c;
  };
  // c·uu' with u = e_i − e_j
  for (const { c, i, j } of gammas) {
    add(i, i, c);
    add(j, j, c);
    add(i, j, -c);
    add(j, i, -c);
  }
  const deltaTokens = exposure.map((usd, asset) => {
    const price = prices.mid[asset] ?? 0n;
    return price === 0n ? 0n : (usd * ONE) / price;
  });
  return { delta: [...exposure], deltaTokens, gamma, vega: 0n };
}
