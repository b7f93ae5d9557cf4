import { expect } from "chai";
import { movePerp, setFeed } from "../../scripts/devnet/world.js";
import { hedgedPosition, pricesOf, refreshFeeds, relative } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { type EncodedOrder, orders, usdc, wad } from "../support/orders.js";
import { limited, poolOf } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";
import { expectNavs } from "./support/plan-navs.js";
import { asVault, closeMarket, margin, movePrices, size, sizeOf } from "./support/weather.js";

const fixture = reusable(vaultWithHistory);

/** A hedged vault that owes funding in both markets, its feeds fresh. */
async function owing(f: Fixture): Promise<void> {
  await hedgedPosition(f);
  for (const market of ["ETH", "BTC"] as const) await movePerp(f.world, market, START[market] * 0.98);
  await f.world.networkHelpers.time.increase(3_000);
  await refreshFeeds(f);
}

describe("what a plan is measured by: the NAV before it, funding included that only its orders settle", () => {
  const plans: [name: string, list: (f: Fixture) => Promise<EncodedOrder[]>][] = [
    ["no order for the hedge", async (f) => [orders.burn(poolOf(f), (await f.liquidity.position()).liquidity / 10n)]],
    ["one market", async (f) => [size(f, "ETH", -wad("0.1"))]],
    ["one market twice", async (f) => [size(f, "ETH", -wad("0.1")), size(f, "ETH", wad("0.05"))]],
    ["both markets", async (f) => [size(f, "ETH", wad("0.1")), size(f, "BTC", wad("0.01"))]],
    ["a market that is left", async (f) => [size(f, "BTC", -(await sizeOf(f, "BTC")))]],
    ["margin put in", async (f) => [margin(f, usdc(1_000))]],
    ["margin taken out", async (f) => [margin(f, -usdc(1_000))]],
    ["margin taken out before a trade", async (f) => [margin(f, -usdc(1_000)), size(f, "ETH", wad("0.1"))]],
    ["margin taken out after a trade", async (f) => [size(f, "ETH", wad("0.1")), margin(f, -usdc(1_000))]],
  ];
  for (const [name, list] of plans) {
    it(name, async () => {
      const f = await fixture();
      await owing(f);
      await limited(f, { minHedge: 0n, maxVolatility: wad(10), hedgeFloor: wad(10) });
      expect(await expectNavs(f, await list(f), 10)).to.be.greaterThan(wad(5));
    });
  }

  it("a market that is closed, and settled by the plan that finds it", async () => {
    const f = await fixture();
    await owing(f);
    await limited(f, { minHedge: 0n, maxVolatility: wad(10), hedgeFloor: wad(10) });
    await closeMarket(f, "BTC", 0.99);
    for (const list of [[size(f, "ETH", wad("0.1"))], [orders.burn(poolOf(f), 0n)]]) {
      const snapshot = await f.world.networkHelpers.takeSnapshot();
      await expectNavs(f, list, 10);
      expect(await sizeOf(f, "BTC")).to.equal(0n);
      await snapshot.restore();
    }
  });
});

describe("what a plan is measured by: whether the margin is thin", () => {
  const states: [name: string, bring: (f: Fixture) => Promise<unknown>][] = [
    ["venue and oracle agree", async () => {}],
    ["the oracle above the venue", (f) => setFeed(f.world, "ETH", START.ETH * 1.06)],
    ["the oracle below the venue", (f) => setFeed(f.world, "ETH", START.ETH * 0.94)],
    // The highest average is far above the mark, so that only the mark itself can tell.
    [
      "a market that has just risen, its index not",
      async (f) => {
        await movePerp(f.world, "ETH", START.ETH * 1.09);
        await f.world.networkHelpers.time.increase(30);
      },
    ],
    [
      "a market that has just fallen, its index too",
      async (f) => {
        await setFeed(f.world, "ETH", START.ETH * 0.93);
        await movePerp(f.world, "ETH", START.ETH * 0.93);
        await f.world.networkHelpers.time.increase(30);
      },
    ],
    ["both have risen", (f) => movePrices(f, 1.1)],
    ["a market closed", (f) => closeMarket(f, "BTC", 1.02)],
  ];
  for (const [name, bring] of states) {
    it(`${name}: as the ratio says`, async () => {
      const f = await fixture();
      await hedgedPosition(f);
      await bring(f);
      const prices = await pricesOf(f);
      const { number: blockTag } = (await f.world.ethers.provider.getBlock("latest")) as { number: number };
      const ratio = await f.perp.marginRatio(prices, { blockTag });
      const leg = await asVault(f);
      const thin = async (least: bigint) =>
        (await leg.appraise.staticCall(prices.mid, false, least, { blockTag })).thin;
      expect(await thin(0n)).to.equal(false);
      expect(await thin(ratio)).to.equal(false);
      expect(await thin(ratio + 1n)).to.equal(true);
      expect(await thin((ratio * 9n) / 10n)).to.equal(false);
      expect(await thin(ratio * 2n)).to.equal(true);
    });
  }

  it("costs less to say where it clearly is not", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { mid } = await pricesOf(f);
    const leg = await asVault(f);
    const ratio = await f.perp.marginRatio(await pricesOf(f));
    const clear = await leg.appraise.estimateGas(mid, false, ratio / 2n);
    const close = await leg.appraise.estimateGas(mid, false, ratio);
    expect(relative(clear, close)).to.be.greaterThan(0.3);
  });
});
