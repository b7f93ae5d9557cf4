import { KeeperError } from "../../errors.js";
import type { BetaModel } from "./beta-model.js";
import { Intervals } from "./intervals.js";
import { solvePositive } from "./solve-positive.js";
import { WindowSums } from "./window-sums.js";

/** Betas by ordinary least squares, without a constant, over the last so many seconds. */
export class RollingOlsBeta implements BetaModel {
  readonly #hedges: number;
  readonly #window: number;
  readonly #minimum: number;
  readonly #intervals: Intervals;
  readonly #sums: WindowSums;
  readonly #products: Float64Array;
  readonly #scratch: Float64Array;
  #known = 0;

  /**
   * @param hedges Number of hedges
   * @param window Seconds
   * @param minimum Known returns before there are betas, seconds
   */
  constructor(hedges: number, window: number, minimum: number) {
    if (!(window > 0)) throw new KeeperError(`A window of ${window} s.`, "Give a positive one.");
    this.#hedges = hedges;
    this.#window = window;
    this.#minimum = minimum;
    this.#intervals = new Intervals(hedges);
    this.#products = new Float64Array(hedges * (hedges + 1));
    this.#scratch = new Float64Array(hedges * hedges);
    this.#sums = new WindowSums(hedges * (hedges + 1));
  }

  update(time: number, elapsed: number, asset: number, hedges: readonly number[]): void {
    this.#intervals.accept(time, elapsed, asset, hedges);
    const n = this.#hedges;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) this.#products[i * n + j] = hedges[i]! * hedges[j]!;
      this.#products[n * n + i] = hedges[i]! * asset;
    }
    this.#sums.add(time, this.#products);
    this.#sums.dropUntil(time - this.#window);
    this.#known += elapsed;
  }

  betas(): readonly number[] | null {
    if (this.#known < this.#minimum) return null;
    const n = this.#hedges;
    this.#sums.sums(this.#products);
    const solution = new Float64Array(n);
    const [among, towards] = [this.#products.subarray(0, n * n), this.#products.subarray(n * n)];
    return solvePositive(among, towards, 0, this.#scratch, solution) ? Array.from(solution) : null;
  }
}
