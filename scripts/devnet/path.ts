import { UsageError } from "../errors.js";
import { ASSETS, type Asset, type Prices } from "./assets.js";
import { HOUR, QUARTER } from "./time.js";

export { readPath } from "./csv-path.js";
export { generatePath } from "./generated-path.js";

/** A history of prices by the hour: the world walks it, and fair values are taken from it. Times are unix seconds. */
export interface PricePath {
  /** Where the warm-up begins. */
  readonly start: number;
  /** Where the scored period begins. */
  readonly scored: number;
  readonly end: number;
  readonly altSymbol: string;
  readonly assets: readonly Asset[];
  /** The last known price of every asset: on the hour the hour's own, between hours the quarter-hour's. */
  priceAt(time: number): Prices;
  /** What the market trades at, between hours interpolated in log price; an asset in a gap has no entry. */
  quoteAt(time: number): Partial<Prices>;
}

/** A price path over hourly rows from `start`; the first row has every price. */
export function createPath(options: {
  start: number;
  scored: number;
  altSymbol: string;
  rows: readonly Partial<Prices>[];
}): PricePath {
  const { start, scored, altSymbol, rows } = options;
  const end = start + (rows.length - 1) * HOUR;
  const known = carryForward(rows);

  const quoteAt = (time: number): Partial<Prices> => {
    if (!(time >= start && time <= end)) {
      throw new UsageError(`The price path has no ${iso(time)}.`, `Ask for a time from ${iso(start)} to ${iso(end)}.`);
    }
    const quarter = Math.floor((time - start) / QUARTER);
    const hour = Math.floor(quarter / 4);
    const weight = (quarter % 4) / 4;
    const [from, to] = [rows[hour] ?? {}, rows[hour + 1] ?? {}];
    if (weight === 0) return { ...from };
    const quote: Partial<Prices> = {};
    for (const asset of ASSETS) {
      const [a, b] = [from[asset], to[asset]];
      if (a !== undefined && b !== undefined) quote[asset] = a * (b / a) ** weight;
    }
    return quote;
  };

  return {
    start,
    scored,
    end,
    altSymbol,
    assets: ASSETS,
    quoteAt,
    priceAt(time) {
      const quote = quoteAt(time);
      const hour = known[Math.floor((time - start) / HOUR)] as Prices;
      return { ...hour, ...quote };
    },
  };
}

/** The same path with `hours` more at its end, in which prices stand still: for what holders do once it is over. */
export function heldAfter(path: PricePath, hours: number): PricePath {
  const within = (time: number) => (time > path.end && time <= path.end + hours * HOUR ? path.end : time);
  return {
    ...path,
    end: path.end + hours * HOUR,
    quoteAt: (time) => path.quoteAt(within(time)),
    priceAt: (time) => path.priceAt(within(time)),
  };
}

function carryForward(rows: readonly Partial<Prices>[]): Prices[] {
  const known: Prices[] = [];
  let last: Partial<Prices> = {};
  for (const row of rows) {
    last = { ...last };
    for (const asset of ASSETS) if (row[asset] !== undefined) last[asset] = row[asset];
    known.push(last as Prices);
  }
  const missing = ASSETS.filter((asset) => known[0]?.[asset] === undefined);
  if (missing.length > 0) {
    throw new UsageError(`A price path begins without ${missing.join(", ")}.`, "Give every price in its first row.");
  }
  return known;
}

export function iso(time: number): string {
  return new Date(time * 1000).toISOString();
}
