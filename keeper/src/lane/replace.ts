import { hexlify, Transaction } from "ethers";
import { KeeperError } from "../errors.js";
import type { Intent, LaneHold } from "../store/journal.js";
import { broadcast } from "./broadcast.js";
import type { LaneContext } from "./context.js";
import { gasOfNothing } from "./empty.js";
import { priceCap, raisedFees } from "./fees.js";
import { type LaneReason, outOfGas } from "./reasons.js";
import { routeAgain } from "./routes.js";
import { sign } from "./sign.js";
import type { Standing } from "./standing.js";
import { readOutlook, type Survey } from "./survey.js";

/** Sign the last transaction of a nonce again with both fees raised, as far as the cap allows, and send it. */
export async function raise(
  context: LaneContext,
  hold: LaneHold,
  standing: Standing,
  seen: Survey,
): Promise<LaneReason | null> {
  const last = standing.attempts.at(-1)!;
  return replacement(context, hold, standing, seen, last.cancels);
}

/** Take a nonce back by an empty transaction. */
export async function cancel(
  context: LaneContext,
  hold: LaneHold,
  standing: Standing,
  seen: Survey,
  why: LaneReason,
): Promise<LaneReason> {
  const note = `Cancelled: ${why.message}`;
  if (standing.intent.note !== note) await context.journal.updateIntent(hold, standing.intent.id, { note });
  return (await replacement(context, hold, standing, seen, true)) ?? why;
}

async function replacement(
  context: LaneContext,
  hold: LaneHold,
  { intent, attempts }: Standing,
  { head }: Survey,
  cancels: boolean,
): Promise<LaneReason | null> {
  const { provider, signer, config, nativeUsd, listener } = context;
  const { market, balance } = await readOutlook(provider, signer);
  if (market === null) return { code: "legacyChain", message: "The chain has no base fee any more." };
  const gasLimit = cancels ? await gasOfNothing(context) : BigInt(intent.gas_limit);
  const cap = priceCap(cancels ? null : intent, gasLimit, nativeUsd(), config.fees);
  const fees = raisedFees(highest(attempts), market, cap, config);
  if (fees === null) {
    return { code: "feeAboveCap", message: `A higher fee would be above the cap of ${cap} wei for a unit of gas.` };
  }
  if (balance < gasLimit * fees.maxFee) return outOfGas(signer, balance, gasLimit * fees.maxFee);
  const route = cancels ? context.openRoute : routeAgain(context, attempts.at(-1)!, head.number);
  const call = cancels ? intent : { id: intent.id, ...signedCall(context, attempts) };
  const draft = { intent: call, nonce: intent.nonce!, gasLimit, fees, cancels, route, head: head.number };
  const attempt = await sign(context, hold, draft, "replacementWritten");
  listener.attempt?.(cancels ? "cancel" : "replacement");
  await broadcast(context, hold, attempt, route);
  return null;
}

/** What the account itself has signed for: who can write into the database gets nothing else signed by it. */
function signedCall({ signer, chainId }: LaneContext, attempts: Standing["attempts"]): Pick<Intent, "target" | "data"> {
  const { raw, hash } = attempts.findLast(({ cancels }) => !cancels)!;
  const { from, to, data, chainId: signedFor } = Transaction.from(hexlify(raw));
  if (from?.toLowerCase() === signer && signedFor === BigInt(chainId) && to !== null) return { target: to, data };
  throw new KeeperError(
    `Transaction ${hash} in the journal was not signed by ${signer}.`,
    "Somebody has changed the journal: stop the keeper, and look at `crosshedge journal verify`.",
  );
}

/** The most that any of them offers, by part: a node may hold an older one. */
function highest(attempts: Standing["attempts"]) {
  const most = (values: readonly bigint[]): bigint => values.reduce((a, b) => (a > b ? a : b));
  return {
    maxFee: most(attempts.map(({ max_fee }) => BigInt(max_fee))),
    priority: most(attempts.map(({ max_priority_fee }) => BigInt(max_priority_fee))),
  };
}
