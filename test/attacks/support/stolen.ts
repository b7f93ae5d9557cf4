import { HEDGED_LIMITS, percent } from "../../../scripts/deploy/parameters.js";
import type { Prices } from "../../../scripts/devnet/assets.js";
import { depositBasket } from "../../support/actions.js";
import { type Fixture, START } from "../../support/fixture.js";
import { type EncodedOrder, liquidityFor, orders, type Range, usdc, wad } from "../../support/orders.js";
import { limited, marketsOf, perpOf, poolOf, send, usdcFirst } from "../../support/rebalance.js";
import { pushPerp, pushPool } from "./accomplice.js";
import { landed } from "./ledger.js";

/** C of the default vault, 1e18 = all of NAV. */
export const CAPACITY = HEDGED_LIMITS.lossBudget as bigint;

/**
 * What a stolen key finds: 150,000 USD that are nearly all free to trade, and limits that stop nothing but a loss beyond the budget: those of a
 * vault whose owners set every other figure as loosely as can be.
 */
export async function looseVault(f: Fixture): Promise<void> {
  await depositBasket(f, f.world.signers.alice, usdc(100_000), wad(5_000));
  await limited(f, { maxVolatility: percent(1_000), minHedge: 0n, maxLoss: percent(3) });
  await send(f, [orders.margin(perpOf(f), usdc(50_000))]);
}

/** True if the keeper's plan landed. */
export const lands = async (f: Fixture, list: EncodedOrder[]): Promise<boolean> => landed(send(f, list));

/** A plan that loses to the market, and brings back what it took, so that it can be sent again. */
export interface Wash {
  kind: "fees" | "swap" | "mint" | "size" | "perp fees";
  /** How far the accomplice holds the market off the feed's price, a fraction. */
  push: number;
  /** USD that a plan trades. */
  usd: number;
  /** −1: sells only, 1: buys only. Both by turns where it is left out. */
  side?: -1 | 1;
}

/** About what the budget is charged for a dollar of each: the fee, the feeds' thresholds on what is swapped for good, and the push. */
const CHARGE = { fees: 0.012, "perp fees": 0.0022, swap: 0.0165, mint: 0.02, size: 0.0065 } as const;

/** Sends it as long as it lands, in parts that fit, so that it takes all that the budget has. Returns how many plans landed. */
export async function exhaust(f: Fixture, wash: Wash, truth: Prices = START): Promise<number> {
  const nav = Number((await f.vault.nav()).mid) / 1e18;
  let charge = (CHARGE[wash.kind] + wash.push) * 1.3;
  let [plans, most] = [0, wash.usd];
  while (most > wash.usd / 40) {
    const before = (await f.rebalancer.lossSpent()).keeper;
    const room = (Number(CAPACITY - before) / 1e18) * nav;
    const usd = Math.min(most, (room * 0.98) / charge);
    if (usd < wash.usd / 200) break;
    // A mint and its burn are whole on either side; what was sold on one side is bought on the other.
    const side = wash.side ?? (wash.kind === "mint" ? (plans % 2 === 0 ? -1 : 1) : undefined);
    const sent: Wash = { ...wash, usd, ...(side && { side }) };
    if (await rehearsed(f, () => round(f, sent, truth))) {
      plans++;
      const spent = Number((await f.rebalancer.lossSpent()).keeper - before) / 1e18;
      // Impact grows with the size: what a smaller one costs is less.
      charge = Math.max((spent * nav) / usd, charge / 4);
    } else {
      // For another reason than the budget: tokens that he has no more, or impact.
      most = usd * 0.35;
    }
  }
  return plans;
}

/** He tries it out first: what would not land costs him nothing. */
async function rehearsed(f: Fixture, act: () => Promise<boolean>): Promise<boolean> {
  const snapshot = await f.world.networkHelpers.takeSnapshot();
  const done = await act();
  if (!done) await snapshot.restore();
  return done;
}

