import { amountsForLiquidity, encodeOrder, type PlannedOrder, sqrtRatioAtTick, swapExactIn } from "@crosshedge/keeper";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type BigNumberish, MaxUint256, ZeroHash } from "ethers";
import { POOLS } from "../devnet/assets.js";
import { UniswapV3Pool__factory } from "../devnet/generated/index.js";
import type { DemoVault } from "./vaults.js";

/** A twin follows when its liquidity is off by more than one part in so many. */
const TOLERANCE = 500n;
/** And when the risky token that it holds idle is off by more than one part in so many of what the hedged vault has in the pool. */
const IDLE_TOLERANCE = 50n;
/** Parts of the liquidity that are tried, best first: how far the swap before the mint moves the price is an estimate. */
const SCALES = [10_000n, 9_995n, 9_990n, 9_980n, 9_950n, 9_900n, 9_800n, 9_500n, 9_000n];
/** Times that the swap is worked out anew at the price that it leads to. */
const ROUNDS = 4;
const { fee: FEE } = POOLS.altUsdc;

type Position = Awaited<ReturnType<DemoVault["liquidity"]["position"]>>;
/** The risky token, and how much of it the hedged vault holds idle. */
interface Alt {
  readonly address: string;
  readonly idle: bigint;
}

/**
 * Bring a twin's liquidity to the hedged vault's: the same range, the same amount, and as much of the risky token beside it. What the
 * hedged vault has as margin the twin has idle.
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
  if (target.liquidity + own.liquidity === 0n) return;
  const near = (a: bigint, b: bigint, whole: bigint, parts: bigint) => (a > b ? a - b : b - a) * parts <= whole;
  const sameLiquidity = sameRange(own, target) && near(own.liquidity, target.liquidity, target.liquidity, TOLERANCE);
  if (
    sameLiquidity &&
    near(await twin.vault.idle(altToken), idle, await altOf(hedged, altToken, target), IDLE_TOLERANCE)
  ) {
    return;
  }
  const epoch = await twin.rebalancer.epoch();
  const sender = twin.rebalancer.connect(keeper);
  const orders = await ordersTowards(twin, own, target, { address: altToken, idle });
  let refusal: unknown;
  for (const scale of SCALES) {
    const scaled = orders.map((order) =>
      order.action === "mint" ? { ...order, liquidity: (order.liquidity * scale) / 10_000n } : order,
    );
    const plan = {
      epoch,
      deadline: MaxUint256,
      maxLoss: MaxUint256,
      decisionHash: ZeroHash,
      orders: scaled.map(encodeOrder),
    };
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

const sameRange = (a: Position, b: Position): boolean => a.tickLower === b.tickLower && a.tickUpper === b.tickUpper;

/** The risky token in a vault's position at the pool's price. */
async function altOf({ vault, liquidity: leg }: DemoVault, altToken: string, position: Position): Promise<bigint> {
  const { sqrtPriceX96 } = await UniswapV3Pool__factory.connect(await leg.pool(), vault.runner).slot0();
  return amountsAt(sqrtPriceX96, position, position.liquidity)[(await leg.token0()) === altToken ? 0 : 1];
}

/** Amounts of both tokens in a position at a √price. */
function amountsAt(sqrtPrice: bigint, { tickLower, tickUpper }: Position, liquidity: bigint): [bigint, bigint] {
  const [lower, upper] = [sqrtRatioAtTick(Number(tickLower)), sqrtRatioAtTick(Number(tickUpper))];
  const { amount0, amount1 } = amountsForLiquidity(sqrtPrice, lower, upper, liquidity, true);
  return [amount0, amount1];
}

async function ordersTowards(
  { vault, liquidity: leg, deployment }: DemoVault,
  own: Position,
  target: Position,
  alt: Alt,
): Promise<PlannedOrder[]> {
  const order = { leg: deployment.legs.liquidity as string, reason: "as the hedged vault" };
  const common = own.liquidity < target.liquidity ? own.liquidity : target.liquidity;
  const kept = sameRange(own, target) ? common : 0n;
  const pool = UniswapV3Pool__factory.connect(await leg.pool(), vault.runner);
  const [{ sqrtPriceX96 }, depth] = await Promise.all([pool.slot0(), pool.liquidity()]);
  const side = (await leg.token0()) === alt.address ? 0 : 1;
  const freed = amountsAt(sqrtPriceX96, own, own.liquidity - kept)[side];
  const held = (await vault.idle(alt.address)) + freed;
  const added = target.liquidity - kept;
  let swap = { zeroForOne: false, amountIn: 0n };
  let sqrtPrice = sqrtPriceX96;
  for (let round = 0; round < ROUNDS; round++) {
    const missing = amountsAt(sqrtPrice, target, added)[side] + alt.idle - held;
    swap = swapFor(missing, side, sqrtPriceX96);
    sqrtPrice = swapExactIn(sqrtPriceX96, depth, FEE, swap.zeroForOne, swap.amountIn).sqrtPriceAfter;
  }
  const orders: PlannedOrder[] = [];
  if (own.liquidity > kept) orders.push({ ...order, action: "burn", liquidity: own.liquidity - kept });
  if (swap.amountIn > 0n) orders.push({ ...order, action: "swap", ...swap });
  const [tickLower, tickUpper] = [Number(target.tickLower), Number(target.tickUpper)];
  if (added > 0n) orders.push({ ...order, action: "mint", tickLower, tickUpper, liquidity: added });
  return orders;
}

/** The swap that brings what is missing of one token, or takes away what is too much, near a price. */
function swapFor(missing: bigint, side: 0 | 1, sqrtPriceX96: bigint): { zeroForOne: boolean; amountIn: bigint } {
  if (missing <= 0n) return { zeroForOne: side === 0, amountIn: -missing };
  const price = sqrtPriceX96 * sqrtPriceX96;
  const amountIn = side === 0 ? (missing * price) >> 192n : (missing << 192n) / price;
  return { zeroForOne: side === 1, amountIn: (amountIn * BigInt(1_000_000 + 2 * FEE)) / 1_000_000n };
}
