import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { initialState, replay, usable, variance } from "../../keeper/src/model/covariance-oracle.js";
import type { CovarianceOracle } from "../../sdk/src/generated/index.js";
import {
  type AssetSpec,
  claims,
  DAY,
  deployOracle,
  deployPrices,
  expectMirrored,
  expectNear,
  type GridParams,
  HOUR,
  mirrorParams,
  oracleParams,
  STABLE,
  storageOf,
  VOLATILE,
  WAD,
} from "./support/covariance.js";
import {
  answer,
  assetAddress,
  type Chain,
  changePhase,
  deployFeed,
  deployFlux,
  type Feed,
  historyOf,
  openChain,
  openRound,
  ROUND_TIMEOUT,
} from "./support/feeds.js";

const STEP = 6 * HOUR;
const START = 1_704_067_200; // a multiple of the step
const SPECS = [VOLATILE, VOLATILE];
const PHASE = 1n << 64n;
const GRID: GridParams = {
  gridStep: STEP,
  genesis: START + STEP,
  halfLifeFast: 7 * DAY,
  halfLifeSlow: 30 * DAY,
  minHistory: 2 * DAY,
  maxAge: DAY,
};

describe("CovarianceOracle on real aggregators", () => {
  let chain: Chain;
  let feeds: [Feed, Feed];
  let oracle: CovarianceOracle;
  /** The k-th grid time. */
  const at = (k: number) => GRID.genesis + k * STEP;

  beforeEach(async () => {
    chain = await openChain(START);
    feeds = [await deployFeed(chain), await deployFeed(chain)];
    oracle = await deployOracle(chain, feeds, SPECS, GRID);
  });

  /** Both feeds answer at t and a second later. */
  const both = async (t: number, a: bigint, b: bigint) => {
    await answer(chain, feeds[0], a, t);
    await answer(chain, feeds[1], b, t + 1);
  };
  /** Prices that move a little, shortly before each of the grid times [from, to). */
  const walk = async (from: number, to: number) => {
    for (let k = from; k < to; k++) {
      const wave = BigInt(Math.round(1e8 * (2_000 + 40 * Math.sin(k) + 15 * Math.cos(3 * k))));
      const other = BigInt(Math.round(1e8 * (40_000 + 600 * Math.sin(k + 0.4) + 500 * Math.sin(5 * k))));
      await both(at(k) - 100 - 7 * (k % 5), wave, other);
    }
  };
  const pokeNext = async (count: number): Promise<ContractTransactionResponse> =>
    oracle.poke(await claims(oracle, feeds, count));

  describe("which round was in force", () => {
    it("accepts one round only: not an earlier one, not a later one, not none", async () => {
      await both(at(0) - 3_000, 2_000n, 40_000n);
      await both(at(0) - 100, 2_010n, 40_100n);
      await both(at(0) + 50, 2_020n, 40_200n);
      const id = (n: bigint) => PHASE | n;
      const [first] = feeds;
      await expect(oracle.poke([[id(1n), id(2n)]]))
        .to.be.revertedWithCustomError(oracle, "RoundSuperseded")
        .withArgs(first.address, id(1n), id(2n), at(0) - 100, at(0));
      await expect(oracle.poke([[id(3n), id(2n)]]))
        .to.be.revertedWithCustomError(oracle, "RoundAfterGridTime")
        .withArgs(first.address, id(3n), at(0) + 50, at(0));
      await expect(oracle.poke([[0n, id(2n)]]))
        .to.be.revertedWithCustomError(oracle, "RoundSuperseded")
        .withArgs(first.address, 0n, id(1n), at(0) - 3_000, at(0));
      for (const missing of [id(4n), id(99n), 2n * PHASE + 1n, 5n]) {
        await expect(oracle.poke([[missing, id(2n)]]))
          .to.be.revertedWithCustomError(oracle, "RoundMissing")
          .withArgs(first.address, missing);
      }
      await expect(oracle.poke([[id(2n), id(2n)]]))
        .to.emit(oracle, "GridTime")
        .withArgs(at(0), [2_010n, 40_100n], false);
    });

    it("takes the later of two rounds in the same second", async () => {
      await answer(chain, feeds[1], 40_000n, at(0) - 20);
      await answer(chain, feeds[0], 2_000n, at(0) - 10);
      await answer(chain, feeds[0], 2_001n, at(0) - 10);
      await answer(chain, feeds[0], 2_002n, at(0) + 10);
      await expect(oracle.poke([[PHASE | 1n, PHASE | 1n]])).to.be.revertedWithCustomError(oracle, "RoundSuperseded");
      await expect(oracle.poke([[PHASE | 2n, PHASE | 1n]]))
        .to.emit(oracle, "GridTime")
        .withArgs(at(0), [2_001n, 40_000n], false);
    });

    it("takes a round that came at the grid time itself", async () => {
      await answer(chain, feeds[1], 40_000n, at(0) - 20);
      await answer(chain, feeds[0], 2_000n, at(0) - 10);
      await answer(chain, feeds[0], 2_001n, at(0));
      await chain.warp(at(0) + 1);
      await expect(oracle.poke([[PHASE | 1n, PHASE | 1n]])).to.be.revertedWithCustomError(oracle, "RoundSuperseded");
      await oracle.poke([[PHASE | 2n, PHASE | 1n]]);
    });

    it("lets nobody skip a grid time, run ahead, or claim for fewer feeds", async () => {
      await walk(0, 2);
      const [first, second] = await claims(oracle, feeds, 2);
      await expect(oracle.poke([second as bigint[]])).to.be.revertedWithCustomError(oracle, "RoundAfterGridTime");
      await expect(oracle.poke([])).to.be.revertedWithCustomError(oracle, "NothingClaimed");
      await expect(oracle.poke([[PHASE | 1n]]))
        .to.be.revertedWithCustomError(oracle, "ClaimCountMismatch")
        .withArgs(1, 2);
      await oracle.poke([first as bigint[]]);
      await chain.next(at(1));
      await expect(oracle.poke([second as bigint[]]))
        .to.be.revertedWithCustomError(oracle, "GridTimeAhead")
        .withArgs(at(1), at(1));
      await chain.next(at(1) + 1);
      await oracle.poke([second as bigint[]]);
      expect((await oracle.grid()).cursor).to.equal(at(1));
    });

    it("steps over rounds that timed out or have no data", async () => {
      // Rounds 1 and 2 of the first feed never get an answer and have no data; 3 is answered; 4 times out and carries 3's answer.
      await openRound(chain, feeds[0], at(0) - 3_500);
      await openRound(chain, feeds[0], at(0) - 2_500);
      await answer(chain, feeds[0], 2_000n, at(0) - 1_500, true);
      await answer(chain, feeds[1], 40_000n, at(0) - 1_400);
      await openRound(chain, feeds[0], at(0) - 800);
      await openRound(chain, feeds[0], at(0) - 100);
      // The latest round is still 3, though 4 has a newer timestamp by now.
      const carried = await feeds[0].proxy.getRoundData(PHASE | 4n);
      expect([carried.answer, carried.answeredInRound]).to.deep.equal([2_000n, PHASE | 3n]);
      await chain.warp(at(0) + 1);
      const snapshot = await chain.send("evm_snapshot", []);
      await expect(oracle.poke([[0n, PHASE | 1n]])).to.be.revertedWithCustomError(oracle, "RoundSuperseded");
      await expect(oracle.poke([[PHASE | 4n, PHASE | 1n]])).to.be.revertedWithCustomError(oracle, "RoundMissing");
      await oracle.poke([[PHASE | 3n, PHASE | 1n]]);
      const punctual = await storageOf(chain, oracle);

      await chain.send("evm_revert", [snapshot]);
      await answer(chain, feeds[0], 2_500n, at(0) + 700, true);
      expect(await claims(oracle, feeds, 1), "the mirror steps over it too").to.deep.equal([[PHASE | 3n, PHASE | 1n]]);
      await expect(oracle.poke([[PHASE | 4n, PHASE | 1n]])).to.be.revertedWithCustomError(oracle, "RoundMissing");
      await oracle.poke([[PHASE | 3n, PHASE | 1n]]);
      expect(await storageOf(chain, oracle)).to.deep.equal(punctual);
    });

    it("finds the next round across any gap in the current phase", async () => {
      await both(at(0) - 13_000, 2_000n, 40_000n);
      for (let k = 0; k < 15; k++) await openRound(chain, feeds[0], at(0) - 12_900 + k * (ROUND_TIMEOUT + 1));
      await both(at(0) - 1_000, 2_100n, 40_000n);
      const [claim] = await claims(oracle, feeds, 1);
      await both(at(0) + 10, 2_200n, 40_000n);
      await expect(oracle.poke([[PHASE | 1n, PHASE | 2n]])).to.be.revertedWithCustomError(oracle, "RoundSuperseded");
      await expect(oracle.poke([claim as bigint[]]))
        .to.emit(oracle, "GridTime")
        .withArgs(at(0), [2_100n, 40_000n], false);
    });

    it("waits while a proxy has no round at all", async () => {
      await answer(chain, feeds[0], 2_000n, at(0) - 100);
      await chain.warp(at(0) + 1);
      await expect(oracle.poke([[PHASE | 1n, 0n]]))
        .to.be.revertedWithCustomError(oracle, "FeedUnavailable")
        .withArgs(feeds[1].address);
      await answer(chain, feeds[1], 40_000n, at(0) + 100);
      await expect(oracle.poke([[PHASE | 1n, 0n]]))
        .to.emit(oracle, "GridTime")
        .withArgs(at(0), [2_000n, 0n], true);
    });

    it("refuses a call whose gas would make a round look missing", async () => {
      await both(at(0) - 3_000, 2_000n, 40_000n);
      await both(at(0) - 100, 2_010n, 40_100n);
      await chain.warp(at(0) + 1);
      await expect(
        oracle.poke.staticCall([[PHASE | 1n, PHASE | 2n]], { gasLimit: 190_000 }),
      ).to.be.revertedWithCustomError(oracle, "NotEnoughGas");
    });
  });

  describe("a change of phase", () => {
    it("takes the last round of the old phase before the new one begins, and only the new one after", async () => {
      await both(at(0) - 100, 2_000n, 40_000n);
      const old = feeds[0].flux;
      const fresh = await deployFlux(chain);
      await changePhase(feeds[0], fresh);
      await chain.warp(at(0) + 1);
      await expect(oracle.poke([[PHASE | 1n, PHASE | 1n]])).to.be.revertedWithCustomError(oracle, "FeedUnavailable");
      await answer(chain, feeds[0], 2_100n, at(0) + 500);
      // The old aggregator goes on: its rounds count no more once the new phase has begun.
      await answer(chain, { ...feeds[0], flux: old }, 1_000n, at(1) - 50);
      await answer(chain, feeds[1], 40_100n, at(1) - 40);
      await chain.warp(at(1) + 1);
      const next = 2n * PHASE;
      await expect(oracle.poke([[next | 1n, PHASE | 1n]])).to.be.revertedWithCustomError(oracle, "RoundAfterGridTime");
      await expect(oracle.poke([[0n, PHASE | 1n]])).to.be.revertedWithCustomError(oracle, "RoundSuperseded");
      await oracle.poke([[PHASE | 1n, PHASE | 1n]]);
      await expect(oracle.poke([[PHASE | 2n, PHASE | 2n]]))
        .to.be.revertedWithCustomError(oracle, "RoundSuperseded")
        .withArgs(feeds[0].address, PHASE | 2n, next | 1n, at(0) + 500, at(1));
      await oracle.poke([[next | 1n, PHASE | 2n]]);
      expect((await oracle.grid()).cursor).to.equal(at(1));
    });

    it("prefers the newer phase where both have rounds, and the mirror agrees", async () => {
      const fresh = await deployFlux(chain);
      await both(at(0) - 3_000, 2_000n, 40_000n);
      await answer(chain, { ...feeds[0], flux: fresh }, 2_005n, at(0) - 2_000);
      await answer(chain, feeds[0], 1_990n, at(0) - 1_000);
      await answer(chain, { ...feeds[0], flux: fresh }, 2_015n, at(0) + 10);
      await changePhase(feeds[0], fresh);
      await chain.warp(at(0) + 100);
      await expect(oracle.poke([[PHASE | 2n, PHASE | 1n]])).to.be.revertedWithCustomError(oracle, "RoundSuperseded");
      const claim = await claims(oracle, feeds, 1);
      expect(claim).to.deep.equal([[(2n * PHASE) | 1n, PHASE | 1n]]);
      await oracle.poke(claim);
    });

    it("crosses a phase that never had a round, and dates a phase past its missing first rounds", async () => {
      await both(at(0) - 100, 2_000n, 40_000n);
      await changePhase(feeds[0], await deployFlux(chain));
      const third = await deployFlux(chain);
      await openRound(chain, { ...feeds[0], flux: third }, at(0) - 99 + ROUND_TIMEOUT * 2);
      await chain.warp(at(0) - 99 + ROUND_TIMEOUT * 4);
      await answer(chain, { ...feeds[0], flux: third }, 2_100n, at(1) - 60, true);
      await answer(chain, feeds[1], 40_100n, at(1) - 50);
      await changePhase(feeds[0], third);
      // The phase is dated by its second round, not by its latest.
      await answer(chain, feeds[0], 2_200n, at(1) + 10);
      await oracle.poke([[PHASE | 1n, PHASE | 1n]]);
      await expect(oracle.poke([[PHASE | 1n, PHASE | 2n]])).to.be.revertedWithCustomError(oracle, "RoundSuperseded");
      await oracle.poke([[(3n * PHASE) | 2n, PHASE | 2n]]);
      expect((await oracle.grid()).folded).to.equal(STEP);
    });

    it("dates the current phase by its latest round if its first eight are missing", async () => {
      await both(at(0) - 20_000, 2_000n, 40_000n);
      const fresh = await deployFlux(chain);
      const opening = { ...feeds[0], flux: fresh };
      for (let k = 0; k < 9; k++) await openRound(chain, opening, at(0) - 19_000 + k * (ROUND_TIMEOUT + 1));
      await answer(chain, opening, 2_100n, at(0) - 200, true);
      await answer(chain, feeds[1], 40_100n, at(0) - 100);
      await changePhase(feeds[0], fresh);
      await chain.warp(at(0) + 1);
      await expect(oracle.poke([[PHASE | 1n, PHASE | 2n]])).to.be.revertedWithCustomError(oracle, "RoundSuperseded");
      await oracle.poke([[(2n * PHASE) | 10n, PHASE | 2n]]);
      expect((await oracle.grid()).lastFold).to.equal(at(0));
    });
  });

  describe("what is skipped", () => {
    const skipped = async (transaction: Promise<unknown>, t: number) =>
      expect(transaction)
        .to.emit(oracle, "GridTime")
        .withArgs(t, (values: readonly bigint[]) => values.length === 2, true);

    it("skips for the set when one feed is stale, has no round yet, or a bad answer; the next return spans the gap", async () => {
      await answer(chain, feeds[0], 2_000n * WAD, at(0) - 100);
      await answer(chain, feeds[1], 40_000n * WAD, at(0) + 1);
      await skipped(pokeNext(1), at(0));
      await both(at(1) - 100, 2_010n * WAD, 40_100n * WAD);
      await chain.warp(at(1) + 1);
      await pokeNext(1);
      await answer(chain, feeds[0], 2_020n * WAD, at(2) - 100);
      await chain.warp(at(2) + 1);
      await skipped(pokeNext(1), at(2));
      await both(at(3) - 100, 2_020n * WAD, 0n);
      await chain.warp(at(3) + 1);
      await skipped(pokeNext(1), at(3));
      await both(at(4) - HOUR, 2_100n * WAD, 41_000n * WAD);
      await chain.warp(at(4) + 1);
      await pokeNext(1);
      const grid = await oracle.grid();
      expect([grid.cursor, grid.lastFold, grid.folded]).to.deep.equal([BigInt(at(4)), BigInt(at(4)), BigInt(STEP)]);

      const params = mirrorParams(SPECS, GRID);
      const histories = await Promise.all(feeds.map(historyOf));
      await expectMirrored(oracle, replay(params, initialState(params), histories, at(4) + 1));
      // One return over three steps, annualised over the time that it spans.
      const r = Math.log(41_000 / 40_100);
      const raw = (r * r * 365 * DAY) / (3 * STEP);
      const { fast } = await oracle.covariance();
      expectNear(Number(fast[3]) / 1e18, Math.max(raw, 0.36), 1e-9);
    });

    it("a second past the heartbeat is stale, the heartbeat itself is not", async () => {
      await answer(chain, feeds[1], 40_000n, at(0) - HOUR - 1);
      await answer(chain, feeds[0], 2_000n, at(0) - HOUR);
      await chain.warp(at(0) + 1);
      await skipped(pokeNext(1), at(0));
      await answer(chain, feeds[0], 2_000n, at(1) - HOUR);
      await answer(chain, feeds[1], 40_000n, at(1) - HOUR);
      await chain.warp(at(1) + 1);
      await expect(pokeNext(1)).to.emit(oracle, "GridTime").withArgs(at(1), [2_000n, 40_000n], false);
    });
  });

  it("is the same to the bit whoever pokes, however late, in whatever batches", async () => {
    const late = await deployOracle(chain, feeds, SPECS, GRID);
    const mixed = await deployOracle(chain, feeds, SPECS, GRID);
    const [, stranger] = await chain.ethers.getSigners();
    const count = 24;
    for (let k = 0; k < count; k++) {
      if (k % 7 !== 5) await walk(k, k + 1); // every seventh grid time finds stale feeds
      await chain.warp(at(k) + 1);
      await oracle.poke(await claims(oracle, feeds, 1));
      if (k % 5 === 4) await mixed.connect(stranger as never).poke(await claims(mixed, feeds, 1 + (k % 4)));
    }
    await late.poke(await claims(late, feeds, count));
    const left = count - (Number((await mixed.grid()).cursor) - GRID.genesis) / STEP - 1;
    await mixed.poke(await claims(mixed, feeds, left));
    const punctual = await storageOf(chain, oracle);
    // The grid's word, six cells and two logs in two, and the number of assets.
    expect(punctual.filter((word) => BigInt(word) !== 0n).length).to.equal(4);
    expect(await storageOf(chain, late)).to.deep.equal(punctual);
    expect(await storageOf(chain, mixed)).to.deep.equal(punctual);

    const params = mirrorParams(SPECS, GRID);
    const state = replay(params, initialState(params), await Promise.all(feeds.map(historyOf)), at(count - 1) + 1);
    await expectMirrored(oracle, state);
    const [total] = await oracle.variance([1_000n * WAD, -900n * WAD], [{ c: -500n * WAD, i: 0, j: 1 }], DAY);
    const expected = variance(params, state, [1_000, -900], [{ c: -500, i: 0, j: 1 }], DAY);
    expectNear(Number(total) / 1e18, expected.total, 1e-9);
  });

  it("is usable after enough history and while fresh", async () => {
    const params = mirrorParams(SPECS, GRID);
    expect(await oracle.usable()).to.equal(false);
    await walk(0, 9);
    await chain.warp(at(8) + 1);
    await pokeNext(8);
    expect(await oracle.usable(), "seven returns").to.equal(false);
    await pokeNext(1);
    expect(await oracle.usable(), "eight returns").to.equal(true);
    const state = replay(params, initialState(params), await Promise.all(feeds.map(historyOf)), at(8) + 1);
    for (const [age, expected] of [
      [DAY, true],
      [DAY + 1, false],
    ] as const) {
      await chain.warp(at(8) + age);
      expect(await oracle.usable()).to.equal(expected);
      expect(usable(params, state, at(8) + age)).to.equal(expected);
    }
  });

  it("gives the floors, uncorrelated, before it knows anything", async () => {
    const { fast, slow } = await oracle.covariance();
    const floors = [VOLATILE.floor, 0n, 0n, VOLATILE.floor];
    expect([...fast]).to.deep.equal(floors);
    expect([...slow]).to.deep.equal(floors);
    await expect(oracle.variance([1n], [], DAY))
      .to.be.revertedWithCustomError(oracle, "ExposureCountMismatch")
      .withArgs(1, 2);
  });

  describe("construction", () => {
    it("copies the feeds: a later change of the price oracle changes nothing", async () => {
      const [feed, heartbeat, floor] = await oracle.feedOf(1);
      expect([feed, heartbeat, floor]).to.deep.equal([feeds[1].address, BigInt(HOUR), VOLATILE.floor]);
      expect(await oracle.assets()).to.deep.equal([assetAddress(0), assetAddress(1)].map(chain.ethers.getAddress));
    });

    it("refuses what cannot work", async () => {
      const coarse: AssetSpec = { ...VOLATILE, deviation: WAD / 50n };
      const specs = [VOLATILE, VOLATILE, STABLE, coarse];
      const third = await deployFeed(chain);
      const fourth = await deployFeed(chain);
      const prices = await (await deployPrices(chain, [...feeds, third, fourth], specs)).getAddress();
      const base = oracleParams(prices, SPECS, GRID);
      const factory = await chain.ethers.getContractFactory("CovarianceOracle");
      const key = (i: number) => chain.ethers.getAddress(assetAddress(i));
      const two = [VOLATILE.floor, VOLATILE.floor];
      const needed = (9 * 25 * 365 * DAY) / 300_000; // 9·0.005²/0.30 years
      const rows: [object, string, unknown[]][] = [
        [{ assets: [key(0)], varianceFloors: [WAD] }, "AssetCountOutOfRange", [1, 1]],
        [{ varianceFloors: [WAD] }, "AssetCountOutOfRange", [2, 1]],
        [{ assets: Array(9).fill(key(0)), varianceFloors: Array(9).fill(WAD) }, "AssetCountOutOfRange", [9, 9]],
        [{ assets: [key(0), key(0)] }, "DuplicateAsset", [key(0)]],
        [{ assets: [key(0), key(8)] }, "NoFeed", [key(8)]],
        [
          { assets: [key(0), key(3)], varianceFloors: [WAD, 100n * WAD] },
          "DeviationTooWide",
          [key(3), WAD / 50n, WAD / 50n],
        ],
        [{ varianceFloors: [WAD, 0n] }, "FloorOutOfRange", [key(1), 0n]],
        [{ varianceFloors: [WAD, 2n ** 64n] }, "FloorOutOfRange", [key(1), 2n ** 64n]],
        [{ varianceFloors: [WAD, (3n * WAD) / 10n] }, "GridStepTooShort", [key(1), STEP, needed]],
        [{ gridStep: HOUR - 1 }, "GridStepOutOfRange", [HOUR - 1]],
        [{ gridStep: 2 * DAY + 1 }, "GridStepOutOfRange", [2 * DAY + 1]],
        [{ genesis: START + 1 }, "GenesisOffGrid", [START + 1, STEP]],
        [{ genesis: 0 }, "GenesisOffGrid", [0, STEP]],
        [{ halfLifeFast: DAY - 1 }, "HalfLifeOutOfRange", [DAY - 1, 30 * DAY]],
        [{ halfLifeSlow: 7 * DAY - 1 }, "HalfLifeOutOfRange", [7 * DAY, 7 * DAY - 1]],
        [{ halfLifeSlow: 366 * DAY }, "HalfLifeOutOfRange", [7 * DAY, 366 * DAY]],
        [{ minHistory: 2 * STEP - 1 }, "HistoryTooShort", [2 * STEP - 1, 2 * STEP]],
        [{ maxAge: STEP - 1 }, "MaxAgeOutOfRange", [STEP - 1, STEP]],
      ];
      for (const [change, error, args] of rows) {
        await expect(factory.deploy({ ...base, ...change }), error)
          .to.be.revertedWithCustomError(oracle, error)
          .withArgs(...args);
      }
      // A stable needs no step of its own.
      await factory.deploy({ ...base, assets: [key(0), key(2)], varianceFloors: [two[0], STABLE.floor] });
      await factory.deploy({ ...base, varianceFloors: [WAD, WAD], gridStep: 2 * HOUR });
    });
  });
});
