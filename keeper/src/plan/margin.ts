import type { KeeperConfig } from "../config.js";
import type { Book } from "./book.js";
import { accountOf, equityPerShort } from "./hedge-account.js";
import type { PlannedOrder } from "./orders.js";

type MarginOrder = Extract<PlannedOrder, { action: "margin" }>;

const usd = (value: bigint): number => Number(value) / 1e18;
const percent = (value: number): string => `${(value * 100).toFixed(0)}%`;

/**
 * Margin that a leg must get: to its target once the ratio is below `low`, as far as idle tokens go.
 *
 * @param book After the leg's trades
 * @param target Ratio to bring it to, 1.0 = 100%
 * @param available Settlement tokens at hand, token units
 */
export function addMargin(
  book: Book,
  leg: string,
  available: bigint,
  target: number,
  { margin }: KeeperConfig,
): MarginOrder | undefined {
  const hedge = book.hedges[leg]!;
  const account = accountOf(book.prices, hedge);
  const [capital, notional] = [usd(account.capital), usd(account.notional)];
  if (notional <= 0 || capital >= margin.low * notional) return undefined;
  // A dollar counts for its weight only.
  const missing = Math.max(0, target * notional - capital) / usd(hedge.weight);
  const units = (BigInt(Math.ceil(missing * 1e6)) * 10n ** BigInt(book.decimals[book.settlement]!)) / 1_000_000n;
  const amount = units < available ? units : available;
  if (amount <= 0n) return undefined;
  const ratio = capital / notional;
  const reason = `margin would be ${percent(Math.max(0, ratio))} of the shorts, below ${percent(margin.low)}`;
  return { leg, action: "margin", amount, reason };
}

/** The highest ratio, at most the target, to which idle tokens can bring all legs that are below `low`: none is filled at another's expense. */
export function affordableRatio(book: Book, available: bigint, { margin }: KeeperConfig): number {
  const idle = Number(available) / 10 ** book.decimals[book.settlement]!;
  const thin = Object.values(book.hedges)
    .map((hedge) => ({ weight: usd(hedge.weight), account: accountOf(book.prices, hedge) }))
    .filter(({ account }) => usd(account.capital) < margin.low * usd(account.notional));
  const needed = (ratio: number): number =>
    thin.reduce((sum, { weight, account }) => {
      return sum + Math.max(0, ratio * usd(account.notional) - usd(account.capital)) / weight;
    }, 0);
  if (needed(margin.target) <= idle) return margin.target;
  let [low, high] = [0, margin.target];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (needed(middle) <= idle) low = middle;
    else high = middle;
  }
  return low;
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
  const hedge = book.hedges[leg]!;
  const { equity, notional } = accountOf(book.prices, hedge);
  const floor = Math.max(need, equityPerShort(hedge, margin.target) * usd(notional));
  if (usd(equity) <= floor * (margin.high / margin.target)) return undefined;
  const free = Math.min(usd(hedge.cash), usd(equity)) - floor;
  if (free <= 0.01 * usd(equity)) return undefined;
  const amount = (-BigInt(Math.floor(free * 1e6)) * 10n ** BigInt(book.decimals[book.settlement]!)) / 1_000_000n;
  return { leg, action: "margin", amount, reason: `margin is $${free.toFixed(0)} more than the shorts can need` };
}

/**
 * Margin that a leg gives to the redemption queue: all above its target, at most what is asked for.
 *
 * @param book After the leg's trades
 * @param wanted USD
 */
export function releaseForQueue(
  book: Book,
  leg: string,
  wanted: number,
  { margin }: KeeperConfig,
): MarginOrder | undefined {
  const hedge = book.hedges[leg]!;
  const { equity, notional } = accountOf(book.prices, hedge);
  const floor = equityPerShort(hedge, margin.target) * usd(notional);
  const free = Math.min(wanted, usd(hedge.cash) - floor, usd(equity) - floor);
  if (free < 1) return undefined;
  const amount = (-BigInt(Math.floor(free * 1e6)) * 10n ** BigInt(book.decimals[book.settlement]!)) / 1_000_000n;
  return { leg, action: "margin", amount, reason: `the redemption queue needs $${free.toFixed(0)} of margin` };
}
