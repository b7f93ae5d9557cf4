import { decodeError } from "@crosshedge/sdk";
import { classifyRpcError } from "../rpc/classify.js";
import type { Intent, LaneHold } from "../store/journal.js";
import { LaneLostError } from "../store/lane-lost-error.js";
import type { LaneContext } from "./context.js";
import { followUp } from "./follow.js";
import type { LaneIntent, Outlook } from "./lane.js";
import { isSameThing, openUnder } from "./open.js";
import { pauseAfterReverts } from "./pause.js";
import { prepare } from "./prepare.js";
import { type LaneReason, laneLost } from "./reasons.js";
import { signAndSend } from "./sign-and-send.js";
import type { Found } from "./standing.js";
import { readOutlook } from "./survey.js";
import { type Trail, unsettledTrails } from "./trails.js";
import { watch } from "./watch.js";

/**
 * Write down, sign, write down, send, watch.
 *
 * @param seen Read beside the simulation; "changed" where the account has sent something since
 */
export async function sendNew(
  context: LaneContext,
  hold: LaneHold,
  intent: LaneIntent,
  signal: AbortSignal | undefined,
  seen: Outlook | "changed" | undefined,
): Promise<Found> {
  const { step, journal } = context;
  await step("laneTaken");
  let trails = await withoutUnsigned(context, hold, await unsettledTrails(context));
  const tried = trails.some((trail) => isSameThing(trail.intent, sameCase(intent)));
  if (tried) trails = await upToDate(context, hold, trails);
  const reads = await readsFor(context, intent, tried && seen !== "changed" ? undefined : seen);
  if ("code" in reads) return notSent(reads);
  const { outlook, gasLimit } = reads;
  const busy = trails.find((trail) => trail.intent.nonce! >= outlook.used)?.intent;
  if (busy !== undefined) return inTheWay(busy, intent);
  const pause = await pauseAfterReverts(context, intent);
  if (pause !== null) return notSent(pause);
  const terms = await prepare(context, intent, gasLimit, outlook);
  if ("code" in terms) return notSent(terms);
  if (signal?.aborted) return notSent({ code: "aborted", message: "Told to stop before it was signed." });
  const opened = await openUnder(context, { ...intent, gas_limit: gasLimit });
  if (!opened.free) return already(context, opened.intent);
  await step("intentWritten");
  try {
    const answer = await signAndSend(context, hold, opened.intent, terms, outlook.head.number);
    const written = (await journal.intent(opened.intent.id))!;
    if (answer.meaning !== "insufficientFunds") return await watch(context, hold, written, signal);
    return inFlight(written, { code: "outOfGas", message: answer.message! });
  } catch (error) {
    if (!(error instanceof LaneLostError)) throw error;
    const signed = (await journal.attempts(opened.intent.id)).length > 0;
    return signed ? inFlight(opened.intent, laneLost(error)) : notSent(laneLost(error));
  }
}

/** Intents that nothing was signed for are nobody's any more: whoever opened them is gone, or has lost the lane. */
async function withoutUnsigned(context: LaneContext, hold: LaneHold, trails: readonly Trail[]): Promise<Trail[]> {
  const unsigned = trails.filter(({ attempts }) => attempts.length === 0);
  for (const { intent } of unsigned) {
    await context.journal.updateIntent(hold, intent.id, { status: "void", note: "Nothing was signed for it." });
  }
  return trails.filter(({ attempts }) => attempts.length > 0);
}

/** What became of the tries before may have changed since they were looked at: a reorg brings a reverted one to success. */
async function upToDate(context: LaneContext, hold: LaneHold, trails: readonly Trail[]): Promise<Trail[]> {
  await followUp(context, hold, trails, false);
  return unsettledTrails(context);
}

const sameCase = ({ key, vault }: LaneIntent) => ({ key, vault: vault.toLowerCase() });

async function readsFor(
  { provider, signer, stillWanted }: LaneContext,
  intent: LaneIntent,
  seen: Outlook | "changed" | undefined,
): Promise<{ readonly outlook: Outlook; readonly gasLimit: bigint } | LaneReason> {
  const { target, data, gas_limit } = intent;
  const refused = (message: string): LaneReason => ({ code: "notWanted", message });
  try {
    const [outlook, gasLimit, wanted] = await Promise.all([
      typeof seen === "object" ? seen : readOutlook(provider, signer),
      gas_limit ?? provider.estimateGas({ from: signer, to: target, data }).then((gas) => (gas * 5n) / 4n),
      seen !== "changed" || stillWanted(intent),
    ]);
    return wanted ? { outlook, gasLimit } : refused("What went before it has changed what it was simulated on.");
  } catch (error) {
    const { meaning, message } = classifyRpcError(error);
    if (meaning === "revert") return refused(decodeError(error).shortMessage);
    return { code: meaning === "insufficientFunds" ? "outOfGas" : "unreachable", message };
  }
}

function inTheWay(busy: Intent, intent: LaneIntent): Found {
  const same = isSameThing(busy, sameCase(intent));
  const reason = { code: "laneBusy" as const, message: `Intent ${busy.id} (${busy.kind}) is in flight.` };
  return same ? inFlight(busy, reason) : notSent(reason);
}

async function already({ journal }: LaneContext, intent: Intent): Promise<Found> {
  const attempts = await journal.attempts(intent.id);
  const attempt = attempts.find(({ status }) => status === "mined" || status === "final") ?? null;
  return { state: "landed", intent, attempt, reason: null };
}

function inFlight(intent: Intent, reason: LaneReason): Found {
  return { state: "inFlight", intent, attempt: null, reason };
}

export function notSent(reason: LaneReason): Found {
  return { state: "notSent", intent: null, attempt: null, reason };
}
