import { AbiCoder, dataLength, dataSlice, getAddress, id, zeroPadValue } from "ethers";
import type { HistoryNode } from "./node.js";
import type { LogQuery, RawLog } from "./rawLog.js";

/** A contract whose events belong to a vault's history while it is the vault's own. */
export interface Followed {
  readonly address: string;
  readonly kind: "rebalancer" | "leg";
  /** The Uniswap v3 pool of a leg that provides liquidity. */
  readonly pool: string | null;
  /** First and last block, both included; null while it lasts. */
  readonly from: number;
  readonly to: number | null;
}

const TOPIC = {
  rebalancerSet: id("RebalancerSet(address)"),
  legAdded: id("LegAdded(address,bool)"),
  legRemoved: id("LegRemoved(address)"),
};
const selector = (signature: string): string => dataSlice(id(signature), 0, 4);
/** Events of a vault that say which contracts are its own. */
export const FOLLOWING_TOPICS: readonly string[] = Object.values(TOPIC);
/** The first event of every vault. */
export const FIRST_TOPIC = TOPIC.rebalancerSet;

const addressOf = (word: string): string => getAddress(dataSlice(word, 12));
/** An address as a topic. */
export const topicOf = (address: string): string => zeroPadValue(address, 32).toLowerCase();

/** Whether a contract was the vault's own in a block. */
export const isIn = ({ from, to }: Followed, block: number): boolean => block >= from && (to === null || block <= to);

/**
 * What a vault's contracts are after its own events, which are in chain order.
 *
 * @returns Also the blocks in which a leg was removed that nobody had added: an event is missing
 */
export async function follow(
  known: readonly Followed[],
  vaultLogs: readonly RawLog[],
  poolOf: (leg: string) => Promise<string | null>,
): Promise<{ followed: Followed[]; unexplained: number[] }> {
  let all = [...known];
  const unexplained: number[] = [];
  for (const { topics, data, blockNumber } of vaultLogs) {
    const [topic, who] = topics;
    if (who === undefined || !FOLLOWING_TOPICS.includes(topic as string)) continue;
    const address = addressOf(who);
    const end = (ends: (one: Followed) => boolean) => {
      all = all.map((one) => (one.to === null && ends(one) ? { ...one, to: blockNumber } : one));
    };
    if (topic === TOPIC.legRemoved) {
      if (!all.some((one) => one.to === null && one.address === address)) unexplained.push(blockNumber);
      end((one) => one.address === address);
    } else if (topic === TOPIC.legAdded) {
      const pool = BigInt(data) === 0n ? await poolOf(address) : null;
      all.push({ address, kind: "leg", pool, from: blockNumber, to: null });
    } else {
      end((one) => one.kind === "rebalancer");
      all.push({ address, kind: "rebalancer", pool: null, from: blockNumber, to: null });
    }
  }
  return { followed: all, unexplained };
}

/** The same as it was after a block. */
export function followedAt(all: readonly Followed[], block: number): Followed[] {
  return all
    .filter(({ from }) => from <= block)
    .map((one) => (one.to !== null && one.to > block ? { ...one, to: null } : one));
}

/** The pool of a leg; null for a leg of another kind. It never changes, so the latest state tells it. */
export async function readPool(node: HistoryNode, leg: string): Promise<string | null> {
  const answer = await node.callNow(leg, selector("pool()"));
  return answer !== null && dataLength(answer) === 32 ? addressOf(answer) : null;
}

/** Rebalancer and legs of a vault at a block; null where the node does not keep that block's state. */
export async function readFollowed(
  node: HistoryNode,
  vault: string,
  block: number,
): Promise<{ rebalancer: string; legs: string[] } | null> {
  const [rebalancer, legs] = await Promise.all([
    node.call(vault, selector("rebalancer()"), block),
    node.call(vault, selector("legs()"), block),
  ]);
  if (rebalancer === null || legs === null) return null;
  const [list] = AbiCoder.defaultAbiCoder().decode(["address[]"], legs);
  return { rebalancer: addressOf(rebalancer), legs: [...(list as string[])] };
}

/** What to ask for in a range of blocks: logs of the vault's contracts, and of its legs' pools where the legs are named in them. */
export function queriesFor(
  addresses: readonly string[],
  legs: readonly Followed[],
  topics: { readonly own: readonly string[]; readonly pool: readonly string[] },
): LogQuery[] {
  const withPool = legs.filter(({ pool }) => pool !== null);
  const pools = [...new Set(withPool.map(({ pool }) => pool as string))];
  const queries: LogQuery[] = addresses.length > 0 ? [{ addresses, topics: [topics.own] }] : [];
  if (pools.length > 0 && topics.pool.length > 0) {
    queries.push({ addresses: pools, topics: [topics.pool, withPool.map(({ address }) => topicOf(address))] });
  }
  return queries;
}
