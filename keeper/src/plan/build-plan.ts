import type { KeeperConfig } from "../config.js";
import { KeeperError } from "../errors.js";
import { applyOrder } from "./apply-order.js";
import type { BasisTrade } from "./basis/basis-trade.js";
import { type Book, openBook, worth } from "./book.js";
import { type Candidate, type CandidateOptions, makeCandidate } from "./candidate.js";
import { type Cycles, cyclesOf } from "./cycles.js";
import {
  budgetLeft,
  type ChainCovariance,
  chainCovariance,
  chargeOf,
  covarianceRows,
  type GateVerdict,
  judge,
  type Rules,
  rulesOf,
} from "./gate.js";
import { hedgeRatios } from "./hedge-ratios.js";
import { type Measured, measureBook } from "./measure-book.js";
import { isReduction, type PlannedOrder } from "./orders.js";
import type { HedgeSolution } from "./program/hedge-solution.js";
import type { ReasonCode } from "./reason-codes.js";
import type { Situation } from "./situation.js";
import { tradeCost } from "./trade.js";

/** What the vault will be after a plan. */
export interface PredictedPost extends Measured {
  /** The chain's measure of it; null where the chain does not measure. */
  readonly gate: GateVerdict | null;
  /** Short over unhedged exposure of everything, by symbol of the instrument's asset. */
  readonly hedgeRatios: Readonly<Record<string, number>>;
  /** What it takes of the NAV, USD. */
  readonly cost: number;
  /** By hedge leg and market, base tokens, 1e18, negative for a short. */
  readonly positions: Readonly<Record<string, Readonly<Record<string, bigint>>>>;
}

/** What to do and why. */
export interface PlanDecision {
  readonly action: "rebalance" | "nothing" | "refused";
  readonly codes: readonly ReasonCode[];
  /** In words, most important first. */
  readonly reasons: readonly string[];
  readonly orders: readonly PlannedOrder[];
  /** Null where the vault could not be measured. */
  readonly predicted: PredictedPost | null;
  /** Why the shorts shall be what they shall be: variance, costs and limits that bind; null where no program decided. */
  readonly hedge: HedgeSolution | null;
  /** What is held for its funding against an equal short. */
  readonly basis: readonly BasisTrade[];
  /** Expected cost of the trades, USD. */
  readonly expectedCost: number;
  /** True where the chain lets only reductions pass. */
  readonly onlyReductions: boolean;
  /** Where the market stands in its cycle. */
  readonly cycles: Cycles;
}

/** A decision before what it was made in is added. */
type Choice = Omit<PlanDecision, "cycles">;

/**
 * Decide what to do now: the first of several candidates that the chain's gate will accept, best first. Pure: the same situation and
 * configuration give the same plan.
 */
export function buildPlan(situation: Situation, config: KeeperConfig): PlanDecision {
  return { ...choose(situation, config), cycles: cyclesOf(situation) };
}

function choose(situation: Situation, config: KeeperConfig): Choice {
  const { state, forecast } = situation;
  if (!state.prices.ok) return withoutPrices();
  if (state.portfolio.nav <= 0n) return idle("hold.empty", "the vault is empty");
  const wait = state.keeperReadyAt - state.block.timestamp;
  if (wait > 0) return marginOnly(situation, config, "hold.cooldown", `the cooldown lasts ${wait} more seconds`);

  const chain = chainCovariance(state);
  const own = forecast?.covariance ?? (chain === null ? null : covarianceRows(chain.slow));
  if (chain === null) {
    const why = "the covariance oracle is not usable: only reductions pass";
    return reductionsOnly(situation, config, own, "hold.oracle", why);
  }
  if (state.mode === "ReduceOnly" || state.mode === "Closed") {
    const why = `the vault's mode is ${state.mode}: only reductions pass`;
    return reductionsOnly(situation, config, own, "hold.mode", why);
  }
  return bestCandidate(situation, config, chain, own);
}

