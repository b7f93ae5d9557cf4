import { KeeperError } from "../../errors.js";
import type { Observations } from "../learn/learner.js";
import type { Inputs, Settings } from "../options.js";
import { DAY, HOUR, iso } from "../time.js";
import type { Market } from "./market.js";
import { notesOn } from "./notes.js";
import { type Grid, onGrid, returnsOf, rowAt, type Table, timeOf } from "./table.js";

/** All that is needed to hedge one asset and to score the hedge, on one grid: warm-up, then the scored period. */
export interface AssetCase {
  readonly asset: string;
  readonly hedges: readonly string[];
  readonly grid: Grid;
  readonly price: Float64Array;
  readonly hedgePrices: readonly Float64Array[];
  /** By hedge: return of the perp where there is one, else of the spot. */
  readonly legs: readonly Float64Array[];
  /** By hedge: rate received by a short perp in the hour that ends at the row. */
  readonly funding: readonly Float64Array[];
  readonly observations: Observations;
  /** Decision times, the first one being where the asset has history enough. */
  readonly times: Float64Array;
  /** Row where the scored period ends. */
  readonly lastRow: number;
}

/** The cases of a run, and what was left out of it. */
export interface Cases {
  readonly cases: readonly AssetCase[];
  readonly from: number;
  readonly to: number;
  readonly notes: readonly string[];
}

/**
 * Lays out what a market has for each asset.
 *
 * @throws KeeperError where an asset or the period is not covered
 */
export function layOut(market: Market, inputs: Inputs, settings: Settings): Cases {
  const { from, to, notes } = periodOf(market.prices.grid, settings);
  const start = Math.max(market.prices.grid.start, from - settings.warmUp * DAY);
  const grid = { start, length: rowAt({ start, length: 0 }, to) + 1 };
  const cases: AssetCase[] = [];
  for (const asset of assetsOf(market, inputs)) {
    const found = caseOf(market, inputs, settings, { asset, from, to, grid });
    if (typeof found !== "string") cases.push(found);
    else if (inputs.assets === undefined) notes.push(`${asset} is left out: ${found}`);
    else
      throw new KeeperError(`${asset} cannot be hedged: ${found}`, "Leave it out of --assets, or change the period.");
  }
  if (cases.length === 0)
    throw new KeeperError(`There is no asset to hedge. ${notes.join(" ")}`, "Choose another period.");
  return { cases, from, to, notes: [...notes, ...notesOn(cases, market, from, to)] };
}

/** An asset's own case, or why there is none. */
function caseOf(
  market: Market,
  inputs: Inputs,
  settings: Settings,
  { asset, from, to, grid }: { asset: string; from: number; to: number; grid: Grid },
): AssetCase | string {
  const { prices, perps, funding } = market;
  const hedges = settings.lp === "own" ? [asset] : inputs.hedges.filter((name) => name !== asset);
  if (hedges.length === 0) return "it is the only hedge.";
  if (settings.lp === "eth" && hedges[0] !== "ETH") return "an ETH pool needs ETH as the first of --hedges.";
  const on = (table: Table | undefined, name: string, fill?: number): Float64Array =>
    onGrid(table?.columns.get(name), table?.grid ?? grid, grid, fill);
  const price = on(prices, asset);
  const hedgePrices = hedges.map((name) => on(prices, name));
  const spot = hedgePrices.map(returnsOf);
  const perp = hedges.map((name) => returnsOf(on(perps, name)));
  const rates = hedges.map((name) => on(funding, name, 0));
  const returns = returnsOf(price);
  const observations = observationsOf(market, { asset, hedges, grid, returns, spot });
  if (typeof observations === "string") return observations;
  const ready = firstSeen(observations) + settings.minHistory * DAY;
  const every = settings.every * HOUR;
  const first = Math.max(from, from + Math.ceil((ready - from) / every) * every);
  const end = Math.min(to, lastSeen(observations));
  if (!(first < end)) return `it has no ${settings.minHistory} days of data before ${iso(end)}.`;
  const legs = perp.map((leg, j) => leg.map((value, row) => (Number.isNaN(value) ? spot[j]![row]! : value)));
  const scored = rowAt(grid, first) + 1;
  const moves = [returns, ...legs].map((series) => series.subarray(scored, rowAt(grid, end) + 1));
  if (!moves[0]!.some((value, row) => value !== 0 && moves.every((series) => !Number.isNaN(series[row]!)))) {
    return `it has no hour that can be scored from ${iso(first)} to ${iso(end)}.`;
  }
  return {
    asset,
    hedges,
    grid,
    price,
    hedgePrices,
    legs,
    funding: perp.map((leg, j) => leg.map((value, row) => (Number.isNaN(value) ? 0 : rates[j]![row]!))),
    observations,
    times: Float64Array.from({ length: Math.ceil((end - first) / every) }, (_, i) => first + i * every),
    lastRow: rowAt(grid, end),
  };
}

