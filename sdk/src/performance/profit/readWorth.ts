import { ILeg__views, IUniswapV3Leg__views } from "../../generated/abi.js";
import type { ReadPoint } from "../../multicall.js";
import { Batch } from "../../read/batch.js";
import { contractCall } from "../../read/call.js";
import { contractAt } from "../../read/contractAt.js";
import type { VaultState } from "../../state/types.js";
import type { Usd18 } from "../../units.js";
import type { LegWorth, Worth } from "./types.js";
import { settlementIndexOf } from "./worth.js";

/** A state's legs at other prices than its own, measured by the chain at the state's block: one `eth_call`. */
export async function readWorth(state: VaultState, mids: readonly Usd18[], at: ReadPoint): Promise<Worth> {
  const batch = new Batch(at);
  const prices = { mid: [...mids], half: mids.map(() => 0n), ok: true };
  const pending = state.legs.map((leg) => {
    const value = batch.add(contractCall(contractAt(ILeg__views, leg.address), "measure", prices));
    if (leg.kind !== "liquidity") return { address: leg.address, value, amounts: null };
    const [mid0, mid1] = leg.indices.map((index) => mids[index] ?? 0n) as [bigint, bigint];
    const amounts = batch.add(contractCall(contractAt(IUniswapV3Leg__views, leg.address), "amounts", mid0, mid1));
    return { address: leg.address, value, amounts };
  });
  if (pending.length > 0) await batch.send();
  const settlement = settlementIndexOf(state);
  const legs = pending.map(({ address, value, amounts }): LegWorth => {
    const { equity, exposure } = value.value();
    const held = amounts?.value();
    return {
      address,
      equity,
      settlementExposure: exposure[settlement] ?? 0n,
      amounts: held ? [held.amount0, held.amount1] : null,
      fees: held ? [held.fees0, held.fees1] : null,
    };
  });
  return { mids, legs };
}
