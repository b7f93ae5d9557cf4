import type { KeeperConfig } from "../../config.js";
import { min } from "../../model/bigint.js";
import { judgeCarry } from "../../model/carry/carry-rule.js";
import type { CarryOutlook } from "../../model/carry/outlook.js";
import { expectedLoss, type VenueDefault } from "../../model/carry/venue-default.js";
import { liquidityState } from "../../model/cycles/liquidity-state.js";
import { applyOrder } from "../apply-order.js";
import { type Book, fromUsd, oracleSqrtPrice, unitsFor, worth } from "../book.js";
import { equityPerShort } from "../hedge-account.js";
import type { PlannedOrder } from "../orders.js";
import type { Situation } from "../situation.js";
import { largestSwap, poolDeviation } from "../swap-size.js";
import { costShare, largestTrade, type Quote } from "../trade.js";
import { type BasisRoom, takeRoom } from "./basis-limits.js";
import type { BasisTrade } from "./basis-trade.js";
import { heldBasis } from "./set-aside.js";

/** What basis trades are planned by. */
export interface BasisContext {
  readonly funding: Situation["funding"];
  readonly symbols: readonly string[];
  readonly room: BasisRoom;
  /** NAV, USD. */
  readonly nav: number;
  /** Largest distance of a pool from the oracle, 1.0 = 100%. */
  readonly band: number;
  /** Assets that are to be given up whatever they bring, with the reason. */
  readonly alarms: ReadonlyMap<number, string>;
  /** True where none may grow. */
  readonly frozen: boolean;
  readonly venueDefaults: Readonly<Record<string, VenueDefault>>;
  /** What this plan may cost, USD; and what it is charged for a dollar of settlement tokens traded. */
  readonly affordable: number;
  readonly chargeShare: number;
  /** Which way trades may go now. */
  readonly way: "shrink" | "grow";
}

/** Swaps towards the basis trades that are wanted: the shorts against them follow from the hedge program. */
export interface BasisPlan {
  readonly orders: readonly PlannedOrder[];
  readonly trades: readonly BasisTrade[];
  readonly book: Book;
}

/** A pool's part of a cost that is not its fee: trades are made no larger than that. */
const IMPACT_OF_FEE = 0.5;
const usd = (value: bigint): number => Number(value) / 1e18;
const percent = (value: number): string => `${(value * 100).toFixed(1)}%`;

/** Assets that one pool leg trades for the settlement token and one hedge leg shorts. */
export function basisAssets(book: Book, stable: readonly boolean[]): number[] {
  const shorted = Object.values(book.hedges).flatMap(({ positions }) => positions.map(({ asset }) => asset));
  return book.prices.flatMap((_, asset) => {
    const trades = asset !== book.settlement && !stable[asset] && shorted.includes(asset);
    return trades && poolOf(book, asset) !== undefined ? [asset] : [];
  });
}

/** Decide on each asset's trade. What is held tells what was decided before: nothing else is remembered. */
export function planBasis(
  start: Book,
  assets: readonly number[],
  context: BasisContext,
  config: KeeperConfig,
): BasisPlan {
  const orders: PlannedOrder[] = [];
  const trades: BasisTrade[] = [];
  let [book, room] = [start, context.room];
  const ticket = config.basis.minTicket * context.nav;
  // What is held comes before what would be better: to change one for the other costs two round trips.
  const views = assets.flatMap((asset) => {
    const now = usd(heldBasis(book, asset));
    const held = now >= ticket ? now : 0;
    const view = judge(book, asset, held, context, config);
    const { leg, perShort } = view ?? holderOf(book, asset, config);
    const [kept, left] = takeRoom(room, leg, perShort, view?.stance === "leave" ? 0 : held);
    room = left;
    return view === null ? [] : [{ asset, held, view, kept }];
  });
  for (const { asset, held, view, kept } of views) {
    const [more, left] = takeRoom(
      room,
      view.leg,
      view.perShort,
      view.stance === "enter" ? Number.POSITIVE_INFINITY : 0,
    );
    room = left;
    const target = kept + more;
    const change = target - held;
    const ways = { shrink: change < 0, grow: change > 0 && !context.frozen && !isDry(book, asset, target, view) };
    const worthwhile = Math.abs(change) >= ticket || (target === 0 && held > 0);
    let order: PlannedOrder | null = null;
    if (ways[context.way] && worthwhile) order = swapFor(book, asset, change, view, context, config);
    if (order !== null) {
      orders.push(order);
      book = applyOrder(book, order);
    }
    if (held > 0 || target >= ticket) trades.push({ asset, stance: view.stance, held, target, reason: view.reason });
  }
  return { orders, trades, book };
}

/** Where most of an asset is short. */
function holderOf(book: Book, asset: number, config: KeeperConfig): Pick<View, "leg" | "perShort"> {
  const shorts = Object.entries(book.hedges).flatMap(([leg, { positions }]) =>
    positions.flatMap((one) => (one.asset === asset ? [{ leg, size: one.size }] : [])),
  );
  const { leg } = shorts.reduce((most, one) => (one.size < most.size ? one : most));
  return { leg, perShort: perShortAt(book, leg, config) };
}

