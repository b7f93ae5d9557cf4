import { KeeperError } from "../../errors.js";
import type { BetaModel } from "./beta-model.js";

/** One for one on a single hedge, whatever the returns: what every other model has to beat. */
export class NaiveBeta implements BetaModel {
  readonly #betas: readonly number[];

  /**
   * @param hedges Number of hedges
   * @param hedge Index of the one that is used
   */
  constructor(hedges: number, hedge = 0) {
    if (!(hedge >= 0 && hedge < hedges)) {
      throw new KeeperError(`Hedge ${hedge} of ${hedges} does not exist.`, "Give the index of one that does.");
    }
    this.#betas = Array.from({ length: hedges }, (_, j) => (j === hedge ? 1 : 0));
  }

  update(): void {}

  betas(): readonly number[] {
    return this.#betas;
  }
}
