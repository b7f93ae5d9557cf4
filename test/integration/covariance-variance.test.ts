import { expect } from "chai";
import fc from "fast-check";
import {
  type CovarianceOracleState,
  covariance,
  initialState,
  replay,
  variance,
} from "../../keeper/src/model/covariance-oracle.js";
import type { CovarianceOracle } from "../../sdk/src/generated/index.js";
import {
  type AssetSpec,
  claimsFrom,
  DAY,
  deployOracle,
  expectNear,
  type GridParams,
  HOUR,
  mirrorParams,
  STABLE,
  VOLATILE,
  WAD,
} from "./support/covariance.js";
import { answer, type Chain, deployFeed, type Feed, historyOf, openChain } from "./support/feeds.js";

const STEP = 6 * HOUR;
const START = 1_704_067_200;
const TIMES = 40;
const GRID: GridParams = {
  gridStep: STEP,
  genesis: START + STEP,
  halfLifeFast: 7 * DAY,
  halfLifeSlow: 30 * DAY,
  minHistory: 5 * DAY,
  maxAge: DAY,
};
/** Four volatile assets, of which the third stays below its floor, and two stables, of which one never moves. */
const SPECS: AssetSpec[] = [VOLATILE, VOLATILE, { ...VOLATILE, floor: 2n * WAD }, VOLATILE, STABLE, STABLE];
const PRICES = [2_300, 42_000, 14.5, 98, 1, 1];
const BETAS = [1, 0.9, 0.3, 1.4, 0.001, 0];

