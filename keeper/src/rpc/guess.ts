import { isAnswer } from "./fault.js";
import type { MethodRule } from "./method-rule.js";
import type { RpcAnswer } from "./request.js";

export type GuessRule = Extract<MethodRule, "median" | "reached" | "smallest">;
type Result = Extract<RpcAnswer, { readonly ok: true }>;

/** A node's answer that says something of the chain, even if it is "no". */
export function speaks(answer: RpcAnswer): boolean {
  return answer.ok || isAnswer(answer.fault.meaning);
}

/**
 * One of several numbers of which none is the right one.
 *
 * @param quorum How many are enough where they are near enough to each other
 * @param askedAll True where no more will come
 * @returns Null where others should be asked
 */
export function guessOf(
  rule: GuessRule,
  votes: readonly RpcAnswer[],
  quorum: number,
  askedAll: boolean,
): RpcAnswer | null {
  const results = votes.filter((vote) => vote.ok).sort((a, b) => (size(b) > size(a) ? 1 : -1));
  const spoken = votes.filter(speaks);
  if (!askedAll) {
    if (spoken.length < quorum) return null;
    if (results.length > 0 && results.length < spoken.length) return null;
    if (areApart(rule, results)) return null;
  }
  return results.at(placeOf(rule, results.length, quorum)) ?? spoken[0] ?? null;
}

/** @param count Of results, the largest first */
function placeOf(rule: GuessRule, count: number, quorum: number): number {
  if (rule === "smallest") return -1;
  if (rule === "median") return Math.max(0, Math.floor((count - 1) / 2));
  return count > quorum ? quorum - 1 : 0;
}

/** Clients differ a little in how they estimate, and not at all in how they count. */
function areApart(rule: GuessRule, results: readonly Result[]): boolean {
  const [largest, smallest] = [results.at(0), results.at(-1)];
  if (rule === "smallest" || largest === undefined || smallest === undefined) return false;
  return rule === "median" ? size(largest) * 4n > size(smallest) * 5n : size(largest) !== size(smallest);
}

function size({ result }: Result): bigint {
  if (typeof result === "string") return BigInt(result);
  const fees = (result as { baseFeePerGas?: readonly string[] } | null)?.baseFeePerGas;
  return BigInt(fees?.at(-1) ?? 0);
}
