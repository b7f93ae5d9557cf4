import { expect } from "chai";
import { movePerp, setFeed } from "../../scripts/devnet/world.js";
import { hedgedPosition, pricesOf, refreshFeeds } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { type EncodedOrder, usdc, wad } from "../support/orders.js";
import { limited } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";
import { expectNavs } from "./support/plan-navs.js";
import { asVault, giftCollateral, liquidate, margin, movePrices, size, sizeOf, thinMargin } from "./support/weather.js";

const fixture = reusable(vaultWithHistory);

/** The venue's owner has the mark follow the market at once; the market moves, and the index is above it. */
async function markOfNow(f: Fixture, factor: number): Promise<void> {
  await f.world.perp.clearingHouseConfig.setMarkPriceMarketTwapInterval(9);
  await setFeed(f.world, "ETH", START.ETH * 1.06);
  await movePerp(f.world, "ETH", START.ETH * factor);
}

describe("thin margin, at the corners: as the ratio says", () => {
  const states: [name: string, bring: (f: Fixture) => Promise<unknown>][] = [
    ["a market paused", (f) => f.world.perp.markets.ETH.base.pause()],
    [
      "a venue that is blind",
      async (f) => {
        for (const asset of ["ETH", "BTC"] as const) await setFeed(f.world, asset, START[asset] * 1.4);
        await f.world.networkHelpers.time.increase(3_840);
        await f.world.networkHelpers.mine();
        await expect(f.world.perp.vault.getAccountValue(f.perp)).to.revert(f.world.ethers);
      },
    ],
    [
      "an account below zero",
      async (f) => {
        await thinMargin(f, 0.17);
        await movePrices(f, 1.3);
      },
    ],
    ["collateral that was given", (f) => giftCollateral(f, wad(3))],
    ["a mark of this moment's price, which has just risen", (f) => markOfNow(f, 1.04)],
    ["a mark of this moment's price, which has just fallen", (f) => markOfNow(f, 0.97)],
    [
      "liquidated in part",
      async (f) => {
        await thinMargin(f, 0.17);
        await movePrices(f, 1.125);
        await liquidate(f, "ETH", -wad(2));
      },
    ],
  ];
  for (const [name, bring] of states) {
    it(name, async () => {
      const f = await fixture();
      await hedgedPosition(f);
      await bring(f);
      const prices = await pricesOf(f);
      const { number: blockTag } = (await f.world.ethers.provider.getBlock("latest")) as { number: number };
      const ratio = await f.perp.marginRatio(prices, { blockTag });
      const leg = await asVault(f);
      // Other oracle prices leave the word to the venue.
      for (const cut of [1n, 10n]) {
        const mid = prices.mid.map((p, i) => (i >= 2 ? p / cut : p));
        const own = await f.perp.marginRatio({ mid: [...mid], half: [...prices.half], ok: prices.ok }, { blockTag });
        for (const least of [1n, own / 2n, own, own + 1n, own * 2n, ratio, ratio + 1n].filter((x) => x > 0n)) {
          const { thin } = await leg.appraise.staticCall([...mid], false, least, { blockTag });
          expect(thin, `${name} ${cut} ${least} of ${own}`).to.equal(own < least);
        }
      }
    });
  }
});

describe("funding that orders settle, at the corners", () => {
  const plans: [name: string, list: (f: Fixture) => Promise<EncodedOrder[]>][] = [
    [
      "left, and entered again",
      async (f) => {
        const all = await sizeOf(f, "BTC");
        return [size(f, "BTC", -all), size(f, "BTC", all)];
      },
    ],
    [
      "margin out, left, margin in, other market",
      async (f) => [
        margin(f, -usdc(500)),
        size(f, "BTC", -(await sizeOf(f, "BTC"))),
        margin(f, usdc(200)),
        size(f, "ETH", wad("0.1")),
      ],
    ],
    [
      "trade, left, margin out twice",
      async (f) => [
        size(f, "ETH", wad("0.1")),
        size(f, "BTC", -(await sizeOf(f, "BTC"))),
        margin(f, -usdc(300)),
        margin(f, -usdc(300)),
      ],
    ],
    [
      "everything left",
      async (f) => [size(f, "ETH", -(await sizeOf(f, "ETH"))), size(f, "BTC", -(await sizeOf(f, "BTC")))],
    ],
  ];
  for (const [name, list] of plans) {
    for (const direction of [0.98, 1.02]) {
      it(`${name}, market at ${direction}`, async () => {
        const f = await fixture();
        await hedgedPosition(f);
        for (const market of ["ETH", "BTC"] as const) await movePerp(f.world, market, START[market] * direction);
        await f.world.networkHelpers.time.increase(3_000);
        await refreshFeeds(f);
        await limited(f, { minHedge: 0n, maxVolatility: wad(10), hedgeFloor: wad(10) });
        await expectNavs(f, await list(f), 301);
      });
    }
  }
});

describe("a plan that finds a liquidation", () => {
  for (const taken of [-wad(2), 0n]) {
    it(`counts it before its orders: ${taken === 0n ? "a whole position" : "a part"}`, async () => {
      const f = await fixture();
      await hedgedPosition(f);
      await thinMargin(f, 0.17);
      await movePrices(f, 1.125);
      await liquidate(f, "ETH", taken);
      for (const list of [[margin(f, usdc(1_000))], [margin(f, usdc(9_000)), size(f, "ETH", wad("0.5"))]]) {
        const at = await f.world.networkHelpers.takeSnapshot();
        await limited(f, { minHedge: 0n, maxVolatility: wad(10), hedgeFloor: wad(10) });
        await expectNavs(f, list, 301);
        await at.restore();
      }
    });
  }
});
