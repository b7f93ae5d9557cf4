import type { KeeperConfig } from "../config.js";
import { allocate, type PoolShares } from "./allocate.js";
import { type Book, placedIn, symbolOf } from "./book.js";
import { type Budget, type BudgetInputs, budgetFor } from "./budget.js";
import { collateralOf } from "./collateral.js";
import { isStable, type Situation } from "./situation.js";
import { sellableNow } from "./spot-market.js";

/** Part of the chain's caps that a plan uses: prices move until it lands. */
export const LIMIT_HEADROOM = 0.98;
/** Part of the band around the oracle's price that a plan's own swaps may use. */
export const BAND_USED = 0.8;

/**
 * The vault's budget with the shares that its pools shall have, and why they are what they are.
 *
 * @param keepShares True where no liquidity may be added: what left one pool could not go to another, so that all shrink alike
 */
export function allocateBudget(
  situation: Situation,
  book: Book,
  covariance: readonly (readonly number[])[] | null,
  reserve: number,
  config: KeeperConfig,
  keepShares = false,
): { budget: Budget; reasons: readonly string[] } {
  const { state } = situation;
  const { maxAsset, maxGross, poolBand } = state.limits;
  const usable = (Number(state.portfolio.nav) / 1e18) * LIMIT_HEADROOM;
  const cap = (limit: bigint): number => (Number(limit) / 1e18) * usable;
  const legs = Object.keys(book.pools);
  const inputs: Omit<BudgetInputs, "shares"> = {
    stable: state.assets.map(isStable),
    sales: collateralOf(situation, book, covariance).idle.map(({ haircut: { premium, total } }, asset) => {
      return { now: sellableNow(book, asset, (Number(poolBand) / 1e18) * BAND_USED), premium, haircut: total };
    }),
    reserve,
    caps: { asset: cap(maxAsset), gross: cap(maxGross) },
  };
  const even = budgetFor(
    book,
    { ...inputs, shares: Object.fromEntries(legs.map((leg) => [leg, 1 / legs.length])) },
    config,
  );
  const size = Object.values(even.targets).reduce((sum, target) => sum + target, 0);
  const wanted = allocate(situation, book, covariance, size, config);
  const { shares, reasons } = keepShares ? placedShares(book, wanted) : wanted;
  const budget = budgetFor(book, { ...inputs, shares }, config);
  const { cappedBy } = budget;
  if (cappedBy === null) return { budget, reasons };
  const what = cappedBy === "shorts" ? "all shorts" : `exposure to ${symbolOf(state, cappedBy)}`;
  const most = cappedBy === "shorts" ? inputs.caps.gross : inputs.caps.asset;
  const reason = `liquidity is kept down: ${what} may be $${most.toFixed(0)} at most`;
  return { budget, reasons: [...reasons, reason] };
}

/** As much liquidity in all, spread over the pools as what is in them now. */
function placedShares(book: Book, wanted: PoolShares): PoolShares {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const placed = Object.keys(book.pools).map((leg) => [leg, placedIn(book, leg)] as const);
  const total = sum(placed.map(([, value]) => value));
  const all = sum(Object.values(wanted.shares));
  if (total <= 0 || all <= 0 || placed.length === 1) return wanted;
  return {
    shares: Object.fromEntries(placed.map(([leg, value]) => [leg, (all * value) / total])),
    reasons: ["liquidity does not move from pool to pool as long as none is added"],
  };
}

/**
 * The legs in the order in which they can be planned: what shrinks first pays for what grows, and what trades the settlement token goes before
 * what does not.
 */
export function inOrder(book: Book, { targets }: Budget): string[] {
  const rank = (leg: string): number => {
    if (placedIn(book, leg) > targets[leg]!) return 0;
    return book.pools[leg]!.indices.includes(book.settlement) ? 1 : 2;
  };
  return Object.keys(book.pools).sort((a, b) => rank(a) - rank(b));
}

/** By asset, USD that other legs than this still need of it: half of what they lack, or all where it must be swapped on. */
export function neededElsewhere(book: Book, { targets }: Budget, leg: string): number[] {
  const needed = book.prices.map(() => 0);
  for (const [other, { indices }] of Object.entries(book.pools)) {
    if (other === leg) continue;
    const share = indices.includes(book.settlement) ? 0.5 : 1;
    for (const asset of indices) needed[asset]! += share * Math.max(0, targets[other]! - placedIn(book, other));
  }
  return needed;
}
