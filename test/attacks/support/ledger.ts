import { isqrt } from "@crosshedge/sdk";
import type { AddressLike } from "ethers";
import type { Asset, Prices } from "../../../scripts/devnet/assets.js";
import type { Fixture } from "../../support/fixture.js";
import { TickMath, wad } from "../../support/orders.js";

/** Anybody who can own something: an account or a contract. */
export type Owner = AddressLike & { getAddress(): Promise<string> };

const TOKENS = [
  ["USDC", "USDC"],
  ["ALT", "ALT"],
  ["WETH", "ETH"],
  ["WBTC", "BTC"],
] as const;
/** One unit of USDC, in 1e18. */
const UNIT = 10n ** 12n;

const priceOf = (truth: Prices, asset: Asset): bigint => wad(truth[asset].toFixed(12));

/**
 * All that these owners have together, USD, 1e18, at the true prices, whatever feeds and venues say: tokens, shares of the vault (as their part
 * of its NAV at the true prices, without a cost of leaving), what waits in its queue and what can be claimed, liquidity on Uniswap, and
 * accounts on Perp v2 with their liquidity there.
 */
export async function wealthOf(f: Fixture, truth: Prices, owners: readonly Owner[]): Promise<bigint> {
  let total = 0n;
  const share = await shareValue(f, truth);
  for (const owner of owners) {
    total += await tokensOf(f, truth, owner);
    total += ((await sharesOf(f, owner)) * share) / wad(1) + (await claimOf(f, truth, owner));
    total += await liquidityOf(f, truth, owner);
    total += await perpAccountOf(f, truth, owner);
  }
  return total;
}

/** What a share is worth at the true prices, USD, 1e18. */
export async function shareValue(f: Fixture, truth: Prices): Promise<bigint> {
  const supply = await f.vault.totalSupply();
  return supply === 0n ? 0n : ((await navAt(f, truth)) * wad(1)) / supply;
}

/** The vault's NAV at the true prices, USD, 1e18. */
export async function navAt(f: Fixture, truth: Prices): Promise<bigint> {
  const names = await Promise.all(
    TOKENS.map(async ([token, asset]) => [await f.world.tokens[token].getAddress(), asset] as const),
  );
  const assetOf = new Map<string, Asset>(names);
  const mid = (await f.vault.assets()).map((address) => priceOf(truth, assetOf.get(address) as Asset));
  return (await f.vault.measure({ mid, half: mid.map(() => 0n), ok: true })).nav;
}

/** Tokens in the owner's hands, USD, 1e18. */
async function tokensOf(f: Fixture, truth: Prices, owner: Owner): Promise<bigint> {
  let total = 0n;
  for (const [symbol, asset] of TOKENS) {
    const token = f.world.tokens[symbol];
    total += ((await token.balanceOf(owner)) * priceOf(truth, asset)) / 10n ** (await token.decimals());
  }
  return total;
}

/** Shares in the owner's hands and in the queue. */
async function sharesOf(f: Fixture, owner: Owner): Promise<bigint> {
  return (await f.vault.balanceOf(owner)) + (await f.vault.pendingRedeemRequest(0, owner));
}

async function claimOf(f: Fixture, truth: Prices, owner: Owner): Promise<bigint> {
  return ((await f.vault.maxWithdraw(owner)) * priceOf(truth, "USDC")) / 10n ** 6n;
}

/** Positions of the position manager, at the true √price, with what they are owed and their fees. */
async function liquidityOf(f: Fixture, truth: Prices, owner: Owner): Promise<bigint> {
  const { positionManager } = f.world.uniswap;
  const count = Number(await positionManager.balanceOf(owner));
  let total = 0n;
  for (let i = 0; i < count; i++) {
    const id = await positionManager.tokenOfOwnerByIndex(owner, i);
    total += await positionValue(f, truth, owner, id);
  }
  return total;
}

async function positionValue(f: Fixture, truth: Prices, owner: Owner, id: bigint): Promise<bigint> {
  const { positionManager } = f.world.uniswap;
  const { token0, token1, tickLower, tickUpper, liquidity } = await positionManager.positions(id);
  const [unit0, unit1] = [await unitOf(f, truth, token0), await unitOf(f, truth, token1)];
  const recipient = await owner.getAddress();
  // A call that is not sent: the position manager pokes the pool first, so that fees are up to date.
  const [owed0, owed1] = await positionManager
    .connect(f.world.ethers.provider)
    .collect.staticCall(
      { tokenId: id, recipient, amount0Max: 2n ** 128n - 1n, amount1Max: 2n ** 128n - 1n },
      { from: recipient },
    );
  const [amount0, amount1] = amountsAt(unit0, unit1, Number(tickLower), Number(tickUpper), liquidity);
  return ((amount0 + owed0) * unit0.price) / unit0.one + ((amount1 + owed1) * unit1.price) / unit1.one;
}

