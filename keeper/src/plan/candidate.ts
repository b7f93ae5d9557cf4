import type { KeeperConfig } from "../config.js";
import { applyOrder } from "./apply-order.js";
import { arrange, type OrderParts, replay } from "./arrange.js";
import { type Book, openBook, oracleSqrtPrice, symbolOf } from "./book.js";
import { budgetFor } from "./budget.js";
import { type HedgeTarget, hedgeTargets } from "./hedge.js";
import { accountOf } from "./hedge-account.js";
import { planLiquidity } from "./liquidity.js";
import { addMargin, releaseMargin } from "./margin.js";
import { measureBook } from "./measure-book.js";
import { isReduction, type PlannedOrder } from "./orders.js";
import { isStable, type Situation } from "./situation.js";
import { sizeOrders } from "./size-orders.js";
import { poolDeviation } from "./swap-size.js";

/** How a candidate is made. */
export interface CandidateOptions {
  /** What it is, for the reasons. */
  readonly name: string;
  readonly liquidity: boolean;
  readonly covariance: readonly (readonly number[])[] | null;
  /** False to hedge to the optimum itself. */
  readonly banded: boolean;
  /** True to leave out every order that is not a reduction. */
  readonly onlyReductions?: boolean;
}

/** Orders in a sequence that can be carried out, and what they lead to. */
export interface Candidate {
  readonly name: string;
  readonly orders: readonly PlannedOrder[];
  readonly reasons: readonly string[];
  readonly before: Book;
  readonly after: Book;
  readonly targets: readonly HedgeTarget[];
}

/** Headroom over the chain's least margin ratio when shorts are capped by the capital at hand. */
const MARGIN_HEADROOM = 1.25;
/** Part of the chain's caps that a plan uses: prices move until it lands. */
const LIMIT_HEADROOM = 0.98;
const percent = (value: number): string => `${(value * 100).toFixed(2)}%`;

/** Work out one way to bring the vault to its targets; null where its orders cannot be carried out. */
export function makeCandidate(situation: Situation, config: KeeperConfig, options: CandidateOptions): Candidate | null {
  const { state } = situation;
  const before = openBook(situation);
  const stable = state.assets.map(isStable);
  const nav = Number(state.portfolio.nav) / 1e18;
  const reasons: string[] = [];

  const liquidity =
    options.liquidity && config.liquidity.manage
      ? liquidityPart(situation, before, stable, nav, config, reasons)
      : null;
  const release = liquidity?.release ?? [];
  const afterLiquidity = liquidity?.book ?? before;

  const floor = Math.max((Number(state.limits.minMarginRatio) / 1e18) * MARGIN_HEADROOM, config.margin.low * 0.75);
  const targets = hedgeTargets(
    {
      book: afterLiquidity,
      measured: measureBook(afterLiquidity),
      stable,
      covariance: options.covariance,
      marginFloor: floor,
      maxGross: (Number(state.limits.maxGross) / 1e18) * nav * LIMIT_HEADROOM,
      minTrade: config.hedge.minTrade * nav,
      banded: options.banded,
      naiveAsset: state.assets.findIndex(({ symbol }) => symbol === config.hedge.naiveAsset),
    },
    config,
  );
  const { minTrade, maxImpact } = config.hedge;
  const wanted = sizeOrders(afterLiquidity, targets, minTrade * nav, maxImpact, (asset) => symbolOf(state, asset));
  const sizes = options.onlyReductions === true ? wanted.filter(isReduction) : wanted;
  reasons.push(...sizes.map(({ reason }) => reason));
  const sized = sizes.reduce((book, order) => applyOrder(book, order), afterLiquidity);

  const margin: PlannedOrder[] = [];
  let idle = afterLiquidity.idle[afterLiquidity.settlement]!;
  for (const leg of Object.keys(sized.hedges)) {
    const order = addMargin(sized, leg, idle, config);
    if (order === undefined) continue;
    margin.push(order);
    idle -= order.amount;
    reasons.push(order.reason);
  }
  const parts: OrderParts = { release, liquidity: liquidity?.orders ?? [], margin, size: sizes };
  const orders = arrange(before, parts);
  const after = orders === null ? null : replay(before, orders);
  if (orders === null || after === null) return null;
  return { name: options.name, orders, reasons, before, after, targets };
}

function liquidityPart(
  situation: Situation,
  start: Book,
  stable: readonly boolean[],
  nav: number,
  config: KeeperConfig,
  reasons: string[],
): { release: PlannedOrder[]; orders: PlannedOrder[]; book: Book } {
  const { state, pools } = situation;
  const band = Number(state.limits.poolBand) / 1e18;
  const legs = Object.keys(start.pools);
  const release: PlannedOrder[] = [];
  const orders: PlannedOrder[] = [];
  let book = start;
  for (const leg of legs) {
    const pool = book.pools[leg]!;
    const deviation = poolDeviation(pool, oracleSqrtPrice(book, pool.indices));
    if (deviation > band) {
      reasons.push(
        `liquidity waits: the pool stands ${percent(deviation)} from the oracle, more than ${percent(band)}`,
      );
      continue;
    }
    const budget = budgetFor(book, leg, stable, 1 / legs.length, config);
    const hedges = Object.keys(book.hedges);
    for (const hedge of hedges) {
      if (release.some((order) => order.leg === hedge)) continue;
      const given = releaseMargin(book, hedge, budget.margin / hedges.length, config);
      if (given === undefined) continue;
      release.push(given);
      reasons.push(given.reason);
      book = applyOrder(book, given);
    }
    const equity = Object.keys(book.hedges).reduce((sum, hedge) => sum + equityOf(book, hedge), 0);
    const reserve = Math.max(0, budget.margin - equity);
    const context = { leg, spacing: pools[leg]!.tickSpacing, budget, nav, reserve, band: band * 0.8 };
    const decision = planLiquidity(book, context, config);
    orders.push(...decision.orders);
    reasons.push(...decision.reasons);
    book = decision.book;
  }
  return { release, orders, book };
}

function equityOf(book: Book, leg: string): number {
  return Number(accountOf(book.prices, book.hedges[leg]!).equity) / 1e18;
}
