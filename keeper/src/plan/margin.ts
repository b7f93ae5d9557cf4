import type { KeeperConfig } from "../config.js";
import { min } from "../model/bigint.js";
import { type Book, perpEquity } from "./book.js";
import type { PlannedOrder } from "./orders.js";

type MarginOrder = Extract<PlannedOrder, { action: "margin" }>;

const usd = (value: bigint): number => Number(value) / 1e18;
const percent = (value: number): string => `${(value * 100).toFixed(0)}%`;

/**
 * Margin that a leg must get: to its target once the ratio is below `low`, as far as idle tokens go.
 *
 * @param notional What the leg's shorts will be worth, USD
 * @param available Settlement tokens at hand, token units
 */
export function addMargin(
  book: Book,
  leg: string,
  notional: number,
  available: bigint,
  { margin }: KeeperConfig,
): MarginOrder | undefined {
  const perp = book.perps[leg]!;
  const equity = min(perpEquity(book, perp).equity, perp.cash);
  if (notional <= 0 || usd(equity) >= margin.low * notional) return undefined;
  const missing = margin.target * notional - usd(equity);
  const units = (BigInt(Math.ceil(missing * 1e6)) * 10n ** BigInt(book.decimals[book.settlement]!)) / 1_000_000n;
  const amount = units < available ? units : available;
  if (amount <= 0n) return undefined;
  const ratio = usd(equity) / notional;
  const reason = `margin would be ${percent(Math.max(0, ratio))} of the shorts, below ${percent(margin.low)}`;
  return { leg, action: "margin", amount, reason };
}

/**
 * Margin that a leg can give back: what is above the need where it is far above, out of realised cash only, since the venue pays out
 * no unrealised profit.
 *
 * @param need Margin that the vault's exposure may call for, USD
 */
export function releaseMargin(
  book: Book,
  leg: string,
  need: number,
  { margin }: KeeperConfig,
): MarginOrder | undefined {
  const perp = book.perps[leg]!;
  const { equity, notional } = perpEquity(book, perp);
  const floor = Math.max(need, margin.target * usd(notional));
  if (usd(equity) <= floor * (margin.high / margin.target)) return undefined;
  const free = Math.min(usd(perp.cash), usd(equity)) - floor;
  if (free <= 0.01 * usd(equity)) return undefined;
  const amount = (-BigInt(Math.floor(free * 1e6)) * 10n ** BigInt(book.decimals[book.settlement]!)) / 1_000_000n;
  return { leg, action: "margin", amount, reason: `margin is $${free.toFixed(0)} more than the shorts can need` };
}
