/** How easily a hedge can be traded, best first. */
export const LIQUIDITY_STATES = ["ample", "thin", "dry"] as const;
export type LiquidityState = (typeof LIQUIDITY_STATES)[number];

/** What the markets of a hedge are like. */
export interface MarketLiquidity {
  /** Impact of trading the whole hedge at once, share of its notional; null where its market takes no trade. */
  readonly impact: number | null;
  /** Funding of late, a year's, share of the notional, positive where longs pay; null where it is not known. */
  readonly funding: number | null;
}

/** Impact above which a market is thin and dry: several and many times what a trade usually costs. */
const IMPACT = { thin: 0.01, dry: 0.05 };
/**
 * Funding of the last days that is beyond 99% of, and beyond all that BTC and ETH had from September 2019 to March 2021: of shorts that pay,
 * and of longs that do. So crowded a side leaves at once when it leaves.
 */
const SHORTS_PAY = { thin: 0.35, dry: 0.85 };
const LONGS_PAY = { thin: 1.8, dry: 2.2 };

/** State of one market by its depth and its funding, the worse of the two. */
export function liquidityState({ impact, funding }: MarketLiquidity): LiquidityState {
  return worstLiquidity([
    impact === null ? "dry" : stateBeyond(impact, IMPACT),
    funding === null ? "ample" : stateBeyond(-funding, SHORTS_PAY),
    funding === null ? "ample" : stateBeyond(funding, LONGS_PAY),
  ]);
}

/** Of several. Without any it is ample: nothing needs to be traded. */
export function worstLiquidity(states: readonly LiquidityState[]): LiquidityState {
  const worst = Math.max(0, ...states.map((state) => LIQUIDITY_STATES.indexOf(state)));
  return LIQUIDITY_STATES[worst]!;
}

function stateBeyond(value: number, { thin, dry }: { readonly thin: number; readonly dry: number }): LiquidityState {
  if (value > dry) return "dry";
  return value > thin ? "thin" : "ample";
}
