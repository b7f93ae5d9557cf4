import { interfaceOf } from "../abi/abi.js";
import type { Batch } from "./batch.js";
import type { PinnedBlock } from "./block.js";
import { interfaceCall } from "./call.js";

const CLOCK = [
  "function getBlockNumber() view returns (uint256)",
  "function getCurrentBlockTimestamp() view returns (uint256)",
].join("\n");

/**
 * Adds reads of the number and the time of the block that a batch reads; call the result once it is sent, for whether they are a block's. On chains
 * whose contracts see the number of another chain they never are.
 *
 * @param multicall Multicall3, or an account that has its code
 */
export function addClock(batch: Batch, multicall: string): (block: PinnedBlock) => boolean {
  const number = batch.add(interfaceCall<bigint>(interfaceOf(CLOCK), multicall, "getBlockNumber"));
  const timestamp = batch.add(interfaceCall<bigint>(interfaceOf(CLOCK), multicall, "getCurrentBlockTimestamp"));
  return (block) => number.orNull() === BigInt(block.number) && timestamp.orNull() === BigInt(block.timestamp);
}
