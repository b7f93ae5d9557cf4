import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decodeLog, type EventSource, topicsOf } from "./decode.js";
import type { VaultEvent, VaultEventName } from "./events.js";
import { FOLLOWING_TOPICS, type Followed, follow, isIn, queriesFor, readPool, topicOf } from "./followed.js";
import { ChainMoved, type Header, type HistoryNode } from "./node.js";
import { inOrder, keyOf, type LogQuery, type RawLog } from "./rawLog.js";

/** A log of a vault's history, who raised it, and when. */
export interface FoundLog {
  readonly source: EventSource;
  /** Of its block, unix seconds. */
  readonly timestamp: number;
  readonly log: RawLog;
}

/** Whose history, and which events of it. */
export interface Subject {
  readonly vault: string;
  readonly names: ReadonlySet<VaultEventName>;
  /** Pools by leg, as they were read: they never change. */
  readonly pools: Map<string, string | null>;
}

export const eventOf = ({ source, timestamp, log }: FoundLog): VaultEvent | null => decodeLog(source, log, timestamp);

/** A contract that comes back stays for another time, of which nothing was asked yet. */
const stayOf = ({ address, from }: Followed): string => `${address}:${from}`;

/** Collects all logs of a vault's contracts in one range of blocks, whatever part of them each answer has. */
export class RangeReader {
  readonly from: number;
  readonly to: number;
  readonly #node: HistoryNode;
  readonly #subject: Subject;
  readonly #before: readonly Followed[];
  readonly #topics: { own: readonly string[]; pool: readonly string[] };
  readonly #logs = new Map<string, RawLog>();
  readonly #headers = new Map<number, Header>();
  #unexplained: readonly number[] = [];
  /** Contracts of the vault after the range, as far as it is read. */
  followed: readonly Followed[];

  constructor(node: HistoryNode, subject: Subject, followed: readonly Followed[], from: number, to: number) {
    this.#node = node;
    this.#subject = subject;
    this.#before = followed;
    this.followed = followed;
    this.from = from;
    this.to = to;
    const own = new Set([...FOLLOWING_TOPICS, ...topicsOf(subject.names, ["vault", "rebalancer", "leg"])]);
    this.#topics = { own: [...own], pool: topicsOf(subject.names, ["pool"]) };
  }

  /** Whether an event up to a block says by itself that one before it is missing. */
  hasGap(to: number): boolean {
    return this.#unexplained.some((block) => block <= to);
  }

  /** What is asked for, of the contracts that are known now. */
  get queries(): LogQuery[] {
    const known = this.followed.filter(({ to }) => to === null || to >= this.from);
    const addresses = [this.#subject.vault, ...new Set(known.map(({ address }) => address))];
    return queriesFor(addresses, known, this.#topics);
  }

  /** Logs so far, in chain order. */
  get logs(): RawLog[] {
    return [...this.#logs.values()].sort(inOrder);
  }

  /** Read a part of the range, or all of it; contracts that turn out to be the vault's from there on, too. */
  async read(from = this.from, to = this.to): Promise<void> {
    const answers = await Promise.all(this.queries.map((query) => this.#node.logs(query, { from, to })));
    await this.#take(answers.flat());
  }

  /** Read a block by its hash. */
  async readBlock(header: Header): Promise<void> {
    const answers = await Promise.all(this.queries.map((query) => this.#ofBlock(query, header)));
    await this.#take(answers.flat());
  }

  /** Headers of all blocks with logs, which must be those that the logs name: else these blocks are read again, by their hashes. */
  async settle(): Promise<void> {
    for (;;) {
      const blocks = [...new Set(this.logs.map(({ blockNumber }) => blockNumber))];
      const unknown = blocks.filter((block) => !this.#headers.has(block));
      const headers = await this.#node.headers(unknown);
      for (const header of headers) {
        if (header === null) throw new ChainMoved("a block with logs is gone");
        this.#headers.set(header.number, header);
      }
      const left = this.logs.filter((log) => this.#headers.get(log.blockNumber)?.hash !== log.blockHash);
      if (left.length === 0) return;
      for (const log of left) this.#logs.delete(keyOf(log));
      for (const block of new Set(left.map(({ blockNumber }) => blockNumber))) {
        await this.readBlock(this.#headers.get(block) as Header);
      }
    }
  }

  /** A header that was read for another reason. */
  know(header: Header): void {
    this.#headers.set(header.number, header);
  }

  /** The header of a block with logs; after `settle`. */
  header(block: number): Header | undefined {
    return this.#headers.get(block);
  }

  /** What belongs to the history, in chain order; after `settle`. Only what was asked for if `asked`. */
  found(from = this.from, to = this.to): FoundLog[] {
    return this.logs.flatMap((log) => {
      if (log.blockNumber < from || log.blockNumber > to) return [];
      const source = this.#sourceOf(log);
      const timestamp = this.#headers.get(log.blockNumber)?.timestamp;
      if (source === null || timestamp === undefined) return [];
      const found = { source, timestamp, log };
      const event = eventOf(found);
      return event !== null && this.#subject.names.has(event.name) ? [found] : [];
    });
  }

  /** The events of a part of the range, in chain order; after `settle`. */
  events(from = this.from, to = this.to): VaultEvent[] {
    return this.found(from, to)
      .map(eventOf)
      .filter((event) => event !== null);
  }

  #sourceOf(log: RawLog): EventSource | null {
    if (log.address === this.#subject.vault) return "vault";
    const own = this.followed.find((one) => one.address === log.address && isIn(one, log.blockNumber));
    if (own) return own.kind;
    const isOf = (one: Followed) => one.pool === log.address && topicOf(one.address) === log.topics[1];
    return this.followed.some((one) => isOf(one) && isIn(one, log.blockNumber)) ? "pool" : null;
  }

  async #ofBlock(query: LogQuery, header: Header): Promise<RawLog[]> {
    try {
      return await this.#node.logs(query, header);
    } catch (caught) {
      if (!CrosshedgeError.is(caught, "READ_FAILED")) throw caught;
      // The block is gone, or the node cannot be asked by hash.
      const logs = await this.#node.logs(query, { from: header.number, to: header.number });
      return logs.filter(({ blockHash }) => blockHash === header.hash);
    }
  }

  async #take(logs: readonly RawLog[]): Promise<void> {
    for (const log of logs) this.#logs.set(keyOf(log), log);
    const known = new Set(this.followed.map(stayOf));
    await this.#refollow();
    const news = this.followed.filter((one) => !known.has(stayOf(one)));
    if (news.length === 0) return;
    const since = Math.min(...news.map(({ from }) => from));
    const queries = queriesFor(
      news.map(({ address }) => address),
      news,
      this.#topics,
    );
    const answers = await Promise.all(queries.map((query) => this.#node.logs(query, { from: since, to: this.to })));
    for (const log of answers.flat()) this.#logs.set(keyOf(log), log);
  }

  async #refollow(): Promise<void> {
    const own = this.logs.filter(({ address }) => address === this.#subject.vault);
    const { followed, unexplained } = await follow(this.#before, own, (leg) => this.#poolOf(leg));
    this.followed = followed;
    this.#unexplained = unexplained;
  }

  async #poolOf(leg: string): Promise<string | null> {
    const { pools } = this.#subject;
    if (!pools.has(leg)) pools.set(leg, await readPool(this.#node, leg));
    return pools.get(leg) ?? null;
  }
}
