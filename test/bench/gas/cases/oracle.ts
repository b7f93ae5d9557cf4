import {
  type AssetSpec,
  claims,
  DAY,
  deployOracle,
  type GridParams,
  HOUR,
  STABLE,
  VOLATILE,
  WAD,
} from "../../../integration/support/covariance.js";
import { answer, type Chain, deployFeed, type Feed, openChain } from "../../../integration/support/feeds.js";
import type { Figure } from "../case.js";

const STEP = 6 * HOUR;
const START = 1_704_067_200;
const GRID: GridParams = {
  gridStep: STEP,
  genesis: START + STEP,
  halfLifeFast: 7 * DAY,
  halfLifeSlow: 30 * DAY,
  minHistory: 5 * DAY,
  maxAge: DAY,
};
/** The third stays below its floor, so that rows are scaled. */
const SPECS: AssetSpec[] = [VOLATILE, VOLATILE, { ...VOLATILE, floor: 2n * WAD }, VOLATILE, STABLE, STABLE];
const PRICES = [2_300, 42_000, 14.5, 98, 1, 1];

/** Six assets after two dozen grid times; returns are of all signs and sizes. */
async function world() {
  const chain = await openChain(START);
  const feeds: Feed[] = [];
  for (const _ of SPECS) feeds.push(await deployFeed(chain));
  const oracle = await deployOracle(chain, feeds, SPECS, GRID);
  const times = 24;
  for (let k = 0; k < times; k++) await answerAll(chain, feeds, k);
  await chain.warp(GRID.genesis + (times - 1) * STEP + 1);
  await oracle.poke(await claims(oracle, feeds, times));
  return { chain, feeds, oracle, times };
}

async function answerAll(chain: Chain, feeds: readonly Feed[], k: number) {
  for (const [i, feed] of feeds.entries()) {
    const move = i < 4 ? 0.02 * Math.sin(k * (i + 1)) + 0.01 * Math.cos(3 * k) : 0.0001 * Math.sin(k + i);
    const price = BigInt(Math.round(1e8 * (PRICES[i] as number) * Math.exp(move)));
    await answer(chain, feed, price, GRID.genesis + k * STEP - 60 + i);
  }
}

/** Whole transaction of one poke at the latest rounds, after two others, so that no word is written for the first time. */
async function poke(chain: Chain, feeds: readonly Feed[], specs: readonly AssetSpec[], from: number) {
  const genesis = GRID.genesis + from * STEP;
  const oracle = await deployOracle(chain, feeds, specs, { ...GRID, genesis });
  const used: number[] = [];
  for (let k = from; k < from + 3; k++) {
    await answerAll(chain, feeds, k);
    await chain.warp(GRID.genesis + k * STEP + 1);
    const latest = await Promise.all(feeds.map((feed) => feed.proxy.latestRound()));
    used.push(Number((await (await oracle.poke([latest])).wait())?.gasUsed));
  }
  return used[2] as number;
}

export default async function measure(): Promise<Figure[]> {
  const { chain, feeds, oracle, times } = await world();
  const meter = await chain.ethers.deployContract("GateMeter");
  const usd = (amounts: readonly number[]) => amounts.map((amount) => BigInt(amount) * WAD);
  const [before, after] = [
    usd([50_000, -45_000, 20_000, 9_000, 3_000, 80_000]),
    usd([52_000, -51_000, 18_000, -2_000, 2_500, 81_000]),
  ];
  const hedge = usd([0, -60_000, 0, -10_000, 0, 0]);
  const gammas = [
    { c: -20_000n * WAD, i: 0, j: 4 },
    { c: -30_000n * WAD, i: 1, j: 0 },
  ];
  const gate = async (terms: typeof gammas, asked: boolean) =>
    Number((await meter.getFunction("gate").staticCall(oracle, before, after, hedge, terms, asked)).used);
  const one = Number(await meter.getFunction("one").staticCall(oracle, before, gammas));

  const four = feeds.slice(0, 4);
  const poked = await poke(chain, four, SPECS.slice(0, 4), times);
  const call = await meter.getFunction("read").populateTransaction(four.map(({ address }) => address));
  const reads = Number((await (await chain.signer.sendTransaction(call)).wait())?.gasUsed);
  return [
    // Before, after and without the hedge; matrices cold, while the oracle itself was called before, as in any plan, to ask if it is usable.
    {
      name: "variance gate as in a plan (without 21,000): 6 assets, no gamma",
      gas: await gate([], true),
      most: { gas: 50_000 },
    },
    { name: "the same all cold, `usable` not asked before", gas: await gate([], false), most: { gas: 57_000 } },
    {
      name: "the gate as in a plan, two gamma terms before and after",
      gas: await gate(gammas, true),
      most: { gas: 75_000 },
    },
    { name: "`variance` of one portfolio, two gamma terms, all cold", gas: one, most: { gas: 65_000 } },
    { name: "poke of four assets at the latest rounds", gas: poked, floor: reads, most: { gas: 160_000 } },
  ];
}
