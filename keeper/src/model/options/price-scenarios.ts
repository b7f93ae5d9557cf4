import { normalDensity } from "../normal.js";
import { OptionError, requireFinite, requirePositive } from "./option.js";

/** What options are written on where it is not the position's own asset. */
export interface Underlying {
  readonly price: number;
  /** Annual. */
  readonly volatility: number;
  /** Of its log price with the position's. */
  readonly correlation: number;
}

/** Where prices may be at the horizon. */
export interface PriceScenario {
  /** All of them add up to 1. */
  readonly probability: number;
  /** Of the position's asset. */
  readonly price: number;
  /** Of what the options are written on. */
  readonly underlying: number;
}

const WIDEST = 5;
const STEPS = 200;
const OTHER_STEPS = 40;

/**
 * Lognormal prices without drift at a horizon, on a grid of five deviations to each side.
 *
 * @param volatility Annual, of the position's price
 * @param time Years
 * @param underlying Null where options are on the position's own asset
 */
export function priceScenarios(
  price: number,
  volatility: number,
  time: number,
  underlying: Underlying | null,
): PriceScenario[] {
  requirePositive("price", price);
  requirePositive("volatility", volatility);
  requirePositive("horizon", time);
  const root = Math.sqrt(time);
  const at = (from: number, sigma: number, z: number): number =>
    from * Math.exp((-sigma * sigma * time) / 2 + sigma * root * z);
  if (underlying === null) {
    return normalGrid(STEPS).map(({ z, weight }) => {
      const there = at(price, volatility, z);
      return { probability: weight, price: there, underlying: there };
    });
  }
  const { correlation } = underlying;
  requirePositive("price of the options' asset", underlying.price);
  requirePositive("volatility of the options' asset", underlying.volatility);
  requireFinite("correlation", correlation);
  if (Math.abs(correlation) > 1) throw new OptionError(`A correlation of ${correlation} is none.`, "Give −1 to 1.");
  const rest = Math.sqrt(1 - correlation * correlation);
  const others = rest === 0 ? [{ z: 0, weight: 1 }] : normalGrid(OTHER_STEPS);
  return normalGrid(STEPS).flatMap((common) =>
    others.map((other) => ({
      probability: common.weight * other.weight,
      price: at(price, volatility, correlation * common.z + rest * other.z),
      underlying: at(underlying.price, underlying.volatility, common.z),
    })),
  );
}

/**
 * Expected shortfall: the mean loss in the worst part of the scenarios.
 *
 * @param pnl By scenario
 * @param level 0.975: the worst 2.5%
 */
export function scenarioShortfall(scenarios: readonly PriceScenario[], pnl: readonly number[], level = 0.975): number {
  const order = pnl.map((_, i) => i).sort((p, q) => pnl[p]! - pnl[q]!);
  let left = 1 - level;
  let sum = 0;
  for (const i of order) {
    const part = Math.min(left, scenarios[i]!.probability);
    sum -= part * pnl[i]!;
    left -= part;
    if (left <= 0) break;
  }
  return sum / (1 - level);
}

function normalGrid(steps: number): { z: number; weight: number }[] {
  const grid = Array.from({ length: 2 * steps + 1 }, (_, i) => {
    const z = (WIDEST * (i - steps)) / steps;
    return { z, weight: normalDensity(z) };
  });
  const total = grid.reduce((sum, { weight }) => sum + weight, 0);
  return grid.map(({ z, weight }) => ({ z, weight: weight / total }));
}
