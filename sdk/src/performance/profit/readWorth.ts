import { Interface } from "ethers";
import type { ReadPoint } from "../../multicall.js";
import { Batch } from "../../read/batch.js";
import { interfaceCall } from "../../read/call.js";
import type { VaultState } from "../../state/types.js";
import type { Usd18 } from "../../units.js";
import type { LegWorth, Worth } from "./types.js";
import { settlementIndexOf } from "./worth.js";

const LEG = new Interface([
  "function measure((uint256[] mid, uint256[] half, bool ok) prices) view returns ((bool hedge, bool thin, int256 overdue, int256 equity, uint256 closeOutCost, uint256 venueGap, int256[] exposure, (int256 c, uint8 i, uint8 j)[] gammas))",
  "function amounts(uint256 mid0, uint256 mid1) view returns (uint256 amount0, uint256 amount1, uint256 fees0, uint256 fees1)",
]);

/** A state's legs at other prices than its own, measured by the chain at the state's block: one `eth_call`. */
export async function readWorth(state: VaultState, mids: readonly Usd18[], at: ReadPoint): Promise<Worth> {
  const batch = new Batch(at);
  const prices = [[...mids], mids.map(() => 0n), true];
  const pending = state.legs.map((leg) => {
    const value = batch.add(interfaceCall<Measured>(LEG, leg.address, "measure", prices));
    if (leg.kind !== "liquidity") return { address: leg.address, value, amounts: null };
    const pair = leg.indices.map((index) => mids[index] ?? 0n);
    const amounts = batch.add(interfaceCall<readonly bigint[]>(LEG, leg.address, "amounts", ...pair));
    return { address: leg.address, value, amounts };
  });
  if (pending.length > 0) await batch.send();
  const settlement = settlementIndexOf(state);
  const legs = pending.map(({ address, value, amounts }): LegWorth => {
    const { equity, exposure } = value.value();
    const [amount0 = 0n, amount1 = 0n, fees0 = 0n, fees1 = 0n] = amounts?.value() ?? [];
    return {
      address,
      equity,
      settlementExposure: exposure[settlement] ?? 0n,
      amounts: amounts && [amount0, amount1],
      fees: amounts && [fees0, fees1],
    };
  });
  return { mids, legs };
}

interface Measured {
  equity: Usd18;
  exposure: readonly Usd18[];
}
