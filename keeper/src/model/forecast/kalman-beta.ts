import { KeeperError } from "../../errors.js";
import { clip } from "../clip.js";
import { aimWeight, type TradingInputs } from "./aim.js";
import type { BetaModel } from "./beta-model.js";
import type { Doubtful } from "./doubtful.js";
import { Intervals } from "./intervals.js";
import type { Relearning } from "./relearning.js";
import { ResidualScale } from "./residual-scale.js";

const DAY = 86_400;

/** One of the parts that a beta is the sum of. */
export interface BetaComponent {
  /** Variance by which it changes in a day. */
  readonly noise: number;
  /** Share of it that is gone after a day: 0 for a random walk. */
  readonly reversion: number;
}

/** How a Kalman filter of betas is set. */
export interface KalmanOptions {
  readonly components: readonly BetaComponent[];
  /** Innovations are clipped to this many of their deviations; Infinity to keep them. */
  readonly clip: number;
  /** Half-life of the residuals' variance, seconds; Infinity to keep the one that is given. */
  readonly residualHalfLife: number;
  /** Residuals' variance per second to begin with; without it the first residuals tell. */
  readonly residualVariance?: number;
  /** Betas to begin with; without them one for one on the first hedge. */
  readonly initial?: readonly number[];
  /** Variance of those, of each random walk. */
  readonly initialVariance: number;
  /** By day. With it betas are what to aim at, each component in them by how long it lasts; without it what is expected now. */
  readonly aim?: TradingInputs;
}

/**
 * Betas as the sum of components that walk at random or revert to zero, filtered from returns (Kalman 1960), with clipped innovations and
 * residuals whose variance is learned (Masreliez & Martin 1977). With one random walk: P ← P + Q·Δt, S = x'Px + R,
 * e = clip(y − x'β, ±c√S), β ← β + Px·e/S, P ← P − Pxx'P/S.
 */
export class KalmanBeta implements BetaModel, Relearning, Doubtful {
  readonly #options: KalmanOptions;
  readonly #hedges: number;
  readonly #intervals: Intervals;
  readonly #scale: ResidualScale;
  /** By component, then hedge. */
  readonly #state: Float64Array;
  /** Row-major. */
  readonly #variance: Float64Array;
  readonly #gain: Float64Array;
  /** The hedges' returns, once for each component. */
  readonly #returns: Float64Array;
  /** What of each state is left after an interval of `#step` seconds, and the noise that it then has. */
  readonly #keep: Float64Array;
  readonly #noise: Float64Array;
  /** Of each component in the betas. */
  readonly #weights: readonly number[];
  #step = Number.NaN;
  #factor = 1;
  #relearnUntil = Number.NEGATIVE_INFINITY;

  /** @param hedges Number of hedges */
  constructor(hedges: number, options: KalmanOptions) {
    const { components, initial, initialVariance, residualHalfLife, residualVariance, aim } = options;
    if (
      components.length === 0 ||
      components.some(({ noise, reversion }) => !(noise >= 0 && reversion >= 0 && reversion < 1))
    ) {
      throw new KeeperError(
        "Components of a beta that make no sense.",
        "Give one or more, noise ≥ 0, 0 ≤ reversion < 1.",
      );
    }
    if (initial !== undefined && initial.length !== hedges) {
      throw new KeeperError(`${initial.length} initial betas for ${hedges} hedges.`, "Give one for each hedge.");
    }
    const size = components.length * hedges;
    this.#options = options;
    this.#hedges = hedges;
    this.#intervals = new Intervals(hedges);
    this.#scale = new ResidualScale(residualHalfLife, residualVariance);
    this.#state = new Float64Array(size);
    this.#variance = new Float64Array(size * size);
    this.#gain = new Float64Array(size);
    this.#returns = new Float64Array(size);
    this.#keep = new Float64Array(size);
    this.#noise = new Float64Array(size);
    this.#weights = components.map(({ reversion }) => (aim === undefined ? 1 : aimWeight(reversion, aim)));
    for (let j = 0; j < hedges; j++) this.#state[j] = initial?.[j] ?? (j === 0 ? 1 : 0);
    for (let i = 0; i < size; i++) {
      const { noise, reversion } = components[Math.floor(i / hedges)]!;
      const speed = -Math.log(1 - reversion);
      this.#variance[i * size + i] = reversion === 0 ? initialVariance : noise / (2 * speed);
    }
  }

