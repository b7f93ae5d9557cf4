import { hexlify } from "ethers";
import { classifyRpcError } from "../rpc/classify.js";
import type { Meaning } from "../rpc/fault.js";
import type { Route } from "../rpc/route.js";
import type { Attempt, LaneHold } from "../store/journal.js";
import type { LaneContext } from "./context.js";

/** What nodes said to a transaction: taken, or the meaning of their error. */
export interface Answer {
  readonly meaning: "taken" | Meaning;
  readonly message: string | null;
}

/** Answers after which the transaction is nowhere. After any other it may be in a pool for all one knows. */
const REFUSALS: ReadonlySet<Answer["meaning"]> = new Set<Meaning>([
  "underpricedReplacement",
  "feeTooLow",
  "poolFull",
  "insufficientFunds",
  "gasLimit",
  "invalid",
  "nonceTooHigh",
]);

/** Send signed bytes, and write down what became of that. */
export async function broadcast(
  context: LaneContext,
  hold: LaneHold,
  attempt: Pick<Attempt, "hash" | "raw" | "expires_block">,
  route: Route,
): Promise<Answer> {
  const { journal, logger, step } = context;
  const answer = await post(route, hexlify(attempt.raw), attempt.expires_block);
  await step("sent");
  const { meaning, message } = answer;
  if (message !== null) logger.info({ hash: attempt.hash, meaning, message }, "transaction not simply taken");
  const { name } = route;
  const change = { note: message, route: name, expires_block: attempt.expires_block };
  // A nonce that is used says nothing about by whom: the receipts do.
  if (meaning === "nonceTooLow") await journal.updateAttempt(hold, attempt.hash, { note: message });
  else
    await journal.updateAttempt(hold, attempt.hash, { ...change, status: REFUSALS.has(meaning) ? "signed" : "sent" });
  await step("sentWritten");
  return answer;
}

async function post(route: Route, raw: string, expiresBlock: number | null): Promise<Answer> {
  try {
    await route.send(raw, expiresBlock);
    return { meaning: "taken", message: null };
  } catch (error) {
    const { meaning, message } = classifyRpcError(error);
    return meaning === "alreadyKnown"
      ? { meaning: "taken", message: null }
      : { meaning, message: `${meaning}: ${message}` };
  }
}
