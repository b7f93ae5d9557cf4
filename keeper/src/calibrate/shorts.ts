import type { VaultShape } from "./shape.js";

/**
 * Where betas want the shorts: USD by hedge, never above zero.
 *
 * @param own USD by asset without shorts
 * @param betas By asset, then hedge
 */
export function shortTargets(
  { assets, hedges }: VaultShape,
  own: readonly number[],
  betas: readonly (readonly number[])[],
): number[] {
  return hedges.map((_, j) =>
    Math.min(0, -own.reduce((sum, usd, a) => sum + (assets[a]!.stable ? 0 : usd * betas[a]![j]!), 0)),
  );
}

/** Shorts made smaller, all alike, until this capital is margin enough at so much for each dollar of them. */
export function borneBy(shorts: readonly number[], capital: number, perShort: number): number[] {
  const gross = -shorts.reduce((sum, usd) => sum + usd, 0);
  const most = capital / perShort;
  return gross > most ? shorts.map((usd) => usd * (most / gross)) : [...shorts];
}
