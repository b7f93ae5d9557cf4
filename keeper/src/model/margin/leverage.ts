import { KeeperError } from "../../errors.js";
import { requiredMargin, type ShortAtRisk } from "./required-margin.js";

/** Margins among which the cheapest is looked for, over notional: 2 to 400 percent in steps of one part in two hundred. */
const [LEAST, MOST, RATIO] = [0.02, 4, 1.005];

/**
 * The largest notional over own capital at which a short outlives a move without a top-up.
 *
 * @param short Its move is the quantile for the time until a top-up lands and the accepted probability of liquidation
 * @param maintenance Ratio at which the venue liquidates
 */
export function largestLeverage(short: Omit<ShortAtRisk, "notional">, maintenance: number): number {
  return 1 / requiredMargin(short, maintenance);
}

/** What margin costs, and what too little of it costs. Shares of the notional. */
export interface LeverageCosts {
  /** What idle money would earn, a year's, 1.0 = 100%. */
  readonly idleRate: number;
  /** Cost of one liquidation: the venue's fee, slippage, and the risk of being without the hedge until it is back. */
  readonly liquidation: number;
  /** Years until margin can be added: so often a year is the risk run. */
  readonly latencyYears: number;
  /** Probability of a liquidation within that time, by own capital over notional. */
  readonly probability: (margin: number) => number;
}

/** The cheapest margin. */
export interface OptimumLeverage {
  readonly leverage: number;
  /** Own capital over notional. */
  readonly margin: number;
  /** A year's, share of the notional. */
  readonly cost: number;
}

/**
 * The leverage at which idle margin and liquidations together cost least: min r·m + P(m)/τ·(fee + slippage + re-hedge variance) (after Alexander,
 * Deng & Zou 2022). Searched over all margins from 2% to 400%, since the cost may have more than one low.
 *
 * @throws KeeperError if a cost is negative, or there is no latency
 */
export function optimumLeverage({ idleRate, liquidation, latencyYears, probability }: LeverageCosts): OptimumLeverage {
  if (!(idleRate >= 0 && liquidation >= 0 && latencyYears > 0)) {
    throw new KeeperError("The costs of margin are not known.", "Give costs that are not negative, and a latency.");
  }
  let best: OptimumLeverage | undefined;
  for (let margin = LEAST; margin <= MOST; margin *= RATIO) {
    const cost = idleRate * margin + (probability(margin) / latencyYears) * liquidation;
    if (best === undefined || cost < best.cost) best = { leverage: 1 / margin, margin, cost };
  }
  return best!;
}
