import type { KeeperConfig } from "../config.js";
import { type Allocation, allocatePools } from "../model/collateral/allocation.js";
import { netIncome } from "../model/collateral/net-income.js";
import { type Book, symbolOf } from "./book.js";
import { type PoolProspect, poolProspects } from "./pool-prospects.js";
import type { Situation } from "./situation.js";

/** How the vault's liquidity is to be spread over its pools, and why. */
export interface PoolShares {
  /** By leg, adding up to 1 or less. */
  readonly shares: Readonly<Record<string, number>>;
  /** In words; empty where there is nothing to choose. */
  readonly reasons: readonly string[];
}

const percent = (value: number): string => `${(value * 100).toFixed(1)}%`;

/**
 * The shares by `liquidity.allocation`: equal, or by risk and income where there is a covariance to tell them by. A pool alone has everything,
 * unless it pays nothing and the configuration says to leave it then.
 *
 * @param size Liquidity of the whole vault, USD
 */
export function allocate(
  situation: Situation,
  book: Book,
  covariance: readonly (readonly number[])[] | null,
  size: number,
  config: KeeperConfig,
): PoolShares {
  const legs = Object.keys(book.pools);
  const { allocation, maxPoolShare, incomeBand, leaveWhenNonePays: leave } = config.liquidity;
  const even = Object.fromEntries(legs.map((leg) => [leg, Math.min(1 / legs.length, maxPoolShare)]));
  const alone = legs.length === 1 && !leave;
  if (allocation === "equal" || alone || covariance === null) return { shares: even, reasons: [] };
  const { pools, covariance: risk } = poolProspects(situation, book, covariance, size / legs.length, config);
  const prospects = pools.map(({ leg, income }) => ({
    net: income === null ? null : netIncome(income),
    held: book.pools[leg]!.liquidity > 0n,
    cap: maxPoolShare,
  }));
  const result = allocatePools(prospects, risk, { band: incomeBand, leave });
  return {
    shares: Object.fromEntries(pools.map(({ leg }, index) => [leg, result.weights[index]!])),
    reasons: inWords(situation, book, pools, result),
  };
}

function inWords(situation: Situation, book: Book, pools: readonly PoolProspect[], result: Allocation): string[] {
  const { weights, contributions, basis, pays } = result;
  if (basis === "one pool") return [];
  const total = contributions.reduce((sum, part) => sum + part, 0);
  return pools.map(({ leg, income }, index) => {
    const [i, j] = book.pools[leg]!.indices;
    const pair = `${symbolOf(situation.state, i)}/${symbolOf(situation.state, j)}`;
    const share = `${pair} gets ${percent(weights[index]!)} of the liquidity`;
    const risk = total > 0 ? `, ${percent(contributions[index]! / total)} of its risk` : "";
    if (income === null) return `${share}${risk}: its fees are not known yet`;
    const { fees, lvr, carry, rehedging } = income;
    const parts = `fees ${percent(fees)}, LVR ${percent(lvr)}, carry ${percent(carry)}, hedging ${percent(rehedging)} a year`;
    const why = pays[index] ? "" : ", which does not pay";
    return `${share}${risk}: net ${percent(netIncome(income))} (${parts})${why}`;
  });
}
