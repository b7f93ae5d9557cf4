import { solvePositive } from "../../../keeper/src/model/forecast/solve-positive.js";

/** Ridge regression that learns one observation at a time, for many assets together. */
export class PooledRegression {
  readonly #size: number;
  readonly #among: Float64Array;
  readonly #towards: Float64Array;
  readonly #coefficients: Float64Array;
  readonly #scratch: Float64Array;
  #stale = false;

  /**
   * @param size Number of regressors, the constant among them
   * @param ridge Weight of the coefficients being zero, in observations of size one
   */
  constructor(size: number, ridge: number) {
    this.#size = size;
    this.#among = new Float64Array(size * size);
    this.#towards = new Float64Array(size);
    this.#coefficients = new Float64Array(size);
    this.#scratch = new Float64Array(size * size);
    for (let i = 0; i < size; i++) this.#among[i * size + i] = ridge;
  }

  /** Learn one observation. */
  learn(regressors: readonly number[], target: number): void {
    for (let i = 0; i < this.#size; i++) {
      this.#towards[i]! += regressors[i]! * target;
      for (let j = 0; j <= i; j++) this.#among[i * this.#size + j]! += regressors[i]! * regressors[j]!;
    }
    this.#stale = true;
  }

  /** By all that was learned. */
  coefficients(): readonly number[] {
    if (this.#stale) solvePositive(this.#among, this.#towards, 0, this.#scratch, this.#coefficients);
    this.#stale = false;
    return Array.from(this.#coefficients);
  }
}
