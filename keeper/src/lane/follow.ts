import type { LaneHold } from "../store/journal.js";
import { advance } from "./advance.js";
import type { LaneContext } from "./context.js";
import { fillGap } from "./fill.js";
import { reconcile } from "./reconcile.js";
import { type Found, foundOf, type Standing } from "./standing.js";
import { survey } from "./survey.js";
import type { Trail } from "./trails.js";

/**
 * One look at the chain, written down, and a push for what still waits, in the order of nonces.
 *
 * @param push False: nothing is sent
 */
export async function followUp(
  context: LaneContext,
  hold: LaneHold,
  trails: readonly Trail[],
  push: boolean,
): Promise<Found[]> {
  const { provider, signer, config, holder } = context;
  const seen = await survey(provider, signer, trails, config.finality);
  await holder.keep(hold);
  const standings: Standing[] = [];
  for (const trail of trails) standings.push(await reconcile(context, hold, trail, seen));
  const waiting = standings
    .filter(({ state }) => state === "waiting")
    .sort((a, b) => a.intent.nonce! - b.intent.nonce!);
  const reasons = new Map<number, Found["reason"]>();
  if (push) {
    for (const standing of waiting)
      reasons.set(standing.intent.id, await advance(context, hold, standing, standings, seen));
    await fillGap(context, hold, waiting, seen);
  }
  return standings.map((standing) => {
    const result = foundOf(standing);
    return { ...result, reason: reasons.get(standing.intent.id) ?? result.reason };
  });
}
