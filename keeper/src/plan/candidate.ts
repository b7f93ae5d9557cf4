import type { VaultState } from "@crosshedge/sdk";
import type { KeeperConfig } from "../config.js";
import { min } from "../model/bigint.js";
import type { VenueDefault } from "../model/carry/venue-default.js";
import { allocateBudget, BAND_USED, inOrder, LIMIT_HEADROOM, neededElsewhere } from "./allocate-budget.js";
import { applyOrder } from "./apply-order.js";
import { arrange, type OrderParts, replay } from "./arrange.js";
import { withBasis } from "./basis/basis-stage.js";
import type { BasisTrade } from "./basis/basis-trade.js";
import { type Book, fromUsd, openBook, oracleSqrtPrice, symbolOf, unitsFor, worth } from "./book.js";
import { describeCarry } from "./describe-carry.js";
import { chooseHedge, type HedgeChoice, type HedgeTarget, unhedgedExposure } from "./hedge.js";
import { accountOf, venueRoom } from "./hedge-account.js";
import { affordedRatio } from "./hedge-capital.js";
import { type LiquidityContext, planLiquidity } from "./liquidity.js";
import { addMargin, affordableRatio, releaseForQueue, releaseMargin } from "./margin.js";
import { type MarginRequirement, marginRequirement } from "./margin-requirement.js";
import { measureBook } from "./measure-book.js";
import { isReduction, type PlannedOrder } from "./orders.js";
import { frozenGross, precautionsFor, withMarginBuffer } from "./precautions.js";
import type { HedgeSolution } from "./program/hedge-solution.js";
import { type QueueCash, queueCash } from "./queue-cash.js";
import { raiseCash } from "./raise-cash.js";
import { sellExcess } from "./sell-excess.js";
import { isStable, type Situation } from "./situation.js";
import { type SizeOrder, scaled, sizeOrders } from "./size-orders.js";
import { supplyPair } from "./supply-pair.js";
import { poolDeviation } from "./swap-size.js";

/** How a candidate is made. */
export interface CandidateOptions {
  /** What it is, for the reasons. */
  readonly name: string;
  readonly liquidity: boolean;
  readonly covariance: readonly (readonly number[])[] | null;
  /** False to hedge to the optimum itself. */
  readonly banded: boolean;
  /** What the chain lets pass; everything where it is left out. */
  readonly only?: "reductions" | "margin";
  /** Part of each trade of the hedge that is made, 1 where it is left out. */
  readonly share?: number;
  /** False to leave basis trades as they are. */
  readonly basis?: boolean;
}

/** Orders in a sequence that can be carried out, and what they lead to. */
export interface Candidate {
  readonly name: string;
  readonly orders: readonly PlannedOrder[];
  readonly reasons: readonly string[];
  readonly before: Book;
  readonly after: Book;
  readonly targets: readonly HedgeTarget[];
  /** Why the hedge is what it is; null where no program was solved. */
  readonly hedge: HedgeSolution | null;
  readonly basis: readonly BasisTrade[];
}

/** Headroom over the chain's least margin ratio when shorts are capped by the capital at hand. */
const MARGIN_HEADROOM = 1.25;
/** Part of the ratio below which margin is added that shorts are capped by. */
const FLOOR_OF_LOW = 0.75;
/** Room that shorts which may not grow are left, for the program to have an inside: no trade is as small as that. */
const NO_ROOM = 1 - 1e-4;
/** What one venue may hold, USD. */
const venueCap = ({ limits }: VaultState, nav: number): number =>
  (Number(limits.maxVenue) / 1e18) * nav * LIMIT_HEADROOM;
const percent = (value: number): string => `${(value * 100).toFixed(2)}%`;

