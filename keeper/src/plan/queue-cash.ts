import type { VaultState } from "@crosshedge/sdk";
import { settlementIndex } from "./situation.js";

/** Settlement tokens that the redemption queue asks for. USD. */
export interface QueueCash {
  /** What all shares that wait are worth at the low side of the NAV's band. */
  readonly claims: number;
  /** What must lie idle so that a settlement can pay the claims and leave the least cash; zero while nobody waits. */
  readonly reserve: number;
  /** Part of the reserve that is not there. */
  readonly shortfall: number;
}

/** What the queue asks of a vault as it stands. */
export function queueCash(state: VaultState): QueueCash {
  const { queue, totalSupply, portfolio, settings, prices, assets } = state;
  const low = portfolio.nav - portfolio.half;
  if (queue.shares === 0n || totalSupply === 0n || low <= 0n) return { claims: 0, reserve: 0, shortfall: 0 };
  const claims = Number((queue.shares * low) / totalSupply) / 1e18;
  const reserve = claims + (Number(portfolio.nav) / 1e18) * (Number(settings.minCash) / 1e18);
  const index = settlementIndex(state);
  const { idle, decimals } = assets[index]!;
  const held = Number((idle * prices.mid[index]!) / 10n ** BigInt(decimals)) / 1e18;
  return { claims, reserve, shortfall: Math.max(0, reserve - held) };
}
