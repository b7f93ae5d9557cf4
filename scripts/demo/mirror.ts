import { encodeOrder, type PlannedOrder } from "@crosshedge/keeper";
import { type BigNumberish, MaxUint256, ZeroHash } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { DemoVault } from "./vaults.js";

/** Parts of the copied liquidity that are tried: a pool through which the first has just swapped gives the second a little less. */
const SCALES = [10_000n, 9_990n, 9_980n, 9_950n, 9_900n, 9_800n, 9_500n];

/**
 * Make a twin provide the liquidity that the hedged vault has just come to provide: the same burns, swaps and mints.
 * @param held The hedged vault's liquidity before
 */
export async function mirrorLiquidity(
  { deployment, rebalancer, liquidity }: DemoVault,
  keeper: HardhatEthersSigner,
  orders: readonly PlannedOrder[],
  held: bigint,
  gasLimit: BigNumberish,
): Promise<void> {
  if (!orders.some(({ action }) => action === "mint" || action === "burn" || action === "swap")) return;
  const leg = deployment.legs.liquidity as string;
  const own = (await liquidity.position()).liquidity;
  const copy = (scale: bigint): PlannedOrder[] =>
    orders.flatMap((order): PlannedOrder[] => {
      if (order.action === "burn") return [{ ...order, leg, liquidity: (own * order.liquidity) / held }];
      if (order.action === "mint") return [{ ...order, leg, liquidity: (order.liquidity * scale) / 10_000n }];
      return order.action === "swap" ? [{ ...order, leg, amountIn: (order.amountIn * scale) / 10_000n }] : [];
    });
  const epoch = await rebalancer.epoch();
  const sender = rebalancer.connect(keeper);
  let last: unknown;
  for (const scale of SCALES) {
    const plan = { epoch, deadline: MaxUint256, decisionHash: ZeroHash, orders: copy(scale).map(encodeOrder) };
    try {
      await sender.rebalance.staticCall(plan);
    } catch (error) {
      last = error;
      continue;
    }
    await (await sender.rebalance(plan, { gasLimit })).wait();
    return;
  }
  throw last;
}
