import { expect } from "chai";
import { covariance, initialState, replay } from "../../keeper/src/model/covariance-oracle.js";
import {
  claimsFrom,
  DAY,
  deployOracle,
  expectMirrored,
  expectNear,
  type GridParams,
  HOUR,
  mirrorParams,
  VOLATILE,
} from "./support/covariance.js";
import { answer, deployFeed, type Feed, historyOf, openChain } from "./support/feeds.js";

const ASSETS = 8;
const TIMES = 12;
const STEP = 6 * HOUR;
const START = 1_704_067_200;
const GRID: GridParams = {
  gridStep: STEP,
  genesis: START + STEP,
  halfLifeFast: 7 * DAY,
  halfLifeSlow: 30 * DAY,
  minHistory: 2 * DAY,
  maxAge: DAY,
};
/** Each asset has a floor of its own, so that none can stand in another's place. */
const SPECS = Array.from({ length: ASSETS }, (_, i) => ({ ...VOLATILE, floor: VOLATILE.floor + BigInt(i) }));

describe("CovarianceOracle with as many assets as it can have", () => {
  it("keeps feeds, floors, prices and matrices of all eight apart", async () => {
    const chain = await openChain(START);
    const feeds: Feed[] = [];
    for (const _ of SPECS) feeds.push(await deployFeed(chain));
    const oracle = await deployOracle(chain, feeds, SPECS, GRID);
    const priceOf = (i: number, k: number) => (10 + i) * Math.exp(0.03 * Math.sin((k + 1) * (i + 1)));
    for (let k = 0; k < TIMES; k++) {
      for (const [i, feed] of feeds.entries()) {
        await answer(chain, feed, BigInt(Math.round(1e8 * priceOf(i, k))), GRID.genesis + k * STEP - 60 + i);
      }
    }
    const end = GRID.genesis + (TIMES - 1) * STEP + 1;
    await chain.warp(end);
    const histories = await Promise.all(feeds.map(historyOf));
    await oracle.poke(await claimsFrom(oracle, histories, TIMES));

    const params = mirrorParams(SPECS, GRID);
    const state = replay(params, initialState(params), histories, end);
    await expectMirrored(oracle, state);
    const logs = await oracle.lastLogs();
    for (const [i, feed] of feeds.entries()) {
      const [address, heartbeat, floor] = await oracle.feedOf(i);
      expect([address, heartbeat, floor]).to.deep.equal([feed.address, BigInt(VOLATILE.heartbeat), SPECS[i]?.floor]);
      // Feed units divided by 1e18, 1e16 = 1.0
      expectNear(Number(logs[i]) / 1e16, Math.log(priceOf(i, TIMES - 1) * 1e-10), 1e-9, 1);
    }
    const [actual, expected] = [await oracle.covariance(), covariance(params, state)];
    for (const [k, value] of expected.fast.entries()) expectNear(Number(actual.fast[k]) / 1e18, value, 1e-9, 1);
    for (const [k, value] of expected.slow.entries()) expectNear(Number(actual.slow[k]) / 1e18, value, 1e-9, 1);
    const { feed } = await oracle.feedOf(ASSETS);
    expect(BigInt(feed), "there is no ninth").to.equal(0n);
  });
});