/** What is thought of a trade in an asset, and where its short would be. */
interface View {
  readonly stance: BasisTrade["stance"];
  readonly leg: string;
  readonly quote: Quote;
  /** Funding of late, a year's; null where it is not known. */
  readonly funding: number | null;
  readonly perShort: number;
  /** Of one side of a trade in the pool and on the venue, share of its size. */
  readonly cost: number;
  readonly reason: string;
}

/** Null where the short cannot be traded now: then nothing is. */
function judge(book: Book, asset: number, held: number, context: BasisContext, config: KeeperConfig): View | null {
  const { funding, venueDefaults, symbols, alarms } = context;
  const rate = (leg: string, outlook: CarryOutlook | undefined): number =>
    (outlook?.rate ?? Number.NEGATIVE_INFINITY) - expectedLoss(venueDefaults[leg]!) * perShortAt(book, leg, config);
  const markets = Object.entries(book.hedges).flatMap(([leg, { positions }]) =>
    positions.flatMap(({ asset: of, market, quote }) => {
      if (of !== asset || quote === null) return [];
      const { rate: recent, outlook } = funding[leg]?.[market] ?? {};
      return [{ leg, quote, funding: recent ?? null, outlook }];
    }),
  );
  const best = markets.reduce<(typeof markets)[number] | null>((found, one) => {
    return found === null || rate(one.leg, one.outlook) > rate(found.leg, found.outlook) ? one : found;
  }, null);
  if (best === null) return null;
  const { leg, quote, outlook } = best;
  const perShort = perShortAt(book, leg, config);
  const fee = book.pools[poolOf(book, asset)!]!.fee / 1e6;
  const cost = fee * (1 + IMPACT_OF_FEE) + costShare(quote, config.basis.minTicket * context.nav);
  const base = { leg, quote, funding: best.funding, perShort, cost };
  const name = `the basis trade in ${symbols[asset]}`;
  const alarm = alarms.get(asset);
  if (alarm !== undefined) return { ...base, stance: "leave", reason: `${name} is given up: ${alarm}` };
  if (outlook === undefined)
    return { ...base, stance: "hold", reason: `${name} stays: too little is known of its funding` };
  const opportunity = config.basis.minCarry + expectedLoss(venueDefaults[leg]!) * perShort;
  const { stance, gain } = judgeCarry(outlook, { roundTrip: 2 * cost, opportunity, caution: config.basis.caution });
  const what = { enter: "is worth it", hold: held > 0 ? "stays" : "is not worth it", leave: "is given up" }[stance];
  const days = outlook.holdingDays.toFixed(0);
  const reason = `${name} ${what}: shorts are expected to earn ${percent(outlook.rate)} a year for ${days} days, ${percent(gain)} of the size after capital and caution, and a round trip costs ${percent(2 * cost)}`;
  return { ...base, stance, reason };
}

/** True where the market of the short could not be left in good order: the plan's own view of it counts only what there is to hedge. */
function isDry(book: Book, asset: number, target: number, { quote, funding }: View): boolean {
  const depth = usd(quote.depth) * usd(book.prices[asset]!);
  return liquidityState({ impact: target / (depth + target), funding }) === "dry";
}

/** As much of a change as pool, venue and loss budget take now; null where that is nothing. */
function swapFor(
  book: Book,
  asset: number,
  change: number,
  { quote, cost, reason }: View,
  { affordable, chargeShare, band }: BasisContext,
  { hedge }: KeeperConfig,
): PlannedOrder | null {
  const leg = poolOf(book, asset)!;
  const pool = book.pools[leg]!;
  const oracle = oracleSqrtPrice(book, pool.indices);
  if (poolDeviation(pool, oracle) > band) return null;
  const from = change > 0 ? book.settlement : asset;
  const zeroForOne = pool.indices[0] === from;
  const perp = usd(largestTrade(quote, hedge.maxImpact)) * usd(book.prices[asset]!);
  const size = Math.min(Math.abs(change), perp, affordable / (cost + chargeShare));
  const near = Math.min(band, (2 * IMPACT_OF_FEE * pool.fee) / 1e6);
  const most = min(book.idle[from]!, largestSwap(pool, oracle, zeroForOne, near));
  const amountIn = min(most, unitsFor(book, from, fromUsd(size)));
  return usd(worth(book, from, amountIn)) > 1 ? { leg, action: "swap", zeroForOne, amountIn, reason } : null;
}

/** The pool leg that trades an asset for the settlement token: the cheapest. */
function poolOf(book: Book, asset: number): string | undefined {
  const pools = Object.entries(book.pools).filter(
    ([, { indices }]) => indices.includes(book.settlement) && indices.includes(asset),
  );
  return pools.sort(([, a], [, b]) => a.fee - b.fee)[0]?.[0];
}

function perShortAt(book: Book, leg: string, { margin }: KeeperConfig): number {
  return equityPerShort(book.hedges[leg]!, margin.target);
}
