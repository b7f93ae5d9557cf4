import { KeeperError } from "../../errors.js";
import { betas as regress } from "../beta.js";
import type { BetaModel } from "./beta-model.js";
import { Intervals } from "./intervals.js";

/** A covariance shrunk towards a multiple of the identity, and by how much. */
export interface Shrunk {
  readonly covariance: number[][];
  /** 0 leaves the sample covariance, 1 leaves nothing of it. */
  readonly intensity: number;
}

/**
 * Linear shrinkage of the covariance about zero to μI, μ its mean variance, by the intensity that minimises the expected squared error
 * (Ledoit & Wolf 2004).
 *
 * @param rows Returns, `[interval][asset]`
 */
export function ledoitWolf(rows: readonly (readonly number[])[]): Shrunk {
  const count = rows.length;
  const size = rows[0]?.length ?? 0;
  if (size === 0) throw new KeeperError("No returns to take a covariance of.", "Give at least one row.");
  const sample = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  let fourth = 0;
  for (const row of rows) {
    let square = 0;
    for (let i = 0; i < size; i++) {
      square += row[i]! * row[i]!;
      for (let j = 0; j <= i; j++) sample[i]![j]! += (row[i]! * row[j]!) / count;
    }
    fourth += (square * square) / count;
  }
  let mean = 0;
  let norm = 0;
  for (let i = 0; i < size; i++) {
    mean += sample[i]![i]! / size;
    for (let j = 0; j <= i; j++) {
      sample[j]![i] = sample[i]![j]!;
      norm += (i === j ? 1 : 2) * sample[i]![j]! ** 2;
    }
  }
  const distance = norm - size * mean * mean;
  const error = Math.min((fourth - norm) / count, distance);
  const intensity = distance > 0 ? Math.max(0, error / distance) : 0;
  const covariance = sample.map((row, i) => row.map((v, j) => (1 - intensity) * v + (i === j ? intensity * mean : 0)));
  return { covariance, intensity };
}

/**
 * Betas from the shrunk covariance of the returns over the last so many seconds, for many instruments or a short window; the returns are
 * standardised before, so that a calm instrument is not shrunk away.
 */
export class LedoitWolfBeta implements BetaModel {
  readonly #window: number;
  readonly #minimum: number;
  readonly #intervals: Intervals;
  readonly #times: number[] = [];
  readonly #rows: number[][] = [];
  #first = 0;
  #known = 0;

  /**
   * @param hedges Number of hedges
   * @param window Seconds
   * @param minimum Known returns before there are betas, seconds
   */
  constructor(hedges: number, window: number, minimum: number) {
    if (!(window > 0)) throw new KeeperError(`A window of ${window} s.`, "Give a positive one.");
    this.#window = window;
    this.#minimum = minimum;
    this.#intervals = new Intervals(hedges);
  }

  update(time: number, elapsed: number, asset: number, hedges: readonly number[]): void {
    this.#intervals.accept(time, elapsed, asset, hedges);
    this.#times.push(time);
    this.#rows.push([asset, ...hedges]);
    this.#known += elapsed;
    while (this.#times[this.#first]! <= time - this.#window) this.#first++;
    if (this.#first * 2 > this.#times.length) {
      this.#times.splice(0, this.#first);
      this.#rows.splice(0, this.#first);
      this.#first = 0;
    }
  }

  betas(): readonly number[] | null {
    if (this.#known < this.#minimum) return null;
    const rows = this.#rows.slice(this.#first);
    const deviations = rows[0]!.map((_, i) =>
      Math.sqrt(rows.reduce((sum, row) => sum + row[i]! * row[i]!, 0) / rows.length),
    );
    if (deviations.some((deviation) => deviation === 0)) return null;
    const { covariance } = ledoitWolf(rows.map((row) => row.map((value, i) => value / deviations[i]!)));
    const hedges = Array.from({ length: deviations.length - 1 }, (_, j) => j + 1);
    return regress(covariance, hedges)[0]!.map((beta, j) => (beta * deviations[0]!) / deviations[j + 1]!);
  }
}
