import { EwmaCovariance } from "../forecast/ewma.js";
import { correlationFrom } from "./correlation.js";

/** Correlation with exponential forgetting. */
export class ExponentialCorrelation {
  readonly #moments: EwmaCovariance;

  /** @param halfLife Hours */
  constructor(halfLife: number) {
    this.#moments = new EwmaCovariance(2, halfLife);
  }

  add(first: number, second: number): void {
    this.#moments.update(1, [first, second]);
  }

  /** Null before there is one. */
  get correlation(): number | null {
    const moments = this.#moments.covariance();
    return moments && correlationFrom(moments[0]![0]!, moments[0]![1]!, moments[1]![1]!);
  }
}
