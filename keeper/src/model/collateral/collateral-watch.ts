import type { OracleRound } from "../rounds.js";
import { DepegWatch } from "./depeg-watch.js";

/** What an asset's price may do until it is sold. */
export interface CollateralRisk {
  /** Log move down within a day that it exceeds once in a thousand days; null where too little is known, and for a stable. */
  readonly downMove: number | null;
  /** Of a stable: how far it may fall below par, share of its value; null for others, and where nothing is known. */
  readonly depeg: number | null;
}

/** Knows of each asset how far it may fall, from its feed's rounds as they come in. */
export class CollateralWatch {
  readonly #pegs: readonly (DepegWatch | null)[];
  readonly #decimals: readonly number[];

  /**
   * @param stable By asset
   * @param decimals Of each feed's answers
   */
  constructor(stable: readonly boolean[], decimals: readonly number[]) {
    this.#pegs = stable.map((isStable) => (isStable ? new DepegWatch() : null));
    this.#decimals = decimals;
  }

  /** Take in rounds by asset; those already seen, and those without a price, do nothing. */
  add(histories: readonly (readonly OracleRound[])[]): void {
    for (const [asset, peg] of this.#pegs.entries()) {
      for (const { updatedAt, answer } of histories[asset]!) {
        if (updatedAt > 0 && answer > 0n) peg?.add(updatedAt, Number(answer) / 10 ** this.#decimals[asset]!);
      }
    }
  }

  /**
   * What is known at a time.
   *
   * @param time Unix seconds
   * @param floors By asset: depeg add-on of a stable that has never left par
   */
  risks(time: number, floors: readonly number[]): CollateralRisk[] {
    return this.#pegs.map((peg, asset) => ({ downMove: null, depeg: peg?.addOn(time, floors[asset]!) ?? null }));
  }
}