interface Unit {
  price: bigint;
  one: bigint;
}

async function unitOf(f: Fixture, truth: Prices, address: string): Promise<Unit> {
  for (const [symbol, asset] of TOKENS) {
    const token = f.world.tokens[symbol];
    if ((await token.getAddress()) !== address) continue;
    return { price: priceOf(truth, asset), one: 10n ** (await token.decimals()) };
  }
  // The world's own ALT may have been replaced: its old pool belongs to no attack.
  return { price: 0n, one: 1n };
}

/** Token amounts of a position at the true prices, rounded down. */
function amountsAt(unit0: Unit, unit1: Unit, lower: number, upper: number, liquidity: bigint): [bigint, bigint] {
  if (unit0.price === 0n || unit1.price === 0n) return [0n, 0n];
  const root = isqrt((unit0.price * unit1.one * 2n ** 192n) / (unit1.price * unit0.one));
  const [low, high] = [sqrtAt(lower), sqrtAt(upper)];
  const inside = root < low ? low : root > high ? high : root;
  return [((liquidity << 96n) * (high - inside)) / high / inside, (liquidity * (inside - low)) >> 96n];
}

const sqrtAt = (tick: number): bigint => BigInt(TickMath.getSqrtRatioAtTick(tick).toString());

/** Account value on Perp v2 at the true prices: margin, what is owed, funding, positions and liquidity with their fees. */
async function perpAccountOf(f: Fixture, truth: Prices, owner: Owner): Promise<bigint> {
  const { vault, accountBalance, exchange, markets } = f.world.perp;
  const [owed, , pendingFee] = await accountBalance.getPnlAndPendingFee(owner);
  let total = (await vault.getBalance(owner)) * UNIT + owed + pendingFee;
  total -= await exchange.getAllPendingFundingPayment(owner);
  for (const asset of ["ETH", "BTC"] as const) {
    const { base } = markets[asset];
    const size = await accountBalance.getTotalPositionSize(owner, base);
    total += (size * priceOf(truth, asset)) / wad(1) + (await accountBalance.getTotalOpenNotional(owner, base));
  }
  return (total * priceOf(truth, "USDC")) / wad(1);
}

/** The best that an attacker found. */
export interface Best<C> {
  choice: C;
  /** USD, 1e18 */
  profit: bigint;
  tried: number;
}

/**
 * Try every choice from one and the same state, which is restored, and keep the one with the largest profit.
 *
 * @param attack carries one choice out, to its end, and returns its profit, USD, 1e18
 */
export async function mostProfitable<C>(
  f: Fixture,
  choices: readonly C[],
  attack: (choice: C) => Promise<bigint>,
): Promise<Best<C>> {
  let best: Best<C> | undefined;
  for (const choice of choices) {
    const snapshot = await f.world.networkHelpers.takeSnapshot();
    const profit = await attack(choice);
    await snapshot.restore();
    if (best === undefined || profit > best.profit) best = { choice, profit, tried: 0 };
  }
  if (best === undefined) throw new TypeError("nothing to choose from");
  return { ...best, tried: choices.length };
}

/** What owners gain by an action: their wealth after it less that before it, at the true prices, USD, 1e18. */
export async function profitOf(
  f: Fixture,
  truth: Prices,
  owners: readonly Owner[],
  act: () => Promise<unknown>,
): Promise<bigint> {
  const before = await wealthOf(f, truth, owners);
  await act();
  return (await wealthOf(f, truth, owners)) - before;
}

/** True if the transaction landed; false if the chain refused it. */
export const landed = (sent: Promise<unknown>): Promise<boolean> =>
  sent.then(
    () => true,
    (refusal: Error) => {
      if (/revert/.test(refusal.message)) return false;
      throw refusal;
    },
  );

/** USD with cents, of 1e18. */
export const dollars = (value: bigint): string => (Number(value / 10n ** 12n) / 1e6).toFixed(2);

/** One line for the reader of a run: `attack <name>: profit -12.34 USD (searched 24, best {…}; bound …)`. */
export function printProfit<C>(name: string, best: Best<C>, bound?: bigint): void {
  const limit = bound === undefined ? "" : `; bound ${dollars(bound)}`;
  const choice = JSON.stringify(best.choice, (_, value) => (typeof value === "bigint" ? value.toString() : value));
  console.log(
    `      attack ${name}: profit ${dollars(best.profit)} USD (searched ${best.tried}, best ${choice}${limit})`,
  );
}
