import { expect } from "chai";
import {
  indexRounds,
  initialState,
  type OracleRound,
  replay,
  roundsAt,
  variance,
} from "../../keeper/src/model/covariance-oracle.js";
import type { CovarianceOracle } from "../../sdk/src/generated/index.js";
import {
  type AssetSpec,
  DAY,
  deployOracle,
  expectMirrored,
  expectNear,
  type GridParams,
  HOUR,
  mirrorParams,
  storageOf,
  VOLATILE,
  WAD,
} from "./support/covariance.js";
import { type Chain, deployFeed, type Feed, openChain } from "./support/feeds.js";
import { missingData, readRows } from "./support/shared-data.js";

const FILES = ["chainlink_eth_usd.csv.gz", "chainlink_btc_usd.csv.gz", "prices_1h.csv.gz"];
const STEP = 6 * HOUR;
/** The feeds' published threshold of 0.5%; the heartbeat is an hour, and rounds land up to some minutes after it. */
const SPEC: AssetSpec = { ...VOLATILE, heartbeat: HOUR + 600 };
/** Grid times in one late transaction. */
const BATCH = 60;

/** Every mainnet round of ETH/USD and BTC/USD over 300 days, submitted to real aggregators at its real time. */
describe("CovarianceOracle on the real rounds of 2023", function () {
  this.timeout(600_000);
  const absent = missingData(...FILES);
  let chain: Chain;
  let oracles: CovarianceOracle[];
  let grid: GridParams;
  let histories: OracleRound[][];
  let end: number;

  before(async function () {
    if (absent !== undefined) {
      console.log(`      skipped: ${absent}`);
      return this.skip();
    }
    const submissions = [readRounds("chainlink_eth_usd.csv.gz"), readRounds("chainlink_btc_usd.csv.gz")];
    const start = Math.min(...submissions.map((rounds) => rounds[0]?.updatedAt ?? 0)) - 2 * HOUR;
    const last = Math.min(...submissions.map((rounds) => rounds.at(-1)?.updatedAt ?? 0));
    grid = {
      gridStep: STEP,
      genesis: Math.ceil((start + DAY) / STEP) * STEP,
      halfLifeFast: 7 * DAY,
      halfLifeSlow: 30 * DAY,
      minHistory: 30 * DAY,
      maxAge: DAY,
    };
    end = Math.floor((last - 1) / STEP) * STEP;
    histories = submissions;
    chain = await openChain(start);
    const feeds = [await deployFeed(chain), await deployFeed(chain)];
    oracles = [];
    for (let i = 0; i < 3; i++) oracles.push(await deployOracle(chain, feeds, [SPEC, SPEC], grid));
    await live(feeds, submissions);
  });

  /** Submits every round in order of time; the pokers do as they please in between. */
  const live = async (feeds: readonly Feed[], submissions: readonly OracleRound[][]) => {
    const [punctual, lazy, last] = oracles as [CovarianceOracle, CovarianceOracle, CovarianceOracle];
    const queue = submissions
      .flatMap((rounds, i) => rounds.map((round, k) => ({ ...round, feed: feeds[i] as Feed, id: BigInt(k + 1) })))
      .sort((a, b) => a.updatedAt - b.updatedAt);
    const addresses = new Map<Feed, string>();
    for (const feed of feeds) addresses.set(feed, await feed.flux.getAddress());
    const times = (from: number, to: number) =>
      Array.from({ length: Math.max(0, Math.floor((to - from) / STEP) + 1) }, (_, k) => from + k * STEP);
    const pokeTo = async (oracle: CovarianceOracle, from: number, to: number) => {
      const claims = roundsAt(submissions, times(from, to));
      for (let k = 0; k < claims.length; k += BATCH) await oracle.poke(claims.slice(k, k + BATCH));
    };
    let next = grid.genesis;
    let lazyNext = grid.genesis;
    for (const { feed, id, answer, updatedAt } of queue) {
      for (; next < updatedAt && next <= end; next += STEP) {
        await chain.next(next + 1);
        await pokeTo(punctual, next, next);
        // One poker comes every 1 to 20 grid times.
        if ((next / STEP) % 20 < 2 && (next / STEP) % 3 === 0) {
          await pokeTo(lazy, lazyNext, next);
          lazyNext = next + STEP;
        }
      }
      await chain.next(updatedAt);
      await chain.send("eth_sendTransaction", [
        {
          from: chain.signer.address,
          to: addresses.get(feed),
          data: feed.flux.interface.encodeFunctionData("submit", [id, answer]),
          gas: "0xf4240",
        },
      ]);
    }
    await pokeTo(lazy, lazyNext, end);
    await pokeTo(last, grid.genesis, end);
  };

  it("is the same to the bit for three pokers", async () => {
    const [first, ...others] = await Promise.all(oracles.map((oracle) => storageOf(chain, oracle)));
    expect(Number((await oracles[0]?.grid())?.cursor)).to.equal(end);
    for (const other of others) expect(other).to.deep.equal(first);
  });

  it("agrees with the mirror to 1e-9", async () => {
    const [oracle] = oracles as [CovarianceOracle];
    const params = mirrorParams([SPEC, SPEC], grid);
    const state = replay(params, initialState(params), histories, end + 1);
    await expectMirrored(oracle, state);
    const [total] = await oracle.variance([1_000n * WAD, -950n * WAD], [{ c: -300n * WAD, i: 0, j: 1 }], DAY);
    expectNear(
      Number(total) / 1e18,
      variance(params, state, [1_000, -950], [{ c: -300, i: 0, j: 1 }], DAY).total,
      1e-9,
    );
    console.log(`      grid times ${(end - grid.genesis) / STEP + 1}, folded ${state.folded / STEP}`);
  });

  it("ends within 0.05 of the correlation of hourly exchange prices", async () => {
    const [oracle] = oracles as [CovarianceOracle];
    const { fast, slow } = await oracle.covariance();
    const hourly = hourlyReturns(grid.genesis, end);
    const unweighted = correlation(hourly, end, Number.POSITIVE_INFINITY);
    const onGrid = correlation(gridReturns(histories, grid.genesis, end), end, Number.POSITIVE_INFINITY);
    console.log(`      unweighted: rounds on the grid ${onGrid.toFixed(4)}, hourly prices ${unweighted.toFixed(4)}`);
    expect(Math.abs(onGrid - unweighted)).to.be.at.most(0.05);
    for (const [name, matrix, halfLife] of [
      ["fast, 7 d", fast, grid.halfLifeFast],
      ["slow, 30 d", slow, grid.halfLifeSlow],
    ] as const) {
      const [a, , c, d] = matrix.map(Number) as [number, number, number, number];
      const measured = c / Math.sqrt(a * d);
      const expected = correlation(hourly, end, halfLife);
      console.log(
        `      ${name}: oracle ${measured.toFixed(4)}, hourly prices with the same weights ${expected.toFixed(4)}`,
      );
      expect(Math.abs(measured - expected)).to.be.at.most(0.05);
    }
  });
});

