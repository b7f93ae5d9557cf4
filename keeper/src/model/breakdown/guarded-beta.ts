import type { BetaModel } from "../forecast/beta-model.js";
import { canDoubt } from "../forecast/doubtful.js";
import { EwmaCovariance } from "../forecast/ewma.js";
import { Intervals } from "../forecast/intervals.js";
import { canRelearn } from "../forecast/relearning.js";
import { breakdownAction } from "./action.js";
import type { BreakdownState } from "./detector.js";
import { doNoHarm } from "./do-no-harm.js";
import type { Guard, Guarding } from "./guard.js";
import { HourlyDetector } from "./hourly-detector.js";
import { mixedBetas } from "./regime-mixture.js";

/** Half-life of the covariance of the hedges, seconds. */
const COVARIANCE_HALF_LIFE = 14 * 86_400;
/**
 * Posterior deviations within which a hedge must not be worse than none. Tried on February 2019 to March 2021, where the mixture and learning
 * anew cost 0.09 points of effectiveness: with 1 they cost as much, with 1.645 0.13, with 2 0.23. Asking it of betas that the mixture has cut
 * already counts the doubt twice: 0.22 with 1.645.
 */
const SAFE_DEVIATIONS = 1;

/**
 * A model's betas, and a detector that watches whether the asset still moves with the basket of hedges that they make. On an alarm the model
 * learns anew; while it lasts, betas are cut to where they do no harm within the model's doubt, and then to what the two regimes together ask
 * for; as long as increases are frozen they do not add up to more than when it began.
 */
export class GuardedBeta implements BetaModel, Guarding {
  readonly #model: BetaModel;
  readonly #intervals: Intervals;
  readonly #detector = new HourlyDetector();
  readonly #covariance: EwmaCovariance;
  #state: BreakdownState | null = null;
  /** Σ|β| when the last alarm began. */
  #atAlarm = 0;

  /**
   * @param hedges Number of hedges
   * @param model What is guarded; updated by this one
   */
  constructor(hedges: number, model: BetaModel) {
    this.#model = model;
    this.#intervals = new Intervals(hedges);
    this.#covariance = new EwmaCovariance(hedges, COVARIANCE_HALF_LIFE);
  }

  update(time: number, elapsed: number, asset: number, hedges: readonly number[]): void {
    const since = this.#intervals.accept(time, elapsed, asset, hedges);
    const betas = this.#model.betas();
    if (betas !== null) {
      const basket = betas.reduce((sum, beta, j) => sum + beta * hedges[j]!, 0);
      this.#watch(this.#detector.update(time, elapsed, asset, basket));
    }
    this.#covariance.update(since, hedges);
    this.#model.update(time, elapsed, asset, hedges);
  }

  betas(): readonly number[] | null {
    const betas = this.#model.betas();
    return betas === null ? null : this.#guarded(betas);
  }

  guard(): Guard {
    const action = this.#state && breakdownAction(this.#state);
    const betas = this.#model.betas();
    const full = betas === null ? 0 : size(betas);
    return {
      state: this.#state,
      marginBuffer: action?.marginBuffer ?? 1,
      most: action?.freezeIncreases ? this.#atAlarm : null,
      cut: full > 0 ? 1 - size(this.#guarded(betas!)) / full : 0,
    };
  }

  #watch(state: BreakdownState | null): void {
    if (state === null) return;
    const { relearn } = breakdownAction(state);
    if (relearn !== null) {
      this.#atAlarm = size(this.betas()!);
      if (canRelearn(this.#model)) this.#model.relearn(relearn.factor, relearn.seconds);
    }
    this.#state = state;
  }

  #guarded(betas: readonly number[]): readonly number[] {
    const covariance = this.#covariance.covariance();
    if (!this.#state?.alarmed || covariance === null || covariance.some((row, j) => row[j] === 0)) return betas;
    const { belief, freezeIncreases } = breakdownAction(this.#state);
    const posterior = canDoubt(this.#model) ? this.#model.posterior() : null;
    const safe = posterior === null ? betas : doNoHarm(betas, posterior, covariance, SAFE_DEVIATIONS);
    const scaled = (factor: number): number[][] => covariance.map((row) => row.map((value) => factor * value));
    const mixed = mixedBetas([
      { probability: belief.holds, covariance: scaled(belief.varianceHolding), betas: safe },
      { probability: 1 - belief.holds, covariance: scaled(belief.varianceBroken), betas: betas.map(() => 0) },
    ]);
    const held = size(mixed);
    const keep = freezeIncreases && held > this.#atAlarm ? this.#atAlarm / held : 1;
    return mixed.map((beta) => keep * beta);
  }
}

function size(betas: readonly number[]): number {
  return betas.reduce((sum, beta) => sum + Math.abs(beta), 0);
}
