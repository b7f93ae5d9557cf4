import { FilteredMoves } from "../margin/filtered-moves.js";
import { HourlyReturns } from "../margin/hourly-returns.js";
import { RoundStream } from "../round-stream.js";
import type { OracleRound } from "../rounds.js";
import { DepegWatch } from "./depeg-watch.js";

/** What is exceeded once in a thousand times counts. */
const EXCEEDANCE = 0.001;

/** What an asset's price may do until it is sold. */
export interface CollateralRisk {
  /** Log move down within a day that it exceeds once in a thousand days; null where too little is known, and for a stable. */
  readonly downMove: number | null;
  /** Of a stable: how far it may fall below par, share of its value; null for others. */
  readonly depeg: number | null;
}

/** Knows of each asset how far it may fall, from its feed's rounds as they come in. State is of constant size. */
export class CollateralWatch {
  readonly #stream: RoundStream;
  readonly #pegs: readonly (DepegWatch | null)[];
  /** Downward, by asset; null for a stable. */
  readonly #moves: readonly (FilteredMoves | null)[];
  readonly #hours: readonly (HourlyReturns | null)[];
  readonly #scales: readonly number[];

  /**
   * @param stable By asset
   * @param decimals Of each feed's answers
   */
  constructor(stable: readonly boolean[], decimals: readonly number[]) {
    this.#stream = new RoundStream(stable.length);
    this.#pegs = stable.map((isStable) => (isStable ? new DepegWatch() : null));
    this.#moves = stable.map((isStable) => (isStable ? null : new FilteredMoves()));
    this.#hours = this.#moves.map((moves) => moves && new HourlyReturns((logReturn) => moves.add(-logReturn)));
    this.#scales = decimals.map((places) => 10 ** places);
  }

  /** Take in new rounds by asset, in any order. Those already seen, and unusable ones, do nothing. */
  add(histories: readonly (readonly OracleRound[])[]): void {
    for (const { asset, time, logPrice } of this.#stream.add(histories)) {
      for (const hours of this.#hours) hours?.advance(time);
      this.#hours[asset]?.observe(time, logPrice);
      this.#pegs[asset]?.add(time, Math.exp(logPrice) / this.#scales[asset]!);
    }
  }

  /**
   * What is known at a time.
   *
   * @param time Unix seconds, not before the newest round
   * @param floors By asset: depeg add-on of a stable that has never left par
   */
  risks(time: number, floors: readonly number[]): CollateralRisk[] {
    return this.#pegs.map((peg, asset) => ({
      downMove: this.#moves[asset]?.quantile(EXCEEDANCE) ?? null,
      depeg: peg?.addOn(time, floors[asset]!) ?? null,
    }));
  }
}
