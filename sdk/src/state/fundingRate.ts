import type { Ratio18, Usd18 } from "../units.js";

const MILLION = 1_000_000n;
const DAYS_A_YEAR = 365n;

/**
 * What a long in a Perp v2 market pays at these averages, a year's, share of its notional at the index; negative where it is paid.
 *
 * (market − index)/index a day, capped on both sides (`Exchange._getDeltaTwapX96` and `Funding` of @perp/curie-contract 2.8.4).
 *
 * @param market The market's average price
 * @param index The index's average over the same time
 * @param cap Largest rate of a day, millionths: `ClearingHouseConfig.getMaxFundingRate()`
 */
export function perpV2FundingRate(market: Usd18, index: Usd18, cap: bigint): Ratio18 | null {
  if (index === 0n) return null;
  const most = (index * cap) / MILLION;
  const gap = market - index;
  const premium = gap > most ? most : gap < -most ? -most : gap;
  return (premium * DAYS_A_YEAR * 10n ** 18n) / index;
}
