import type { VaultState } from "@crosshedge/sdk";
import { KeeperError } from "../../errors.js";
import type { Component } from "../../model/contagion/dependency-graph.js";
import { type FailureTimes, failureTimes } from "../../model/contagion/failure-times.js";
import {
  type Accounts,
  type CriticalPoint,
  criticalDepth,
  criticalShock,
  drawAccounts,
  fireSale,
} from "../../model/contagion/fire-sale.js";
import { type Book, oracleSqrtPrice, positionAmounts, worth } from "../../plan/book.js";
import { accountOf } from "../../plan/hedge-account.js";
import { measureBook } from "../../plan/measure-book.js";
import { isStable } from "../../plan/situation.js";
import { parseFailureOverrides, SLIP } from "./failure-figures.js";
import { type VaultDependencies, vaultGraph } from "./vault-graph.js";
import { claimsOf, clearVaults, type OutsideLosses, type VaultClaims } from "./vault-network.js";

/** Accounts around the vault's own: nobody tells what they are, so they are drawn. */
const POPULATION = { count: 1000, leverage: 5, spread: 0.35, maintenance: 0.005, seed: 1 };
/** Log falls that cascades begin with, and depths over what the accounts hold. */
const SHOCKS = [0.05, 0.08, 0.12, 0.16] as const;
const DEPTHS = [16, 8, 4, 2] as const;
/** The shock for which a market's own depth is judged. */
const JUDGED_SHOCK = 0.12;
const PATHS = { paths: 5_000, horizonYears: 5, seed: 1 };

/** What holders are left with if so much goes wrong outside. */
export interface ClearingRow {
  readonly name: string;
  /** USD, and share of what they have now. */
  readonly holders: number;
  readonly left: number;
  /** By venue and stable: part of what it owes that it pays. */
  readonly pays: Readonly<Record<string, number>>;
}

/** Where falls of the price end that sell out accounts at five times leverage. */
export interface CascadeResults {
  /** By depth, over what the accounts hold: where each shock ends, shares of the price, and the smallest shock that runs away. */
  readonly rows: readonly {
    readonly depth: number;
    readonly ends: readonly number[];
    readonly critical: CriticalPoint;
  }[];
  /** Shares of the price. */
  readonly shocks: readonly number[];
  /** By market of the vault: its depth, USD for a log move of one, and the positions at five times leverage that it bears. */
  readonly markets: readonly { readonly name: string; readonly depth: number; readonly bears: number | null }[];
  /** Share of the price, and the depth below which it runs away. */
  readonly judged: { readonly shock: number; readonly criticalDepth: number | null };
}

/** How failures around a vault reach it. */
export interface FailurePropagation {
  readonly clearing: readonly ClearingRow[];
  readonly cascade: CascadeResults;
  readonly components: readonly Component[];
  /** Null where nobody knows how far the unhedged vault moves. */
  readonly times: FailureTimes | null;
}

/** What a book does not tell. */
export interface FailureOptions {
  /** Yearly, of NAV, without the hedge; null where it is not known. */
  readonly unhedgedVolatility: number | null;
  /** Figures that replace the assumed ones, as in a JSON file. */
  readonly figures?: unknown;
}

/**
 * What failures of venues, stables, feeds, pools and the keeper mean for a vault as it stands. Pure: the same vault gives the same figures.
 *
 * @throws {KeeperError} Figures that are not usable, or a vault that is worth nothing
 */
export function failurePropagation(
  state: VaultState,
  book: Book,
  { unhedgedVolatility, figures = {} }: FailureOptions,
): FailurePropagation {
  const assets = state.assets.map((asset) => ({ symbol: asset.symbol, stable: isStable(asset) }));
  const venueOf = (address: string): string => state.legs.find((leg) => leg.address === address)?.venue ?? address;
  if (measureBook(book).nav <= 0n) {
    throw new KeeperError(
      "The vault is worth nothing, so no failure can take anything.",
      "Ask again once it has deposits.",
    );
  }
  const claims = claimsOf(state.name, book, assets, venueOf);
  const { unhedgedVolatility: given, ...overrides } = parseFailureOverrides(figures);
  const volatility = given ?? unhedgedVolatility;
  const dependencies = dependenciesOf(state, book, claims, venueOf);
  const graph = vaultGraph({ ...dependencies, unhedgedVolatility: volatility ?? 0 }, overrides);
  return {
    clearing: clearingRows(claims),
    cascade: cascades(state, book),
    components: graph.components,
    times: volatility === null ? null : failureTimes(graph, PATHS),
  };
}

