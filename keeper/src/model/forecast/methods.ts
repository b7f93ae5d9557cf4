import { GuardedBeta } from "../breakdown/guarded-beta.js";
import { AnticipatingBeta } from "./anticipating.js";
import { BandedBeta } from "./banded.js";
import type { BetaModel } from "./beta-model.js";
import { EwmaBeta } from "./ewma.js";
import { ExpertMixture } from "./experts.js";
import { HarBeta } from "./har.js";
import { KalmanBeta, type KalmanOptions } from "./kalman-beta.js";
import { LedoitWolfBeta } from "./ledoit-wolf.js";
import { NaiveBeta } from "./naive.js";
import { RollingOlsBeta } from "./rolling-ols.js";
import { TwoSpeedBeta } from "./two-speed.js";
import { WlsEwmaBeta } from "./wls-ewma.js";

const DAY = 86_400;
const WEEK = 7 * DAY;

/** Makes a model of one asset for so many hedges. */
export type MethodFactory = (hedges: number) => BetaModel;

/*
 * Of the parameters: 87 settings of the filter with two or three components (noise of each ×½ to ×3, reversion, clip 2 to none, half-life
 * of the residuals' variance 6 to 58 days) differ by 0.4 points of effectiveness at the most; one random walk is 0.2 to 0.4 behind at its
 * best; η from ½ to 10, α from 0.001 to 0.05 and a dozen sets of experts differ by 0.5. The setting that is best from February 2019 to
 * March 2021 is 0.06 points from the best of April 2021 to 2023 in the latter, and so the other way round.
 */
const ROBUST = { clip: 3, residualHalfLife: 29 * DAY, initialVariance: 0.1 };
const SLOW: KalmanOptions = { ...ROBUST, components: [{ noise: 1e-4, reversion: 0 }] };
const MEDIUM: KalmanOptions = { ...ROBUST, components: [{ noise: 1e-3, reversion: 0 }] };
const FAST: KalmanOptions = { ...ROBUST, components: [{ noise: 5e-3, reversion: 0 }] };
/** A beta is a slow drift, what changes within a month, and what changes within days. */
const MULTI_SPEED: KalmanOptions = {
  ...ROBUST,
  components: [
    { noise: 3e-5, reversion: 0 },
    { noise: 1e-3, reversion: 0.03 },
    { noise: 5e-3, reversion: 0.3 },
  ],
};
/*
 * A trade costs as much as the risk of what it moves over λ/γ days: 2 and 30, so that a/γ is 1 and 5. Chosen with daily decisions from February
 * 2019 to March 2021, of a/γ from 0.25 to 40 and bands of 0.03 to 0.15: 1 is the largest that costs no more than 0.02 points of effectiveness;
 * 5 with a band of 0.05 is among the best that trade less than 0.02 a day, where 3 to 8 with bands of 0.06 to 0.04 differ by 0.1 at the most.
 */
const AIMED: KalmanOptions = { ...MULTI_SPEED, aim: { gamma: 1, lambda: 2, rho: 0 } };
const FAR_AIMED: KalmanOptions = { ...MULTI_SPEED, aim: { gamma: 1, lambda: 30, rho: 0 } };

const ewma = (days: number): MethodFactory => {
  return (hedges) => new EwmaBeta(hedges, { halfLife: days * DAY, clip: 4, ridge: 0.02, minimum: WEEK });
};
const kalman = (options: KalmanOptions): MethodFactory => {
  return (hedges) => new KalmanBeta(hedges, options);
};
const wls = (days: number): MethodFactory => {
  return (hedges) => new WlsEwmaBeta(hedges, { halfLife: days * DAY, varianceHalfLife: WEEK, minimum: WEEK });
};
const twoSpeed: MethodFactory = (hedges) => {
  return new TwoSpeedBeta(hedges, { volatilityHalfLife: 2 * DAY, correlationHalfLife: 30 * DAY, minimum: 2 * WEEK });
};

/** What the default method is a mixture of. */
export const EXPERTS: Readonly<Record<string, MethodFactory>> = {
  naive: (hedges) => new NaiveBeta(hedges),
  "kalman-slow": kalman(SLOW),
  "kalman-multi-speed": kalman(MULTI_SPEED),
  "kalman-fast": kalman(FAST),
  "two-speed": twoSpeed,
  "ewma-3d": ewma(3),
  "ewma-14d": ewma(14),
};

const experts: MethodFactory = (hedges) => {
  const models = Object.values(EXPERTS).map((make) => make(hedges));
  return new ExpertMixture(hedges, models, { learningRate: 2, share: 0.01, period: DAY });
};

/*
 * Of the weights 0.05 to 0.5 this is the largest that costs nothing with daily decisions from February 2019 to March 2021, each half of that
 * time with coefficients of the other.
 */
const anticipated = (make: MethodFactory): MethodFactory => {
  return (hedges) => new AnticipatingBeta(hedges, make(hedges), 0.15);
};
const anticipating = anticipated(experts);

/** Every method that there is, by name. */
export const METHODS: Readonly<Record<string, MethodFactory>> = {
  ...EXPERTS,
  "ewma-7d": ewma(7),
  "wls-14d": wls(14),
  "ols-30d": (hedges) => new RollingOlsBeta(hedges, 30 * DAY, WEEK),
  kalman: kalman(MEDIUM),
  aimed: kalman(AIMED),
  "aimed-anticipating": anticipated(kalman(AIMED)),
  har: (hedges) => new HarBeta(hedges),
  "ledoit-wolf-30d": (hedges) => new LedoitWolfBeta(hedges, 30 * DAY, WEEK),
  experts,
  anticipating,
  guarded: (hedges) => new GuardedBeta(hedges, anticipating(hedges)),
  "low-turnover": (hedges) => new BandedBeta(hedges, kalman(FAR_AIMED)(hedges), { band: 0.05, period: DAY }),
};

/** The method that is used unless another is asked for. */
export const DEFAULT_METHOD = "guarded";

/** What a guarded method is without its guard. */
export const UNGUARDED: Readonly<Record<string, string>> = { guarded: "anticipating" };
