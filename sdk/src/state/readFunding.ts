import { Interface } from "ethers";
import type { Batch } from "../read/batch.js";
import { interfaceCall } from "../read/call.js";
import type { Ratio18 } from "../units.js";
import { perpV2FundingRate } from "./fundingRate.js";
import type { FundingSource } from "./legTypes.js";

const PERP = /* @__PURE__ */ new Interface([
  "function exchange() view returns (address)",
  "function getClearingHouseConfig() view returns (address)",
  "function getTwapInterval() view returns (uint32)",
  "function getMaxFundingRate() view returns (uint24)",
  "function getSqrtMarketTwapX96(address baseToken, uint32 twapInterval) view returns (uint160)",
  "function getIndexPrice(uint256 interval) view returns (uint256)",
  "function isOpen() view returns (bool)",
]);
// The first words of the answer, which every version has.
const AAVE = /* @__PURE__ */ new Interface([
  "function lendingPool() view returns (address)",
  "function getReserveData(address asset) view returns (uint256 configuration, uint128 liquidityIndex, uint128 currentLiquidityRate, uint128 variableBorrowIndex, uint128 currentVariableBorrowRate)",
]);
type ReserveData = readonly [bigint, bigint, bigint, bigint, bigint];
const RAY_PER_WAD = 10n ** 9n;
const Q192 = 1n << 192n;

/** Where a hedge leg's venue tells what positions cost; null where it is not known. */
export type FundingLayout =
  | { kind: "premium"; exchange: string; config: string }
  | { kind: "interest"; lendingPool: string; settlementToken: string }
  | null;

/** Finds out where a hedge leg's venue tells what positions cost: reads of one batch, and of another after it. */
export function probeFunding(batch: Batch, leg: string, settlementToken: string) {
  const exchange = batch.add(interfaceCall<string>(PERP, leg, "exchange"));
  const lendingPool = batch.add(interfaceCall<string>(AAVE, leg, "lendingPool"));
  return (next: Batch): (() => FundingLayout) => {
    const [perp, pool] = [exchange.orNull(), lendingPool.orNull()];
    if (pool !== null) return () => ({ kind: "interest", lendingPool: pool, settlementToken });
    if (perp === null) return () => null;
    const config = next.add(interfaceCall<string>(PERP, perp, "getClearingHouseConfig"));
    return () => {
      const found = config.orNull();
      return found === null ? null : { kind: "premium", exchange: perp, config: found };
    };
  };
}

/** What a Perp v2 venue charges by; null where the venue lends, or does not tell. */
export type FundingTerms = {
  /** Over which it averages, seconds. */
  interval: bigint;
  /** Most a day, millionths. */
  cap: bigint;
} | null;

/** What a Perp v2 venue charges by unless it is told otherwise (`ClearingHouseConfig.initialize`): a guess that saves a read. */
export function usualTerms(layout: FundingLayout): FundingTerms {
  return layout?.kind === "premium" ? { interval: 900n, cap: 100_000n } : null;
}

/** Adds the reads of what a venue charges by; call the result once the batch is sent. */
export function addFundingTerms(batch: Batch, layout: FundingLayout): () => FundingTerms {
  if (layout?.kind !== "premium") return () => null;
  const interval = batch.add(interfaceCall<bigint>(PERP, layout.config, "getTwapInterval"));
  const cap = batch.add(interfaceCall<bigint>(PERP, layout.config, "getMaxFundingRate"));
  return () => {
    const [seconds, most] = [interval.orNull(), cap.orNull()];
    return seconds === null || most === null ? null : { interval: seconds, cap: most };
  };
}

/** Where a venue's settled funding is found; null where it does not tell. */
export function fundingSourceOf(layout: FundingLayout, terms: FundingTerms): FundingSource | null {
  return layout?.kind !== "premium" || terms === null ? null : { exchange: layout.exchange, maxDailyRate: terms.cap };
}

/** Adds the reads of what one market's positions cost; call the result once the batch is sent. */
export function addMarketFunding(
  batch: Batch,
  layout: FundingLayout,
  terms: FundingTerms,
  market: string,
): () => Ratio18 | null {
  if (layout?.kind === "interest") return addInterest(batch, layout, market);
  if (layout === null || terms === null) return () => null;
  const { interval, cap } = terms;
  const open = batch.add(interfaceCall<boolean>(PERP, market, "isOpen"));
  const sqrtPrice = batch.add(interfaceCall<bigint>(PERP, layout.exchange, "getSqrtMarketTwapX96", market, interval));
  const index = batch.add(interfaceCall<bigint>(PERP, market, "getIndexPrice", interval));
  return () => {
    if (open.orNull() === false) return 0n;
    const [sqrt, price] = [sqrtPrice.orNull(), index.orNull()];
    if (sqrt === null || price === null) return null;
    return perpV2FundingRate((sqrt * sqrt * 10n ** 18n) / Q192, price, cap);
  };
}

function addInterest(
  batch: Batch,
  { lendingPool, settlementToken }: Extract<FundingLayout, { kind: "interest" }>,
  market: string,
): () => Ratio18 | null {
  const proceeds = batch.add(interfaceCall<ReserveData>(AAVE, lendingPool, "getReserveData", settlementToken));
  const debt = batch.add(interfaceCall<ReserveData>(AAVE, lendingPool, "getReserveData", market));
  return () => {
    const [earned, paid] = [proceeds.orNull()?.[2], debt.orNull()?.[4]];
    return earned === undefined || paid === undefined ? null : (earned - paid) / RAY_PER_WAD;
  };
}