describe("CovarianceOracle.variance and its mirror", () => {
  let chain: Chain;
  let feeds: Feed[];
  let oracle: CovarianceOracle;
  let state: CovarianceOracleState;
  const params = mirrorParams(SPECS, GRID);

  before(async () => {
    chain = await openChain(START);
    feeds = [];
    for (const _ of SPECS) feeds.push(await deployFeed(chain));
    oracle = await deployOracle(chain, feeds, SPECS, GRID);
    const random = generator(7);
    const logs = PRICES.map(Math.log);
    for (let k = 0; k < TIMES; k++) {
      const market = 0.02 * random();
      for (const [i, feed] of feeds.entries()) {
        const beta = BETAS[i] as number;
        logs[i] = (logs[i] as number) + beta * (market + 0.01 * random());
        await answer(
          chain,
          feed,
          BigInt(Math.round(1e8 * Math.exp(logs[i] as number))),
          GRID.genesis + k * STEP - 60 + i,
        );
      }
    }
    await chain.warp(GRID.genesis + (TIMES - 1) * STEP + 1);
    const histories = await Promise.all(feeds.map(historyOf));
    await oracle.poke(await claimsFrom(oracle, histories, TIMES));
    state = replay(params, initialState(params), histories, GRID.genesis + (TIMES - 1) * STEP + 1);
    expect(await oracle.usable()).to.equal(true);
  });

  it("has the same matrices", async () => {
    const chainSide = await oracle.covariance();
    const mirror = covariance(params, state);
    for (const [actual, expected] of [
      [chainSide.fast, mirror.fast],
      [chainSide.slow, mirror.slow],
    ] as const) {
      const n = SPECS.length;
      for (let k = 0; k < n * n; k++) {
        const i = Math.floor(k / n);
        const own = Math.sqrt((expected[i * n + i] as number) * (expected[(k % n) * (n + 1)] as number));
        expectNear(Number(actual[k]) / 1e18, expected[k] as number, 1e-9, own);
      }
      expect(actual[2 * n + 2], "the floor holds").to.equal(2n * WAD);
      expect(actual[5 * n + 5], "a stable that never moved has its floor").to.equal(STABLE.floor);
    }
  });

  it("agrees to 1e-9 over random exposures and gammas", async () => {
    const amount = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((cents) => cents / 100);
    const index = fc.integer({ min: 0, max: SPECS.length - 1 });
    const term = fc.record({ c: amount, i: index, j: index });
    await fc.assert(
      fc.asyncProperty(
        fc.array(amount, { minLength: SPECS.length, maxLength: SPECS.length }),
        fc.array(term, { maxLength: 4 }),
        fc.integer({ min: 60, max: 7 * DAY }),
        async (exposure, gammas, horizon) => {
          const [total, gammaPart] = await oracle.variance(
            exposure.map(wad),
            gammas.map(({ c, i, j }) => ({ c: wad(c), i, j })),
            horizon,
          );
          const expected = variance(params, state, exposure, gammas, horizon);
          // A hedged portfolio's variance is what is left of terms that cancel, so that is what accuracy refers to.
          const gross = variance(params, state, exposure.map(Math.abs), [], horizon).total;
          expectNear(Number(total) / 1e18, expected.total, 1e-9, Math.max(expected.total, gross * 1e-3, 1e-9));
          expectNear(Number(gammaPart) / 1e18, expected.gammaPart, 1e-9, Math.max(expected.gammaPart, 1e-9));
        },
      ),
      { numRuns: 200, seed: Number(process.env.SEED ?? 11) },
    );
  });

  it("takes the larger of the two matrices, with the gamma part of the same", async () => {
    let fastWins = 0;
    for (let i = 0; i < 4; i++) {
      const exposure = SPECS.map((_, k) => (k === i ? 1_000 : 0));
      const gammas = [{ c: -2_000, i, j: (i + 1) % 4 }];
      const expected = variance(params, state, exposure, gammas, 7 * DAY);
      if (expected.fast.total > expected.slow.total) fastWins++;
      const [total, gammaPart] = await oracle.variance(
        exposure.map(wad),
        [{ ...gammas[0], c: -2_000n * WAD } as never],
        7 * DAY,
      );
      expectNear(Number(total) / 1e18, Math.max(expected.fast.total, expected.slow.total), 1e-9);
      expectNear(Number(gammaPart) / 1e18, expected.gammaPart, 1e-9);
    }
    expect(fastWins, "both win somewhere, or the test says nothing").to.be.within(1, 3);
  });

  it("compares portfolios as if each were asked for alone, to the bit", async () => {
    const amount = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map(BigInt);
    const exposure = fc.array(amount, { minLength: SPECS.length, maxLength: SPECS.length });
    const index = fc.integer({ min: 0, max: SPECS.length - 1 });
    const gammas = fc.array(fc.record({ c: amount.map((c) => c * 10n ** 16n), i: index, j: index }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(exposure, exposure, exposure, gammas, gammas, async (...parts) => {
        const [before, left, hedge] = parts.slice(0, 3).map((x) => (x as bigint[]).map((usd) => usd * 10n ** 16n + 1n));
        const [, , , gammasBefore, gammasLeft] = parts;
        const unhedged = left!.map((x, i) => x - hedge![i]!);
        const compared = await oracle.compare(before!, left!, hedge!, gammasBefore, gammasLeft, DAY);
        const alone = [
          ...(await oracle.variance(before!, gammasBefore, DAY)),
          ...(await oracle.variance(left!, gammasLeft, DAY)),
          (await oracle.variance(unhedged, gammasLeft, DAY)).total,
        ];
        expect([...compared]).to.deep.equal(alone);
      }),
      { numRuns: 60, seed: Number(process.env.SEED ?? 12) },
    );
  });

  it("compares nothing of the wrong length, or out of bounds", async () => {
    const n = SPECS.length;
    const fit = new Array<bigint>(n).fill(1n);
    for (let k = 0; k < 3; k++) {
      for (const wrong of [fit.slice(1), [...fit, 1n], []]) {
        const [before, left, hedge] = [0, 1, 2].map((at) => (at === k ? wrong : fit));
        await expect(oracle.compare(before!, left!, hedge!, [], [], DAY))
          .to.be.revertedWithCustomError(oracle, "ExposureCountMismatch")
          .withArgs(wrong.length, n);
      }
    }
    const large = [...fit.slice(1), 10n ** 30n];
    const hedge = fit.map(() => -1n);
    const errors = await chain.ethers.getContractAt("RiskMath", await oracle.getAddress());
    await expect(oracle.compare(fit, large, hedge, [], [], DAY))
      .to.be.revertedWithCustomError(errors, "AmountTooLarge")
      .withArgs(10n ** 30n + 1n, 10n ** 30n);
  });

  it("costs what the notes say", async () => {
    const exposure = SPECS.map((_, i) => (i % 2 === 0 ? 50_000n : -45_000n) * WAD);
    const gammas = [
      { c: -20_000n * WAD, i: 0, j: 4 },
      { c: -30_000n * WAD, i: 1, j: 0 },
    ];
    const data = oracle.interface.encodeFunctionData("variance", [exposure, gammas, DAY]);
    const estimate = Number(await chain.ethers.provider.estimateGas({ to: await oracle.getAddress(), data }));
    console.log(`      variance, six assets, two pools, two matrices, cold: ${estimate - intrinsic(data)} gas`);

    for (const n of [2, 4, 6]) {
      const set = feeds.slice(0, n);
      const genesis = GRID.genesis + (TIMES + n * 10) * STEP;
      const fresh = await deployOracle(chain, set, SPECS.slice(0, n), { ...GRID, genesis });
      const used: number[] = [];
      for (let k = 0; k < 3; k++) {
        for (const [i, feed] of set.entries()) {
          await answer(
            chain,
            feed,
            BigInt(Math.round(1e8 * (PRICES[i] as number) * (1 + 0.01 * k))),
            genesis + k * STEP - 60 + i,
          );
        }
        await chain.warp(genesis + k * STEP + 1);
        const latest = await Promise.all(set.map((feed) => feed.proxy.latestRound()));
        const receipt = await (await fresh.poke([latest])).wait();
        used.push(Number(receipt?.gasUsed));
      }
      console.log(`      poke, ${n} assets at their latest rounds: ${used[2]} gas (first fold ${used[1]})`);
      if (n === 4) expect(used[2]).to.be.at.most(160_000);
    }
    expect(estimate - intrinsic(data)).to.be.at.most(62_000);
  });
});

function wad(value: number): bigint {
  return BigInt(Math.round(value * 100)) * 10n ** 16n;
}

/** Gas of a transaction with this calldata before any code runs. */
function intrinsic(data: string): number {
  const bytes = Buffer.from(data.slice(2), "hex");
  return bytes.reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 21_000);
}

/** Roughly normal, the same for the same seed. */
function generator(seed: number): () => number {
  let word = seed;
  const uniform = () => {
    word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
    return word / 2 ** 32;
  };
  return () => uniform() + uniform() + uniform() + uniform() - 2;
}