/** Work out one way to bring the vault to its targets; null where its orders cannot be carried out. */
export function makeCandidate(
  situation: Situation,
  configured: KeeperConfig,
  options: CandidateOptions,
): Candidate | null {
  const { state } = situation;
  const before = openBook(situation);
  const nav = Number(state.portfolio.nav) / 1e18;
  const precautions = precautionsFor(situation, configured);
  const required = requirementFor(situation, configured, before);
  const factor = Math.max(precautions.marginBuffer, (required.ratio ?? 0) / configured.margin.low);
  const config = withMarginBuffer(configured, factor);
  const reasons = [...precautions.reasons, ...required.reasons];
  const cash = queueCash(state);
  if (cash.shortfall > 0) {
    reasons.push(
      `$${cash.claims.toFixed(0)} wait in the redemption queue, and $${cash.shortfall.toFixed(0)} of the cash for them is missing`,
    );
  }
  const parts = { release: [] as PlannedOrder[], liquidity: [] as PlannedOrder[] };
  const context: Stage = {
    situation,
    config,
    marginFloor: configured.margin.low * precautions.guardBuffer * FLOOR_OF_LOW,
    options,
    frozen: precautions.frozen,
    noNewLiquidity: precautions.noNewLiquidity,
    cash,
    nav,
    reasons,
    parts,
  };
  const basis = basisStage(context, before);
  const { sizes, targets, solution, book: sized } = hedgeStage(context, basis.book);
  const margin = marginStage(context, sized, before);
  const all: OrderParts = { ...parts, margin, size: sizes };
  const orders = arrange(before, all);
  const after = orders === null ? null : replay(before, orders);
  if (orders === null || after === null) return null;
  return { name: options.name, orders, reasons, before, after, targets, hedge: solution, basis: basis.trades };
}

/** Without a forecast, and without shorts, nothing is known to be required. */
function requirementFor({ state, forecast }: Situation, config: KeeperConfig, book: Book): MarginRequirement {
  if (forecast === null || config.hedge.policy === "none") return { ratio: null, reasons: [] };
  const symbols = state.assets.map(({ symbol }) => symbol);
  return marginRequirement(book, forecast, symbols, config);
}

/** What every stage of a candidate works with. */
interface Stage {
  readonly situation: Situation;
  readonly config: KeeperConfig;
  /** Margin ratio that shorts are cut for, 1.0 = 100%: less than what they may grow by where their moves ask for more. */
  readonly marginFloor: number;
  readonly options: CandidateOptions;
  readonly frozen: boolean;
  readonly noNewLiquidity: boolean;
  readonly cash: QueueCash;
  /** USD. */
  readonly nav: number;
  readonly reasons: string[];
  readonly parts: { readonly release: PlannedOrder[]; readonly liquidity: PlannedOrder[] };
}

/** Liquidity, and basis trades around it. */
function basisStage(context: Stage, before: Book): ReturnType<typeof withBasis> {
  const { situation, config, options, frozen, noNewLiquidity, cash, nav, reasons, parts } = context;
  const { state } = situation;
  const stage = withBasis(
    before,
    {
      ...{ situation, config, covariance: options.covariance, nav, reserve: cash.reserve },
      // What may hinder the hedge of new liquidity, or make it lose, may do so with a new trade's short.
      frozen: frozen || noNewLiquidity,
      trading: options.liquidity && options.only === undefined && options.basis !== false,
      maxGross: (Number(state.limits.maxGross) / 1e18) * nav * LIMIT_HEADROOM,
      maxVenue: venueCap(state, nav),
      venueDefaults: venueDefaultsOf(state, config),
    },
    (book, sold) => {
      const { settlement } = book;
      const raised = Number(worth(book, settlement, sold.idle[settlement]! - before.idle[settlement]!)) / 1e18;
      const left = { ...cash, shortfall: Math.max(0, cash.shortfall - raised) };
      const after = liquidityStage({ ...context, cash: left }, book);
      return [after, parts.liquidity.length > 0];
    },
  );
  parts.liquidity.unshift(...stage.orders);
  reasons.push(...stage.trades.map(({ reason }) => reason));
  return stage;
}

