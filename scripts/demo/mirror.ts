import { amountsForLiquidity, encodeOrder, type PlannedOrder, sqrtRatioAtTick } from "@crosshedge/keeper";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type BigNumberish, MaxUint256, ZeroHash } from "ethers";
import { UniswapV3Pool__factory } from "../devnet/generated/index.js";
import type { DemoVault } from "./vaults.js";

/** A twin follows when its liquidity is off by more than this part. */
const TOLERANCE = 500n;
/** Parts of the liquidity that are tried, best first: the swap before the mint moves the price a little. */
const SCALES = [10_000n, 9_990n, 9_970n, 9_930n, 9_850n, 9_700n, 9_400n, 9_000n, 8_000n, 6_000n];
/** What a swap must bring beyond what is missing, for its fee and its impact. */
const SURPLUS = 1_010n;

type Position = Awaited<ReturnType<DemoVault["liquidity"]["position"]>>;
type Amounts = [bigint, bigint];

/**
 * Bring a twin's liquidity to the hedged vault's: the same range, the same amount as far as its tokens go, and as much of the risky
 * token beside it. What the hedged vault has as margin the twin has idle.
 */
export async function mirrorLiquidity(
  twin: DemoVault,
  hedged: DemoVault,
  altToken: string,
  keeper: HardhatEthersSigner,
  gasLimit: BigNumberish,
): Promise<void> {
  const [own, target, idle] = await Promise.all([
    twin.liquidity.position(),
    hedged.liquidity.position(),
    hedged.vault.idle(altToken),
  ]);
  const alt = { address: altToken, idle };
  const sameRange = own.tickLower === target.tickLower && own.tickUpper === target.tickUpper;
  const gap = own.liquidity > target.liquidity ? own.liquidity - target.liquidity : target.liquidity - own.liquidity;
  if (target.liquidity + own.liquidity === 0n || (sameRange && gap * TOLERANCE <= target.liquidity)) return;
  const epoch = await twin.rebalancer.epoch();
  const sender = twin.rebalancer.connect(keeper);
  let refusal: unknown;
  for (const scale of SCALES) {
    const orders = await ordersTowards(twin, own, target, alt, scale);
    const plan = { epoch, deadline: MaxUint256, decisionHash: ZeroHash, orders: orders.map(encodeOrder) };
    try {
      await sender.rebalance.staticCall(plan);
    } catch (error) {
      refusal = error;
      continue;
    }
    await (await sender.rebalance(plan, { gasLimit })).wait();
    return;
  }
  throw refusal;
}

async function ordersTowards(
  { vault, liquidity: leg, deployment }: DemoVault,
  own: Position,
  target: Position,
  alt: { readonly address: string; readonly idle: bigint },
  scale: bigint,
): Promise<PlannedOrder[]> {
  const sameRange = own.tickLower === target.tickLower && own.tickUpper === target.tickUpper;
  const order = { leg: deployment.legs.liquidity as string, reason: "as the hedged vault" };
  const [tickLower, tickUpper] = [Number(target.tickLower), Number(target.tickUpper)];
  const wanted = (target.liquidity * scale) / 10_000n;
  if (sameRange && wanted <= own.liquidity) return [{ ...order, action: "burn", liquidity: own.liquidity - wanted }];

  const { sqrtPriceX96 } = await UniswapV3Pool__factory.connect(await leg.pool(), vault.runner).slot0();
  const amounts = (tickA: bigint, tickB: bigint, liquidity: bigint, up: boolean): Amounts => {
    const [lower, upper] = [sqrtRatioAtTick(Number(tickA)), sqrtRatioAtTick(Number(tickB))];
    const { amount0, amount1 } = amountsForLiquidity(sqrtPriceX96, lower, upper, liquidity, up);
    return [amount0, amount1];
  };
  const added = sameRange ? wanted - own.liquidity : wanted;
  const needed = amounts(target.tickLower, target.tickUpper, added, true);
  const freed: Amounts = sameRange ? [0n, 0n] : amounts(own.tickLower, own.tickUpper, own.liquidity, false);
  const side = (await leg.token0()) === alt.address ? 0 : 1;
  const missing = (needed[side] as bigint) + alt.idle - (await vault.idle(alt.address)) - (freed[side] as bigint);
  const orders: PlannedOrder[] = [];
  if (!sameRange && own.liquidity > 0n) orders.push({ ...order, action: "burn", liquidity: own.liquidity });
  if (missing !== 0n) orders.push({ ...order, action: "swap", ...swapFor(missing, side, sqrtPriceX96) });
  orders.push({ ...order, action: "mint", tickLower, tickUpper, liquidity: added });
  return orders;
}

/** The swap that brings what is missing of one token, or takes away what is too much, at the pool's price. */
function swapFor(missing: bigint, side: 0 | 1, sqrtPriceX96: bigint): { zeroForOne: boolean; amountIn: bigint } {
  if (missing < 0n) return { zeroForOne: side === 0, amountIn: -missing };
  const price = sqrtPriceX96 * sqrtPriceX96;
  const amountIn = side === 0 ? (missing * price) >> 192n : (missing << 192n) / price;
  return { zeroForOne: side === 1, amountIn: (amountIn * SURPLUS) / 1_000n + 1n };
}
