import type { KeeperConfig } from "../config.js";
import { allocate } from "./allocate.js";
import { type Book, oracleSqrtPrice, positionAmounts, worth } from "./book.js";
import { type Budget, type BudgetInputs, budgetFor } from "./budget.js";
import { collateralOf } from "./collateral.js";
import { isStable, type Situation } from "./situation.js";

/** Part of the chain's caps that a plan uses: prices move until it lands. */
export const LIMIT_HEADROOM = 0.98;

/** The vault's budget with the shares that its pools shall have, and why they are what they are. */
export function allocateBudget(
  situation: Situation,
  book: Book,
  covariance: readonly (readonly number[])[] | null,
  reserve: number,
  config: KeeperConfig,
): { budget: Budget; reasons: readonly string[] } {
  const { state } = situation;
  const { maxAsset, maxGross, maxVenue } = state.limits;
  const usable = (Number(state.portfolio.nav) / 1e18) * LIMIT_HEADROOM;
  const cap = (limit: bigint): number => (Number(limit) / 1e18) * usable;
  const legs = Object.keys(book.pools);
  const inputs: Omit<BudgetInputs, "shares"> = {
    stable: state.assets.map(isStable),
    haircuts: collateralOf(situation, book, covariance).idle.map(({ haircut }) => haircut.total),
    reserve,
    caps: {
      asset: cap(maxAsset),
      gross: cap(maxGross),
      venues: cap(maxVenue) * Object.keys(book.hedges).length,
    },
  };
  const even = budgetFor(book, { ...inputs, shares: Object.fromEntries(legs.map((leg) => [leg, 1 / legs.length])) }, config);
  const size = Object.values(even.targets).reduce((sum, target) => sum + target, 0);
  const { shares, reasons } = allocate(situation, book, covariance, size, config);
  return { budget: budgetFor(book, { ...inputs, shares }, config), reasons };
}

/** The legs in the order in which they can be planned: what shrinks first pays for what grows, and what trades the settlement token goes before what does not. */
export function inOrder(book: Book, { targets }: Budget): string[] {
  const surplus = (leg: string): number => {
    const pool = book.pools[leg]!;
    const [i, j] = pool.indices;
    const held = positionAmounts(pool, oracleSqrtPrice(book, pool.indices));
    return Number(worth(book, i, held[0]) + worth(book, j, held[1])) / 1e18 - targets[leg]!;
  };
  const rank = (leg: string): number => (surplus(leg) > 0 ? 0 : book.pools[leg]!.indices.includes(book.settlement) ? 1 : 2);
  return Object.keys(book.pools).sort((a, b) => rank(a) - rank(b));
}
