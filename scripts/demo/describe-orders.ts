import { Rebalancer__factory } from "@crosshedge/sdk";
import { AbiCoder, formatUnits } from "ethers";
import type { World } from "../devnet/world.js";
import type { DemoOptions } from "./options.js";

const coder = AbiCoder.defaultAbiCoder();
const rebalancer = Rebalancer__factory.createInterface();
const short = (value: string, digits = 4) => Number(value).toLocaleString("en-US", { maximumFractionDigits: digits });

/** The orders of a plan, read from the transaction that carried it, in words. */
export function describeOrders(world: World, pool: DemoOptions["pool"], data: string): string[] {
  const [plan] = rebalancer.decodeFunctionData("rebalance", data);
  return (plan.orders as { leg: string; action: bigint; params: string }[]).map(({ action, params }) => {
    switch (Number(action)) {
      case 0: {
        const [lower, upper] = coder.decode(["int24", "int24", "uint128"], params);
        return `provide liquidity on ticks ${lower} to ${upper}`;
      }
      case 1:
        return "remove liquidity and collect fees";
      case 2: {
        const [zeroForOne, amountIn] = coder.decode(["bool", "uint256"], params);
        return describeSwap(world, pool, zeroForOne, amountIn);
      }
      case 3: {
        const [market, size] = coder.decode(["address", "int256"], params);
        const name = market === world.deployment.perp.markets.ETH.base ? "ETH" : "BTC";
        return `${size < 0n ? "short" : "buy back"} ${short(formatUnits(size < 0n ? -size : size, 18))} ${name}`;
      }
      default: {
        const [amount] = coder.decode(["int256"], params);
        const usdc = short(formatUnits(amount < 0n ? -amount : amount, 6), 0);
        return amount > 0n ? `add ${usdc} USDC of margin` : `take back ${usdc} USDC of margin`;
      }
    }
  });
}

function describeSwap(world: World, pool: DemoOptions["pool"], zeroForOne: boolean, amountIn: bigint): string {
  const { tokens, altSymbol } = world.deployment;
  const sides = [
    { symbol: altSymbol, address: tokens[altSymbol] as string, decimals: 18 },
    pool === "usdc"
      ? { symbol: "USDC", address: tokens.USDC as string, decimals: 6 }
      : { symbol: "WETH", address: tokens.WETH as string, decimals: 18 },
  ].sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  const [from, to] = zeroForOne ? sides : sides.reverse();
  return `swap ${short(formatUnits(amountIn, from?.decimals), 2)} ${from?.symbol} for ${to?.symbol}`;
}
