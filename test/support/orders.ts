import { createRequire } from "node:module";
import { isqrt } from "@crosshedge/sdk";
import { AbiCoder, MaxUint256, parseUnits, ZeroHash } from "ethers";
import type { Fixture } from "./fixture.js";

const require = createRequire(import.meta.url);
// The SDK's ESM build cannot be imported by Node: its CommonJS one can.
const sdk = require("@uniswap/v3-sdk") as typeof import("@uniswap/v3-sdk");
const { BigInt: toJsbi } = require("jsbi") as { BigInt(value: string): import("jsbi").default };
export const { TickMath, SqrtPriceMath, maxLiquidityForAmounts } = sdk;

const coder = AbiCoder.defaultAbiCoder();
const order = (leg: string, action: number, types: string[], values: unknown[]) => ({
  leg,
  action,
  params: coder.encode(types, values),
});

export interface Range {
  tickLower: number;
  tickUpper: number;
}

/** Encoders of the five actions of contracts/types/Plan.sol. */
export const orders = {
  mint: (leg: string, { tickLower, tickUpper }: Range, liquidity: bigint) =>
    order(leg, 0, ["int24", "int24", "uint128"], [tickLower, tickUpper, liquidity]),
  burn: (leg: string, liquidity: bigint) => order(leg, 1, ["uint128"], [liquidity]),
  swap: (leg: string, zeroForOne: boolean, amountIn: bigint) =>
    order(leg, 2, ["bool", "uint256"], [zeroForOne, amountIn]),
  size: (leg: string, market: string, size: bigint) => order(leg, 3, ["address", "int256"], [market, size]),
  margin: (leg: string, amount: bigint) => order(leg, 4, ["int256"], [amount]),
};
export type EncodedOrder = ReturnType<typeof orders.mint>;

/** A plan for the vault's present epoch, without a deadline or a bound of its own. */
export async function planOf(
  f: Fixture,
  list: EncodedOrder[],
  changes: { epoch?: bigint; deadline?: bigint; maxLoss?: bigint } = {},
) {
  const epoch = changes.epoch ?? (await f.rebalancer.epoch());
  const { deadline = MaxUint256, maxLoss = MaxUint256 } = changes;
  return { epoch, deadline, maxLoss, decisionHash: ZeroHash, orders: list };
}

/** √(token1 per token0)·2^96 of the vault's pool at the oracle's prices, as the contracts compute it. */
export async function oracleSqrtPrice(f: Fixture, at?: { mid: bigint[] }): Promise<bigint> {
  const [index0, index1] = await f.liquidity.indices();
  const prices = at ?? (await f.vault.portfolio())[1];
  const decimals = await poolDecimals(f);
  const ratio =
    ((prices.mid[Number(index0)] as bigint) * 10n ** decimals[1] * 2n ** 192n) /
    ((prices.mid[Number(index1)] as bigint) * 10n ** decimals[0]);
  return isqrt(ratio);
}

export async function poolDecimals(f: Fixture): Promise<[bigint, bigint]> {
  const alt = await f.world.tokens.ALT.decimals();
  return (await altIsFirst(f)) ? [alt, 6n] : [6n, alt];
}

async function altIsFirst(f: Fixture): Promise<boolean> {
  return (await f.liquidity.token0()) === (await f.world.tokens.ALT.getAddress());
}

/** Ticks of a range from price/factor to price·factor around the oracle's price. */
export async function rangeAround(f: Fixture, factor: number, spacing = 60): Promise<Range> {
  const tick = TickMath.getTickAtSqrtRatio(toJsbi((await oracleSqrtPrice(f)).toString()));
  const reach = Math.log(factor) / Math.log(1.0001);
  return {
    tickLower: Math.floor((tick - reach) / spacing) * spacing,
    tickUpper: Math.ceil((tick + reach) / spacing) * spacing,
  };
}

/** Most liquidity that the given ALT and USDC can provide on a range at the oracle's price. */
export async function liquidityFor(f: Fixture, range: Range, alt: bigint, usdc: bigint): Promise<bigint> {
  const altFirst = await altIsFirst(f);
  const liquidity = maxLiquidityForAmounts(
    toJsbi((await oracleSqrtPrice(f)).toString()),
    TickMath.getSqrtRatioAtTick(range.tickLower),
    TickMath.getSqrtRatioAtTick(range.tickUpper),
    (altFirst ? alt : usdc).toString(),
    (altFirst ? usdc : alt).toString(),
    true,
  );
  return BigInt(liquidity.toString());
}

export const usdc = (amount: number | string): bigint => parseUnits(String(amount), 6);
export const wad = (amount: number | string): bigint => parseUnits(String(amount), 18);
