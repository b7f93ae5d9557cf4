import type { TransactionReceipt } from "ethers";
import type { Attempt, Intent, LaneHold } from "../store/journal.js";
import type { LaneContext } from "./context.js";
import { ask } from "./no-answer-error.js";
import { revertReason } from "./revert-reason.js";
import type { Standing } from "./standing.js";
import type { Survey } from "./survey.js";
import type { Trail } from "./trails.js";

type IntentChange = Partial<Pick<Intent, "status" | "succeeded" | "note">>;

/** Write down what the chain says about an intent: in a block, no longer in one, final, or its nonce taken by something else. */
export async function reconcile(
  context: LaneContext,
  hold: LaneHold,
  { intent, attempts }: Trail,
  seen: Survey,
): Promise<Standing> {
  if (attempts.length === 0) {
    const note = "Nothing was signed for it.";
    const gone = await change(context, hold, intent, { status: "void", note });
    const reason = { code: "neverSigned" as const, message: note };
    return { intent: gone, attempts, state: "void", mined: null, reason };
  }
  const hit = attempts.find(({ hash }) => seen.receipts.has(hash));
  if (hit !== undefined) {
    return inBlock(context, hold, { intent, attempts }, hit, seen.receipts.get(hit.hash)!, seen);
  }
  await leaveBlocks(context, hold, attempts, seen);
  const reopened = await change(context, hold, intent, { status: "open", succeeded: null });
  const base = { intent: reopened, attempts: await context.journal.attempts(intent.id), mined: null };
  if (seen.used <= intent.nonce!) return { ...base, state: "waiting", reason: null };
  return takenByAnother(context, hold, base, seen);
}

async function inBlock(
  context: LaneContext,
  hold: LaneHold,
  { intent, attempts }: Trail,
  hit: Attempt,
  receipt: TransactionReceipt,
  seen: Survey,
): Promise<Standing> {
  const { journal, step } = context;
  const isNew = hit.block_hash !== receipt.blockHash || (hit.status !== "mined" && hit.status !== "final");
  if (isNew) {
    await step("mined");
    await leaveBlocks(context, hold, attempts, seen);
    await journal.updateAttempt(hold, hit.hash, {
      ...{ status: "mined", block: receipt.blockNumber, block_hash: receipt.blockHash.toLowerCase() },
      ...{ succeeded: receipt.status === 1, gas_used: `${receipt.gasUsed}`, gas_price: `${receipt.gasPrice}` },
    });
    told(context, receipt);
  }
  const state = hit.cancels ? "void" : receipt.status === 1 ? "landed" : "reverted";
  const status = state === "void" ? "open" : state;
  const words = !isNew && intent.status === status ? intent.note : await note(context, intent, state, receipt);
  const succeeded = hit.cancels ? null : receipt.status === 1;
  const noted = await change(context, hold, intent, { status, succeeded, note: words });
  if (isNew) await step("minedWritten");
  const settled = await finalise(context, hold, { intent: noted, attempts }, hit, receipt, seen);
  const written = await journal.attempts(intent.id);
  const codes = { landed: null, reverted: "reverted", void: "cancelled" } as const;
  const code = codes[state];
  return {
    ...{ intent: settled, attempts: written, state, mined: written.find(({ hash }) => hash === hit.hash)! },
    reason: code === null ? null : { code, message: words ?? code },
  };
}

/** For good, if its block is deep enough and still the chain's. */
async function finalise(
  context: LaneContext,
  hold: LaneHold,
  { intent, attempts }: Trail,
  hit: Attempt,
  receipt: TransactionReceipt,
  seen: Survey,
): Promise<Intent> {
  if (receipt.blockNumber > seen.finalBlock) return intent;
  const [block] = await ask([context.provider.getBlock(receipt.blockNumber)] as const);
  if (block?.hash !== receipt.blockHash) return intent;
  return close(context, hold, { intent, attempts }, hit);
}

