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

/** What one Perp v2 exchange settles in all its markets, read once and then only what is new. */
export class FundingHistory {
  readonly #provider: Provider;
  readonly #exchange: string;
  readonly #range: number;
  /** Up to this block, it included, everything is told. */
  #told: PinnedBlock | null = null;
  /** Logs that are read and not told yet, and the block that comes after them. */
  #logs: Log[] = [];
  #next: number | null = null;

  /** @param range Blocks that one request of logs spans */
  constructor(provider: Provider, exchange: string, range: number) {
    this.#provider = provider;
    this.#exchange = exchange;
    this.#range = range;
  }

  /**
   * What was settled since the last call, in the order of time. After an error the next call goes on with the requests that are left.
   *
   * @param until No earlier block than that of the call before, else there is nothing new
   * @param since How far the first call goes back, unix seconds; its answer may begin earlier
   */
  async update(until: PinnedBlock, since: number): Promise<FundingUpdate[]> {
    const told = this.#told;
    if (told !== null && until.number <= told.number) return [];
    let fromBlock = this.#next ?? (await firstBlock(this.#provider, until, since, this.#range));
    while (fromBlock <= until.number) {
      const toBlock = Math.min(until.number, fromBlock + this.#range - 1);
      const filter = { address: this.#exchange, topics: [TOPIC], fromBlock, toBlock };
      this.#logs = this.#logs.concat(await this.#provider.getLogs(filter));
      fromBlock = toBlock + 1;
      this.#next = fromBlock;
    }
    const ends = told === null ? [until] : [told, until];
    const logs = this.#logs.filter(({ blockNumber }) => blockNumber <= until.number);
    const blocks = [...ends.map(({ number }) => number), ...logs.map(({ blockNumber }) => blockNumber)];
    const times =
      logs.length === 0 ? new Map<number, number>() : await blockTimes(this.#provider, ascending(blocks), ends);
    const updates = logs.map((log) => {
      const { baseToken, marketTwap, indexTwap } = EXCHANGE.decodeEventLog("FundingUpdated", log.data, log.topics);
      return { market: baseToken, time: times.get(log.blockNumber)!, marketTwap, indexTwap };
    });
    this.#told = until;
    this.#logs = this.#logs.slice(logs.length);
    return updates;
  }
}

function ascending(blocks: readonly number[]): number[] {
  return [...new Set(blocks)].sort((a, b) => a - b);
}

/** A block not after a time: by the pace of the last blocks, and further back where they came faster before. */
async function firstBlock(provider: Provider, until: PinnedBlock, since: number, range: number): Promise<number> {
  const near = Math.max(0, until.number - range);
  const { timestamp } = await pinBlock(provider, near);
  if (near === 0 || timestamp <= since) return near;
  const pace = (until.timestamp - timestamp) / (until.number - near);
  let block = Math.max(0, near - Math.ceil((timestamp - since) / Math.max(pace, 1e-3)));
  while (block > 0 && (await pinBlock(provider, block)).timestamp > since) block = Math.max(0, block - range);
  return block;
}
