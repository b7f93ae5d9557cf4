import { getAddress, isHexString } from "ethers";

/** A log as a node tells it, checked; hex in lower case, the address checksummed. */
export interface RawLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly transactionHash: string;
  readonly transactionIndex: number;
  readonly logIndex: number;
}

/** Which logs: of these contracts, with these topics, place by place. */
export interface LogQuery {
  /** Checksummed. */
  readonly addresses: readonly string[];
  readonly topics: readonly (readonly string[])[];
}

/** One log of a chain: the same in two answers is one. */
export const keyOf = ({ blockHash, logIndex }: Pick<RawLog, "blockHash" | "logIndex">): string =>
  `${blockHash}:${logIndex}`;

/** Chain order. */
export function inOrder(a: Pick<RawLog, "blockNumber" | "logIndex">, b: Pick<RawLog, "blockNumber" | "logIndex">) {
  return a.blockNumber - b.blockNumber || a.logIndex - b.logIndex;
}

/** A node's log; null for what is no log of the chain: taken back by a reorg, pending. Throws for what cannot be read at all. */
export function readLog(value: unknown): RawLog | null {
  const log = value as Record<string, unknown>;
  if (typeof log !== "object" || log === null) throw new TypeError("not a log");
  if (log.removed === true || log.blockHash === null || log.blockNumber === null) return null;
  const hex = (field: string, bytes?: number): string => {
    if (!isHexString(log[field], bytes ?? false)) throw new TypeError(`no ${field}`);
    return (log[field] as string).toLowerCase();
  };
  if (!Array.isArray(log.topics) || !log.topics.every((topic) => isHexString(topic, 32))) throw new TypeError("topics");
  return {
    address: getAddress(hex("address", 20)),
    topics: (log.topics as string[]).map((topic) => topic.toLowerCase()),
    data: hex("data"),
    blockNumber: Number(hex("blockNumber")),
    blockHash: hex("blockHash", 32),
    transactionHash: hex("transactionHash", 32),
    transactionIndex: Number(hex("transactionIndex")),
    logIndex: Number(hex("logIndex")),
  };
}

/** Whether a log is one of those that were asked for. */
export function answers({ addresses, topics }: LogQuery, log: RawLog): boolean {
  return (
    addresses.includes(log.address) &&
    topics.every((allowed, place) => allowed.length === 0 || allowed.includes(log.topics[place] as string))
  );
}

/** Each log once. Throws where one is told in two ways. */
export function each(logs: readonly RawLog[]): RawLog[] {
  const known = new Map<string, RawLog>();
  for (const log of logs) {
    const same = known.get(keyOf(log));
    if (same !== undefined && JSON.stringify(same) !== JSON.stringify(log)) throw new TypeError("a log told twice");
    known.set(keyOf(log), log);
  }
  return [...known.values()];
}
