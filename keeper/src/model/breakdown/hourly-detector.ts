import { BreakdownDetector, type BreakdownState } from "./detector.js";

const HOUR = 3600;

/**
 * Feeds a detector, which counts in hours, with intervals of other lengths: shorter ones are put together until they make an hour, and
 * returns are scaled to one, r·√(3600/elapsed).
 */
export class HourlyDetector {
  readonly #detector = new BreakdownDetector();
  #elapsed = 0;
  #asset = 0;
  #hedge = 0;

  /**
   * Take in one interval; those behind one another do not overlap.
   *
   * @param time Its end, unix seconds
   * @param elapsed Its length, seconds
   * @param asset, hedge Returns over it
   * @returns Null while an hour is not full
   */
  update(time: number, elapsed: number, asset: number, hedge: number): BreakdownState | null {
    this.#elapsed += elapsed;
    this.#asset += asset;
    this.#hedge += hedge;
    if (this.#elapsed < HOUR) return null;
    const scale = Math.sqrt(HOUR / this.#elapsed);
    const state = this.#detector.update(time, scale * this.#asset, scale * this.#hedge);
    this.#elapsed = this.#asset = this.#hedge = 0;
    return state;
  }
}
