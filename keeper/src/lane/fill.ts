import type { LaneHold } from "../store/journal.js";
import type { LaneContext } from "./context.js";
import { gasOfNothing } from "./empty.js";
import { openUnder } from "./open.js";
import { prepare } from "./prepare.js";
import { signAndSend } from "./sign-and-send.js";
import type { Standing } from "./standing.js";
import { readOutlook, type Survey } from "./survey.js";

const DAY = 86_400;

/**
 * A transaction of the account that the journal does not know was left by a reorg, and did not come back: what has a later nonce could never
 * land. After the time in which a transaction is raised, its nonce is used by an empty one.
 *
 * @param waiting By nonce
 */
export async function fillGap(
  context: LaneContext,
  hold: LaneHold,
  waiting: readonly Standing[],
  { used, pending, head }: Survey,
): Promise<void> {
  const { provider, signer, config, now, logger } = context;
  const next = waiting[0]?.intent;
  if (next === undefined || next.nonce! <= used || pending > used) return;
  if (now() - next.updated_at < config.bumpAfterSeconds * 1000) return;
  const intent = {
    ...{ kind: "fill" as const, key: `fill:${used}`, vault: next.vault, tick_id: null, notional: null },
    ...{ target: signer, data: "0x", deadline: head.timestamp + DAY },
  };
  const gasLimit = await gasOfNothing(context);
  const terms = await prepare(context, intent, gasLimit, await readOutlook(provider, signer));
  if ("code" in terms || terms.nonce !== used) return;
  logger.warn({ nonce: used }, "a nonce before those that wait is unused: filling it");
  const opened = await openUnder(context, { ...intent, gas_limit: gasLimit });
  if (opened.free) await signAndSend(context, hold, opened.intent, terms, head.number);
}
