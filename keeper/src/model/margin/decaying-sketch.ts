import { KeeperError } from "../../errors.js";
import { fitGeneralisedPareto, type GeneralisedPareto, paretoQuantile } from "./generalised-pareto.js";

/** Values are told apart to this share of themselves. */
const ACCURACY = 2e-3;
const WIDTH = Math.log1p(2 * ACCURACY);
/** What is below the first counts as zero; what is above the second is kept as that. */
const [SMALLEST, LARGEST] = [1e-4, 1e4];
const BUCKETS = Math.ceil(Math.log(LARGEST / SMALLEST) / WIDTH) + 1;
/** Of each bucket. */
const MIDDLES = Float64Array.from({ length: BUCKETS + 1 }, (_, bucket) =>
  bucket === 0 ? 0 : SMALLEST * Math.exp((bucket - 0.5) * WIDTH),
);
/** The weight of a new value at which all weights are scaled back. */
const RESCALE_AT = 1e100;
/** Share of the weight that the tail is fitted on. */
const TAIL = 0.1;

/** The values above a threshold. */
interface Tail {
  readonly threshold: number;
  /** Of the weight. */
  readonly share: number;
  /** Of what they are above it; null where they are too few. */
  readonly fit: GeneralisedPareto | null;
}

/**
 * Distribution of values of which old ones count less, in constant memory: buckets that are evenly spaced in logs, so that every quantile is
 * known to a fifth of a percent of itself (Masson, Rim & Lee 2019). Adding is O(1), a quantile one pass over the buckets.
 */
export class DecayingSketch {
  readonly #growth: number;
  readonly #overlap: number;
  readonly #weights = new Float64Array(BUCKETS + 1);
  #next = 1;
  #total = 0;
  #top = 0;
  #count = 0;
  /** Of the present values; undefined before it is asked for. */
  #tail: Tail | undefined;

  /**
   * @param halfLife Values after which one weighs half; Infinity to forget nothing
   * @param overlap So many successive values say what one separate value says
   */
  constructor(halfLife: number, overlap = 1) {
    if (!(halfLife > 0)) throw new KeeperError(`A half-life of ${halfLife} values.`, "Give a positive one.");
    this.#overlap = overlap;
    this.#growth = 2 ** (1 / halfLife);
  }

  /** How many values were taken in. */
  get count(): number {
    return this.#count;
  }

  /**
   * Take in a value.
   *
   * @throws KeeperError if it is negative or not a number
   */
  add(value: number): void {
    if (!(value >= 0)) throw new KeeperError(`${value} is no size of a move.`, "Give one that is at least 0.");
    const bucket = value < SMALLEST ? 0 : 1 + Math.floor(Math.log(Math.min(value, LARGEST) / SMALLEST) / WIDTH);
    this.#next *= this.#growth;
    this.#weights[bucket]! += this.#next;
    this.#total += this.#next;
    this.#top = Math.max(this.#top, bucket);
    this.#count++;
    this.#tail = undefined;
    if (this.#next > RESCALE_AT) this.#rescale();
  }

  /**
   * The value that is exceeded with a probability: what it was in the values; where that is so rare that less than one separate value of those
   * remembered exceeded it, at least what a generalised Pareto distribution of their highest tenth says.
   *
   * @param exceedance In (0, 1)
   * @throws KeeperError if it is not, or there is no value
   */
  quantile(exceedance: number): number {
    if (!(exceedance > 0 && exceedance < 1)) {
      throw new KeeperError(`An exceedance of ${exceedance}.`, "Give a probability between 0 and 1.");
    }
    if (this.#count === 0) throw new KeeperError("A quantile of nothing.", "Add values first.");
    const { value: seen } = this.#above(exceedance);
    const cases = (exceedance * this.#total) / (this.#next * this.#overlap);
    if (exceedance >= TAIL || cases >= 1) return seen;
    this.#tail ??= this.#fitTail();
    const { threshold, share, fit } = this.#tail;
    if (fit === null || exceedance >= share) return seen;
    return Math.max(seen, threshold + paretoQuantile(fit, exceedance / share));
  }

  #fitTail(): Tail {
    const { value: threshold, bucket: first, weight } = this.#above(TAIL);
    const excesses: number[] = [];
    const weights: number[] = [];
    for (let bucket = this.#top; bucket > first; bucket--) {
      if (this.#weights[bucket] === 0) continue;
      excesses.push(MIDDLES[bucket]! - threshold);
      weights.push(this.#weights[bucket]!);
    }
    const fit = excesses.length < 2 ? null : fitGeneralisedPareto(excesses, weights);
    return { threshold, share: weight / this.#total, fit };
  }

  /** The highest bucket that is reached by so much of the weight from above, and the weight of those above it. */
  #above(share: number): { readonly value: number; readonly bucket: number; readonly weight: number } {
    let weight = 0;
    for (let bucket = this.#top; bucket > 0; bucket--) {
      if (weight + this.#weights[bucket]! >= share * this.#total) return { value: MIDDLES[bucket]!, bucket, weight };
      weight += this.#weights[bucket]!;
    }
    return { value: 0, bucket: 0, weight };
  }

  #rescale(): void {
    const scale = 1 / this.#next;
    for (let bucket = 0; bucket <= BUCKETS; bucket++) this.#weights[bucket]! *= scale;
    this.#total *= scale;
    this.#next = 1;
  }
}