function clearingRows(claims: VaultClaims): ClearingRow[] {
  const whole = clearVaults([claims], {}).holders[claims.name]!;
  const row = (name: string, losses: OutsideLosses): ClearingRow => {
    const { holders, pays } = clearVaults([claims], losses);
    const left = holders[claims.name]!;
    return { name, holders: left, left: whole > 0 ? left / whole : 1, pays };
  };
  const { settlement } = claims;
  const percent = (part: number): string => `${(part * 100).toFixed(0)}%`;
  const venues = Object.keys(claims.venues);
  return [
    row("nothing fails", {}),
    ...venues.flatMap((venue) => [
      ...[0.25, 0.5, 1].map((lost) => row(`${venue} loses ${percent(lost)}`, { venues: { [venue]: lost } })),
      row(`${venue} loses 25%, and half of the rest in its bankruptcy`, { venues: { [venue]: 0.25 }, recovery: 0.5 }),
    ]),
    ...Object.keys(claims.stables).flatMap((stable) =>
      [0.97, SLIP, 0.5, 0].map((pays) => row(`${stable} pays ${pays.toFixed(2)}`, { stables: { [stable]: pays } })),
    ),
    ...venues.map((venue) =>
      row(`${venue} loses 50% and ${settlement} pays ${SLIP.toFixed(2)}`, {
        venues: { [venue]: 0.5 },
        stables: { [settlement]: SLIP },
      }),
    ),
  ];
}

function cascades(state: VaultState, book: Book): CascadeResults {
  const accounts: Accounts = drawAccounts(POPULATION);
  const judged = criticalDepth(accounts, JUDGED_SHOCK);
  const share = (fall: number): number => 1 - Math.exp(-fall);
  const markets = Object.entries(book.hedges).flatMap(([leg, { positions }]) =>
    positions.flatMap(({ asset, quote }) => {
      if (quote === null) return [];
      // A constant product of depth D moves by 2·q/D in logs for small sales q.
      const depth = ((Number(quote.depth) / 1e18) * (Number(quote.price) / 1e18)) / 2;
      const venue = state.legs.find(({ address }) => address === leg)?.venue ?? leg;
      const bears = judged === null ? null : depth / judged.at;
      return [{ name: `${venue} ${state.assets[asset]!.symbol}`, depth, bears }];
    }),
  );
  return {
    rows: DEPTHS.map((depth) => ({
      depth,
      ends: SHOCKS.map((shock) => share(fireSale(accounts, shock, depth).fall)),
      critical: criticalShock(accounts, depth),
    })),
    shocks: SHOCKS.map(share),
    markets,
    judged: { shock: share(JUDGED_SHOCK), criticalDepth: judged?.at ?? null },
  };
}

/** What of the graph the book tells. */
function dependenciesOf(
  state: VaultState,
  book: Book,
  claims: VaultClaims,
  venueOf: (leg: string) => string,
): Omit<VaultDependencies, "unhedgedVolatility"> {
  const { nav, exposure, hedgeExposure } = measureBook(book);
  const shorts: Record<string, number> = {};
  for (const [leg, hedge] of Object.entries(book.hedges)) {
    shorts[venueOf(leg)] = (shorts[venueOf(leg)] ?? 0) + Number(accountOf(book.prices, hedge).notional) / 1e18;
  }
  const total = Object.values(shorts).reduce((sum, usd) => sum + usd, 0);
  const pools: Record<string, number> = {};
  for (const pool of Object.values(book.pools)) {
    const [i, j] = pool.indices;
    const amounts = positionAmounts(pool, oracleSqrtPrice(book, pool.indices));
    const held = worth(book, i, amounts[0]) + worth(book, j, amounts[1]);
    const name = `${state.assets[i]!.symbol}/${state.assets[j]!.symbol}`;
    if (held > 0n) pools[name] = (pools[name] ?? 0) + Number(held) / Number(nav);
  }
  return {
    claims,
    feeds: state.assets.flatMap((asset, i) =>
      !isStable(asset) && (exposure[i] !== 0n || hedgeExposure[i] !== 0n) ? [asset.symbol] : [],
    ),
    shorts: Object.fromEntries(Object.entries(shorts).map(([venue, usd]) => [venue, total > 0 ? usd / total : 0])),
    pools,
  };
}
