import { type Batch, interfaceCall, type VaultState } from "@crosshedge/sdk";
import { Interface } from "ethers";
import type { PoolState } from "../plan/situation.js";

const POOL = new Interface([
  "function slot0() view returns (uint160 sqrtPriceX96, int24 tick, uint16 observationIndex, uint16 observationCardinality, uint16 observationCardinalityNext, uint8 feeProtocol, bool unlocked)",
  "function liquidity() view returns (uint128)",
  "function fee() view returns (uint24)",
  "function tickSpacing() view returns (int24)",
  "function feeGrowthGlobal0X128() view returns (uint256)",
  "function feeGrowthGlobal1X128() view returns (uint256)",
]);

/** A pool as it says itself. */
export interface PoolReading extends Omit<PoolState, "feeRate"> {
  readonly feeGrowth: readonly [bigint, bigint];
}

/** Adds the reads of every pool that the vault provides liquidity in; call the result once the batch is sent. */
export function addPools(batch: Batch, state: VaultState): () => Record<string, PoolReading> {
  const legs = state.legs.flatMap((leg) => (leg.kind === "liquidity" ? [leg] : []));
  const pending = legs.map(({ address, pool }) => ({
    address,
    slot0: batch.add(interfaceCall<readonly [bigint]>(POOL, pool, "slot0")),
    liquidity: batch.add(interfaceCall<bigint>(POOL, pool, "liquidity")),
    fee: batch.add(interfaceCall<bigint>(POOL, pool, "fee")),
    tickSpacing: batch.add(interfaceCall<bigint>(POOL, pool, "tickSpacing")),
    growth0: batch.add(interfaceCall<bigint>(POOL, pool, "feeGrowthGlobal0X128")),
    growth1: batch.add(interfaceCall<bigint>(POOL, pool, "feeGrowthGlobal1X128")),
  }));
  return () =>
    Object.fromEntries(
      pending.map(({ address, slot0, liquidity, fee, tickSpacing, growth0, growth1 }) => [
        address,
        {
          sqrtPriceX96: slot0.value()[0],
          liquidity: liquidity.value(),
          fee: Number(fee.value()),
          tickSpacing: Number(tickSpacing.value()),
          feeGrowth: [growth0.value(), growth1.value()],
        },
      ]),
    );
}