function bestCandidate(
  situation: Situation,
  config: KeeperConfig,
  chain: ChainCovariance,
  own: readonly (readonly number[])[] | null,
): Choice {
  const rules = rulesOf(situation.state);
  const refusals: string[] = [];
  for (const [index, options] of candidates(situation, config, chain, own).entries()) {
    const candidate = attempt(situation, config, options);
    if (typeof candidate === "string") {
      refusals.push(candidate);
      continue;
    }
    if (candidate.orders.length === 0) {
      const reasons = [...candidate.reasons, "everything is inside its band"];
      const quiet = { ...idle("hold.band", ...reasons), ...ofCandidate(candidate) };
      return index === 0 ? quiet : { ...quiet, ...refusedFor("refused.gate"), reasons: [...refusals, ...reasons] };
    }
    const verdict = judgeCandidate(situation, candidate, chain, rules);
    if (verdict.accepted) return accept(situation, candidate, measuredBy(candidate, verdict), refusals, false);
    refusals.push(`${options.name}: ${verdict.reasons.join(" and ")}`);
    const part = affordable(options, verdict, rules);
    if (part === null) continue;
    const smaller = attempt(situation, config, part);
    if (typeof smaller === "string" || smaller.orders.length === 0) continue;
    const again = judgeCandidate(situation, smaller, chain, rules);
    if (again.accepted) return accept(situation, smaller, again, refusals, false);
    refusals.push(`${part.name}: ${again.reasons.join(" and ")}`);
  }
  for (const options of lastResorts(own)) {
    const candidate = attempt(situation, config, options);
    if (typeof candidate === "string" || candidate.orders.length === 0) continue;
    const verdict = judgeCandidate(situation, candidate, chain, rules);
    if (verdict.accepted) return accept(situation, candidate, measuredBy(candidate, verdict), refusals, false);
  }
  const none = idle("refused.gate", "no plan would be accepted by the chain", ...refusals);
  return { ...none, ...refusedFor("refused.gate") };
}

/** A candidate, or in words why there is none: a program without a solution must not keep margin from an account. */
function attempt(situation: Situation, config: KeeperConfig, options: CandidateOptions): Candidate | string {
  try {
    return makeCandidate(situation, config, options) ?? `${options.name}: its orders cannot be paid for`;
  } catch (error) {
    if (error instanceof KeeperError) return `${options.name}: ${error.message}`;
    throw error;
  }
}

/** What the chain takes of an account that nothing else can bring above its least margin: caps are not asked of it. */
function lastResorts(own: readonly (readonly number[])[] | null): CandidateOptions[] {
  const alone = { liquidity: false, banded: true } as const;
  return [
    { ...alone, name: "margin and reductions alone", covariance: own, only: "reductions" },
    { ...alone, name: "margin alone", covariance: null, only: "margin" },
  ];
}

/** The same hedge in such a part that the loss budget pays for it; null where that would not help. */
function affordable(options: CandidateOptions, { charge }: GateVerdict, rules: Rules): CandidateOptions | null {
  const left = budgetLeft(rules);
  if (options.liquidity || charge <= left || left <= 0) return null;
  const share = (0.95 * left) / charge;
  return { ...options, share, name: `${options.name}, ${(share * 100).toFixed(0)}% of it` };
}

/** Best first. */
function candidates(
  { forecast }: Situation,
  config: KeeperConfig,
  chain: ChainCovariance,
  own: readonly (readonly number[])[] | null,
): CandidateOptions[] {
  const source = forecast === null ? "the chain's covariance" : "the keeper's own covariance";
  const [slow, fast] = [covarianceRows(chain.slow), covarianceRows(chain.fast)];
  const withoutBasis = { liquidity: true, basis: false } as const;
  const all: CandidateOptions[] = [
    { name: `liquidity and hedge by ${source}`, liquidity: true, covariance: own, banded: true },
    { name: `liquidity and hedge by ${source}, no basis trade`, ...withoutBasis, covariance: own, banded: true },
    { name: "liquidity and hedge by the chain's slow covariance", liquidity: true, covariance: slow, banded: false },
    { name: "liquidity and hedge by the chain's fast covariance", liquidity: true, covariance: fast, banded: false },
    { name: `hedge alone by ${source}`, liquidity: false, covariance: own, banded: true },
    { name: "hedge alone by the chain's slow covariance", liquidity: false, covariance: slow, banded: false },
  ];
  const offered = all.filter(({ basis }) => basis !== false || config.basis.enabled);
  return offered.filter(({ banded }) => banded || config.hedge.policy === "minVariance");
}

/**
 * The margin alone that the shorts need now; nothing where they have enough. Pure. Where much else is to be done first, it comes before all
 * of it.
 */
export function planMargin(situation: Situation, config: KeeperConfig): PlanDecision {
  const { state } = situation;
  const able = state.prices.ok && state.portfolio.nav > 0n;
  const why = "margin is wanting, and comes before everything else";
  const choice = able ? marginOnly(situation, config, "plan.marginAdd", why) : withoutPrices();
  return { ...choice, cycles: cyclesOf(situation) };
}

/** Added margin needs no cooldown. */
function marginOnly(situation: Situation, config: KeeperConfig, code: ReasonCode, why: string): Choice {
  const options = { name: "margin", liquidity: false, covariance: null, banded: true, only: "margin" } as const;
  const candidate = makeCandidate(situation, config, options);
  if (candidate === null || candidate.orders.length === 0) return idle(code, why);
  return accept(situation, { ...candidate, reasons: [why, ...candidate.reasons] }, null, [], false);
}

