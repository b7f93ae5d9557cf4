import { MaxUint256 } from "ethers";
import { UniswapV3Pool__factory } from "../../scripts/devnet/generated/index.js";
import type { World } from "../../scripts/devnet/world.js";
import { START } from "./fixture.js";
import type { Range } from "./orders.js";

/** One more ALT/USDC pool, at a price and without liquidity. */
export async function emptyPool({ uniswap, tokens, signers }: World, fee: number, sqrtPriceX96: bigint) {
  await uniswap.factory.createPool(tokens.ALT, tokens.USDC, fee);
  const address = await uniswap.factory.getPool(tokens.ALT, tokens.USDC, fee);
  const pool = UniswapV3Pool__factory.connect(address, signers.deployer);
  await pool.initialize(sqrtPriceX96);
  return pool;
}

/** Liquidity of the maker's on a range: so many USD a side, at the start price. */
export async function giveLiquidity(
  { uniswap, tokens, signers: { maker } }: World,
  pool: Awaited<ReturnType<typeof emptyPool>>,
  range: Range,
  usd: bigint,
): Promise<void> {
  const amounts = new Map([
    [await tokens.ALT.getAddress(), (usd * 10n ** (await tokens.ALT.decimals())) / BigInt(START.ALT)],
    [await tokens.USDC.getAddress(), usd * 10n ** 6n],
  ]);
  const [token0, token1] = [await pool.token0(), await pool.token1()];
  for (const token of [tokens.ALT, tokens.USDC]) {
    // Twice, as rounding may ask for a little more.
    await token.mint(maker.address, 2n * (amounts.get(await token.getAddress()) as bigint));
    await token.connect(maker).approve(uniswap.positionManager, MaxUint256);
  }
  await uniswap.positionManager.connect(maker).mint({
    token0,
    token1,
    fee: await pool.fee(),
    ...range,
    amount0Desired: amounts.get(token0) as bigint,
    amount1Desired: amounts.get(token1) as bigint,
    amount0Min: 0,
    amount1Min: 0,
    recipient: maker.address,
    deadline: MaxUint256,
  });
}
