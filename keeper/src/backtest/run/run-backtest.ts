import { hoursOf } from "../account/hours.js";
import { marginNeeds } from "../account/margin-needs.js";
import { checkMargin } from "../account/margined.js";
import { type Books, DELTA, keepAllBooks } from "../account/strategies.js";
import { type AssetCase, layOut } from "../data/cases.js";
import type { Market } from "../data/market.js";
import { findMethod, methodNames, NAIVE } from "../learn/registry.js";
import type { Inputs, Settings } from "../options.js";
import { type AssetTally, tally } from "../score/asset-tally.js";
import { spanOf } from "../score/daily-losses.js";
import { type LiquidityCost, liquidityCost } from "../score/liquidity-cost.js";
import { type MarginScore, marginScore } from "../score/margin-score.js";
import { type Scores, summarise } from "../score/summary.js";
import { type WatchedLosses, watchedLosses } from "../score/watched-losses.js";
import type { Walk } from "../walk/walk.js";
import type { Host } from "./host.js";
import type { PartStore } from "./part-store.js";
import { walkAll } from "./walk-all.js";

/** All that a backtest found. */
export interface Outcome {
  readonly inputs: Inputs;
  readonly settings: Settings;
  readonly cases: readonly AssetCase[];
  /** By asset. */
  readonly walks: ReadonlyMap<string, Walk>;
  /** By asset, of the naive hedge and the method that is meant only: those of every method would fill the memory. */
  readonly books: ReadonlyMap<string, Books>;
  /** The books of every method, kept anew. */
  readonly booksOf: (of: AssetCase) => Books;
  /** By asset, where the method that is meant watches whether the relation holds. */
  readonly losses: ReadonlyMap<string, WatchedLosses>;
  readonly scores: Scores;
  readonly from: number;
  readonly to: number;
  /** What its reader should know. */
  readonly notes: readonly string[];
}

/**
 * Walks forward through a market, keeps the books of every method, and scores them.
 *
 * @throws KeeperError where the options do not fit the market; Interrupted where the host's signal came
 */
export async function runBacktest(
  market: Market,
  inputs: Inputs,
  settings: Settings,
  host: Host,
  store?: PartStore<Walk>,
): Promise<Outcome> {
  const own = settings.lp === "own";
  checkMargin(settings);
  const { methods, chosen } = methodsOf(settings);
  const { cases, from, to, notes } = layOut(market, inputs, settings);
  const plan = { methods, latency: settings.latency, ...(store === undefined ? {} : { store }) };
  const walks = own
    ? new Map<string, Walk>(cases.map(({ asset }) => [asset, { decisions: {}, watches: {} }]))
    : await walkAll(cases, plan, host);
  const needs = marginNeeds(market, cases, settings);
  const booksOf = (of: AssetCase): Books =>
    keepAllBooks(of, hoursOf(of, settings), walks.get(of.asset)!.decisions, settings, needs?.(of));
  const span = spanOf(from, to);
  const tallies = new Map<string, AssetTally>();
  const books = new Map<string, Books>();
  const losses = new Map<string, WatchedLosses>();
  const liquidity = new Map<string, LiquidityCost>();
  const margins = new Map<string, MarginScore>();
  for (const of of cases) {
    const full = booksOf(of);
    tallies.set(of.asset, tally(full, span));
    const { lp, cost } = full.hours;
    if (lp !== undefined) liquidity.set(of.asset, liquidityCost(lp, settings.rangeFactor, cost));
    const margin = full.margins[chosen];
    if (margin !== undefined) margins.set(of.asset, marginScore(margin));
    const watch = walks.get(of.asset)!.watches[chosen];
    if (watch !== undefined) losses.set(of.asset, watchedLosses(of, full, watch, chosen));
    const shown = <T>(by: Readonly<Record<string, T>>): Record<string, T> =>
      Object.fromEntries(Object.entries(by).filter(([name]) => name === NAIVE || name === chosen));
    books.set(of.asset, { ...full, methods: shown(full.methods), margins: shown(full.margins) });
  }
  const scores = summarise(tallies, span.days, chosen, inputs.seed, liquidity, margins);
  return { inputs, settings, cases, walks, books, losses, booksOf, scores, from, to, notes };
}

/** Which methods run, and which one is meant. */
export function methodsOf(settings: Settings): { methods: readonly string[]; chosen: string } {
  if (settings.lp === "own") return { methods: [], chosen: DELTA };
  const methods = [...new Set(settings.methods ?? methodNames())].filter((name) => name !== NAIVE);
  methods.forEach(findMethod);
  const chosen = settings.default;
  if (chosen === NAIVE || methods.includes(chosen)) return { methods, chosen };
  findMethod(chosen);
  return { methods: [chosen, ...methods], chosen };
}
