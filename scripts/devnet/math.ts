import { type Asset, DECIMALS, FEED_DECIMALS } from "./assets.js";

const Q96 = 2 ** 96;

/** √price in Q96 of a raw price (token1 per token0, both in raw units). */
export function toSqrtX96(rawPrice: number): bigint {
  return BigInt(Math.floor(Math.sqrt(rawPrice) * Q96));
}

/** The raw price of a √price in Q96. */
export function fromSqrtX96(sqrtX96: bigint): number {
  return (Number(sqrtX96) / Q96) ** 2;
}

/** A feed's answer for a price in USD. */
export function toAnswer(priceUsd: number): bigint {
  return BigInt(Math.round(priceUsd * 10 ** FEED_DECIMALS));
}

/** A USD amount worth of an asset, in the token's raw units. */
export function usdWorth(asset: Asset, usd: number, priceUsd: number): bigint {
  return BigInt(Math.floor((usd / priceUsd) * 10 ** DECIMALS[asset]));
}

/** USD (1e18) of 1e18 raw units of an asset's token: exact products on-chain without decimals. */
export function usdPerRaw(asset: Asset, priceUsd: number): bigint {
  return BigInt(Math.round(priceUsd * 1e12)) * 10n ** BigInt(24 - DECIMALS[asset]);
}

/** USD as a number from 1e18 fixed point. */
export function fromWad(wad: bigint): number {
  return Number(wad) / 1e18;
}