/** The nonce is used by a transaction that the journal does not know; for good once the count at a final block says so. */
async function takenByAnother(
  context: LaneContext,
  hold: LaneHold,
  base: Pick<Standing, "intent" | "attempts" | "mined">,
  { finalBlock }: Survey,
): Promise<Standing> {
  const { provider, signer, logger, listener } = context;
  const { intent, attempts } = base;
  const message = `Nonce ${intent.nonce} was used by a transaction that the journal does not know.`;
  const reason = { code: "foreignUsed" as const, message };
  let noted = intent;
  if (intent.note !== message) {
    logger.warn({ intent: intent.id, nonce: intent.nonce }, message);
    listener.foreign?.();
    noted = await change(context, hold, intent, { note: message });
  }
  const standing = { ...base, intent: noted, state: "void" as const, reason };
  if (finalBlock < 0) return standing;
  const [usedForGood] = await ask([provider.getTransactionCount(signer, finalBlock)] as const);
  if (usedForGood <= intent.nonce!) return standing;
  // The count and the receipts were not read at once: one of ours may have been mined in between.
  const receipts = await ask(attempts.map(({ hash }) => provider.getTransactionReceipt(hash)));
  if (receipts.some((receipt) => receipt !== null)) return standing;
  const closed = await close(context, hold, { intent: noted, attempts }, null);
  return { ...standing, intent: closed, attempts: await context.journal.attempts(intent.id) };
}

/** @param hit The transaction that stays; null where it is none of them */
async function close(context: LaneContext, hold: LaneHold, { intent, attempts }: Trail, hit: Attempt | null) {
  for (const { hash } of attempts) {
    const status = hash === hit?.hash ? "final" : "replaced";
    await context.journal.updateAttempt(hold, hash, { status });
  }
  const closed = await change(context, hold, intent, { status: hit === null || hit.cancels ? "void" : "final" });
  await context.step("finalWritten");
  return closed;
}

/** Attempts that were in a block which the chain has left are on their way again. */
async function leaveBlocks(context: LaneContext, hold: LaneHold, attempts: readonly Attempt[], seen: Survey) {
  for (const { hash, status, block, block_hash } of attempts) {
    if (status !== "mined" || seen.receipts.get(hash)?.blockHash === block_hash) continue;
    context.logger.warn({ hash, block }, "the block of a transaction was left in a reorg");
    context.listener.reorg?.(Math.max(1, seen.head.number - block! + 1));
    const nowhere = { block: null, block_hash: null, succeeded: null, gas_used: null, gas_price: null };
    await context.journal.updateAttempt(hold, hash, { status: "sent", ...nowhere });
  }
}

async function note(
  context: LaneContext,
  intent: Intent,
  state: "landed" | "reverted" | "void",
  receipt: TransactionReceipt,
): Promise<string | null> {
  if (state === "landed") return null;
  if (state === "void") return intent.note ?? "An empty transaction took its nonce.";
  return revertReason(context, intent, receipt.blockNumber);
}

async function change(context: LaneContext, hold: LaneHold, intent: Intent, to: IntentChange): Promise<Intent> {
  const keys = Object.keys(to) as (keyof IntentChange)[];
  if (keys.every((key) => to[key] === intent[key])) return intent;
  await context.journal.updateIntent(hold, intent.id, to);
  if (to.status !== undefined && to.status !== intent.status) {
    context.logger.info(
      { intent: intent.id, kind: intent.kind, from: intent.status, to: to.status },
      `${intent.kind} ${to.status}`,
    );
    context.listener.transition?.(intent.status, to.status);
  }
  return { ...intent, ...to };
}

function told({ nativeUsd, listener }: LaneContext, { gasUsed, gasPrice }: TransactionReceipt): void {
  const price = nativeUsd();
  if (price !== null) listener.spent?.((Number(gasUsed * gasPrice) / 1e18) * price);
}
