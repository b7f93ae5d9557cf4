/** How evenly a total is spread. */
export interface Concentration {
  /** Herfindahl index Σ share²: 1/n where n parts are equal, 1 where one has all. */
  readonly herfindahl: number;
  /** 1/herfindahl: of how many equal parts it is as concentrated. */
  readonly effective: number;
  /** Index and share of the largest part. */
  readonly largest: { readonly index: number; readonly share: number };
}

/**
 * Concentration of exposures, venues or stables, by their size whatever its sign; null where there is nothing.
 *
 * @param amounts In one unit
 */
export function concentrationOf(amounts: readonly number[]): Concentration | null {
  const total = amounts.reduce((sum, amount) => sum + Math.abs(amount), 0);
  if (total === 0) return null;
  const shares = amounts.map((amount) => Math.abs(amount) / total);
  const herfindahl = shares.reduce((sum, share) => sum + share * share, 0);
  const share = Math.max(...shares);
  return { herfindahl, effective: 1 / herfindahl, largest: { index: shares.indexOf(share), share } };
}
