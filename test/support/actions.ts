import { type IHedgeVault, VaultFactory__factory } from "@crosshedge/sdk/contracts";
import { AbiCoder, toBeHex } from "ethers";
import { fund, setFeed } from "../../scripts/devnet/world.js";
import type { Fixture } from "./fixture.js";
import { type EncodedOrder, liquidityFor, orders, planOf, type Range, rangeAround, usdc, wad } from "./orders.js";

type Signer = Fixture["world"]["signers"]["alice"];
const FOREVER = 2n ** 63n;

/** Fund a holder and deposit USDC and ALT, in as many hours as the deposit window asks. Returns the shares. */
export async function depositBasket(f: Fixture, who: Signer, usdcAmount: bigint, altAmount: bigint): Promise<bigint> {
  const { USDC, ALT } = f.world.tokens;
  await fund(f.world, who.address, { USDC: usdcAmount, ALT: altAmount });
  await USDC.connect(who).approve(f.vault, usdcAmount);
  await ALT.connect(who).approve(f.vault, altAmount);
  const before = await f.vault.balanceOf(who);
  let left = [usdcAmount, altAmount] as const;
  for (;;) {
    const part = await fitting(f, left);
    await f.vault.connect(who).depositBasket([USDC, ALT], [...part], 0n, who, FOREVER);
    left = [left[0] - part[0], left[1] - part[1]];
    if (left[0] + left[1] === 0n) return (await f.vault.balanceOf(who)) - before;
    await f.world.networkHelpers.time.increase(3_600);
    await refreshFeeds(f);
  }
}

/** What of USDC and ALT amounts fits into the deposit window now; all of it where nothing does, so that the vault says why. */
async function fitting(f: Fixture, amounts: readonly [bigint, bigint]): Promise<readonly [bigint, bigint]> {
  const { USDC, ALT } = f.world.tokens;
  const [roomUsdc, roomAlt] = [await f.vault.depositRoom(USDC), await f.vault.depositRoom(ALT)];
  if (roomUsdc === 0n || roomAlt === 0n) return amounts;
  const { mid } = await pricesOf(f);
  // A little less: funding moves the NAV until the deposit lands.
  const most = (room: bigint, price: bigint, unit: bigint) => (room * unit * 999n) / (price * 1_000n);
  const least = (a: bigint, b: bigint) => (a < b ? a : b);
  return [
    least(amounts[0], most(roomUsdc, mid[0] as bigint, 10n ** 6n)),
    least(amounts[1], most(roomAlt, mid[1] as bigint, 10n ** (await ALT.decimals()))),
  ];
}

/** Change some of the vault's settings, as its administrator. */
export async function changeSettings(f: Fixture, changes: Partial<IHedgeVault.SettingsStruct>) {
  const now = await f.vault.settings();
  const { feeRecipient, managementFee, performanceFee, depositWindow, depositBand, minCash, maxWait, maxNav } = now;
  const settings = {
    feeRecipient,
    managementFee,
    performanceFee,
    depositWindow,
    depositBand,
    minCash,
    maxWait,
    maxNav,
  };
  return f.vault.setSettings({ ...settings, ...changes });
}

/** Every feed says again what it said last. */
export async function refreshFeeds(f: Fixture): Promise<void> {
  for (const asset of ["USDC", "ALT", "ETH", "BTC"] as const) {
    const { answer } = await f.world.feeds[asset].proxy.latestRoundData();
    await setFeed(f.world, asset, Number(answer) / 1e8);
  }
}

/** Leave in kind with no minimums. */
export async function exitInKind(f: Fixture, who: Signer, shares: bigint, forfeit: string[] = []) {
  return f.vault.connect(who).exitInKind(shares, who, who, await zeros(f), forfeit, FOREVER);
}

export async function zeros(f: Fixture): Promise<bigint[]> {
  return (await f.vault.assets()).map(() => 0n);
}

