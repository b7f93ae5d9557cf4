import { type LiquidityState, liquidityState, worstLiquidity } from "../model/cycles/liquidity-state.js";
import type { MarketState } from "../model/cycles/market-watch.js";
import { unhedgedExposure } from "./hedge.js";
import { isStable, type Situation } from "./situation.js";

/** Where the market stands in its cycle, as far as it concerns a vault. */
export interface Cycles {
  /** Null as long as too little is known. */
  readonly market: MarketState | null;
  /** Null where prices are not good, so that nothing can be measured. */
  readonly liquidity: LiquidityState | null;
  /** In words, the market's first. */
  readonly words: readonly string[];
}

const percent = (value: number): string => `${(value * 100).toFixed(0)}%`;
const utc = (time: number): string => new Date(time * 1000).toISOString().slice(0, 16).replace("T", " ");

/** The market's regime, and how easily the vault's hedge could be traded as a whole. */
export function cyclesOf({ state, forecast, funding }: Situation): Cycles {
  const market = forecast?.market ?? null;
  if (!state.prices.ok) {
    return { market, liquidity: null, words: [marketWords(market), "liquidity: not known without good prices"] };
  }
  const positions = state.legs.flatMap((leg) =>
    leg.kind === "hedge" ? leg.positions.map((position) => ({ ...position, leg: leg.address })) : [],
  );
  const dollars = (size: bigint, asset: number): number => Math.abs(Number(size * state.prices.mid[asset]!) / 1e36);
  const held = positions.reduce((sum, { size, assetIndex }) => sum + dollars(size, assetIndex), 0);
  const exposure = unhedgedExposure(state.portfolio, state.assets.map(isStable));
  const unhedged = exposure.reduce((sum, value) => sum + Math.abs(value), 0);
  const open = positions.filter(({ quote }) => quote !== null).length;
  const markets = positions.map(({ leg, market: address, assetIndex, size, quote }) => {
    // Before there is a hedge it is taken as equal parts of what is to be hedged, in the markets that can take one if there are any.
    const part = open === 0 ? unhedged / positions.length : quote === null ? 0 : unhedged / open;
    const usd = held > 0 ? dollars(size, assetIndex) : part;
    const depth = quote === null ? 0 : dollars(quote.depth, assetIndex);
    const impact = usd === 0 ? 0 : quote === null ? null : usd / (depth + usd);
    const rate = funding[leg]?.[address]?.rate ?? null;
    return {
      symbol: state.assets[assetIndex]!.symbol,
      usd,
      impact,
      rate,
      state: liquidityState({ impact, funding: rate }),
    };
  });
  const scarce = markets.filter((one) => one.state !== "ample" && one.usd > 0);
  const liquidity = worstLiquidity(scarce.map((one) => one.state));
  return { market, liquidity, words: [marketWords(market), liquidityWords(liquidity, scarce)] };
}

function marketWords(market: MarketState | null): string {
  if (market === null) return "market: not known yet";
  const { regime, probabilities, since, fall } = market;
  const down = fall > 0.005 ? `, ${percent(fall)} below the high of seven days` : "";
  return `market: ${regime} since ${utc(since)} (${percent(probabilities[regime])})${down}`;
}

function liquidityWords(
  liquidity: LiquidityState,
  scarce: readonly { symbol: string; impact: number | null; rate: number | null; state: LiquidityState }[],
): string {
  const causes = scarce
    .filter(({ state }) => state === liquidity)
    .map(({ symbol, impact, rate }) => {
      const depth = impact === null ? "takes no trade" : `${percent(impact)} of impact for the whole hedge`;
      return `${symbol}: ${depth}${rate === null ? "" : `, funding ${percent(rate)} a year`}`;
    });
  return `liquidity: ${liquidity}${causes.length > 0 ? ` (${causes.join("; ")})` : ""}`;
}
