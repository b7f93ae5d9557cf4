import { toQuantity } from "ethers";
import type { Endpoint } from "./endpoint.js";
import type { RawBlock } from "./head.js";
import { Poll } from "./poll.js";
import type { RpcRequest } from "./request.js";

/** A fork deeper than this is not bridged in one go. */
const DEEPEST = 8;

/** Ask some nodes one question more. */
export type AskMore = (endpoints: readonly Endpoint[], poll: Poll) => Promise<void>;

/**
 * The highest block that so many nodes know with the same hash, where their heads differ: a node that is late, or on another fork.
 *
 * @returns The block as a node sent it; null where they have none in common that is near.
 */
export async function agreeOnHead(poll: Poll, quorum: number, ask: AskMore): Promise<RawBlock | null> {
  const heads = [...poll.votes].flatMap(([node, vote]) =>
    vote.ok && vote.result !== null ? [{ node, block: vote.result as RawBlock }] : [],
  );
  heads.sort((one, other) => Number(other.block.number) - Number(one.block.number));
  const lowest = heads[quorum - 1];
  if (lowest === undefined) return null;
  const knowing = heads.slice(0, quorum);
  if (quorum === 2 && isParent(lowest.block, heads[0]?.block)) return lowest.block;
  const [, withTransactions = false] = poll.request.params;
  const top = Number(lowest.block.number);
  for (let number = top; number >= Math.max(top - DEEPEST, 0); number--) {
    const request: RpcRequest = { method: "eth_getBlockByNumber", params: [toQuantity(number), withTransactions] };
    const deeper = new Poll(request, quorum);
    await ask(
      knowing.map(({ node }) => node),
      deeper,
    );
    const { outcome } = deeper;
    if (outcome?.ok && outcome.result !== null) return outcome.result as RawBlock;
    if (outcome === null && [...deeper.votes.values()].some((vote) => !vote.ok)) return null;
  }
  return null;
}

function isParent(block: RawBlock, child: RawBlock | undefined): boolean {
  return child !== undefined && child.parentHash.toLowerCase() === block.hash.toLowerCase();
}
