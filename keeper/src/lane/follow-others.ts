import type { LaneHold } from "../store/journal.js";
import { LaneLostError } from "../store/lane-lost-error.js";
import type { LaneContext } from "./context.js";
import { followUp } from "./follow.js";
import type { LaneHolder } from "./lane-holder.js";
import type { Found } from "./standing.js";
import { unsettledTrails } from "./trails.js";

/**
 * Look up what other accounts of this journal have left unsettled, such as the one that signed before the key was changed, and write down
 * how it ended. Nothing is sent: their keys are not here. An account that some keeper still signs for is left to it.
 *
 * @param holderOf Takes the lane of an account for as long as it is looked at
 */
export async function followOthers(context: LaneContext, holderOf: (signer: string) => LaneHolder): Promise<Found[]> {
  const { journal, chainId, signer } = context;
  const found: Found[] = [];
  for (const other of await journal.unsettledSigners(chainId)) {
    if (other === signer) continue;
    const holder = holderOf(other);
    const hold = await holder.take();
    if (hold === null) continue;
    const own = { ...context, signer: other, holder, listener: {} };
    found.push(...(await look(own, hold)));
    await holder.release();
  }
  return found;
}

/** None where its keeper has come back meanwhile. */
async function look(context: LaneContext, hold: LaneHold): Promise<Found[]> {
  try {
    return await followUp(context, hold, await unsettledTrails(context), false);
  } catch (error) {
    if (error instanceof LaneLostError) return [];
    await context.holder.release();
    throw error;
  }
}
