import { correlationFrom } from "./correlation.js";
import { ExponentialMean } from "./exponential-mean.js";

/** Correlation with exponential forgetting. */
export class ExponentialCorrelation {
  readonly #moments: readonly ExponentialMean[];

  /** @param halfLife Hours */
  constructor(halfLife: number) {
    this.#moments = [0, 1, 2].map(() => new ExponentialMean(halfLife));
  }

  add(first: number, second: number): void {
    this.#moments[0]!.add(first * first);
    this.#moments[1]!.add(first * second);
    this.#moments[2]!.add(second * second);
  }

  /** Null before there is one. */
  get correlation(): number | null {
    const [first, product, second] = this.#moments.map(({ mean }) => mean ?? 0);
    return correlationFrom(first!, product!, second!);
  }
}
