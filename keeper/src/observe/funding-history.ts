import { type PinnedBlock, pinBlock } from "@crosshedge/sdk";
import { Interface, type Log, type Provider } from "ethers";
import { blockTimes } from "./block-times.js";

const EXCHANGE = new Interface([
  "event FundingUpdated(address indexed baseToken, uint256 marketTwap, uint256 indexTwap)",
]);
const TOPIC = EXCHANGE.getEvent("FundingUpdated")!.topicHash;

/** Funding that a Perp v2 exchange has settled in one market. */
export interface FundingUpdate {
  readonly market: string;
  /** Unix seconds. */
  readonly time: number;
  /** Averages that it was settled at, USD 1e18. */
  readonly marketTwap: bigint;
  readonly indexTwap: bigint;
}

/** How much is asked for. */
export interface LogRequests {
  /** Blocks that one request spans. */
  readonly range: number;
  /** Requests that one call makes at most. */
  readonly most: number;
}

/** What one Perp v2 exchange settles in all its markets, read once, a part at each call, and then only what is new. */
export class FundingHistory {
  readonly #provider: Provider;
  readonly exchange: string;
  readonly #requests: LogRequests;
  /** Up to this block, it included, everything is told. */
  #told: PinnedBlock | null = null;
  /** Logs that are read and not told yet, and the block that comes after them. */
  #logs: Log[] = [];
  #next: number | null = null;
  #complete = false;

  constructor(provider: Provider, exchange: string, requests: LogRequests) {
    this.#provider = provider;
    this.exchange = exchange;
    this.#requests = requests;
  }

  /** Unix seconds up to which everything is told; null before anything is. */
  get toldTo(): number | null {
    return this.#told?.timestamp ?? null;
  }

  /** Whether the last call that succeeded has told everything up to its block. */
  get complete(): boolean {
    return this.#complete;
  }

  /**
   * What was settled since the last call, in the order of time, as far as one call's requests go. The next call goes on where this one
   * stopped, also after an error.
   *
   * @param until No earlier block than that of the call before, else there is nothing new
   * @param since How far the first call goes back, unix seconds; its answer may begin earlier
   */
  async update(until: PinnedBlock, since: number): Promise<FundingUpdate[]> {
    const told = this.#told;
    if (told !== null && until.number <= told.number) return [];
    const end = await this.#read(until, since);
    const ends = told === null ? [end] : [told, end];
    const logs = this.#logs.filter(({ blockNumber }) => blockNumber <= end.number);
    const blocks = [...ends.map(({ number }) => number), ...logs.map(({ blockNumber }) => blockNumber)];
    const times =
      logs.length === 0 ? new Map<number, number>() : await blockTimes(this.#provider, ascending(blocks), ends);
    const updates = logs.map((log) => {
      const { baseToken, marketTwap, indexTwap } = EXCHANGE.decodeEventLog("FundingUpdated", log.data, log.topics);
      return { market: baseToken, time: times.get(log.blockNumber)!, marketTwap, indexTwap };
    });
    this.#told = end;
    this.#complete = end.number === until.number;
    this.#logs = this.#logs.slice(logs.length);
    return updates;
  }

  /** @returns The last block whose logs are read, `until` at the latest */
  async #read(until: PinnedBlock, since: number): Promise<PinnedBlock> {
    const { range, most } = this.#requests;
    this.#next ??= await firstBlock(this.#provider, until, since, range);
    for (let request = 0; request < most && this.#next <= until.number; request++) {
      const fromBlock = this.#next;
      const toBlock = Math.min(until.number, fromBlock + range - 1);
      const filter = { address: this.exchange, topics: [TOPIC], fromBlock, toBlock };
      this.#logs = this.#logs.concat(await this.#provider.getLogs(filter));
      this.#next = toBlock + 1;
    }
    return this.#next > until.number ? until : pinBlock(this.#provider, this.#next - 1);
  }
}

function ascending(blocks: readonly number[]): number[] {
  return [...new Set(blocks)].sort((a, b) => a - b);
}

/** A block not after a time: by the pace of the last blocks, and from there on by that of those just passed. */
async function firstBlock(provider: Provider, until: PinnedBlock, since: number, range: number): Promise<number> {
  let later = until;
  let block = await pinBlock(provider, Math.max(0, until.number - range));
  while (block.number > 0 && block.timestamp > since) {
    const pace = Math.max((later.timestamp - block.timestamp) / (later.number - block.number), 1e-3);
    const back = Math.max(range, Math.ceil((block.timestamp - since) / pace));
    later = block;
    block = await pinBlock(provider, Math.max(0, block.number - back));
  }
  return block.number;
}
