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

/**
 * What a Perp v2 exchange has settled up to a block, in all its markets, in the order of time.
 *
 * @param since Unix seconds; the answer may begin earlier
 * @param range Blocks that one request of logs spans
 */
export async function readFundingUpdates(
  provider: Provider,
  exchange: string,
  until: PinnedBlock,
  since: number,
  range: number,
): Promise<FundingUpdate[]> {
  const logs: Log[] = [];
  for (let from = await firstBlock(provider, until, since, range); from <= until.number; from += range) {
    const toBlock = Math.min(until.number, from + range - 1);
    logs.push(...(await provider.getLogs({ address: exchange, topics: [TOPIC], fromBlock: from, toBlock })));
  }
  const times = await blockTimes(provider, [...new Set(logs.map(({ blockNumber }) => blockNumber))]);
  return logs.map((log) => {
    const { baseToken, marketTwap, indexTwap } = EXCHANGE.decodeEventLog("FundingUpdated", log.data, log.topics);
    return { market: baseToken, time: times.get(log.blockNumber)!, marketTwap, indexTwap };
  });
}

/** A block not after a time: by the pace of the last blocks, and further back where they came slower before. */
async function firstBlock(provider: Provider, until: PinnedBlock, since: number, range: number): Promise<number> {
  const near = Math.max(0, until.number - range);
  const { timestamp } = await pinBlock(provider, near);
  if (near === 0 || timestamp <= since) return near;
  const pace = (until.timestamp - timestamp) / (until.number - near);
  let block = Math.max(0, near - Math.ceil((timestamp - since) / Math.max(pace, 1e-3)));
  while (block > 0 && (await pinBlock(provider, block)).timestamp > since) block = Math.max(0, block - range);
  return block;
}