function readRounds(name: string): OracleRound[] {
  return readRows(name)
    .filter((row) => BigInt(row.answer ?? 0) > 0n && Number(row.updatedAt) > 0)
    .map((row, k) => ({
      roundId: (1n << 64n) | BigInt(k + 1), // the rounds of a fresh aggregator behind a fresh proxy
      answer: BigInt(row.answer as string),
      updatedAt: Number(row.updatedAt),
    }));
}

interface Returns {
  t: number;
  r: [number, number];
}

/** Log returns between the rounds in force on the grid. */
function gridReturns(histories: readonly OracleRound[][], from: number, to: number): Returns[] {
  const indexes = histories.map(indexRounds);
  const returns: Returns[] = [];
  const logsAt = (t: number) => indexes.map((index) => Math.log(Number(index.inForce(t)?.answer))) as [number, number];
  for (let t = from + STEP; t <= to; t += STEP) {
    const [before, after] = [logsAt(t - STEP), logsAt(t)];
    returns.push({ t, r: [after[0] - before[0], after[1] - before[1]] });
  }
  return returns;
}

/** Hourly log returns of ETH and BTC in (from, to]. */
function hourlyReturns(from: number, to: number): Returns[] {
  const hours: Returns[] = [];
  let last: { t: number; logs: [number, number] } | undefined;
  for (const row of readRows("prices_1h.csv.gz")) {
    const t = Date.parse(row.time as string) / 1000;
    if (t < from || t > to || !row.ETH || !row.BTC) continue;
    const logs: [number, number] = [Math.log(Number(row.ETH)), Math.log(Number(row.BTC))];
    if (last !== undefined && t - last.t === HOUR)
      hours.push({ t, r: [logs[0] - last.logs[0], logs[1] - last.logs[1]] });
    last = { t, logs };
  }
  return hours;
}

function correlation(hours: readonly Returns[], end: number, halfLife: number): number {
  const sums = [0, 0, 0];
  for (const { t, r } of hours) {
    const weight = 2 ** (-(end - t) / halfLife);
    [r[0] * r[0], r[0] * r[1], r[1] * r[1]].forEach((product, k) => {
      sums[k] = (sums[k] as number) + weight * product;
    });
  }
  return (sums[1] as number) / Math.sqrt((sums[0] as number) * (sums[2] as number));
}
