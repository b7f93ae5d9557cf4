import type { KeeperConfig } from "../config.js";
import { type Book, holdings } from "./book.js";
import { accountOf, equityPerShort } from "./hedge-account.js";
import { type PoolNeeds, poolNeeds } from "./pool-needs.js";

/** How the vault's value is split between its pools and margin. USD. */
export interface Budget {
  /** What each leg's pool should hold. */
  readonly targets: Readonly<Record<string, number>>;
  /** Margin that the hedge may need where the positions' exposures are greatest. */
  readonly margin: number;
  /** The asset, or the shorts, whose cap keeps liquidity down; null where none does. */
  readonly cappedBy: number | "shorts" | null;
  /**
   * By asset, USD that no pool takes and that keeps liquidity down by more than `resizeBand`, since too little of it can be sold at once: to be
   * sold part by part.
   */
  readonly excess: readonly number[];
}

/** What a budget is made from, besides the book. */
export interface BudgetInputs {
  /** Each leg's part of the liquidity, adding up to 1 or less. */
  readonly shares: Readonly<Record<string, number>>;
  /** By asset: exposure to it needs no hedge. */
  readonly stable: readonly boolean[];
  /** By asset. */
  readonly sales: readonly SaleTerms[];
  /** Settlement tokens that the redemption queue asks for, USD. */
  readonly reserve: number;
  /** The vault's caps, USD: on the exposure to one asset, and on all shorts. */
  readonly caps: { readonly asset: number; readonly gross: number };
}

/** What an asset brings in settlement tokens. */
export interface SaleTerms {
  /** USD that this plan can sell. */
  readonly now: number;
  /** What that costs, share of its value. */
  readonly premium: number;
  /** What may be lost of the rest until it is sold, share of its value. */
  readonly haircut: number;
}

/** Rounds in which the surplus and the liquidity that it pays for settle: each halves the error at least. */
const ROUNDS = 60;

/**
 * How much liquidity the margin can stand behind: with exposure e per dollar of liquidity at the worse edge of the range, each
 * dollar of liquidity needs m·hedgePerExposure·e dollars of margin, m what a dollar of short needs at the target ratio, and other
 * exposures need theirs. What the pools do not take of a token must be sold before it is margin: what this plan can sell counts less the cost of
 * that, the rest after its haircut.
 */
export function budgetFor(book: Book, inputs: BudgetInputs, config: KeeperConfig): Budget {
  const { shares, stable, reserve } = inputs;
  const { settlement } = book;
  const { rangeFactor, maxShare, resizeBand } = config.liquidity;
  const needs = poolNeeds(book, shares, stable, rangeFactor);
  const held = holdings(book);
  const total = (counts: (asset: number) => boolean): number => sum(held.filter((_, asset) => counts(asset)));
  const settles = Object.values(book.pools).some(({ indices }) => indices.includes(settlement));
  const hedges = Object.values(book.hedges);
  const equity = sum(hedges.map((hedge) => usd(accountOf(book.prices, hedge).equity)));
  const others = total((asset) => !needs.used[asset] && asset !== settlement && !stable[asset]);
  const inPairs = total((asset) => needs.used[asset]! || (settles && asset === settlement));

  // The venue that asks for most, since any of them may have to carry the hedge.
  const perShort = Math.max(0, ...hedges.map((hedge) => equityPerShort(hedge, config.margin.target)));
  const perExposure = perShort * config.margin.hedgePerExposure;
  const marginOfOthers = perExposure * others;
  const marginPerUsd = perExposure * needs.exposureAtEdge;
  const liquidityFrom = (deployable: number): number => {
    if (!settles) return Math.max(0, deployable);
    const byMargin = (deployable - marginOfOthers) / (1 + marginPerUsd);
    return Math.max(0, Math.min(byMargin, maxShare * deployable));
  };
  const surplusAt = (liquidity: number): number[] =>
    held.map((value, asset) =>
      needs.used[asset] && asset !== settlement ? Math.max(0, value - needs.taken[asset]! * liquidity) : 0,
    );

  const deployable = settles ? Math.max(0, inPairs + equity - reserve) : inPairs;
  const uncut = liquidityFrom(deployable);
  let counted = uncut;
  for (let round = 0; settles && round < ROUNDS; round++) {
    counted = liquidityFrom(deployable - lossOf(surplusAt(counted), inputs.sales));
  }
  const stuck = uncut - counted > resizeBand * deployable;
  const excess = surplusAt(counted).map((value, asset) => (stuck && value > inputs.sales[asset]!.now ? value : 0));
  const { liquidity, cappedBy } = capped(book, counted, others, needs, inputs, config);
  const wanted = marginPerUsd * liquidity * needs.all + marginOfOthers;
  const cash = settles ? 0 : held[settlement]!;
  return {
    targets: Object.fromEntries(Object.keys(book.pools).map((leg) => [leg, shares[leg]! * liquidity])),
    margin: settles ? wanted : Math.min(wanted, Math.max(0, cash + equity - reserve)),
    cappedBy,
    excess,
  };
}

/** What selling so many USD of each asset costs, and may lose where it cannot be sold now. USD. */
function lossOf(surplus: readonly number[], sales: readonly SaleTerms[]): number {
  return sum(
    surplus.map((value, asset) => {
      const { now, premium, haircut } = sales[asset]!;
      return premium * Math.min(value, now) + haircut * Math.max(0, value - now);
    }),
  );
}

/** Liquidity inside the vault's caps. What the vault can short itself counts as hedged, and other shorts as large as exposures may ask for. */
function capped(
  { hedges }: Book,
  wanted: number,
  others: number,
  { taken, exposureAtEdge }: PoolNeeds,
  { stable, caps }: BudgetInputs,
  { margin: { hedgePerExposure } }: KeeperConfig,
): { liquidity: number; cappedBy: Budget["cappedBy"] } {
  const venues = Object.values(hedges);
  const shorted = new Set(venues.flatMap(({ positions }) => positions.map(({ asset }) => asset)));
  let [liquidity, cappedBy]: [number, Budget["cappedBy"]] = [wanted, null];
  for (const [asset, share] of taken.entries()) {
    if (stable[asset] || shorted.has(asset) || liquidity * share <= caps.asset) continue;
    [liquidity, cappedBy] = [caps.asset / share, asset];
  }
  const shortsPerUsd = hedgePerExposure * exposureAtEdge;
  const shortsLeft = Math.max(0, caps.gross - hedgePerExposure * others);
  if (venues.length > 0 && shortsPerUsd * liquidity > shortsLeft) {
    [liquidity, cappedBy] = [shortsLeft / shortsPerUsd, "shorts"];
  }
  return { liquidity, cappedBy };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function usd(value: bigint): number {
  return Number(value) / 1e18;
}
