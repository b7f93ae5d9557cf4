import { getBytes, hexlify, keccak256, Transaction } from "ethers";
import type { Attempt, Intent } from "../journal.js";
import { accountOf, type Change, type Finding } from "./finding.js";

/** What was signed is what its columns and its intent say. The signed bytes are right, as long as their hash is. */
export function checkAttempt(attempt: Attempt, intent: Intent): Finding[] {
  const find = (problem: string, repair: string, changes: readonly Change[] = []): Finding => ({
    ...{ where: `transaction ${attempt.hash}`, problem, repair, account: accountOf(attempt), changes },
  });
  const signed = parse(attempt);
  if (signed === null) {
    return [
      find(
        "Its signed bytes do not have its hash.",
        "Nothing: it cannot be sent again from here. If it was sent, the keeper finds it on the chain by its hash.",
      ),
    ];
  }
  const from = signed.from?.toLowerCase();
  if (from !== attempt.signer || Number(signed.chainId) !== attempt.chain_id) {
    return [
      find(
        `It was signed by ${from} for chain ${signed.chainId}, not by ${attempt.signer} for ${attempt.chain_id}.`,
        "Nothing: this database was changed by something else. Restore it from a backup.",
      ),
    ];
  }
  const findings: Finding[] = [];
  const right = {
    nonce: signed.nonce,
    max_fee: (signed.maxFeePerGas ?? signed.gasPrice ?? 0n).toString(),
    max_priority_fee: (signed.maxPriorityFeePerGas ?? signed.gasPrice ?? 0n).toString(),
  };
  const wrong = Object.entries(right).filter(([column, value]) => attempt[column as keyof typeof right] !== value);
  if (wrong.length > 0) {
    const columns = wrong.map(([column]) => column).join(", ");
    const change: Change = { table: "attempts", hash: attempt.hash, set: Object.fromEntries(wrong) };
    findings.push(find(`${columns} are not as signed.`, "They are written again from the signed bytes.", [change]));
  }
  const { target, data } = intent;
  if (!attempt.cancels && (signed.to?.toLowerCase() !== target || signed.data.toLowerCase() !== data)) {
    findings.push(
      find(
        `It does not do what its intent ${intent.id} says.`,
        "Nothing: this database was changed by something else. Restore it from a backup.",
      ),
    );
  }
  return findings;
}

function parse({ raw, hash }: Attempt): Transaction | null {
  try {
    const bytes = getBytes(hexlify(raw));
    return keccak256(bytes) === hash ? Transaction.from(hexlify(bytes)) : null;
  } catch {
    return null;
  }
}
