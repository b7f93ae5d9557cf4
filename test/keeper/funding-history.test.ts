import { expect } from "chai";
import { Interface, type Provider } from "ethers";
import { blockTimes } from "../../keeper/src/observe/block-times.js";
import { FundingHistory } from "../../keeper/src/observe/funding-history.js";

const EXCHANGE = new Interface([
  "event FundingUpdated(address indexed baseToken, uint256 marketTwap, uint256 indexTwap)",
]);
const EXCHANGE_ADDRESS = "0x00000000000000000000000000000000000000e0";
const MARKET = "0x00000000000000000000000000000000000000b0";

interface LogQuery {
  address: string;
  fromBlock: number;
  toBlock: number;
  topics: string[];
}

/** A chain with funding logs in some blocks, that answers only for so many blocks at a time. */
function chainOf(timeOf: (block: number) => number, logsIn: readonly number[], most = 10_000) {
  const calls = { logs: 0, blocks: 0 };
  const provider = {
    getBlock: async (block: number) => {
      calls.blocks++;
      return { number: block, hash: null, timestamp: timeOf(block) };
    },
    getLogs: async ({ address, fromBlock, toBlock, topics }: LogQuery) => {
      calls.logs++;
      if (toBlock - fromBlock + 1 > most) throw new Error("block range is too wide");
      expect(address).to.equal(EXCHANGE_ADDRESS);
      return logsIn
        .filter((block) => block >= fromBlock && block <= toBlock)
        .map((blockNumber) => ({
          blockNumber,
          ...EXCHANGE.encodeEventLog("FundingUpdated", [MARKET, blockNumber, 1]),
          topics: [...topics, `0x${MARKET.slice(2).padStart(64, "0")}`],
        }));
    },
  } as unknown as Provider;
  const read = (until: number, since: number, range = most) =>
    new FundingHistory(provider, EXCHANGE_ADDRESS, range).update(at(until), since);
  const at = (block: number) => ({ number: block, hash: null, timestamp: timeOf(block) });
  return { provider, read, calls, at };
}

const every = (step: number, until: number) =>
  Array.from({ length: Math.floor(until / step) }, (_, i) => (i + 1) * step);

describe("funding history", () => {
  it("reads 45 days of a chain of two-second blocks in one request a range and a handful of blocks", async () => {
    const time = (block: number) => 1_700_000_000 + 2 * block;
    const { read, calls } = chainOf(time, every(500, 10_000_000));
    const since = time(10_000_000) - 45 * 86_400;
    const updates = await read(10_000_000, since);
    expect(updates[0]!.time).to.be.within(since - 20_000, since + 1_000);
    expect(updates.length).to.be.within(3_888, 3_920);
    for (const { time: at, marketTwap } of updates) expect(at).to.equal(time(Number(marketTwap)));
    expect(calls).to.deep.equal({ logs: 195, blocks: 6 });
  });

  it("finds the times of blocks that come irregularly", async () => {
    const time = (block: number) => 1_000 + block + 86_400 * Math.floor(block / 7);
    const { read, calls } = chainOf(time, every(3, 300));
    const updates = await read(300, 0);
    expect(updates.map(({ marketTwap }) => Number(marketTwap))).to.deep.equal(every(3, 300));
    for (const { time: at, marketTwap } of updates) expect(at).to.equal(time(Number(marketTwap)));
    expect(calls.logs).to.equal(1);
  });

  it("goes back as far as it is asked where blocks came faster before", async () => {
    const time = (block: number) => (block < 50_000 ? block : 50_000 + 12 * (block - 50_000));
    const { read } = chainOf(time, every(100, 60_000), 1_000);
    const updates = await read(60_000, 30_000);
    expect(updates[0]!.time).to.be.within(28_000, 30_000 + 100);
    expect(Number(updates.at(-1)!.marketTwap)).to.equal(60_000);
  });

  it("then reads only what is new, with one request where a pass follows soon, and after an error the same again", async () => {
    const logsIn = [10, 20, 30];
    let broken = false;
    const { provider, at, calls } = chainOf((block) => 2 * block, logsIn);
    const getLogs = provider.getLogs.bind(provider);
    provider.getLogs = async (filter) => {
      if (broken) throw new Error("busy");
      return getLogs(filter);
    };
    const history = new FundingHistory(provider, EXCHANGE_ADDRESS, 1_000);
    const blocksOf = async (until: number) => (await history.update(at(until), 0)).map(({ time }) => time / 2);
    expect(await blocksOf(25)).to.deep.equal([10, 20]);
    expect(await blocksOf(25)).to.deep.equal([]);
    const before = { ...calls };
    broken = true;
    await blocksOf(40).catch(() => undefined);
    broken = false;
    expect(await blocksOf(40)).to.deep.equal([30]);
    expect(calls).to.deep.equal({ logs: before.logs + 1, blocks: before.blocks });
  });

  it("loses nothing that it has read where a node fails now and then, and tells each once", async () => {
    const { provider, at, calls } = chainOf((block) => 2 * block, every(500, 100_000));
    const getLogs = provider.getLogs.bind(provider);
    provider.getLogs = async (filter) => {
      if (calls.logs % 7 === 6) {
        calls.logs++;
        throw new Error("busy");
      }
      return getLogs(filter);
    };
    const history = new FundingHistory(provider, EXCHANGE_ADDRESS, 1_000);
    const told: number[] = [];
    let passes = 0;
    for (let until = 100_000; told.length === 0 && passes < 50; until += 10, passes++) {
      const updates = await history.update(at(until), 0).catch(() => []);
      told.push(...updates.map(({ time }) => time / 2));
    }
    expect(told).to.deep.equal(every(500, 100_000));
    expect(passes).to.be.within(15, 20);
    expect(calls.logs).to.be.below(125);
  });

  it("has nothing new at a block that is older than the last, and goes on after that", async () => {
    const { provider, at } = chainOf((block) => 2 * block, [10, 20, 30]);
    const history = new FundingHistory(provider, EXCHANGE_ADDRESS, 1_000);
    const blocksOf = async (until: number) => (await history.update(at(until), 0)).map(({ time }) => time / 2);
    expect(await blocksOf(25)).to.deep.equal([10, 20]);
    expect(await blocksOf(15)).to.deep.equal([]);
    expect(await blocksOf(30)).to.deep.equal([30]);
  });

  it("knows an empty past, and passes on what the node refuses", async () => {
    expect(await chainOf((block) => block, []).read(100, 0)).to.deep.equal([]);
    let thrown: unknown;
    await chainOf((block) => block, [5], 10)
      .read(100, 0, 50)
      .catch((caught: unknown) => {
        thrown = caught;
      });
    expect(String(thrown)).to.include("too wide");
  });

  it("reads few of many regular blocks", async () => {
    const { provider, calls } = chainOf((block) => 12 * block, []);
    const times = await blockTimes(provider, every(3, 30_000));
    expect([times.size, times.get(15_000), calls.blocks]).to.deep.equal([10_000, 180_000, 5]);
  });
});
