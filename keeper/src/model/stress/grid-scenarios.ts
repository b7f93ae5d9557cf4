import { riskyMove, type Scenario, type ScenarioGroup, type StressMarket, signed } from "./scenario.js";

const SPOTS = [-0.2, -0.15, -0.1, -0.05, 0, 0.05, 0.1, 0.15, 0.2];
const VOLATILITIES = [
  { name: "volatility up", factor: 1.5 },
  { name: "volatility as it is", factor: 1 },
  { name: "volatility down", factor: 2 / 3 },
];
/** Multiples of the price. */
const EXTREMES = [0.34, 0.67, 1.5, 2, 3, 6];
/** What counts of a loss at ×1.5 and at ×6. */
const DAMPING = { near: { factor: 1.5, share: 0.42 }, far: { factor: 6, share: 0.028 } };
const BASIS = 0.05;

/**
 * All risky assets together by ±5, 10, 15 and 20%, each with volatility up, as it is and down; extremes of which a part of the loss counts;
 * and venues whose prices are 5% from the oracle's. The structure is that of Derive's portfolio margin, its extremes' factors too.
 */
export function gridScenarios(market: StressMarket): ScenarioGroup {
  const grid = SPOTS.flatMap((spot) =>
    VOLATILITIES.map(
      ({ name, factor }): Scenario => ({
        name: `${spotName(spot)}, ${name}`,
        steps: [riskyMove(market, () => 1 + spot)],
        covariance: { kind: "volatility", factor },
      }),
    ),
  );
  const extremes = EXTREMES.map(
    (factor): Scenario => ({
      name: `×${factor}`,
      steps: [riskyMove(market, () => factor)],
      damping: dampingOf(factor),
    }),
  );
  const basis = [-BASIS, BASIS].flatMap((off) =>
    [0, Math.sign(off) * 0.1].map(
      (spot): Scenario => ({
        name: `${spotName(spot)}, the venues ${signed(off)} from the oracle`,
        steps: [riskyMove(market, () => 1 + spot)],
        basis: off,
      }),
    ),
  );
  return {
    key: "grid",
    title: "Spot and volatility",
    note: "All assets but stables move together. Of the extremes a part of the loss counts: 42% at ×1.5 and its inverse, 2.8% at ×6, falling with the logarithm of the factor between them. A basis counts what closing the shorts at the venue's price would take.",
    scenarios: [...grid, ...extremes, ...basis],
  };
}

function spotName(spot: number): string {
  return spot === 0 ? "prices as they are" : signed(spot);
}

/** Exponential in |ln factor| through both given points; never more than at the nearer one. */
function dampingOf(factor: number): number {
  const { near, far } = DAMPING;
  const distance = Math.abs(Math.log(factor));
  const along = (distance - Math.log(near.factor)) / (Math.log(far.factor) - Math.log(near.factor));
  return Math.min(near.share, near.share * (far.share / near.share) ** along);
}
