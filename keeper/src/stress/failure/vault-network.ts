import { KeeperError } from "../../errors.js";
import { type Clearing, clear, type DebtNetwork } from "../../model/contagion/clearing.js";
import type { Book } from "../../plan/book.js";
import { oracleSqrtPrice, positionAmounts, worth } from "../../plan/book.js";
import { accountOf, lends } from "../../plan/hedge-account.js";

/** What a vault owns and is owed, USD. */
export interface VaultClaims {
  readonly name: string;
  /** Tokens that nobody owes: idle and in pools. */
  readonly tokens: number;
  /** By symbol of a stable: held idle and in pools, a claim on its issuer. */
  readonly stables: Readonly<Record<string, number>>;
  /** By venue: what the vault has there, and what it borrowed there. A loss beyond what it has is the venue's. */
  readonly venues: Readonly<
    Record<string, { readonly claim: number; readonly debt: number; readonly badDebt: number }>
  >;
  /** Symbol of the stable that venues hold. */
  readonly settlement: string;
}

/** What goes wrong outside of the vaults. */
export interface OutsideLosses {
  /** By venue: part of what it owes its customers that is gone, 0 to 1. */
  readonly venues?: Readonly<Record<string, number>>;
  /** By stable: what a dollar of it pays, 0 to 1. */
  readonly stables?: Readonly<Record<string, number>>;
  /** Part of what is left that a venue which lost something pays out after its bankruptcy; all of it where it is left out. */
  readonly recovery?: number;
}

/** What is left of vaults, venues and stables. */
export interface ClearedVaults {
  /** By vault, USD: what its holders own. */
  readonly holders: Readonly<Record<string, number>>;
  /** By venue and stable: part of what it owes that it pays. */
  readonly pays: Readonly<Record<string, number>>;
  readonly rounds: number;
}

/** What a vault's book says that it owns and is owed. */
export function claimsOf(
  name: string,
  book: Book,
  assets: readonly { readonly symbol: string; readonly stable: boolean }[],
  venueOf: (leg: string) => string,
): VaultClaims {
  const held = book.idle.map((amount, asset) => worth(book, asset, amount));
  for (const pool of Object.values(book.pools)) {
    positionAmounts(pool, oracleSqrtPrice(book, pool.indices)).forEach((amount, side) => {
      const asset = pool.indices[side as 0 | 1];
      held[asset]! += worth(book, asset, amount);
    });
  }
  const par = Number(book.prices[book.settlement]!) / 1e18;
  const venues: Record<string, { claim: number; debt: number; badDebt: number }> = {};
  for (const [leg, hedge] of Object.entries(book.hedges)) {
    const { equity, notional } = accountOf(book.prices, hedge);
    const venue = venues[venueOf(leg)] ?? { claim: 0, debt: 0, badDebt: 0 };
    const own = (Number(equity) / 1e18) * par;
    const borrowed = lends(hedge) && own > 0 ? (Number(notional) / 1e18) * par : 0;
    venue.claim += Math.max(0, own) + borrowed;
    venue.debt += borrowed;
    venue.badDebt += Math.max(0, -own);
    venues[venueOf(leg)] = venue;
  }
  const usd = (asset: number): number => Number(held[asset]!) / 1e18;
  return {
    name,
    tokens: assets.reduce((sum, { stable }, asset) => sum + (stable ? 0 : usd(asset)), 0),
    stables: Object.fromEntries(assets.flatMap(({ symbol, stable }, asset) => (stable ? [[symbol, usd(asset)]] : []))),
    venues,
    settlement: assets[book.settlement]!.symbol,
  };
}

/**
 * Clear vaults, venues and stables after losses: stables owe who holds them, venues hold their customers' money in the settlement stable and owe
 * it to them, vaults owe what they borrowed. A venue's other customers are as many dollars as the vaults' own: they lose as large a part.
 *
 * @throws {KeeperError} A loss that is no part, or names nothing that the vaults are in
 */
