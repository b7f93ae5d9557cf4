import type { TransactionReceipt } from "ethers";
import { checkAddress } from "../address.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { PinnedBlock } from "../read/block.js";
import { deepFreeze } from "./freeze.js";
import { type SignedPermit, signedPermit } from "./permit.js";
import type { Prepared, Requirement, Signatures, Warning } from "./prepared.js";
import { frozenTransaction } from "./transaction.js";

/** What an operation's own preparation found out. */
export interface OperationDraft<P, R> {
  operation: string;
  chainId: bigint;
  account: string;
  /** The contract that is called. */
  to: string;
  block: PinnedBlock;
  preview: P;
  /** None by default. */
  requirements?: readonly Requirement[];
  warnings: readonly Warning[];
  expiresAt: number | null;
  /** Calldata, hex, with the permits that were signed. */
  encode: (permits: readonly SignedPermit[]) => string;
  resultOf: (receipt: TransactionReceipt) => R;
}

/** The permits that signatures stand for, each checked. */
function checkedPermits(requirements: readonly Requirement[], account: string, signatures: Signatures): SignedPermit[] {
  return Object.entries(signatures).map(([key, signature]) => {
    const token = checkAddress(key, "signatures");
    const requirement = requirements.find((each) => each.token === token);
    if (requirement?.kind === "permit") return signedPermit(requirement, account, signature);
    throw new CrosshedgeError("BAD_ARGUMENT", `\`signatures\` names ${token}, for which no permit is required.`);
  });
}

/** An operation ready for a wallet, deep-frozen. */
export function preparedOperation<P, R>(draft: OperationDraft<P, R>): Prepared<P, R> {
  const { operation, chainId, account, to, block, preview, requirements = [], warnings, expiresAt } = draft;
  return deepFreeze({
    operation,
    chainId,
    account,
    block: { ...block },
    preview,
    requirements,
    warnings,
    expiresAt,
    build: (signatures = {}) =>
      frozenTransaction({
        chainId,
        from: account,
        to,
        data: draft.encode(checkedPermits(requirements, account, signatures)),
      }),
    resultOf: draft.resultOf,
  });
}
