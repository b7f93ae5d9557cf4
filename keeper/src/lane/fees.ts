import type { IntentKind } from "../store/schema.js";
import type { LaneConfig } from "./lane-config.js";

/** Wei for a unit of gas. */
export interface Fees {
  readonly maxFee: bigint;
  readonly priority: bigint;
}

/** What the chain asks for now, wei for a unit of gas. */
export interface Market {
  readonly baseFee: bigint;
  readonly priority: bigint;
}

/** What the limit of a fee depends on. */
export interface Worth {
  readonly kind: IntentKind;
  readonly urgent: boolean;
  /** USD that it moves or brings; null where it moves nothing. */
  readonly notional: number | null;
}

const GWEI = 1e9;
const MILLION = 1_000_000n;
/** Part of the base fee by which a tip grows at least with each rise. */
const LEAST_TIP_PART = 50n;
const wei = (gwei: number): bigint => BigInt(Math.round(gwei * GWEI));
const largest = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const smallest = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** Largest fee of a transaction, USD. */
function usdCap({ kind, urgent, notional }: Worth, fees: LaneConfig["fees"]): number {
  const usual = notional === null ? fees.maxUsd : fees.maxShare * notional;
  return urgent || kind === "poke" ? Math.max(usual, fees.urgentMaxUsd) : usual;
}

/**
 * Most that a unit of gas may cost, wei.
 *
 * @param worth Null for a transaction that cancels
 * @param nativeUsd USD of a whole native coin; null where it is not known, and then only the limit in gwei holds
 */
export function priceCap(
  worth: Worth | null,
  gasLimit: bigint,
  nativeUsd: number | null,
  fees: LaneConfig["fees"],
): bigint {
  const absolute = wei(worth === null ? fees.cancelMaxGwei : fees.maxGwei);
  const usd = worth === null ? fees.cancelMaxUsd : usdCap(worth, fees);
  if (nativeUsd === null) return absolute;
  const gwei = ((usd / nativeUsd) * GWEI) / Number(gasLimit);
  return smallest(absolute, wei(Math.min(gwei, fees.maxGwei + fees.cancelMaxGwei)));
}

/** Fees at which a transaction is included soon and stays so while the base fee rises; null where that costs more than the cap. */
export function firstFees(market: Market, cap: bigint, { fees }: LaneConfig): Fees | null {
  const priority = largest(market.priority, wei(fees.minPriorityGwei));
  if (market.baseFee + priority > cap) return null;
  const factor = BigInt(Math.round(fees.baseFeeFactor * 1e6));
  return { maxFee: smallest((market.baseFee * factor) / MILLION + priority, cap), priority };
}

/** Fees of a transaction that takes another's place, at least the market's; null where even the least rise costs more than the cap. */
export function raisedFees(last: Fees, market: Market, cap: bigint, config: LaneConfig): Fees | null {
  const now = firstFees(market, cap, config) ?? { maxFee: cap, priority: 0n };
  // A share of a tip of nothing is nothing: where one node says that none is needed, it grows all the same.
  const least = last.priority + smallest(market.baseFee, cap) / LEAST_TIP_PART;
  const priority = largest(largest(raised(last.priority, config), now.priority), least);
  const maxFee = largest(largest(raised(last.maxFee, config), priority), now.maxFee);
  return maxFee > cap ? null : { maxFee, priority };
}

/** Rounded up, and more in any case: nodes ask for a strict rise of both fees. */
function raised(fee: bigint, { bumpBy }: LaneConfig): bigint {
  const more = (fee * BigInt(Math.ceil(bumpBy * 1e6)) + MILLION - 1n) / MILLION;
  return fee + largest(more, 1n);
}
