import { HEDGED_LIMITS, percent } from "../../../scripts/deploy/parameters.js";
import { ChainlinkPriceFeedV3__factory } from "../../../scripts/devnet/generated/index.js";
import { fund, movePerp, setFeed } from "../../../scripts/devnet/world.js";
import { pricesOf } from "../../support/actions.js";
import { type Fixture, START } from "../../support/fixture.js";
import { type EncodedOrder, orders, planOf, wad } from "../../support/orders.js";

type Market = "ETH" | "BTC";

/** One unit of USDC, in 1e18. */
export const UNIT = 10n ** 12n;

/** In the order of IPerpV2Leg.Cause. */
export const CAUSES = ["Fill", "Margin", "Funding", "Gift", "Settlement", "Liquidation", "BadDebt"] as const;

/** The causes that the leg gave since a block, in order. */
export async function causesSince(f: Fixture, block: number): Promise<string[]> {
  const events = await f.perp.queryFilter(f.perp.filters.AccountChanged, block + 1);
  return events.map((event) => CAUSES[Number(event.args.cause)] as string);
}

export const blockNumber = async (f: Fixture): Promise<number> => f.world.ethers.provider.getBlockNumber();

/** Every feed reports again, ETH and BTC at a multiple of their start. */
export async function report(f: Fixture, factors: Record<Market, number>): Promise<void> {
  for (const market of ["ETH", "BTC"] as const) await setFeed(f.world, market, START[market] * factors[market]);
  for (const asset of ["ALT", "USDC"] as const) await setFeed(f.world, asset, START[asset]);
}

/** Feeds and markets go from the start, in steps that the venue takes, and its half-hour average follows. */
export async function movePrices(f: Fixture, to: number | Record<Market, number>, from = 1): Promise<void> {
  const targets = typeof to === "number" ? { ETH: to, BTC: to } : to;
  for (const market of ["ETH", "BTC"] as const) {
    let at = from;
    while (at !== targets[market]) {
      at = at < targets[market] ? Math.min(at * 1.08, targets[market]) : Math.max(at / 1.08, targets[market]);
      await setFeed(f.world, market, START[market] * at);
      await movePerp(f.world, market, START[market] * at);
    }
  }
  await f.world.networkHelpers.time.increase(1_900);
  await report(f, targets);
}

/** Take margin out until it is this share of the notional, 15% at least. */
export async function thinMargin(f: Fixture, share: number): Promise<void> {
  await f.rebalancer.connect(f.world.signers.deployer).setLimits({ ...HEDGED_LIMITS, minMarginRatio: percent(15) });
  const notional = -(await f.perp.measure(await pricesOf(f))).exposure.slice(2).reduce((sum, x) => sum + x, 0n);
  const rest = (notional * BigInt(Math.round(share * 1e4))) / 10_000n;
  const taken = ((await f.perp.cash()) - rest) / UNIT;
  await f.rebalancer.rebalance(await planOf(f, [orders.margin(f.deployment.legs.perp as string, -taken)]));
}

/** A stranger deposits for the leg. */
export async function gift(f: Fixture, amount: bigint): Promise<void> {
  const { stranger } = f.world.signers;
  await fund(f.world, stranger.address, { USDC: amount });
  await f.world.tokens.USDC.connect(stranger).approve(f.world.perp.vault, amount);
  await f.world.perp.vault.connect(stranger).depositFor(f.perp, f.world.tokens.USDC, amount);
}

/** A stranger with capital liquidates the leg's position in a market, wholly or a part. */
export async function liquidate(f: Fixture, market: Market, size = 0n): Promise<void> {
  const { stranger } = f.world.signers;
  const capital = 10n ** 12n;
  await fund(f.world, stranger.address, { USDC: capital });
  await f.world.tokens.USDC.connect(stranger).approve(f.world.perp.vault, capital);
  await f.world.perp.vault.connect(stranger).deposit(f.world.tokens.USDC, capital);
  const { base } = f.world.deployment.perp.markets[market];
  await f.world.perp.clearingHouse.connect(stranger)["liquidate(address,address,int256)"](f.perp, base, size);
}

/** The venue's owner pauses a market, and closes it at a multiple of its start. */
export async function closeMarket(f: Fixture, market: Market, factor: number): Promise<void> {
  const { base } = f.world.perp.markets[market];
  await base.pause();
  await base["close(uint256)"](wad(START[market] * factor));
}

/** A stranger settles the leg's position in a closed market. */
export async function quit(f: Fixture, market: Market): Promise<void> {
  const { base } = f.world.deployment.perp.markets[market];
  await f.world.perp.clearingHouse.connect(f.world.signers.stranger).quitMarket(f.perp, base);
}

/** The venue takes WETH as collateral, and a stranger gives the leg some that it can never take out. */
export async function giftCollateral(f: Fixture, amount: bigint): Promise<void> {
  const { deployer, stranger } = f.world.signers;
  const { WETH } = f.world.tokens;
  const feed = await new ChainlinkPriceFeedV3__factory(deployer).deploy(f.world.feeds.ETH.proxy, 4_800, 900);
  const depositCap = 10n ** 24n;
  const config = { priceFeed: feed, collateralRatio: 700_000, discountRatio: 100_000, depositCap };
  await f.world.perp.collateralManager.connect(deployer).addCollateral(WETH, config);
  await fund(f.world, stranger.address, { WETH: amount });
  await WETH.connect(stranger).approve(f.world.perp.vault, amount);
  await f.world.perp.vault.connect(stranger).depositFor(f.perp, WETH, amount);
}

/** Money at the venue as the venue itself tells it, 1e18: balance + owed − pending funding. */
export async function polledCash(f: Fixture): Promise<bigint> {
  const { vault, accountBalance, exchange } = f.world.perp;
  const [owed] = await accountBalance.getPnlAndPendingFee(f.perp);
  return (await vault.getBalance(f.perp)) * UNIT + owed - (await exchange.getAllPendingFundingPayment(f.perp));
}

/** What the perp leg tells the vault at a sync, by the order of the enum. */
export async function impairment(f: Fixture): Promise<bigint> {
  const receipt = await (await f.vault.sync()).wait();
  const block = receipt?.blockNumber as number;
  const [event] = await f.vault.queryFilter(f.vault.filters.LegImpaired(f.perp), block, block);
  return event?.args.impairment ?? 0n;
}

/** A plan of the keeper's after its cooldown. */
export async function plan(f: Fixture, ...list: EncodedOrder[]) {
  await f.world.networkHelpers.time.increase(301);
  return f.rebalancer.rebalance(await planOf(f, list));
}

export const baseOf = (f: Fixture, market: Market): string => f.world.deployment.perp.markets[market].base;
export const sizeOf = async (f: Fixture, market: Market) => (await f.perp.position(baseOf(f, market))).size;

/** Orders for the vault's perp leg. */
export const size = (f: Fixture, market: Market, amount: bigint): EncodedOrder =>
  orders.size(f.deployment.legs.perp as string, baseOf(f, market), amount);
export const margin = (f: Fixture, amount: bigint): EncodedOrder =>
  orders.margin(f.deployment.legs.perp as string, amount);

/** The perp leg, called by its vault. */
export async function asVault(f: Fixture) {
  const address = await f.vault.getAddress();
  await f.world.networkHelpers.impersonateAccount(address);
  await f.world.networkHelpers.setBalance(address, 10n ** 18n);
  return f.perp.connect(await f.world.ethers.getSigner(address));
}
