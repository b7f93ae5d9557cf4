import { expect } from "chai";
import { percent, UNHEDGED_LIMITS } from "../../scripts/deploy/parameters.js";
import { movePool, setFeed } from "../../scripts/devnet/world.js";
import {
  type AaveFixture,
  accountOf,
  asVault,
  freeAaveVault,
  margin,
  marketOf,
  report,
  send,
  setVenuePrice,
  shortPosition,
  size,
} from "../support/aave.js";
import { pricesOf, relative } from "../support/actions.js";
import { START } from "../support/fixture.js";
import { wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(freeAaveVault);
const DAY = 86_400;

/** Equity at the oracle's prices and at the venue's own account data, USD 1e18; the feeds are the same. */
async function equities(f: AaveFixture): Promise<[bigint, bigint]> {
  const { equity } = await f.leg.measure(await pricesOf(f));
  const [collateral, debt] = await f.venue.pool.getUserAccountData(f.leg);
  return [equity, (collateral - debt) * 10n ** 10n];
}

describe("AaveV3ShortLeg, its value", () => {
  it("has the venue's own account data as its equity, and exposure to collateral and debts", async () => {
    const f = await fixture();
    await shortPosition(f);
    const [own, venues] = await equities(f);
    // The venue counts in 1e-8 dollars and rounds each balance.
    expect(relative(own, venues)).to.be.lessThan(1e-11);
    const { exposure } = await f.leg.measure(await pricesOf(f));
    expect([...exposure]).to.deep.equal([await f.leg.cash(), -wad(20_000), -wad(20_000), -wad(9_000)]);
  });

  it("accrues interest by the second, without a transaction, to what the venue says", async () => {
    const f = await fixture();
    await shortPosition(f);
    const before = await accountOf(f);
    await f.world.networkHelpers.time.increase(30 * DAY);
    await report(f.world);
    const after = await accountOf(f);
    for (const key of ["collateral", "ETH", "BTC", "ALT"] as const) {
      expect(after[key], key).to.be.greaterThan(before[key]);
    }
    expect((await f.leg.position(marketOf(f, "BTC"))).size).to.equal(-after.BTC * 10n ** 10n);
    const [own, venues] = await equities(f);
    expect(relative(own, venues)).to.be.lessThan(1e-11);
  });

  it("does not let a pool's price into value or exposure, only into the band", async () => {
    const f = await fixture();
    await shortPosition(f);
    const prices = await pricesOf(f);
    const before = await f.leg.measure(prices);
    await movePool(f.world, "wethUsdc", START.ETH * 1.03);
    const after = await f.leg.measure(prices);
    expect(relative(after.equity, before.equity)).to.be.lessThan(1e-6);
    expect(relative(after.exposure[2]!, before.exposure[2]!)).to.be.lessThan(1e-6);
    expect(relative(after.venueGap - before.venueGap, wad(20_000 * 0.03))).to.be.lessThan(0.05);
    // What it would cost to buy back 2,000 ALT at 0.3%, and the others at 0.05%, at the least.
    expect(before.closeOutCost)
      .to.be.greaterThan(wad(60 + 14.5))
      .and.lessThan(wad(110));
  });

  it("values the collateral at the settlement token's price and each debt at its own", async () => {
    const f = await fixture();
    await shortPosition(f);
    const prices = await pricesOf(f);
    const par = await f.leg.measure(prices);
    prices.mid[0] = wad("0.9");
    const depegged = await f.leg.measure(prices);
    expect(par.equity - depegged.equity).to.equal((await f.leg.cash()) / 10n);
    expect(depegged.exposure[2]).to.equal(par.exposure[2]);
    expect(depegged.exposure[0]).to.equal(((await f.leg.cash()) * 9n) / 10n);
  });

  it("keeps what an account below zero owes out of the high side of the NAV", async () => {
    const f = await fixture();
    await shortPosition(f);
    const prices = await pricesOf(f);
    prices.mid[2] = prices.mid[2]! * 6n;
    const { equity, closeOutCost } = await f.leg.measure(prices);
    expect(equity).to.be.lessThan(0n);
    expect(closeOutCost).to.be.greaterThan(-equity);
  });

  it("reports the health factor less one as its margin ratio, the worse of oracle and venue", async () => {
    const f = await fixture();
    await shortPosition(f);
    const ratio = async () => f.leg.marginRatio(await pricesOf(f));
    const venues = async () => (await f.venue.pool.getUserAccountData(f.leg)).healthFactor - wad(1);
    expect(await f.leg.collateralWeight()).to.equal(percent(78));
    expect(relative(await ratio(), await venues())).to.be.lessThan(1e-9);
    const fair = await ratio();
    await setVenuePrice(f, "ETH", START.ETH * 1.1);
    expect(await venues()).to.be.lessThan(fair);
    expect(await ratio()).to.equal(await venues());
    await setVenuePrice(f, "ETH", START.ETH * 0.9);
    expect(await venues()).to.be.greaterThan(fair);
    expect(relative(await ratio(), fair)).to.be.lessThan(1e-6);
    // Below liquidation there is none; the weight of a dearer ETH is our oracle's alone.
    await setFeed(f.world, "ETH", START.ETH * 3.3);
    expect(await ratio()).to.equal(0n);
  });

  it("has no margin ratio without a debt", async () => {
    const f = await fixture();
    expect(await f.leg.marginRatio(await pricesOf(f))).to.equal(2n ** 256n - 1n);
    expect(await f.leg.isEmpty()).to.equal(true);
  });

  it("trades only near the oracle: the Rebalancer's band first, then its own slippage", async () => {
    const f = await fixture();
    await shortPosition(f);
    for (const [factor, order, error] of [
      [0.96, size(f, "ETH", -wad(1)), "SoldTooCheap"],
      [1.04, size(f, "ETH", wad(1)), "BoughtTooDear"],
    ] as const) {
      await f.rebalancer.connect(f.world.signers.deployer).setLimits(UNHEDGED_LIMITS);
      await movePool(f.world, "wethUsdc", START.ETH * factor);
      const apart = await f.leg.deviation(order, await pricesOf(f));
      expect(relative(apart, percent(4))).to.be.lessThan(1e-6);
      await expect(send(f, [order])).to.be.revertedWithCustomError(f.rebalancer, "PoolOutOfBand");
      await f.rebalancer.connect(f.world.signers.deployer).setLimits({ ...UNHEDGED_LIMITS, poolBand: percent(5) });
      await expect(send(f, [order])).to.be.revertedWithCustomError(f.leg, error);
    }
    expect(await f.leg.deviation(margin(f, 1n), await pricesOf(f))).to.equal(0n);
    expect(await f.leg.disagreement(await pricesOf(f))).to.equal(0n);
  });

  it("reduces at the pool's average while a price is bad, and never adds", async () => {
    const f = await fixture();
    await shortPosition(f);
    const leg = await asVault(f);
    const blind = { ...(await pricesOf(f)), ok: false };
    blind.mid[2] = 0n;
    await expect(leg.execute(size(f, "ETH", -wad(1)), blind)).to.be.revertedWithCustomError(f.leg, "BadPrice");
    await leg.execute(size(f, "ETH", wad(1)), blind);
    expect(relative((await accountOf(f)).ETH, wad(9))).to.be.lessThan(1e-6);
    // Moved in the block before: the average has not followed.
    await movePool(f.world, "wethUsdc", START.ETH * 1.05);
    await expect(leg.execute(size(f, "ETH", wad(1)), blind)).to.be.revertedWithCustomError(f.leg, "BoughtTooDear");
    await f.world.networkHelpers.time.increase(1_800);
    await leg.execute(size(f, "ETH", wad(1)), blind);
    expect(relative((await accountOf(f)).ETH, wad(8))).to.be.lessThan(1e-5);
  });

  it("quotes the pool: price, fee and depth, and nothing where the venue does not lend", async () => {
    const f = await fixture();
    const expected = { ETH: [0.0005, 100e6], BTC: [0.0005, 100e6], ALT: [0.003, 20e6] } as const;
    for (const asset of ["ETH", "BTC", "ALT"] as const) {
      const token = marketOf(f, asset);
      const { price, fee, depth } = await f.leg.quote(token);
      expect(Number(price) / 1e18 / START[asset])
        .to.be.greaterThan(0.999999)
        .and.lessThan(1.000001);
      expect(Number(fee) / 1e18).to.equal(expected[asset][0]);
      expect(Math.abs(((Number(depth) / 1e18) * START[asset]) / expected[asset][1] - 1)).to.be.lessThan(1e-4);
      await f.venue.configurator.setReserveFreeze(token, true);
      expect([...(await f.leg.quote(token))]).to.deep.equal([0n, 0n, 0n]);
    }
  });

  it("answers where a price is zero: nothing trades, and nothing is divided by it", async () => {
    const f = await fixture();
    await shortPosition(f);
    const prices = await pricesOf(f);
    const order = size(f, "ETH", 1n);
    expect(await f.leg.deviation(order, { ...prices, mid: prices.mid.map(() => 0n) })).to.equal(2n ** 256n - 1n);
    const worthless = { ...prices, mid: [0n, ...prices.mid.slice(1)] };
    const { equity, closeOutCost, venueGap } = await f.leg.measure(worthless);
    // Collateral of no worth against debts of 49,000: the high side counts none of them.
    expect(equity).to.equal(-wad(49_000));
    expect([closeOutCost, venueGap]).to.deep.equal([wad(49_000), 0n]);
  });

  it("tells reductions from the rest", async () => {
    const f = await fixture();
    expect(await f.leg.isReduction(margin(f, 1n))).to.equal(true);
    expect(await f.leg.isReduction(margin(f, -1n))).to.equal(false);
    expect(await f.leg.isReduction(size(f, "ETH", 1n))).to.equal(true);
    expect(await f.leg.isReduction(size(f, "ETH", -1n))).to.equal(false);
    expect(await f.leg.isHedge()).to.equal(true);
    expect(await f.leg.venue()).to.equal("aave-v3");
  });
});