/** The orders of a first plan: liquidity ±25%, margin, shorts in both markets. */
export async function firstOrders(f: Fixture): Promise<EncodedOrder[]> {
  const range = await rangeAround(f, 1.25);
  return [
    orders.margin(f.deployment.legs.perp as string, usdc(50_000)),
    orders.mint(f.deployment.legs.liquidity as string, range, await liquidityFor(f, range, wad(4_000), usdc(40_000))),
    ...hedgeOrders(f),
  ];
}

export function hedgeOrders(f: Fixture): EncodedOrder[] {
  const { ETH, BTC } = f.world.deployment.perp.markets;
  const leg = f.deployment.legs.perp as string;
  return [orders.size(leg, ETH.base, -wad(20)), orders.size(leg, BTC.base, -wad("0.5"))];
}

/** Alice deposits 100,000 USDC and 5,000 ALT (at $10), and the first plan lands. */
export async function hedgedPosition(f: Fixture): Promise<{ shares: bigint; range: Range }> {
  const shares = await depositBasket(f, f.world.signers.alice, usdc(100_000), wad(5_000));
  await f.rebalancer.rebalance(await planOf(f, await firstOrders(f)));
  return { shares, range: await rangeAround(f, 1.25) };
}

/** Balances of an account in every asset of the vault, by the vault's order. */
export async function balancesOf(f: Fixture, address: string): Promise<bigint[]> {
  const { USDC, ALT, WETH, WBTC } = f.world.tokens;
  return Promise.all([USDC, ALT, WETH, WBTC].map((token) => token.balanceOf(address)));
}

/** What token amounts are worth at the oracle's prices, USD 1e18. */
export async function worthOf(f: Fixture, amounts: bigint[]): Promise<bigint> {
  const [, prices] = await f.vault.portfolio();
  const decimals = [6n, await f.world.tokens.ALT.decimals(), 18n, 8n];
  return amounts.reduce<bigint>(
    (sum, amount, i) => sum + (amount * (prices.mid[i] as bigint)) / 10n ** (decimals[i] as bigint),
    0n,
  );
}

/** A snapshot of prices as a call takes it: what a call returned is frozen. */
export async function pricesOf(f: Fixture) {
  const [, { mid, half, ok }] = await f.vault.portfolio();
  return { mid: [...mid], half: [...half], ok };
}

/** USD that a share of the vault is worth at the oracle's prices, 1e18. */
export async function navPerShare(f: Fixture): Promise<bigint> {
  const [mid] = await f.vault.nav();
  return (mid * wad(1)) / (await f.vault.totalSupply());
}

/** NAV per share without and with an action, at one and the same time: funding accrues by the second. */
export async function navPerShareAround(
  f: Fixture,
  act: () => Promise<unknown>,
): Promise<{ before: bigint; after: bigint }> {
  const { time, mine, takeSnapshot } = f.world.networkHelpers;
  const at = (await time.latest()) + 10;
  const snapshot = await takeSnapshot();
  await time.setNextBlockTimestamp(at);
  await mine();
  const before = await navPerShare(f);
  await snapshot.restore();
  await time.setNextBlockTimestamp(at);
  await act();
  return { before, after: await navPerShare(f) };
}

/** |a/b − 1|. */
export function relative(a: bigint, b: bigint): number {
  return Math.abs(Number(a - b)) / Math.abs(Number(b));
}

/** One more leg of the vault, made by its factory. */
export async function liquidityLegIn(f: Fixture, pool: string, salt: number, maxSlippage = 0n): Promise<string> {
  const factory = VaultFactory__factory.connect(f.oracles.factory, f.world.signers.deployer);
  const config = AbiCoder.defaultAbiCoder().encode(["address", "uint256"], [pool, maxSlippage]);
  const leg = { implementation: f.oracles.legImplementations.uniswapV3, config };
  const made = await factory.createLeg.staticCall(f.vault, leg, toBeHex(salt, 32));
  await factory.createLeg(f.vault, leg, toBeHex(salt, 32));
  return made;
}