export function clearVaults(vaults: readonly VaultClaims[], losses: OutsideLosses): ClearedVaults {
  const stables = [...new Set(vaults.flatMap((vault) => [...Object.keys(vault.stables), vault.settlement]))];
  const venues = [...new Set(vaults.flatMap((vault) => Object.keys(vault.venues)))];
  checkLosses(losses, venues, stables);
  const names = [
    ...stables.map((id) => `stable ${id}`),
    ...venues.map((id) => `venue ${id}`),
    ...vaults.map(({ name }) => `vault ${name}`),
    "others",
  ];
  const at = (kind: string, id: string): number => names.indexOf(`${kind} ${id}`);
  const owed = names.map(() => names.map(() => 0));
  const assets = names.map(() => 0);
  const owe = (from: number, to: number, amount: number): void => {
    owed[from]![to]! += amount;
  };
  for (const vault of vaults) {
    const own = at("vault", vault.name);
    assets[own]! += vault.tokens;
    for (const [stable, amount] of Object.entries(vault.stables)) owe(at("stable", stable), own, amount);
    for (const [name, { claim, debt }] of Object.entries(vault.venues)) {
      owe(at("venue", name), own, claim);
      owe(at("venue", name), names.length - 1, claim);
      owe(own, at("venue", name), debt);
    }
  }
  for (const name of venues) {
    const venue = at("venue", name);
    const accounts = vaults.flatMap((vault) => vault.venues[name] ?? []);
    const owes = owed[venue]!.reduce((sum, value) => sum + value, 0);
    const lent = accounts.reduce((sum, { debt }) => sum + debt, 0);
    const badDebt = accounts.reduce((sum, one) => sum + one.badDebt, 0);
    const holds = Math.max(0, owes * (1 - (losses.venues?.[name] ?? 0)) - lent - badDebt);
    owe(at("stable", settlementOf(vaults, name)), venue, holds);
  }
  for (const stable of stables) {
    const issuer = at("stable", stable);
    assets[issuer] = owed[issuer]!.reduce((sum, value) => sum + value, 0) * (losses.stables?.[stable] ?? 1);
  }
  const hit = names.map((name) => venues.some((id) => name === `venue ${id}` && (losses.venues?.[id] ?? 0) > 0));
  const network: DebtNetwork = { owed, assets, recovery: hit.map((lost) => (lost ? (losses.recovery ?? 1) : 1)) };
  const cleared: Clearing = clear(network);
  const pays = (index: number): number => {
    const due = owed[index]!.reduce((sum, value) => sum + value, 0);
    return due > 0 ? cleared.payments[index]! / due : 1;
  };
  return {
    holders: Object.fromEntries(vaults.map(({ name }) => [name, cleared.equity[at("vault", name)]!])),
    pays: Object.fromEntries([
      ...stables.map((id) => [id, pays(at("stable", id))] as const),
      ...venues.map((id) => [id, pays(at("venue", id))] as const),
    ]),
    rounds: cleared.rounds,
  };
}

function settlementOf(vaults: readonly VaultClaims[], venue: string): string {
  return vaults.find((vault) => venue in vault.venues)!.settlement;
}

function checkLosses(losses: OutsideLosses, venues: readonly string[], stables: readonly string[]): void {
  const check = (given: Readonly<Record<string, number>>, known: readonly string[], what: string): void => {
    for (const [name, part] of Object.entries(given)) {
      if (!known.includes(name)) {
        throw new KeeperError(`The vaults have nothing in the ${what} ${name}.`, `Name one of: ${known.join(", ")}.`);
      }
      if (!(part >= 0 && part <= 1)) {
        throw new KeeperError(`${part} is no part of the ${what} ${name}.`, "Give a number from 0 to 1.");
      }
    }
  };
  check(losses.venues ?? {}, venues, "venue");
  check(losses.stables ?? {}, stables, "stable");
}
