import { HOUR } from "../backtest/time.js";
import type { KeeperConfig } from "../config.js";
import type { EventWindow } from "../model/stress/event-windows.js";
import { applyOrder } from "../plan/apply-order.js";
import type { Book } from "../plan/book.js";
import { addMargin, affordableRatio } from "../plan/margin.js";
import { measureBook } from "../plan/measure-book.js";
import { marginHealth } from "./margin-health.js";
import type { ReplayPath } from "./price-history.js";
import { hedgeGain, type LegOutcome, type StressBase, smaller } from "./run-scenario.js";
import { liquidated, movePrices } from "./stressed-book.js";

/** Who brings margin in a replay. */
export interface TopUps {
  /** Hours from when a margin is low until more of it is there; null where nobody brings any. */
  readonly latency: number | null;
  /** Settlement tokens that are promised to others, token units. */
  readonly reserved: bigint;
  readonly config: KeeperConfig;
}

/** A vault walked through a window with the positions that it holds. Shares: 1.0 = 100%. */
export interface ReplayResult {
  readonly name: string;
  /** Unix seconds. */
  readonly from: number;
  readonly hours: number;
  /** At the end: change of the NAV, USD and over the NAV before; and what of it came from hedge legs, USD. */
  readonly change: number;
  readonly share: number;
  readonly hedge: number;
  /** The lowest NAV on the way: when, and over the NAV before, less one. */
  readonly worst: { readonly time: number; readonly share: number };
  /** The same without what hedge legs gained or lost. */
  readonly unhedged: { readonly share: number; readonly worst: number };
  readonly legs: readonly LegOutcome[];
  readonly topUps: { readonly number: number; readonly usd: number };
  /** By hour: shares gained or lost since the start, and the least margin over notional of all legs, null where there is none. */
  readonly path: {
    readonly times: readonly number[];
    readonly hedged: readonly number[];
    readonly unhedged: readonly number[];
    readonly margin: readonly (number | null)[];
  };
}

/**
 * Walk a window hour by hour, without a trade. In each hour prices move, a leg below its venue's maintenance is liquidated and stays so, and
 * margin that was asked for when it was low, a latency ago, is brought from idle settlement tokens: as much as the keeper would bring then.
 */
export function replay(base: StressBase, window: EventWindow, path: ReplayPath, topUps: TopUps): ReplayResult {
  const nav = Number(measureBook(base.book).nav) / 1e18;
  const scale = 10n ** BigInt(18 - base.book.decimals[base.book.settlement]!);
  const least = new Map(base.terms.map(({ leg }) => [leg, { ratio: null as number | null, liquidated: false }]));
  const due = new Map<string, number>();
  const series = { times: [] as number[], hedged: [] as number[], unhedged: [] as number[] };
  const margins: (number | null)[] = [];
  let book = base.book;
  let added = 0n;
  let number = 0;
  for (let hour = 0; hour <= window.hours; hour++) {
    const factors = path.factors.map((one) => one[hour]!);
    book = { ...book, prices: movePrices(base.book, factors).prices };
    let lowest: number | null = null;
    for (const terms of base.terms) {
      const now = marginHealth(book, terms);
      lowest = smaller(lowest, now.ratio);
      const seen = least.get(terms.leg)!;
      seen.ratio = smaller(seen.ratio, now.ratio);
      seen.liquidated ||= now.liquidated;
      if (now.liquidated) book = liquidated(book, terms.leg, base.liquidationPenalty);
    }
    const brought = topUp(book, hour, due, topUps);
    book = brought.book;
    added += brought.amount * scale;
    number += brought.number;
    const change = Number(measureBook(book).nav) / 1e18 - nav;
    series.times.push(window.from + hour * HOUR);
    series.hedged.push(change / nav);
    series.unhedged.push((change - hedgeGain(base.book, book, added)) / nav);
    margins.push(lowest);
  }
  const worst = Math.min(...series.hedged);
  const share = series.hedged.at(-1)!;
  return {
    ...{ name: window.name, from: window.from, hours: window.hours },
    ...{ change: share * nav, share, hedge: hedgeGain(base.book, book, added) },
    worst: { time: series.times[series.hedged.indexOf(worst)]!, share: worst },
    unhedged: { share: series.unhedged.at(-1)!, worst: Math.min(...series.unhedged) },
    legs: base.terms.map(({ leg, venue }) => {
      const { ratio, liquidated } = least.get(leg)!;
      return { leg, venue, leastMargin: ratio, liquidated };
    }),
    topUps: { number, usd: Number(added) / 1e18 },
    path: { ...series, margin: margins },
  };
}

/** Margin that arrives in an hour, and that is asked for. */
function topUp(start: Book, hour: number, due: Map<string, number>, { latency, reserved, config }: TopUps) {
  let book = start;
  let amount = 0n;
  let number = 0;
  if (latency === null) return { book, amount, number };
  for (const leg of Object.keys(book.hedges)) {
    const idle = book.idle[book.settlement]!;
    const available = idle > reserved ? idle - reserved : 0n;
    const order = addMargin(book, leg, available, affordableRatio(book, available, config), config);
    if (order === undefined) {
      due.delete(leg);
      continue;
    }
    const arrival = due.get(leg) ?? hour + latency;
    due.set(leg, arrival);
    if (hour < arrival) continue;
    due.delete(leg);
    book = applyOrder(book, order);
    amount += order.amount;
    number++;
  }
  return { book, amount, number };
}
