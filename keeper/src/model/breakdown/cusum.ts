import { clip } from "../clip.js";

/** One observation counts for no more than this. */
const CLIP = 3;

/** Page's cumulative sum of log likelihood ratios (Page 1954): g ← max(0, g + clip(l, ±3)). */
export class Cusum {
  #sum = 0;

  /**
   * Add one log likelihood ratio, of the break over its absence.
   *
   * @param most The sum is kept at or below this, so that the end of a break shows as fast as its beginning
   * @returns g
   */
  add(logRatio: number, most: number): number {
    this.#sum = Math.min(Math.max(0, this.#sum + clip(logRatio, CLIP)), most);
    return this.#sum;
  }
}
