import type { Random } from "@crosshedge/keeper/random";
import { POOL_NAMES, type PoolName, type Prices } from "./assets.js";
import { usdPerRaw, usdWorth } from "./math.js";
import { DAY, QUARTER } from "./time.js";
import { type Noise, orderOf } from "./venues.js";
import type { World } from "./world.js";

/** USD that noise traders turn over in each pool a day, on average: a tenth to a fifth of the liquidity. */
export const NOISE_USD_A_DAY: Record<PoolName, number> = {
  altUsdc: 4_000_000,
  altWeth: 4_000_000,
  wethUsdc: 40_000_000,
  wbtcUsdc: 40_000_000,
};

/** The trades of a quarter-hour by people who know nothing: one a pool, of exponential size, either way. */
export function noiseTrades(world: World, random: Random, quote: Partial<Prices>): Noise[] {
  const trades: Noise[] = [];
  for (const name of POOL_NAMES) {
    const [asset0, asset1] = orderOf(world, name);
    // Drawn even when there is no price: a gap must not shift the numbers that follow.
    const usd = random.exponential() * NOISE_USD_A_DAY[name] * (QUARTER / DAY);
    const zeroForOne = random.uniform() < 0.5;
    const [price0, price1] = [quote[asset0], quote[asset1]];
    if (price0 === undefined || price1 === undefined) continue;
    trades.push({
      pool: world.deployment.uniswap.pools[name],
      zeroForOne,
      amountIn: zeroForOne ? usdWorth(asset0, usd, price0) : usdWorth(asset1, usd, price1),
      usd0: usdPerRaw(asset0, price0),
      usd1: usdPerRaw(asset1, price1),
    });
  }
  return trades;
}
