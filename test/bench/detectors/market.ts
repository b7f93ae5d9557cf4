import { seededUniforms } from "../../support/random.js";

/** Half-life of the log volatilities, hours, and their standard deviation. */
const VOLATILITY_HALF_LIFE = 72;
const VOLATILITY_DEVIATION = 0.4;

/** A hedge and an asset, hour by hour. */
export interface MarketOptions {
  readonly seed: number;
  /** Correlation before the break and from it on, in hours of average volatility; the asset's variance stays as it is. */
  readonly before: number;
  readonly after: number;
  /** Factor from the break on on what the asset does by itself. */
  readonly noise?: number;
  /** Hour of the break. */
  readonly breakAt: number;
  /** Correlation of the hedge's log volatility with that of the asset's own moves; 0.4 if left out. */
  readonly common?: number;
}

/** Hourly returns of asset and hedge; each call gives the next hour. */
export type Market = () => readonly [asset: number, hedge: number];

/**
 * Fat tails and stochastic volatility: r_h = e^v·t4, r_a = ρ·r_h + √(1−ρ²)·e^w·t4, with v and w Ornstein–Uhlenbeck processes that share a part.
 * The less they share, the more the correlation wanders by itself; with 0.4 the statistics cross their thresholds about as often as on real hours.
 */
export function createMarket(options: MarketOptions): Market {
  const { seed, before, after, noise = 1, breakAt, common = 0.4 } = options;
  const uniform = seededUniforms(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  /** Student's t of four degrees of freedom, of variance one. */
  const student = () => normal() / Math.sqrt(-Math.log((1 - uniform()) * (1 - uniform())));
  const keep = 2 ** (-1 / VOLATILITY_HALF_LIFE);
  const stir = VOLATILITY_DEVIATION * Math.sqrt(1 - keep * keep);
  const logs = [0, 1, 2].map(() => VOLATILITY_DEVIATION * normal());
  let hour = 0;
  return () => {
    for (let i = 0; i < logs.length; i++) logs[i] = keep * logs[i]! + stir * normal();
    const [shared, ofHedge, ofAsset] = logs.map((log, i) => Math.sqrt(i === 0 ? common : 1 - common) * log);
    const hedge = Math.exp(shared! + ofHedge!) * student();
    const own = Math.exp(shared! + ofAsset!) * student();
    const broken = hour++ >= breakAt;
    const correlation = broken ? after : before;
    return [correlation * hedge + Math.sqrt(1 - correlation ** 2) * (broken ? noise : 1) * own, hedge];
  };
}