/** Markets stand right again after it, perps as far as the venue lets them: by its index. True if all of it landed. */
async function round(f: Fixture, wash: Wash, truth: Prices): Promise<boolean> {
  if (wash.kind === "fees") return lands(f, await thereAndBack(f, wash.usd));
  if (wash.kind === "perp fees") {
    const size = wad((wash.usd / START.ETH).toFixed(12));
    return lands(f, [sizeOf(f, -size), sizeOf(f, size)]);
  }
  for (const side of wash.side ? [wash.side] : [-1, 1]) {
    const factor = 1 + side * wash.push;
    const done =
      wash.kind === "mint"
        ? await mintAt(f, factor, wash.usd, truth)
        : await (wash.kind === "swap" ? swapAt : sizeAt)(f, factor, side, wash.usd);
    await (wash.kind === "size" ? pushPerp(f, START.ETH) : pushPool(f, truth.ALT));
    if (!done) return false;
  }
  return true;
}

/** Swaps there and back in one plan: nothing but the pool's fees is lost. */
async function thereAndBack(f: Fixture, usd: number): Promise<EncodedOrder[]> {
  const buyAlt = await usdcFirst(f);
  const pair = [
    orders.swap(poolOf(f), buyAlt, usdc(usd.toFixed(6))),
    orders.swap(poolOf(f), !buyAlt, wad((usd / START.ALT / 1.004).toFixed(12))),
  ];
  return [...pair, ...pair];
}

/** Sells ALT where the pool was pushed down, buys it where it was pushed up. */
async function swapAt(f: Fixture, factor: number, side: number, usd: number): Promise<boolean> {
  await pushPool(f, START.ALT, factor);
  const buyAlt = await usdcFirst(f);
  const amount = side < 0 ? wad((usd / START.ALT).toFixed(12)) : usdc(usd.toFixed(6));
  return lands(f, [orders.swap(poolOf(f), side < 0 ? !buyAlt : buyAlt, amount)]);
}

/** Mints the narrowest range where the pool was pushed, and burns it where it is true: what arbitrage took from it then stays with the arbitrageur. */
async function mintAt(f: Fixture, factor: number, usd: number, truth: Prices): Promise<boolean> {
  await pushPool(f, START.ALT, factor);
  const range = narrowAround(START.ALT * factor, await usdcFirst(f));
  const half = usd / 2;
  const amount = await liquidityFor(f, range, wad((half / START.ALT).toFixed(12)), usdc(half.toFixed(6)));
  const minted = await lands(f, [orders.mint(poolOf(f), range, amount)]);
  await pushPool(f, truth.ALT);
  const { liquidity } = await f.liquidity.position();
  return (liquidity === 0n || (await lands(f, [orders.burn(poolOf(f), liquidity)]))) && minted;
}

/** Ticks of the narrowest range that the default limits allow. */
export const NARROWEST = Number(HEDGED_LIMITS.minRangeWidth);

/** A range of so many ticks around a price of ALT in USDC. */
export function narrowAround(price: number, usdcIsFirst: boolean, spacing = 60, width = NARROWEST): Range {
  const raw = usdcIsFirst ? 1e12 / price : price / 1e12;
  const tickLower = Math.round((Math.log(raw) / Math.log(1.0001) - width / 2) / spacing) * spacing;
  return { tickLower, tickUpper: tickLower + width };
}

/** Adds to the short where the market was pushed down, buys back where it was pushed up. */
async function sizeAt(f: Fixture, factor: number, side: number, usd: number): Promise<boolean> {
  await pushPerp(f, START.ETH, factor);
  const size = wad((usd / START.ETH).toFixed(12));
  return lands(f, [sizeOf(f, side < 0 ? -size : size)]);
}

export const sizeOf = (f: Fixture, size: bigint): EncodedOrder => orders.size(perpOf(f), marketsOf(f).ETH.base, size);
