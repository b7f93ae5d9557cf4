import { COVARIANCE_PARAMETERS, HEDGED_LIMITS, PUBLIC_LIMITS } from "../../scripts/deploy/parameters.js";
import { movePerp, movePool, setFeed } from "../../scripts/devnet/world.js";
import { depositBasket } from "./actions.js";
import { type Fixture, START } from "./fixture.js";
import { type EncodedOrder, liquidityFor, orders, planOf, rangeAround, usdc, wad } from "./orders.js";

const ASSETS = ["USDC", "ALT", "ETH", "BTC"] as const;

export const perpOf = (f: Fixture): string => f.deployment.legs.perp as string;
export const poolOf = (f: Fixture): string => f.deployment.legs.liquidity as string;
export const marketsOf = (f: Fixture) => f.world.deployment.perp.markets;

/** The keeper sends these orders. */
export const send = async (f: Fixture, list: EncodedOrder[]) => f.rebalancer.rebalance(await planOf(f, list));

/** The Rebalancer as a stranger sees it. */
export const strangerOf = (f: Fixture) => f.rebalancer.connect(f.world.signers.stranger);

/** Change some limits of the usual ones, which have no cooldown in tests. */
export async function limited(f: Fixture, changes: Partial<typeof HEDGED_LIMITS>): Promise<void> {
  const admin = f.rebalancer.connect(f.world.signers.deployer);
  await admin.setLimits({ ...HEDGED_LIMITS, cooldown: 0n, ...changes });
}

/** Change some public limits of the usual ones. */
export async function publicLimited(f: Fixture, changes: Partial<typeof PUBLIC_LIMITS>): Promise<void> {
  const admin = f.rebalancer.connect(f.world.signers.deployer);
  await admin.setPublicLimits({ ...PUBLIC_LIMITS, gasAsset: f.world.tokens.WETH, ...changes });
}

/** True where the pool's token0 is USDC. */
export async function usdcFirst(f: Fixture): Promise<boolean> {
  return (await f.liquidity.token0()) === (await f.world.tokens.USDC.getAddress());
}

/** Let time pass; every feed says again what it said last. */
export async function later(f: Fixture, seconds: number | bigint): Promise<void> {
  await f.world.networkHelpers.time.increase(seconds);
  await sayAgain(f);
}

/** Every feed says again what it said last. Returns the rounds, in the order of the vault's assets. */
async function sayAgain(f: Fixture): Promise<bigint[]> {
  const rounds: bigint[] = [];
  for (const asset of ASSETS) {
    const { proxy } = f.world.feeds[asset];
    await setFeed(f.world, asset, Number((await proxy.latestRoundData()).answer) / 1e8);
    rounds.push((await proxy.latestRoundData()).roundId);
  }
  return rounds;
}

/** Let time pass until after the next grid time of the covariance oracle, and let it fold that. Prices stay; the pool is put back to them. */
export async function nextGridTime(f: Fixture): Promise<void> {
  const { time } = f.world.networkHelpers;
  const step = Number(COVARIANCE_PARAMETERS.gridStep);
  const grid = Math.ceil((await time.latest()) / step) * step;
  await time.increaseTo(grid - 60);
  const rounds = await sayAgain(f);
  await time.increaseTo(grid + 60);
  await f.covariance.poke([rounds]);
  await movePool(f.world, "altUsdc", START.ALT);
}

/** A vault that stands unhedged: 100,000 USDC and 5,000 ALT, 50,000 USDC of it margin, liquidity, and no short. */
export async function unhedgedPosition(f: Fixture): Promise<bigint> {
  const shares = await depositBasket(f, f.world.signers.alice, usdc(100_000), wad(5_000));
  const range = await rangeAround(f, 1.25);
  await limited(f, { maxVolatility: wad(10), minHedge: 0n, hedgeFloor: wad(10) });
  await send(f, [
    orders.margin(perpOf(f), usdc(50_000)),
    orders.mint(poolOf(f), range, await liquidityFor(f, range, wad(4_000), usdc(40_000))),
  ]);
  await limited(f, {});
  return shares;
}

/** A hedged vault with 1,000 USDC idle, whose margin a rise of ETH has brought under the floor. */
export async function thinPosition(f: Fixture): Promise<bigint> {
  const shares = await depositBasket(f, f.world.signers.alice, usdc(72_000), wad(5_000));
  const range = await rangeAround(f, 1.25);
  const { ETH, BTC } = marketsOf(f);
  await send(f, [
    orders.margin(perpOf(f), usdc(22_000)),
    orders.mint(poolOf(f), range, await liquidityFor(f, range, wad(5_000), usdc(49_000))),
    orders.size(perpOf(f), ETH.base, -wad(20)),
    orders.size(perpOf(f), BTC.base, -wad("0.5")),
  ]);
  await setFeed(f.world, "ETH", START.ETH * 1.27);
  await movePerp(f.world, "ETH", START.ETH * 1.27);
  return shares;
}
