import { toQuantity } from "ethers";
import type { RawBlock } from "../../../../keeper/src/rpc/head.js";
import type { Answers } from "./fake-node.js";

/** The hash of block `number` on one of several forks. */
export function hashOf(number: number, fork = "a"): string {
  return `0x${fork.repeat(8)}${number.toString(16).padStart(56, "0")}`;
}

/** A block of a chain that forks off after `forkAt`. */
export function blockAt(number: number, fork = "a", forkAt = Number.POSITIVE_INFINITY): RawBlock & object {
  const side = (n: number): string => (n > forkAt ? fork : "a");
  return {
    number: toQuantity(number),
    hash: hashOf(number, side(number)),
    parentHash: hashOf(number - 1, side(number - 1)),
    timestamp: toQuantity(1_000 + 12 * number),
    baseFeePerGas: "0x7",
    ...{
      difficulty: "0x0",
      gasLimit: "0x1c9c380",
      gasUsed: "0x0",
      nonce: null,
      miner: null,
      extraData: "0x",
      transactions: [],
    },
  };
}

/** What a node at a head says of blocks. */
export function chainTo(head: number, fork = "a", forkAt?: number): Answers {
  return {
    eth_getBlockByNumber: (tag: string) => {
      const number = tag === "latest" ? head : Number(tag);
      return number > head ? null : blockAt(number, fork, forkAt);
    },
  };
}