  update(time: number, elapsed: number, asset: number, hedges: readonly number[]): void {
    const since = this.#intervals.accept(time, elapsed, asset, hedges);
    this.#predict(since, time <= this.#relearnUntil ? this.#factor : 1);

    const size = this.#state.length;
    const x = this.#returns;
    for (let i = 0; i < size; i++) x[i] = i < this.#hedges ? hedges[i]! : x[i - this.#hedges]!;
    let innovation = asset;
    let spread = 0;
    for (let i = 0; i < size; i++) {
      innovation -= this.#state[i]! * x[i]!;
      let gain = 0;
      for (let j = 0; j < size; j++) gain += this.#variance[i * size + j]! * x[j]!;
      this.#gain[i] = gain;
      spread += gain * x[i]!;
    }
    if (this.#scale.variance === 0) this.#scale.learn(since, elapsed, innovation);
    spread += this.#scale.variance * elapsed;
    if (spread > 0) this.#correct(clip(innovation, this.#options.clip * Math.sqrt(spread)), spread);
    this.#scale.learn(since, elapsed, innovation);
  }

  betas(): readonly number[] {
    return Array.from({ length: this.#hedges }, (_, j) => {
      let sum = 0;
      for (const [c, weight] of this.#weights.entries()) sum += weight * this.#state[c * this.#hedges + j]!;
      return sum;
    });
  }

  /** Of the betas that are expected now, aimed or not. */
  posterior(): number[][] {
    const size = this.#state.length;
    const covariance = Array.from({ length: this.#hedges }, () => new Array<number>(this.#hedges).fill(0));
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) covariance[i % this.#hedges]![j % this.#hedges]! += this.#variance[i * size + j]!;
    }
    return covariance;
  }

  relearn(factor: number, duration: number): void {
    if (!(factor >= 1) || !(duration > 0)) {
      throw new KeeperError(`To learn ${factor} times as fast for ${duration} s.`, "Give a factor ≥ 1 and a duration.");
    }
    this.#factor = factor;
    this.#relearnUntil = this.#intervals.last + duration;
  }

  #predict(since: number, factor: number): void {
    if (since !== this.#step) this.#setStep(since);
    const size = this.#state.length;
    for (let i = 0; i < size; i++) {
      const keep = this.#keep[i]!;
      this.#state[i]! *= keep;
      for (let j = 0; j < size; j++) this.#variance[i * size + j]! *= keep * this.#keep[j]!;
      this.#variance[i * size + i]! += factor * this.#noise[i]!;
    }
  }

  #correct(innovation: number, spread: number): void {
    const size = this.#state.length;
    for (let i = 0; i < size; i++) {
      this.#state[i]! += (this.#gain[i]! * innovation) / spread;
      for (let j = 0; j < size; j++) this.#variance[i * size + j]! -= (this.#gain[i]! * this.#gain[j]!) / spread;
    }
  }

  #setStep(since: number): void {
    this.#step = since;
    for (const [c, { noise, reversion }] of this.#options.components.entries()) {
      const speed = -Math.log(1 - reversion);
      const keep = Math.exp((-speed * since) / DAY);
      const [from, to] = [c * this.#hedges, (c + 1) * this.#hedges];
      this.#keep.fill(keep, from, to);
      this.#noise.fill(reversion === 0 ? (noise * since) / DAY : (noise * (1 - keep * keep)) / (2 * speed), from, to);
    }
  }
}
