import { clip } from "../clip.js";

/** What the market may be doing: as usual; falling hard; or no longer moving as one. */
export const REGIMES = ["calm", "crash", "decoupled"] as const;
export type Regime = (typeof REGIMES)[number];

/** Probability of each regime; they add up to one. */
export type RegimeProbabilities = Readonly<Record<Regime, number>>;

/** Volatility in a crash over the usual one. */
const CRASH_VOLATILITY = 2.5;
/** Fall below the week's high, in usual weekly volatilities, at which crashes begin as often as not, and how sharp that edge is. */
const CRASH_FALL = 1.25;
const FALL_EDGE = 0.15;
/** Chance in an hour that a crash begins: without such a fall, and with it. */
const CRASH_SELDOM = 1 / (5 * 365 * 24);
const CRASH_OFTEN = 1 / (5 * 24);
/** That it ends: while the price is down, and once it is not. */
const CRASH_LASTS = 1 / (5 * 24);
const CRASH_OVER = 1 / 24;
/** That assets part from the market, and that they come back. */
const PARTS = 1 / (180 * 24);
const RETURNS = 1 / (14 * 24);
/** Degrees of freedom of hourly returns. */
const FREEDOM = 4;
/** One observation moves the log odds by no more than this. */
const CLIP = 3;
/** A regime is left once it is less likely than this, so that it does not flicker. */
const LEFT = 0.1;
/** No regime is ever less likely than this: it must be able to come back. */
const LEAST = 1e-6;

/**
 * Filter of the market's regime (Hamilton 1989), with transitions that depend on how far the market is below its high (Diebold, Lee and
 * Weinbach 1994): large moves speak for a crash as far as the market has fallen, for a rise can be as wild. Returns are Student's t with four degrees of freedom.
 */
export class MarketRegimeFilter {
  #probabilities: RegimeProbabilities = { calm: 1, crash: 0, decoupled: 0 };
  #regime: Regime = "calm";

  get probabilities(): RegimeProbabilities {
    return this.#probabilities;
  }

  /** The likeliest when it was entered, until it is unlikely. */
  get regime(): Regime {
    return this.#regime;
  }

  /**
   * Take in what the market did.
   *
   * @param hours Over which
   * @param move Its return in usual volatilities of so many hours
   * @param fall How far it is below the high of the week, in usual weekly volatilities
   */
  market(hours: number, move: number, fall: number): void {
    const down = 1 / (1 + Math.exp(-(fall - CRASH_FALL) / FALL_EDGE));
    const begins = chance(CRASH_SELDOM + (CRASH_OFTEN - CRASH_SELDOM) * down, hours);
    const ends = chance(CRASH_OVER + (CRASH_LASTS - CRASH_OVER) * down, hours);
    const [parts, returns] = [chance(PARTS, hours), chance(RETURNS, hours)];
    const { calm, crash, decoupled } = this.#probabilities;
    const before = {
      calm: calm * (1 - begins) * (1 - parts) + crash * ends + decoupled * (1 - begins) * returns,
      crash: crash * (1 - ends) + (calm + decoupled) * begins,
      decoupled: decoupled * (1 - begins) * (1 - returns) + calm * (1 - begins) * parts,
    };
    const wild = clip(logDensity(move / CRASH_VOLATILITY) - Math.log(CRASH_VOLATILITY) - logDensity(move), CLIP);
    const logRatio = wild > 0 ? wild * down : wild;
    this.#weigh(before, { calm: 1, crash: Math.exp(logRatio), decoupled: 1 });
  }

  /**
   * Take in how an asset moved with the market.
   *
   * @param logRatio Log likelihood of its move without the relation over that with it
   * @param weight Of the asset among all, one in sum
   */
  relation(logRatio: number, weight: number): void {
    this.#weigh(this.#probabilities, { calm: 1, crash: 1, decoupled: Math.exp(weight * clip(logRatio, CLIP)) });
  }

  #weigh(prior: RegimeProbabilities, likelihood: RegimeProbabilities): void {
    const raw = REGIMES.map((regime) => Math.max(prior[regime] * likelihood[regime], LEAST));
    const sum = raw.reduce((total, value) => total + value, 0);
    const [calm, crash, decoupled] = raw.map((value) => value / sum) as [number, number, number];
    this.#probabilities = { calm, crash, decoupled };
    const likeliest = REGIMES.reduce((best, regime) =>
      this.#probabilities[regime] > this.#probabilities[best] ? regime : best,
    );
    const warned = likeliest !== "calm" && this.#regime === "calm";
    if (warned || this.#probabilities[this.#regime] < LEFT) this.#regime = likeliest;
  }
}

/** Of an event of such a chance an hour within so many hours. */
function chance(hourly: number, hours: number): number {
  return 1 - Math.exp(-hourly * hours);
}

/** Of Student's t with variance one, up to a constant. */
function logDensity(value: number): number {
  return (-(FREEDOM + 1) / 2) * Math.log1p((value * value) / (FREEDOM - 2));
}