function observationsOf(
  { rounds }: Market,
  of: {
    readonly asset: string;
    readonly hedges: readonly string[];
    readonly grid: Grid;
    readonly returns: Float64Array;
    readonly spot: readonly Float64Array[];
  },
): Observations | string {
  if (rounds === undefined) return { kind: "bars", start: of.grid.start, asset: of.returns, hedges: of.spot };
  const missing = [of.asset, ...of.hedges].filter((name) => !rounds.has(name));
  if (missing.length > 0) return `there are no --rounds of ${missing.join(", ")}.`;
  return {
    kind: "rounds",
    asset: rounds.get(of.asset)!,
    hedges: of.hedges.map((name) => rounds.get(name)!),
    start: of.grid.start,
  };
}

/** Where all of an asset's prices or rounds have begun, unix seconds. */
function firstSeen(observations: Observations): number {
  const { asset, hedges, start } = observations;
  if (observations.kind === "rounds") {
    return Math.max(start, ...[observations.asset, ...observations.hedges].map(({ times }) => times[0]!));
  }
  const rows = [asset, ...hedges].map((series) => (series as Float64Array).findIndex((value) => !Number.isNaN(value)));
  return rows.includes(-1) ? Number.POSITIVE_INFINITY : timeOf({ start, length: 0 }, Math.max(...rows) - 1);
}

/** The full hour by which the rounds of one of the feeds have ended; prices may end when they like, as what is unknown is not scored. */
function lastSeen(observations: Observations): number {
  if (observations.kind === "bars") return Number.POSITIVE_INFINITY;
  const feeds = [observations.asset, ...observations.hedges];
  return Math.floor(Math.min(...feeds.map(({ times }) => times.at(-1)!)) / HOUR) * HOUR;
}

function assetsOf({ prices, rounds }: Market, { assets, hedges }: Inputs): readonly string[] {
  const missing = [...hedges, ...(assets ?? [])].filter((name) => !prices.columns.has(name));
  if (missing.length > 0) {
    throw new KeeperError(
      `There are no prices of ${missing.join(", ")}.`,
      `There are those of ${[...prices.columns.keys()].join(", ")}; choose from these with --assets and --hedges.`,
    );
  }
  if (assets !== undefined) return [...new Set(assets)];
  const all = [...prices.columns.keys()];
  return rounds === undefined ? all.filter((name) => !hedges.includes(name)) : all.filter((name) => rounds.has(name));
}

/** The period as asked for, or as far as the prices go; a period that they do not touch is refused. */
function periodOf(grid: Grid, { from, to, warmUp }: Settings): { from: number; to: number; notes: string[] } {
  const first = grid.start;
  const last = timeOf(grid, grid.length - 1);
  const midnight = (time: number): number => Math.ceil(time / DAY) * DAY;
  const asked = { from: from ?? midnight(first + Math.min(warmUp, 30) * DAY), to: to ?? last };
  const period = { from: asked.from < first ? midnight(first) : asked.from, to: Math.min(asked.to, last) };
  if (asked.from >= asked.to || period.from >= period.to) {
    throw new KeeperError(
      `The prices run from ${iso(first)} to ${iso(last)}; ${iso(asked.from)} to ${iso(asked.to)} was asked for.`,
      "Choose --from and --to within, in this order.",
    );
  }
  const notes = [];
  if (period.from > asked.from) notes.push(`The prices begin at ${iso(first)}, and the run with them.`);
  if (period.to < asked.to) notes.push(`The prices end at ${iso(last)}, and the run with them.`);
  return { ...period, notes };
}