/** Where only reductions pass, nothing is judged but the loss budget. */
function reductionsOnly(
  situation: Situation,
  config: KeeperConfig,
  covariance: readonly (readonly number[])[] | null,
  code: ReasonCode,
  why: string,
): Choice {
  const options: CandidateOptions = {
    name: "reductions",
    liquidity: false,
    covariance,
    banded: true,
    only: "reductions",
  };
  const candidate = makeCandidate(situation, config, options);
  if (candidate === null || candidate.orders.length === 0) return { ...idle(code, why), onlyReductions: true };
  const rules = rulesOf(situation.state);
  const charge = chargeOf(rules, measuredNow(situation), measureBook(candidate.after));
  const share = charge > budgetLeft(rules) ? (0.95 * budgetLeft(rules)) / charge : 1;
  const paid = share === 1 ? candidate : makeCandidate(situation, config, { ...options, share });
  if (paid === null || paid.orders.length === 0) {
    const spent = idle("refused.budget", why, "the loss budget is spent");
    return { ...spent, ...refusedFor("refused.budget"), onlyReductions: true };
  }
  return accept(situation, { ...paid, reasons: [why, ...paid.reasons] }, null, [], true);
}

/** Without prices a margin ratio would be a guess, and nothing else could be justified. */
function withoutPrices(): Choice {
  const why = "a price is not good, or a venue does not answer: nothing is measured, so nothing is traded";
  return { ...idle("hold.prices", why), onlyReductions: true };
}

function accept(
  situation: Situation,
  candidate: Candidate,
  gate: GateVerdict | null,
  refusals: readonly string[],
  onlyReductions: boolean,
): Choice {
  const measured = measureBook(candidate.after);
  const ratios = hedgeRatios(situation.state.assets, measured.exposure, measured.hedgeExposure);
  const cost = Number(situation.state.portfolio.nav - measured.nav) / 1e18;
  return {
    action: "rebalance",
    codes: codesOf(candidate.orders, onlyReductions),
    reasons: [...candidate.reasons, ...refusals.map((text) => `not taken: ${text}`)],
    orders: candidate.orders,
    predicted: { ...measured, gate, hedgeRatios: ratios, cost, positions: positionsIn(candidate.after) },
    ...ofCandidate(candidate),
    expectedCost: costOf(candidate),
    onlyReductions,
  };
}

/** What explains a candidate, whether it trades or not. */
function ofCandidate({ hedge, basis }: Candidate): Pick<PlanDecision, "hedge" | "basis"> {
  return { hedge, basis };
}

function judgeCandidate(
  situation: Situation,
  { orders, after }: Candidate,
  chain: ChainCovariance,
  rules: Rules,
): GateVerdict {
  const nature = {
    onlyReductions: orders.every(isReduction),
    onlyMargin: addsOnlyMargin(orders),
  };
  return judge(chain, rules, measuredNow(situation), measureBook(after), nature);
}

/** The chain measures no plan that only adds margin. */
function measuredBy({ orders }: Candidate, verdict: GateVerdict): GateVerdict | null {
  return addsOnlyMargin(orders) ? null : verdict;
}

function addsOnlyMargin(orders: readonly PlannedOrder[]): boolean {
  return orders.every((order) => order.action === "margin" && order.amount > 0n);
}

/** The vault before the plan: what the chain measured, and the legs' equity. */
function measuredNow(situation: Situation): Measured {
  const { nav, exposure, hedgeExposure, gammas } = situation.state.portfolio;
  const { legEquity } = measureBook(openBook(situation));
  return { nav, exposure, hedgeExposure, gammas, marginRatio: {}, legEquity };
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

/** What orders are for. */
function codesOf(orders: readonly PlannedOrder[], onlyReductions: boolean): ReasonCode[] {
  const codes = orders.map((order): ReasonCode => {
    if (order.action === "size") return "plan.hedge";
    if (order.action !== "margin") return "plan.liquidity";
    return order.amount > 0n ? "plan.marginAdd" : "plan.marginTake";
  });
  return [...new Set(onlyReductions ? [...codes, "plan.reductionsOnly" as const] : codes)];
}

function positionsIn({ hedges }: Book): PredictedPost["positions"] {
  const sizes = Object.entries(hedges).map(([leg, { positions }]) => {
    return [leg, Object.fromEntries(positions.map(({ market, size }) => [market, size]))] as const;
  });
  return Object.fromEntries(sizes);
}

function refusedFor(code: ReasonCode): Pick<PlanDecision, "action" | "codes"> {
  return { action: "refused", codes: [code] };
}

function idle(code: ReasonCode, ...reasons: string[]): Choice {
  return {
    ...{ action: "nothing", codes: [code], reasons, orders: [], predicted: null, hedge: null, basis: [] },
    ...{ expectedCost: 0, onlyReductions: false },
  };
}
