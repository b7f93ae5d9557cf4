import { sum } from "../../math.js";
import type { LegState } from "../../state/legTypes.js";
import type { VaultState } from "../../state/types.js";
import { ONE, type Usd18, usdValue } from "../../units.js";
import type { LegWorth, ProfitSample, Worth } from "./types.js";

/** Index of the settlement token in the vault's assets. */
export function settlementIndexOf({ assets, settlementToken }: VaultState): number {
  return assets.findIndex(({ address }) => address === settlementToken);
}

/** The legs as the state itself has them, at its own prices; null where these are bad. */
export function worthOf(state: VaultState): Worth | null {
  if (!state.prices.ok) return null;
  const legs = state.legs.map((leg) => legWorth(leg, settlementIndexOf(state)));
  if (legs.some((leg) => leg === null)) return null;
  return { mids: state.prices.mid, legs: legs as LegWorth[] };
}

function legWorth(leg: LegState, settlementIndex: number): LegWorth | null {
  const { address, value } = leg;
  if (value === null) return null;
  const pair = leg.kind === "liquidity" ? { amounts: leg.amounts, fees: leg.fees } : { amounts: null, fees: null };
  return { address, equity: value.equity, settlementExposure: value.exposure[settlementIndex] ?? 0n, ...pair };
}

/** NAV of a state's idle tokens and of its legs at given prices, rounded as the vault does. */
export function navAt({ assets }: VaultState, { mids, legs }: Worth): Usd18 {
  const idle = assets.map(({ idle, decimals }, index) => usdValue(idle, decimals, mids[index] ?? 0n));
  return sum(idle) + sum(legs.map(({ equity }) => equity));
}

/** True for the same prices. */
export function sameMids(a: readonly Usd18[], b: readonly Usd18[]): boolean {
  return a.length === b.length && a.every((mid, index) => mid === b[index]);
}

/** An amount of one asset at the prices of a sample, towards zero. */
export function amountUsd({ state, own }: ProfitSample, index: number, amount: bigint): Usd18 {
  return (amount * (own.mids[index] ?? 0n)) / 10n ** BigInt(state.assets[index]?.decimals ?? 0);
}

/** One leg's worth. */
export function find(legs: readonly LegWorth[], address: string): LegWorth | undefined {
  return legs.find((leg) => leg.address === address);
}

/** Settlement tokens, 1e18, in USD at a sample's prices. */
export function settlementUsd({ state, own }: ProfitSample, amount: bigint): Usd18 {
  return (amount * (own.mids[settlementIndexOf(state)] ?? 0n)) / ONE;
}
