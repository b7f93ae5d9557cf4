import { solvePositive } from "./solve-positive.js";

/** Weighted second moments of an asset and its hedges about zero, and the regression of the one on the others. */
export class Regression {
  /** Σ w·x·x', row-major; only the lower triangle is kept. */
  readonly among: Float64Array;
  /** Σ w·x·y. */
  readonly towards: Float64Array;
  readonly #hedges: number;
  readonly #factor: Float64Array;
  readonly #solution: Float64Array;
  #solved = false;

  /** @param hedges Number of hedges */
  constructor(hedges: number) {
    this.#hedges = hedges;
    this.among = new Float64Array(hedges * hedges);
    this.towards = new Float64Array(hedges);
    this.#factor = new Float64Array(hedges * hedges);
    this.#solution = new Float64Array(hedges);
  }

  /** Weigh everything so far by `keep`, and add one observation of the given weight. */
  fold(keep: number, weight: number, asset: number, hedges: readonly number[]): void {
    for (let i = 0; i < this.#hedges; i++) {
      const weighted = weight * hedges[i]!;
      this.towards[i] = keep * this.towards[i]! + weighted * asset;
      for (let j = 0; j <= i; j++) {
        const at = i * this.#hedges + j;
        this.among[at] = keep * this.among[at]! + weighted * hedges[j]!;
      }
    }
  }

  /** Solve for the betas anew; they stay as they were, if the hedges cannot be told apart. */
  solve(ridge: number): void {
    if (solvePositive(this.among, this.towards, ridge, this.#factor, this.#solution)) this.#solved = true;
  }

  /** Of the last solution that there was. */
  betas(): number[] | null {
    return this.#solved ? Array.from(this.#solution) : null;
  }

  /** What the asset returned over what the last solution explains; all of it before the first. */
  residual(asset: number, hedges: readonly number[]): number {
    let rest = asset;
    for (let j = 0; j < this.#hedges; j++) rest -= this.#solution[j]! * hedges[j]!;
    return rest;
  }
}
