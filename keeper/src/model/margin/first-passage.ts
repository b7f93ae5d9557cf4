import { KeeperError } from "../../errors.js";
import { normalCdf, normalDensity } from "../normal.js";

/** −ζ(1/2)/√(2π): by how much of a step's deviation a barrier that is looked at in steps is further away. */
const OVERSHOOT = 0.582597;
/** From here on 1 − Φ(x) is taken by its expansion: exp(2kb/σ²) would overflow. */
const FAR = 35;

/** A short position's account. */
export interface ShortRisk {
  /** Own capital over notional, 1.0 = 100%. */
  readonly margin: number;
  /** Ratio of capital to notional at which the venue liquidates. */
  readonly maintenance: number;
  /** Of the price, a year's, 1.0 = 100%. */
  readonly volatility: number;
  /** Of the price, a year's; 0 where it is left out. */
  readonly drift?: number;
  /** How long nobody adds margin, years. */
  readonly years: number;
  /** Years between two looks of the venue at the price (Broadie, Glasserman & Kou 1997); 0 where it looks always. */
  readonly step?: number;
}

/**
 * Probability that a short is liquidated within a time if the price is a geometric Brownian motion: that it reaches (1 + m)/(1 + μ) times what
 * it is, p = Φ((kT − b)/σ√T) + e^(2kb/σ²)·Φ((−b − kT)/σ√T) with b the log of that and k = drift − σ²/2 (Harrison 1985). Prices have heavier
 * tails: at 99.9% of 24 hours the margin that this asks for is 30 to 50% too small, so size margin by `FilteredMoves` and compare by this.
 *
 * @returns 1 where the account is below maintenance already
 * @throws KeeperError if a figure is not finite, or volatility or time are negative
 */
export function firstPassageProbability(risk: ShortRisk): number {
  const { margin, maintenance, volatility, drift = 0, years, step = 0 } = risk;
  const known = [margin, maintenance, volatility, drift, years, step].every(Number.isFinite);
  if (!known || volatility < 0 || years < 0 || step < 0 || maintenance <= -1) {
    throw new KeeperError(`No account is this: ${JSON.stringify(risk)}.`, "Give finite figures, none negative.");
  }
  if (margin <= maintenance) return 1;
  const barrier = Math.log((1 + margin) / (1 + maintenance)) + OVERSHOOT * volatility * Math.sqrt(step);
  const trend = drift - volatility ** 2 / 2;
  const deviation = volatility * Math.sqrt(years);
  if (deviation === 0) return trend * years >= barrier ? 1 : 0;
  const [end, reflected] = [(trend * years - barrier) / deviation, (barrier + trend * years) / deviation];
  const secondTerm =
    reflected > FAR
      ? (normalDensity(end) / reflected) * (1 - reflected ** -2 + 3 * reflected ** -4)
      : Math.exp((2 * trend * barrier) / volatility ** 2) * normalCdf(-reflected);
  return Math.min(1, normalCdf(end) + secondTerm);
}
