import type { Result } from "ethers";
import type { GammaTerm } from "./legTypes.js";
import type { PortfolioState } from "./types.js";

/** Gammas as the contracts return them, with plain indices. */
export function plainGammas(gammas: readonly { c: bigint; i: bigint; j: bigint }[]): GammaTerm[] {
  return gammas.map(({ c, i, j }) => ({ c, i: Number(i), j: Number(j) }));
}

/** A row-major vector as a square matrix of `n` rows. */
export function toRows(flat: readonly bigint[], n: number): bigint[][] {
  return Array.from({ length: n }, (_, row) => flat.slice(row * n, (row + 1) * n));
}

/** A portfolio as the vault returns it, without ethers' wrapping. */
export function plainPortfolio(held: {
  nav: bigint;
  half: bigint;
  exposure: readonly bigint[];
  hedgeExposure: readonly bigint[];
  gammas: readonly { c: bigint; i: bigint; j: bigint }[];
}): PortfolioState {
  const { nav, half, exposure, hedgeExposure, gammas } = held;
  return { nav, half, exposure: [...exposure], hedgeExposure: [...hedgeExposure], gammas: plainGammas(gammas) };
}

/** A struct as a contract returns it, as an object of its own with the fields' names. */
export function plainStruct<T>(answer: object): T {
  return (answer as Result).toObject() as T;
}
