import type { Decision, TickInputs } from "../plan/decide.js";

/** What one tick decided, and the hashes of everything behind it. Its own hash is logged on-chain with a plan. */
export interface DecisionRecord {
  readonly vault: string;
  readonly block: number;
  readonly blockHash: string | null;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly epoch: bigint;
  readonly inputs: string;
  readonly config: string;
  /** Of the code of model and plan. */
  readonly model: string;
  readonly decision: Decision;
}

/** The record of a decision. */
export function recordOf(
  { situation: { state } }: TickInputs,
  hashes: Pick<DecisionRecord, "inputs" | "config" | "model">,
  decision: Decision,
): DecisionRecord {
  const { address: vault, block, epoch } = state;
  const at = { block: block.number, blockHash: block.hash, timestamp: block.timestamp };
  return { vault, ...at, epoch, ...hashes, decision };
}
