import type { MarginRecord } from "../account/margin-record.js";

/** How the account behind a hedge fared. Shares are of the shorts' notional. */
export interface MarginScore {
  readonly liquidations: number;
  readonly topUps: number;
  /** Share of its notional then. */
  readonly largestTopUp: number;
  /** Trades that the venue would not have taken for want of margin. */
  readonly refusedTrades: number;
  /** Hours in which margin was below what orders a top-up. */
  readonly hoursBelowLow: number;
  /** Mean of that level. */
  readonly meanLow: number;
  /** Equity, unrealised profit counted. */
  readonly meanMargin: number;
  readonly largestMargin: number;
  /** By how much the shorts could still have risen before a liquidation, at the worst mark; negative where there was one. */
  readonly leastDistance: number;
  /** What the venue lost in liquidations. */
  readonly shortfall: number;
}

/** Counts a record; of an account that never held a position all is zero. */
export function marginScore(record: MarginRecord): MarginScore {
  const { liquidations, topUps, largestTopUp, refused, hoursBelowLow, leastDistance, shortfall } = record;
  let [hours, ratios, lows, largest] = [0, 0, 0, 0];
  record.ratio.forEach((ratio, hour) => {
    if (Number.isNaN(ratio)) return;
    hours += 1;
    ratios += ratio;
    lows += record.low[hour]!;
    largest = Math.max(largest, ratio);
  });
  const mean = (sum: number): number => (hours === 0 ? 0 : sum / hours);
  return {
    ...{ liquidations, topUps, largestTopUp, refusedTrades: refused, hoursBelowLow },
    meanLow: mean(lows),
    meanMargin: mean(ratios),
    largestMargin: largest,
    leastDistance: hours === 0 ? 0 : leastDistance,
    shortfall,
  };
}

/** The mean of each figure. */
export function meanMarginScore(scores: readonly MarginScore[]): MarginScore {
  const mean = (figure: keyof MarginScore): number => scores.reduce((sum, one) => sum + one[figure], 0) / scores.length;
  return {
    liquidations: mean("liquidations"),
    topUps: mean("topUps"),
    largestTopUp: mean("largestTopUp"),
    refusedTrades: mean("refusedTrades"),
    hoursBelowLow: mean("hoursBelowLow"),
    meanLow: mean("meanLow"),
    meanMargin: mean("meanMargin"),
    largestMargin: mean("largestMargin"),
    leastDistance: mean("leastDistance"),
    shortfall: mean("shortfall"),
  };
}
