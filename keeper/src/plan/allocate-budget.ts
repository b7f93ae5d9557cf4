import type { KeeperConfig } from "../config.js";
import { allocate } from "./allocate.js";
import { type Book, oracleSqrtPrice, positionAmounts, symbolOf, worth } from "./book.js";
import { type Budget, type BudgetInputs, budgetFor } from "./budget.js";
import { collateralOf } from "./collateral.js";
import { isStable, type Situation } from "./situation.js";
import { sellableNow } from "./spot-market.js";

/** Part of the chain's caps that a plan uses: prices move until it lands. */
export const LIMIT_HEADROOM = 0.98;
/** Part of the band around the oracle's price that a plan's own swaps may use. */
export const BAND_USED = 0.8;

/** The vault's budget with the shares that its pools shall have, and why they are what they are. */
export function allocateBudget(
  situation: Situation,
  book: Book,
  covariance: readonly (readonly number[])[] | null,
  reserve: number,
  config: KeeperConfig,
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
  const { shares, reasons } = allocate(situation, book, covariance, size, config);
  const budget = budgetFor(book, { ...inputs, shares }, config);
  const { cappedBy } = budget;
  if (cappedBy === null) return { budget, reasons };
  const what = cappedBy === "shorts" ? "all shorts" : `exposure to ${symbolOf(state, cappedBy)}`;
  const most = cappedBy === "shorts" ? inputs.caps.gross : inputs.caps.asset;
  const reason = `liquidity is kept down: ${what} may be $${most.toFixed(0)} at most`;
  return { budget, reasons: [...reasons, reason] };
}

/** The legs in the order in which they can be planned: what shrinks first pays for what grows, and what trades the settlement token goes before what does not. */
export function inOrder(book: Book, { targets }: Budget): string[] {
  const surplus = (leg: string): number => {
    const pool = book.pools[leg]!;
    const [i, j] = pool.indices;
    const held = positionAmounts(pool, oracleSqrtPrice(book, pool.indices));
    return Number(worth(book, i, held[0]) + worth(book, j, held[1])) / 1e18 - targets[leg]!;
  };
  const rank = (leg: string): number =>
    surplus(leg) > 0 ? 0 : book.pools[leg]!.indices.includes(book.settlement) ? 1 : 2;
  return Object.keys(book.pools).sort((a, b) => rank(a) - rank(b));
}
