import type { KeeperConfig } from "../config.js";
import { applyOrder } from "./apply-order.js";
import { type Book, worth } from "./book.js";
import { type Candidate, makeCandidate } from "./candidate.js";
import { type ChainCovariance, type GateVerdict, judge } from "./gate.js";
import { hedgeRatios } from "./hedge-ratios.js";
import { type Measured, measureBook } from "./measure-book.js";
import { isReduction, type PlannedOrder } from "./orders.js";
import type { Situation } from "./situation.js";
import { tradeCost } from "./trade.js";

/** What the vault will be after a plan. */
export interface PredictedPost extends Measured {
  /** The chain's measure of it; null where the chain does not measure. */
  readonly gate: GateVerdict | null;
  /** Short over unhedged exposure of everything, by symbol of the instrument's asset. */
  readonly hedgeRatios: Readonly<Record<string, number>>;
}

/** What to do and why. */
export interface PlanDecision {
  readonly action: "rebalance" | "nothing" | "refused";
  /** In words, most important first. */
  readonly reasons: readonly string[];
  readonly orders: readonly PlannedOrder[];
  /** Null where the vault could not be measured. */
  readonly predicted: PredictedPost | null;
  /** Expected cost of the trades, USD. */
  readonly expectedCost: number;
  /** True where the chain lets only reductions pass. */
  readonly onlyReductions: boolean;
}

/**
 * Decide what to do now: the first of several candidates that the chain's gate will accept, best first. Pure: the same situation and
 * configuration give the same plan.
 */
export function buildPlan(situation: Situation, config: KeeperConfig): PlanDecision {
  const { state, forecast } = situation;
  if (!state.prices.ok) return withoutPrices();
  if (state.portfolio.nav <= 0n) return idle("the vault is empty");

  const chain = chainCovariance(situation);
  const own = forecast ?? (chain === null ? null : toRows(chain.slow));
  if (chain === null) return reductionsOnly(situation, config, own);

  const refusals: string[] = [];
  const hasModel = config.hedge.policy === "minVariance";
  const source = forecast === null ? "the chain's covariance" : "the keeper's own covariance";
  const all = [
    { name: `liquidity and hedge by ${source}`, liquidity: true, covariance: own, banded: true },
    {
      name: "liquidity and hedge by the chain's slow covariance",
      liquidity: true,
      covariance: toRows(chain.slow),
      banded: false,
    },
    {
      name: "liquidity and hedge by the chain's fast covariance",
      liquidity: true,
      covariance: toRows(chain.fast),
      banded: false,
    },
    { name: `hedge alone by ${source}`, liquidity: false, covariance: own, banded: true },
    {
      name: "hedge alone by the chain's slow covariance",
      liquidity: false,
      covariance: toRows(chain.slow),
      banded: false,
    },
  ].filter(({ banded }) => banded || hasModel);

  for (const [index, options] of all.entries()) {
    const candidate = makeCandidate(situation, config, options);
    if (candidate === null) {
      refusals.push(`${options.name}: its orders cannot be paid for`);
      continue;
    }
    if (candidate.orders.length === 0) {
      const quiet = idle(...candidate.reasons, "everything is inside its band");
      return index === 0 ? quiet : { ...quiet, action: "refused", reasons: [...refusals, ...quiet.reasons] };
    }
    const verdict = judgeCandidate(situation, candidate, chain);
    if (verdict.accepted) return accept(situation, candidate, verdict, refusals, false);
    refusals.push(`${options.name}: ${verdict.reasons.join(" and ")}`);
  }
  return { ...idle(), action: "refused", reasons: ["no plan would be accepted by the chain", ...refusals] };
}

/** Without a usable covariance on-chain only reductions pass, and nothing is measured. */
function reductionsOnly(
  situation: Situation,
  config: KeeperConfig,
  covariance: readonly (readonly number[])[] | null,
): PlanDecision {
  const why = "the covariance oracle is not usable: only reductions pass";
  const options = { name: "reductions", liquidity: false, covariance, banded: true, onlyReductions: true };
  const candidate = makeCandidate(situation, config, options);
  if (candidate === null || candidate.orders.length === 0) return { ...idle(why), onlyReductions: true };
  const reasons = [why, ...candidate.reasons];
  return accept(situation, { ...candidate, reasons }, null, [], true);
}

/** Without prices a margin ratio would be a guess, and nothing else could be justified. */
function withoutPrices(): PlanDecision {
  return { ...idle("a price is not good: nothing is measured, so nothing is traded"), onlyReductions: true };
}

function accept(
  situation: Situation,
  candidate: Candidate,
  gate: GateVerdict | null,
  refusals: readonly string[],
  onlyReductions: boolean,
): PlanDecision {
  const measured = measureBook(candidate.after);
  const ratios = hedgeRatios(situation.state.assets, measured.exposure, measured.hedgeExposure);
  return {
    action: "rebalance",
    reasons: [...candidate.reasons, ...refusals.map((text) => `not taken: ${text}`)],
    orders: candidate.orders,
    predicted: { ...measured, gate, hedgeRatios: ratios },
    expectedCost: costOf(candidate),
    onlyReductions,
  };
}

function judgeCandidate({ state }: Situation, candidate: Candidate, chain: ChainCovariance): GateVerdict {
  const { nav, exposure, hedgeExposure, gammas } = state.portfolio;
  const before: Measured = { nav, exposure, hedgeExposure, gammas, marginRatio: {} };
  const verdict = judge(chain, state.limits, before, measureBook(candidate.after), candidate.orders.every(isReduction));
  const onlyMargin = candidate.orders.every((order) => order.action === "margin" && order.amount > 0n);
  return onlyMargin ? { ...verdict, accepted: true, reasons: [] } : verdict;
}

/** Fees and impact of every trade, each at the book that it meets. USD. */
function costOf({ orders, before }: Candidate): number {
  let book = before;
  return orders.reduce((sum, order) => {
    const cost = orderCost(book, order);
    book = applyOrder(book, order);
    return sum + cost;
  }, 0);
}

function orderCost(book: Book, order: PlannedOrder): number {
  if (order.action === "swap") {
    const pool = book.pools[order.leg]!;
    const usd = Number(worth(book, pool.indices[order.zeroForOne ? 0 : 1], order.amountIn)) / 1e18;
    return (usd * pool.fee) / 1e6;
  }
  if (order.action !== "size") return 0;
  const quote = book.hedges[order.leg]?.positions.find(({ market }) => market === order.market)?.quote;
  return quote ? Number(tradeCost(quote, order.size)) / 1e18 : 0;
}

function chainCovariance({ state }: Situation): ChainCovariance | null {
  const { usable, fast, slow } = state.covariance;
  if (!usable || fast === null || slow === null) return null;
  const plain = (rows: bigint[][]): number[] => rows.flat().map((value) => Number(value) / 1e18);
  return { fast: plain(fast), slow: plain(slow) };
}

function toRows(flat: readonly number[]): number[][] {
  const size = Math.round(Math.sqrt(flat.length));
  return Array.from({ length: size }, (_, i) => flat.slice(i * size, (i + 1) * size));
}

function idle(...reasons: string[]): PlanDecision {
  return { action: "nothing", reasons, orders: [], predicted: null, expectedCost: 0, onlyReductions: false };
}
