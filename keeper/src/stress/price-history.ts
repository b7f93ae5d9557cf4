import { type Grid, onGrid, returnsOf, type Table } from "../backtest/data/table.js";
import type { SemiBetas } from "../model/stress/beta-scenarios.js";
import type { EventWindow } from "../model/stress/event-windows.js";
import { betaFactors, type PathSource, pathFactors } from "../model/stress/price-path.js";
import type { StressMarket } from "../model/stress/scenario.js";
import { semiBetas } from "../model/stress/semi-betas.js";

/** Hourly prices of the past, and which of the columns is which asset's. */
export interface PriceHistory {
  readonly tables: readonly Table[];
  /** Column by asset symbol; an asset that is not named has one of its own symbol, or of that without its leading W. */
  readonly columns: Readonly<Record<string, string>>;
}

/** Prices of all assets through a window, over those of its first hour. */
export interface ReplayPath {
  /** [asset][hour], one more than the window has hours. */
  readonly factors: readonly Float64Array[];
  /** By asset. */
  readonly sources: readonly PathSource[];
}

/** Least share of a window's hours that must have a price of their own. */
const LEAST_COVERED = 0.5;

/** What the column of an asset may be called. */
export function columnNames(columns: PriceHistory["columns"], symbol: string): string[] {
  return Object.hasOwn(columns, symbol) ? [columns[symbol]!] : [symbol, symbol.replace(/^W(?=.)/, "")];
}

/** Column of an asset in the tables, and the table that has it; undefined where none does. */
function findColumn({ tables, columns }: PriceHistory, symbol: string) {
  for (const column of columnNames(columns, symbol)) {
    const table = tables.find((one) => one.columns.has(column));
    if (table !== undefined) return { column, table, series: table.columns.get(column)! };
  }
  return undefined;
}

/**
 * The path of every asset through a window: its prices where they are known in the first hour and in most others; else its beta times the move
 * of the first hedge that has prices (of the first asset that has some, where no hedge does); a stable asset without prices stays.
 *
 * @param betaOn Beta of an asset on another
 * @returns Null where no asset that moves has prices then
 */
export function replayPath(
  history: PriceHistory,
  { symbols, stable, hedges }: StressMarket,
  window: EventWindow,
  betaOn: (asset: number, other: number) => number,
): ReplayPath | null {
  const known = symbols.map((symbol) => pricedPath(history, symbol, window));
  const risky = symbols.flatMap((_, asset) => (stable[asset] ? [] : [asset]));
  const proxy = [...hedges, ...risky].find((asset) => known[asset] !== null);
  if (proxy === undefined) return null;
  const of = known[proxy]!.factors;
  const paths = known.map((path, asset): { factors: Float64Array; source: PathSource } => {
    if (path !== null) return { factors: path.factors, source: { kind: "prices", column: path.column } };
    if (stable[asset]) return { factors: of.map(() => 1), source: { kind: "constant" } };
    const beta = betaOn(asset, proxy);
    return { factors: betaFactors(of, beta), source: { kind: "beta", beta, of: proxy } };
  });
  return { factors: paths.map(({ factors }) => factors), sources: paths.map(({ source }) => source) };
}

/** By asset: betas on the first hedge with prices in its worst and best hours; null where the tables do not tell. */
export function semiBetasOf(
  history: PriceHistory,
  { symbols, hedges }: Pick<StressMarket, "symbols" | "hedges">,
): (SemiBetas | null)[] {
  const found = hedges.map((hedge) => findColumn(history, symbols[hedge]!)).find((one) => one !== undefined);
  if (found === undefined) return symbols.map(() => null);
  const returns = returnsOf(found.series);
  return symbols.map((symbol) => {
    const own = findColumn(history, symbol);
    if (own === undefined) return null;
    return semiBetas(returnsOf(onGrid(own.series, own.table.grid, found.table.grid)), returns);
  });
}

function pricedPath(history: PriceHistory, symbol: string, { from, hours }: EventWindow) {
  const found = findColumn(history, symbol);
  if (found === undefined) return null;
  const grid: Grid = { start: from, length: hours + 1 };
  const prices = onGrid(found.series, found.table.grid, grid);
  const covered = prices.filter((price) => !Number.isNaN(price)).length;
  if (Number.isNaN(prices[0]!) || covered < LEAST_COVERED * prices.length) return null;
  return { column: found.column, factors: pathFactors(prices) };
}
