import type { Prepared } from "../prepare/prepared.js";
import { asApproval, checkOwner } from "./requirements.js";

/** One call of a batch, as Safe, ERC-4337 and EIP-5792 wallets take it. */
export interface Call {
  readonly to: string;
  /** Wei. */
  readonly value: bigint;
  /** Calldata, hex. */
  readonly data: string;
}

/**
 * The calls of a preparation for a wallet that sends several at once, all or none: its approvals, then the operation. No permits.
 *
 * @throws {CrosshedgeError} INSUFFICIENT_ALLOWANCE where another account must give an allowance first
 *
 * @example
 * const calls = batchOf(await prepareDeposit(vault, { account: safe, token: usdc, amount }));
 */
export function batchOf(
  prepared: Pick<Prepared<unknown, unknown>, "account" | "requirements" | "build">,
): readonly Call[] {
  const approvals = prepared.requirements.map(asApproval);
  for (const approval of approvals) checkOwner(prepared.account, approval);
  return [...approvals.flatMap(({ transactions }) => transactions), prepared.build()].map(({ to, value, data }) =>
    Object.freeze({ to, value, data }),
  );
}
