import type { Attempt, Intent } from "../journal.js";
import { accountOf, type Change, type Finding } from "./finding.js";

/**
 * What is settled is settled by its transactions, and what shares a nonce or a key shares it lawfully. What is not settled the keeper itself
 * follows up at its next tick.
 *
 * @param others Intents of the same account or vault that are not void
 */
export function checkIntent(intent: Intent, attempts: readonly Attempt[], others: readonly Intent[]): Finding[] {
  return [
    ...checkNonce(intent, attempts, others),
    ...checkKey(intent, others),
    ...checkStatus(intent, attempts, others),
  ];
}

function finding(intent: Intent, problem: string, repair: string, set?: Change["set"]): Finding {
  const changes = set === undefined ? [] : [{ table: "intents", id: intent.id, set } as Change];
  return { where: `intent ${intent.id}`, problem, repair, account: accountOf(intent), changes };
}

function checkNonce(intent: Intent, attempts: readonly Attempt[], others: readonly Intent[]): Finding[] {
  const nonces = [...new Set(attempts.map(({ nonce }) => nonce))];
  if (nonces.length > 1) {
    const problem = `Its transactions have the nonces ${nonces.join(", ")}.`;
    return [finding(intent, problem, "Nothing: each is looked up by its hash. Look at them on the chain.")];
  }
  if (nonces.length === 1 && nonces[0] !== intent.nonce) {
    const problem = `Its nonce is ${intent.nonce}, that of its transactions ${nonces[0]}.`;
    return [finding(intent, problem, "The nonce is written again from what was signed.", { nonce: nonces[0]! })];
  }
  if (intent.nonce === null || intent.status === "void") return [];
  const twin = others.find(
    ({ id, chain_id, signer, nonce, status }) =>
      id > intent.id &&
      chain_id === intent.chain_id &&
      signer === intent.signer &&
      nonce === intent.nonce &&
      status !== "void",
  );
  if (twin === undefined) return [];
  const problem = `It has the nonce ${intent.nonce}, and intent ${twin.id} has it too.`;
  return [
    finding(intent, problem, "Nothing: only one can land, and the keeper voids the other one when that is final."),
  ];
}

function checkKey(intent: Intent, others: readonly Intent[]): Finding[] {
  if (intent.status === "void") return [];
  const twin = others.find((other) => other.id > intent.id && other.status !== "void" && sameKey(other, intent));
  if (twin === undefined) return [];
  const problem = `It is for ${intent.key} of ${intent.vault}, and so is intent ${twin.id}.`;
  return [finding(intent, problem, "Nothing: this database was changed by something else. Restore it from a backup.")];
}

function checkStatus(intent: Intent, attempts: readonly Attempt[], others: readonly Intent[]): Finding[] {
  const final = attempts.filter(({ status }) => status === "final");
  if (final.length > 1) {
    const hashes = final.map(({ hash }) => hash).join(", ");
    return [
      finding(
        intent,
        `More than one of its transactions is final: ${hashes}.`,
        "Nothing without the chain: verify with it.",
      ),
    ];
  }
  const [last] = final;
  const done = last !== undefined && !last.cancels ? last : null;
  if (intent.status === "final") {
    if (done !== null && done.succeeded === intent.succeeded) return [];
    if (done !== null) {
      const problem = `It is said to have ${intent.succeeded ? "succeeded" : "failed"}, and its transaction has not.`;
      return [finding(intent, problem, "It takes the word of its transaction.", { succeeded: done.succeeded })];
    }
    return [reopened(intent, "It is final, and none of its transactions is.", others)];
  }
  if (intent.status !== "void") return [];
  if (done !== null) {
    const problem = "It is void, and one of its transactions is final.";
    if (others.some((other) => other.status !== "void" && sameKey(other, intent))) {
      return [finding(intent, problem, "Nothing: another intent has taken its place already.")];
    }
    return [finding(intent, problem, "It becomes final.", { status: "final", succeeded: done.succeeded })];
  }
  const canLand = last === undefined && attempts.some(({ status }) => status !== "replaced");
  return canLand ? [reopened(intent, "It is void, and one of its transactions can still land.", others)] : [];
}

/** Back among what the keeper follows up. */
function reopened(intent: Intent, problem: string, others: readonly Intent[]): Finding {
  if (others.some((other) => other.id !== intent.id && other.status !== "void" && sameKey(other, intent))) {
    return finding(intent, problem, "Nothing: another intent has taken its place already.");
  }
  const repair = "It is opened again: the keeper looks every hash up and goes on from there.";
  return finding(intent, problem, repair, { status: "open", succeeded: null });
}

function sameKey(a: Intent, b: Intent): boolean {
  return a.chain_id === b.chain_id && a.vault === b.vault && a.key === b.key;
}
