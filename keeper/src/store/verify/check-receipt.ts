import type { Attempt, Intent } from "../journal.js";
import { accountOf, type Finding, type ReceiptFacts } from "./finding.js";

/** What the journal says of a transaction's block is what the chain says. */
export function checkReceipt(attempt: Attempt, intent: Intent, receipt: ReceiptFacts | null): Finding[] {
  const where = `transaction ${attempt.hash}`;
  const account = accountOf(attempt);
  const inBlock = attempt.status === "mined" || attempt.status === "final";
  if (receipt === null) {
    if (attempt.status !== "final") return [];
    const problem = `It is final in block ${attempt.block}, and the node knows no receipt of it.`;
    return [{ where, problem, repair: "Nothing: ask a node that keeps every receipt.", account, changes: [] }];
  }
  const facts = {
    ...{ block: receipt.block, block_hash: receipt.blockHash.toLowerCase(), succeeded: receipt.succeeded },
    ...{ gas_used: receipt.gasUsed.toString(), gas_price: receipt.gasPrice.toString() },
  };
  const wrong = Object.entries(facts).filter(([column, value]) => attempt[column as keyof typeof facts] !== value);
  if (inBlock && wrong.length === 0) return [];
  // What is not settled the keeper looks up itself.
  if (!inBlock && intent.status !== "void" && intent.status !== "final") return [];
  const problem = inBlock
    ? `Its ${wrong.map(([column]) => column).join(", ")} are not as on the chain.`
    : `It is ${attempt.status}, and the chain has it in block ${receipt.block}.`;
  const status = inBlock ? attempt.status : "final";
  const repair = "Block, gas and outcome are written again from the chain.";
  return [
    {
      where,
      problem,
      repair,
      account,
      changes: [{ table: "attempts", hash: attempt.hash, set: { ...facts, status } }],
    },
  ];
}
