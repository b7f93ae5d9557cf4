import { mulDiv } from "../math.js";
import type { Conditions } from "../prepare/conditions.js";
import { ONE, type Ratio18, type TokenAmount, type Usd18, usdValue } from "../units.js";

/** Shares and USD that stand in every conversion: contracts/types/Virtual.sol. */
const VIRTUAL = 10n ** 12n;
/** Widest band at which shares are priced, share of NAV: contracts/vault/Nav.sol. */
const WIDEST_BAND: Ratio18 = 3n * 10n ** 16n;

/** What a settlement at the prices of now would go by. */
export interface SettlementTerms {
  /** NAV less half its band, USD. */
  readonly low: Usd18;
  /** Shares, with the management fee that is due. */
  readonly supply: bigint;
  /** What can be paid: idle settlement tokens, less those that stay as margin, USD. */
  readonly spare: Usd18;
  /** Of the settlement token, USD. */
  readonly price: Usd18;
  readonly decimals: number;
}

/** Null while nothing can be priced: a bad price, no value, or a band that is too wide. */
export function settlementTerms(
  { nav, settings, assets }: Conditions,
  settlementToken: string,
  supply: bigint,
): SettlementTerms | null {
  const cash = assets.find(({ address }) => address === settlementToken);
  if (cash === undefined || !nav.ok || nav.mid <= 0n || nav.half > (nav.mid * WIDEST_BAND) / ONE) return null;
  const { price, decimals, idle } = cash;
  const spare = spareDown(usdValue(idle, decimals, price.mid), nav.mid, settings.minCash);
  return { low: nav.mid - nav.half, supply, spare, price: price.mid, decimals };
}

/** Most that can be paid: `minCash` of the NAV after it stays. */
function spareDown(idle: Usd18, nav: Usd18, minCash: Ratio18): Usd18 {
  const least = (nav * minCash + ONE - 1n) / ONE;
  if (minCash >= ONE || idle <= least) return 0n;
  const most = ((idle - least) * ONE) / (ONE - minCash);
  return most < idle ? most : idle;
}

/** What a settlement would pay for shares that it fills, rounded down as the vault does. */
export function paidDown(terms: SettlementTerms, shares: bigint): { usd: Usd18; assets: TokenAmount } {
  const usd = (shares * (terms.low + VIRTUAL)) / (terms.supply + VIRTUAL);
  return { usd, assets: (usd * 10n ** BigInt(terms.decimals)) / terms.price };
}

/** The part of `due` shares that the cash of now would fill, 1e18 = all of them. */
export function fillable({ low, supply, spare }: SettlementTerms, due: bigint): Ratio18 {
  const most = (spare * (supply + VIRTUAL)) / (low + VIRTUAL);
  return due <= most ? ONE : (mulDiv(most, ONE, due) ?? ONE);
}