/** Liquidity first: what it holds decides what is to be hedged. Returns the book after it. */
function liquidityStage(context: Stage, start: Book): Book {
  const { situation, config, options, noNewLiquidity, cash, nav, reasons, parts } = context;
  const { state, pools } = situation;
  const onlyBurns = options.only === "reductions" && cash.shortfall > 0;
  if (!config.liquidity.manage || options.only === "margin" || !(options.liquidity || onlyBurns)) return start;
  const band = Number(state.limits.poolBand) / 1e18;
  const { budget, reasons: shares } = allocateBudget(
    situation,
    start,
    options.covariance,
    cash.reserve,
    config,
    noNewLiquidity,
  );
  reasons.push(...shares);
  const payers = Object.values(start.pools).filter(({ indices }) => indices.includes(start.settlement)).length;
  let book = start;
  for (const leg of inOrder(start, budget)) {
    const pool = book.pools[leg]!;
    const deviation = poolDeviation(pool, oracleSqrtPrice(book, pool.indices));
    if (deviation > band && !onlyBurns) {
      reasons.push(
        `liquidity waits: the pool stands ${percent(deviation)} from the oracle, more than ${percent(band)}`,
      );
      continue;
    }
    if (!onlyBurns) book = releaseStage(context, book, budget.margin);
    const equity = Object.keys(book.hedges).reduce((sum, hedge) => sum + equityOf(book, hedge), 0);
    const place: LiquidityContext = {
      leg,
      spacing: pools[leg]!.tickSpacing,
      minWidth: Number(state.limits.minRangeWidth),
      target: budget.targets[leg]!,
      elsewhere: noNewLiquidity ? book.prices.map(() => 0) : neededElsewhere(book, budget, leg),
      nav,
      reserve: Math.max(0, budget.margin - equity) + cash.reserve,
      band: band * BAND_USED,
      noNewLiquidity,
    };
    const steps =
      cash.shortfall > 0
        ? [(now: Book) => raiseCash(now, place, cash.shortfall / Math.max(1, payers), !onlyBurns)]
        : [
            (now: Book) => sellExcess(now, place, budget.excess),
            (now: Book) => supplyPair(now, place, config),
            (now: Book) => planLiquidity(now, place, config),
          ];
    for (const step of steps) {
      const decision = step(book);
      parts.liquidity.push(...decision.orders);
      reasons.push(...decision.reasons);
      book = decision.book;
    }
  }
  return book;
}

/** Margin that is far above any need, taken back once a leg. */
function releaseStage({ config, reasons, parts }: Stage, start: Book, need: number): Book {
  const hedges = Object.keys(start.hedges);
  let book = start;
  for (const hedge of hedges) {
    if (parts.release.some((order) => order.leg === hedge)) continue;
    const given = releaseMargin(book, hedge, need / hedges.length, config);
    if (given === undefined) continue;
    parts.release.push(given);
    reasons.push(given.reason);
    book = applyOrder(book, given);
  }
  return book;
}

