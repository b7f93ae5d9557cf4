import type { ReadPoint } from "@crosshedge/sdk";
import { expect } from "chai";
import { AbiCoder, Interface, ZeroAddress } from "ethers";
import { roundIdOf } from "../../keeper/src/observe/feed.js";
import { FeedHistory } from "../../keeper/src/observe/feed-history.js";

const coder = AbiCoder.defaultAbiCoder();
const PROXY = new Interface([
  "function getRoundData(uint80) view returns (uint80, int256, uint256, uint256, uint80)",
  "function phaseAggregators(uint16) view returns (address)",
  "function latestRound() view returns (uint256)",
]);
const FEED = "0x00000000000000000000000000000000000000f0";
const aggregator = (phase: bigint): string => `0x${(0xa0n + phase).toString(16).padStart(40, "0")}`;

/** A proxy over aggregators: by phase, the time of each round; 0 where a round has no data. */
function proxyOf(phases: Record<string, number[]>) {
  let calls = 0;
  const call = async ({ to, data }: { to: string; data: string }): Promise<string> => {
    calls++;
    const parsed = PROXY.parseTransaction({ data })!;
    if (parsed.name === "latestRound") return coder.encode(["uint256"], [phases[String(BigInt(to) - 0xa0n)]!.length]);
    const [argument] = parsed.args as unknown as [bigint];
    if (parsed.name === "phaseAggregators") {
      return coder.encode(["address"], [phases[String(argument)] === undefined ? ZeroAddress : aggregator(argument)]);
    }
    const time = phases[String(argument >> 64n)]?.[Number(argument & ((1n << 64n) - 1n)) - 1] ?? 0;
    return coder.encode(["uint80", "int256", "uint256", "uint256", "uint80"], [argument, 100, time, time, argument]);
  };
  const at = { provider: { call }, blockNumber: 1 } as unknown as ReadPoint;
  return { at, calls: () => calls };
}

const latest = (phase: bigint, round: bigint, updatedAt: number) => ({
  roundId: roundIdOf(phase, round),
  answer: 100n,
  updatedAt,
});
const times = (history: FeedHistory) => history.rounds.map(({ updatedAt }) => updatedAt);

describe("feed history", () => {
  it("reads back to the round in force at a time, over a change of phase", async () => {
    const { at } = proxyOf({ 1: [10, 20, 30, 40], 2: [50, 60] });
    const history = new FeedHistory(FEED, 2);
    await history.update(at, latest(2n, 2n, 60), 35);
    expect(times(history)).to.deep.equal([30, 40, 50, 60]);
  });

  it("stops at the first round that there is", async () => {
    const { at } = proxyOf({ 1: [10, 20, 30] });
    const history = new FeedHistory(FEED, 100);
    await history.update(at, latest(1n, 3n, 30), 0);
    expect(times(history)).to.deep.equal([10, 20, 30]);
  });

  it("then reads only what is new, also into a new phase, and nothing twice", async () => {
    const phases: Record<string, number[]> = { 1: [10, 20] };
    const { at, calls } = proxyOf(phases);
    const history = new FeedHistory(FEED, 100);
    await history.update(at, latest(1n, 2n, 20), 0);
    const before = calls();
    expect(await history.update(at, latest(1n, 2n, 20), 0)).to.deep.equal([]);
    expect(calls()).to.equal(before);
    phases["1"] = [10, 20, 30, 0];
    phases["2"] = [40, 50];
    const fresh = await history.update(at, latest(2n, 2n, 50), 0);
    expect(fresh.map(({ updatedAt }) => updatedAt)).to.deep.equal([30, 40, 50]);
  });

  it("forgets what came before the round in force", async () => {
    const { at } = proxyOf({ 1: [10, 20, 30, 40] });
    const history = new FeedHistory(FEED, 100);
    await history.update(at, latest(1n, 4n, 40), 0);
    history.forget(25);
    expect(times(history)).to.deep.equal([20, 30, 40]);
  });
});
