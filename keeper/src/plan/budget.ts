import type { KeeperConfig } from "../config.js";
import { edgeValues } from "../model/lp-greeks.js";
import { type Book, holdings } from "./book.js";
import { accountOf, equityPerShort } from "./hedge-account.js";

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
  const { shares, stable, sales, reserve, caps } = inputs;
  const { settlement } = book;
  const legs = Object.entries(book.pools).map(([leg, { indices }]) => ({ leg, indices, share: shares[leg]! }));
  const active = legs.filter(({ share }) => share > 0);
  const held = holdings(book);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const settles = legs.some(({ indices }) => indices.includes(settlement));
  const inPools = held.map((_, asset) => active.some(({ indices }) => indices.includes(asset)));
  const hedges = Object.values(book.hedges);
  // Exposure to what the vault can short itself is what the hedge leaves of it.
  const shorted = new Set(hedges.flatMap(({ positions }) => positions.map(({ asset }) => asset)));
  const equity = sum(hedges.map((hedge) => usd(accountOf(book.prices, hedge).equity)));
  const others = sum(held.map((value, asset) => (inPools[asset] || asset === settlement || stable[asset] ? 0 : value)));
  const inPairs = sum(held.map((value, asset) => (inPools[asset] || (settles && asset === settlement) ? value : 0)));

  const { rangeFactor, maxShare } = config.liquidity;
  const edges = edgeValues(rangeFactor);
  // The venue that asks for most, since any of them may have to carry the hedge.
  const perShort = Math.max(0, ...hedges.map((hedge) => equityPerShort(hedge, config.margin.target)));
  const { hedgePerExposure } = config.margin;
  const perExposure = perShort * hedgePerExposure;
  const marginOfOthers = perExposure * others;
  const all = sum(active.map(({ share }) => share));
  const exposureAtEdge = sum(
    active.map(({ indices: [i, j], share }) => {
      return (share / all) * Math.max(stable[i] ? 0 : edges.lower, stable[j] ? 0 : edges.upper);
    }),
  );
  const marginPerUsd = perExposure * exposureAtEdge;

  const liquidityFrom = (deployable: number): number => {
    if (!settles) return Math.max(0, deployable);
    const byMargin = (deployable - marginOfOthers) / (1 + marginPerUsd);
    return Math.max(0, Math.min(byMargin, maxShare * deployable));
  };
  // In the middle of its range a pool takes half of its value in each token.
  const takenPerUsd = held.map((_, asset) => {
    return sum(active.map(({ indices, share }) => (indices.includes(asset) ? (0.5 * share) / all : 0)));
  });
  const surplusAt = (liquidity: number): number[] =>
    held.map((value, asset) =>
      inPools[asset] && asset !== settlement ? Math.max(0, value - takenPerUsd[asset]! * liquidity) : 0,
    );
  const lost = (liquidity: number): number =>
    sum(
      surplusAt(liquidity).map((surplus, asset) => {
        const { now, premium, haircut } = sales[asset]!;
        return premium * Math.min(surplus, now) + haircut * Math.max(0, surplus - now);
      }),
    );
  const deployable = settles ? Math.max(0, inPairs + equity - reserve) : inPairs;
  const uncut = liquidityFrom(deployable);
  let liquidity = uncut;
  for (let round = 0; settles && round < ROUNDS; round++) liquidity = liquidityFrom(deployable - lost(liquidity));
  const stuck = uncut - liquidity > config.liquidity.resizeBand * deployable;
  const excess = surplusAt(liquidity).map((surplus, asset) => (stuck && surplus > sales[asset]!.now ? surplus : 0));
  let cappedBy: Budget["cappedBy"] = null;
  for (const [asset, taken] of takenPerUsd.entries()) {
    if (stable[asset] || shorted.has(asset) || liquidity * taken <= caps.asset) continue;
    [liquidity, cappedBy] = [caps.asset / taken, asset];
  }
  const shortsPerUsd = hedgePerExposure * exposureAtEdge;
  const shortsLeft = Math.max(0, caps.gross - hedgePerExposure * others);
  if (hedges.length > 0 && shortsPerUsd * liquidity > shortsLeft) {
    [liquidity, cappedBy] = [shortsLeft / shortsPerUsd, "shorts"];
  }
  const wanted = marginPerUsd * liquidity * all + marginOfOthers;
  const cash = settles ? 0 : held[settlement]!;
  return {
    targets: Object.fromEntries(legs.map(({ leg, share }) => [leg, share * liquidity])),
    margin: settles ? wanted : Math.min(wanted, Math.max(0, cash + equity - reserve)),
    cappedBy,
    excess,
  };
}

function usd(value: bigint): number {
  return Number(value) / 1e18;
}
