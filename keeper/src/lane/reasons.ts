import { formatEther } from "ethers";

/**
 * Why a transaction was not sent, or is not done. Stable words, for metrics and for the reasons of ticks.
 *
 * - laneHeld, laneLost: another keeper signs for the account
 * - laneBusy: another transaction of the account is in flight
 * - foreignPending: a transaction that the journal does not know waits in the pool
 * - foreignUsed: such a transaction took the nonce
 * - nodeBehind: the node's count of transactions is lower than what is final in the journal
 * - feeAboveCap, outOfGas: what the market asks is more than is allowed, or than there is
 * - deadlinePast, notWanted: it would come too late, or the chain would refuse it now
 * - legacyChain: no EIP-1559
 * - refused: nodes do not take the transaction as it is
 * - unreachable: no node answered
 * - reverted: mined and failed; or it has before, and is not tried again yet
 * - cancelled: an empty transaction took its nonce
 * - neverSigned: the process died before it was signed
 * - watchOver, aborted: still open when the time to watch was over, or when the process was told to stop
 */
export const LANE_REASONS = [
  "laneHeld",
  "laneLost",
  "laneBusy",
  "foreignPending",
  "foreignUsed",
  "nodeBehind",
  "feeAboveCap",
  "outOfGas",
  "deadlinePast",
  "notWanted",
  "legacyChain",
  "refused",
  "unreachable",
  "reverted",
  "cancelled",
  "neverSigned",
  "watchOver",
  "aborted",
] as const;
export type LaneReasonCode = (typeof LANE_REASONS)[number];

/** A word for metrics and a sentence for people. */
export interface LaneReason {
  readonly code: LaneReasonCode;
  readonly message: string;
}

/** @param needed Wei that the transaction may cost at most */
export function outOfGas(signer: string, balance: bigint, needed: bigint): LaneReason {
  const message = `${signer} has ${formatEther(balance)} of the native coin, the transaction may need ${formatEther(needed)}.`;
  return { code: "outOfGas", message };
}

export const laneLost = ({ message }: Error): LaneReason => ({ code: "laneLost", message });
