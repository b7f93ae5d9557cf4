import { isqrt } from "@crosshedge/sdk";

/** Integer tick maths of Uniswap v3, exact to the unit. */

export const MIN_TICK = -887_272;
export const MAX_TICK = 887_272;
export const Q96 = 1n << 96n;
const MAX_UINT256 = (1n << 256n) - 1n;

const FACTORS: readonly bigint[] = [
  0xfffcb933bd6fad37aa2d162d1a594001n,
  0xfff97272373d413259a46990580e213an,
  0xfff2e50f5f656932ef12357cf3c7fdccn,
  0xffe5caca7e10e4e61c3624eaa0941cd0n,
  0xffcb9843d60f6159c9db58835c926644n,
  0xff973b41fa98c081472e6896dfb254c0n,
  0xff2ea16466c96a3843ec78b326b52861n,
  0xfe5dee046a99a2a811c461f1969c3053n,
  0xfcbe86c7900a88aedcffc83b479aa3a4n,
  0xf987a7253ac413176f2b074cf7815e54n,
  0xf3392b0822b70005940c7a398e4b70f3n,
  0xe7159475a2c29b7443b29c7fa6e889d9n,
  0xd097f3bdfd2022b8845ad8f792aa5825n,
  0xa9f746462d870fdf8a65dc1f90e061e5n,
  0x70d869a156d2a1b890bb3df62baf32f7n,
  0x31be135f97d08fd981231505542fcfa6n,
  0x9aa508b5b7a84e1c677de54f3e99bc9n,
  0x5d6af8dedb81196699c329225ee604n,
  0x2216e584f5fa1ea926041bedfe98n,
  0x48a170391f7dc42444e8fa2n,
];

/** √(1.0001^tick)·2^96, as the pool computes it. */
export function sqrtRatioAtTick(tick: number): bigint {
  if (!Number.isInteger(tick) || tick < MIN_TICK || tick > MAX_TICK)
    throw new RangeError(`tick ${tick} is out of range`);
  const magnitude = Math.abs(tick);
  let ratio = 1n << 128n;
  for (let bit = 0; bit < FACTORS.length; bit++) {
    if ((magnitude & (1 << bit)) !== 0) ratio = (ratio * FACTORS[bit]!) >> 128n;
  }
  if (tick > 0) ratio = MAX_UINT256 / ratio;
  return (ratio >> 32n) + ((ratio & 0xffffffffn) === 0n ? 0n : 1n);
}

/** The greatest tick whose √ratio is at most this one. */
export function tickAtSqrtRatio(sqrtRatioX96: bigint): number {
  const guess = Math.floor((2 * Math.log(Number(sqrtRatioX96) / 2 ** 96)) / Math.log(1.0001));
  let tick = Math.min(Math.max(guess, MIN_TICK), MAX_TICK);
  while (tick > MIN_TICK && sqrtRatioAtTick(tick) > sqrtRatioX96) tick--;
  while (tick < MAX_TICK && sqrtRatioAtTick(tick + 1) <= sqrtRatioX96) tick++;
  return tick;
}

/**
 * √(price of token0 in token1)·2^96 from USD prices.
 *
 * @param mid0 USD per whole token0, 1e18
 * @param mid1 USD per whole token1, 1e18
 */
export function sqrtRatioFromPrices(mid0: bigint, mid1: bigint, decimals0: number, decimals1: number): bigint {
  const numerator = mid0 * 10n ** BigInt(decimals1);
  const denominator = mid1 * 10n ** BigInt(decimals0);
  return isqrt((numerator << 192n) / denominator);
}

/** The multiple of the spacing at or below a tick. */
export function floorToSpacing(tick: number, spacing: number): number {
  return Math.floor(tick / spacing) * spacing;
}