/** The shorts that the policy wants for what the book holds. */
function hedgeStage(
  { situation, config, marginFloor, options, frozen, cash, nav, reasons }: Stage,
  book: Book,
): { sizes: SizeOrder[]; book: Book } & HedgeChoice {
  if (options.only === "margin") return { sizes: [], targets: [], solution: null, book };
  const { state, forecast } = situation;
  const leastRatio = (Number(state.limits.minMarginRatio) / 1e18) * MARGIN_HEADROOM;
  const { minTrade, maxImpact } = config.hedge;
  const measured = measureBook(book);
  const stable = state.assets.map(isStable);
  const cap = (Number(state.limits.maxGross) / 1e18) * nav * LIMIT_HEADROOM;
  const symbols = state.assets.map(({ symbol }) => symbol);
  const capital = { book, reserve: cash.reserve, maxVenue: venueCap(state, nav), minTrade: minTrade * nav };
  // What their moves may need is for margin and liquidity to bring: a hedge that is cut for it is gone for sure.
  const growing = Math.min(config.margin.low * FLOOR_OF_LOW, affordedRatio(capital) * NO_ROOM);
  const {
    targets,
    solution,
    notes = [],
  } = chooseHedge(
    {
      ...{ ...capital, measured, stable },
      covariance: options.covariance,
      marginFloor: Math.max(leastRatio, marginFloor, growing),
      maxGross:
        frozen && forecast !== null
          ? Math.min(cap, frozenGross(book, unhedgedExposure(measured, stable), forecast))
          : cap,
      banded: options.banded,
      ...{ funding: situation.funding, venueDefaults: venueDefaultsOf(state, config) },
      costFactor: situation.costFactor,
      symbols,
      naiveAsset: state.assets.findIndex(({ symbol }) => symbol === config.hedge.naiveAsset),
      sensitivities: { options: situation.options, now: state.block.timestamp },
    },
    config,
  );
  const wanted = sizeOrders(book, targets, minTrade * nav, maxImpact, (asset) => symbolOf(state, asset));
  const passing = options.only === "reductions" ? wanted.filter(isReduction) : wanted;
  const sizes = options.share === undefined ? passing : scaled(passing, options.share);
  reasons.push(...notes, ...sizes.map(({ reason }) => reason), ...describeCarry(targets, situation.funding, symbols));
  return { sizes, targets, solution, book: sizes.reduce(applyOrder, book) };
}

/** Margin for the shorts as they will be; what a leg can spare goes to the redemption queue. */
function marginStage(stage: Stage, sized: Book, before: Book): PlannedOrder[] {
  const { config, options, cash, reasons, parts } = stage;
  const margin: PlannedOrder[] = [];
  const { settlement } = sized;
  const claims = unitsFor(sized, settlement, fromUsd(cash.claims));
  let idle = sized.idle[settlement]! > claims ? sized.idle[settlement]! - claims : 0n;
  const raised = worth(sized, settlement, sized.idle[settlement]! - before.idle[settlement]!);
  let missing = cash.shortfall > 0 ? cash.shortfall - Number(raised) / 1e18 : 0;
  const target = affordableRatio(sized, idle, config);
  for (const leg of Object.keys(sized.hedges)) {
    const added = addMargin(sized, leg, min(idle, roomIn(stage, sized, leg)), target, config);
    if (added !== undefined) {
      margin.push(added);
      idle -= added.amount;
      reasons.push(added.reason);
    } else if (missing > 0 && options.only === undefined && config.liquidity.manage) {
      const given = releaseForQueue(sized, leg, missing, config);
      if (given === undefined) continue;
      parts.release.push(given);
      missing += Number(worth(sized, settlement, given.amount)) / 1e18;
      reasons.push(given.reason);
    }
  }
  return margin;
}

/** How likely each hedge leg's venue is to fail. */
function venueDefaultsOf({ legs }: VaultState, { hedge }: KeeperConfig): Record<string, VenueDefault> {
  const kinds: Readonly<Record<string, VenueDefault>> = hedge.venueDefault;
  const ofHedges = legs.filter(({ kind }) => kind === "hedge");
  return Object.fromEntries(ofHedges.map(({ address, venue }) => [address, kinds[venue] ?? hedge.venueDefault.other]));
}

/** Settlement tokens that a leg may take until its venue holds as much as it may. */
function roomIn({ situation, config, nav }: Stage, book: Book, leg: string): bigint {
  const room = venueRoom(equityOf(book, leg), venueCap(situation.state, nav), config.hedge.minTrade * nav);
  return unitsFor(book, book.settlement, fromUsd(room));
}

function equityOf(book: Book, leg: string): number {
  return Number(accountOf(book.prices, book.hedges[leg]!).equity) / 1e18;
}
