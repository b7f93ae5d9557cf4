import { AbiCoder } from "ethers";

/** The actions of contracts/types/Plan.sol, by their number there. */
export const ACTIONS = { mint: 0n, burn: 1n, swap: 2n, size: 3n, margin: 4n } as const;

/** One typed order on one leg, with the reason for it. */
export type PlannedOrder = { readonly leg: string; readonly reason: string } & (
  | { readonly action: "mint"; readonly tickLower: number; readonly tickUpper: number; readonly liquidity: bigint }
  | { readonly action: "burn"; readonly liquidity: bigint }
  | { readonly action: "swap"; readonly zeroForOne: boolean; readonly amountIn: bigint }
  | { readonly action: "size"; readonly market: string; readonly size: bigint }
  | { readonly action: "margin"; readonly amount: bigint }
);

/** An order as the chain takes it. */
export interface EncodedOrder {
  readonly leg: string;
  readonly action: bigint;
  readonly params: string;
}

/** The order with its parameters ABI-encoded. */
export function encodeOrder(order: PlannedOrder): EncodedOrder {
  return { leg: order.leg, action: ACTIONS[order.action], params: encodeParams(order) };
}

function encodeParams(order: PlannedOrder): string {
  const coder = AbiCoder.defaultAbiCoder();
  switch (order.action) {
    case "mint":
      return coder.encode(["int24", "int24", "uint128"], [order.tickLower, order.tickUpper, order.liquidity]);
    case "burn":
      return coder.encode(["uint128"], [order.liquidity]);
    case "swap":
      return coder.encode(["bool", "uint256"], [order.zeroForOne, order.amountIn]);
    case "size":
      return coder.encode(["address", "int256"], [order.market, order.size]);
    case "margin":
      return coder.encode(["int256"], [order.amount]);
  }
}

/** True for an order that can only make the vault safer: burns, added margin, smaller shorts. */
export function isReduction(order: PlannedOrder): boolean {
  if (order.action === "burn") return true;
  if (order.action === "margin") return order.amount > 0n;
  return order.action === "size" && order.size > 0n;
}
