import { MaxUint256 } from "ethers";
import { type Asset, DECIMALS, POOL_NAMES, POOLS, type PoolName, type Prices } from "./assets.js";
import { orderOf } from "./venues.js";
import type { World } from "./world.js";

/** What the makers could take out: tokens from the pools, USD from the perp venue. */
export interface MakerHoldings {
  readonly tokens: Record<Asset, number>;
  readonly perpUsd: number;
}

const MAX_UINT128 = 2n ** 128n - 1n;

/** The makers' liquidity with its fees, as if it were all taken out now. */
export async function makerHoldings(world: World): Promise<MakerHoldings> {
  const { maker } = world.signers;
  const positionManager = world.uniswap.positionManager.connect(maker);
  const tokens: Record<Asset, number> = { ETH: 0, BTC: 0, ALT: 0, USDC: 0 };
  const add = (pool: PoolName, amounts: readonly [bigint, bigint]) => {
    orderOf(world, pool).forEach((asset, i) => {
      tokens[asset] += Number(amounts[i]) / 10 ** DECIMALS[asset];
    });
  };
  const count = await positionManager.balanceOf(maker.address);
  for (let i = 0n; i < count; i += 1n) {
    const tokenId = await positionManager.tokenOfOwnerByIndex(maker.address, i);
    const { token0, token1, fee, liquidity } = await positionManager.positions(tokenId);
    const pool = POOL_NAMES.find((name) => isPool(world, name, token0, token1, fee));
    if (pool === undefined || liquidity === 0n) continue;
    const withdrawal = { tokenId, liquidity, amount0Min: 0, amount1Min: 0, deadline: MaxUint256 };
    const principal = await positionManager.decreaseLiquidity.staticCall(withdrawal);
    const collection = { tokenId, recipient: maker.address, amount0Max: MAX_UINT128, amount1Max: MAX_UINT128 };
    const fees = await positionManager.collect.staticCall(collection);
    add(pool, [principal.amount0 + fees.amount0, principal.amount1 + fees.amount1]);
  }
  const account = await world.perp.vault.getAccountValue(maker.address);
  return { tokens, perpUsd: Number(account) / 10 ** DECIMALS.USDC };
}

function isPool(world: World, name: PoolName, token0: string, token1: string, fee: bigint): boolean {
  const { tokens } = world.deployment;
  const symbols: Record<Asset, string> = { ETH: "WETH", BTC: "WBTC", ALT: world.altSymbol, USDC: "USDC" };
  const [asset0, asset1] = orderOf(world, name);
  const matches = (asset: Asset, token: string) => tokens[symbols[asset]]?.toLowerCase() === token.toLowerCase();
  return BigInt(POOLS[name].fee) === fee && matches(asset0, token0) && matches(asset1, token1);
}

/** USD that the makers gained over holding what they had: fees, less divergence; on the perp venue, their profit there. */
export function makerProfit(before: MakerHoldings, now: MakerHoldings, prices: Prices): number {
  let profit = now.perpUsd - before.perpUsd;
  for (const asset of Object.keys(prices) as Asset[]) {
    profit += (now.tokens[asset] - before.tokens[asset]) * prices[asset];
  }
  return profit;
}
