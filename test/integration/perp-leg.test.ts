import { PerpV2Leg__factory, VaultFactory__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { ZeroHash } from "ethers";
import { encodeLeg } from "../../scripts/deploy/description.js";
import { HEDGED_LIMITS, MAX_SLIPPAGE, percent } from "../../scripts/deploy/parameters.js";
import { movePerp, setFeed } from "../../scripts/devnet/world.js";
import { exitInKind, hedgedPosition, pricesOf, relative } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { orders, planOf, usdc, wad } from "../support/orders.js";
import { limited } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(vaultWithHistory);
const abs = (value: bigint) => (value < 0n ? -value : value);
/** One unit of USDC, in 1e18. */
const UNIT = 10n ** 12n;

/** Equity − the venue's account value − Σ size·(P_oracle − mark), USD 1e18: must vanish. */
async function difference(f: Fixture): Promise<bigint> {
  const { accountBalance, vault } = f.world.perp;
  const { ETH, BTC } = f.world.deployment.perp.markets;
  const leg = await f.perp.getAddress();
  const prices = await pricesOf(f);
  const { equity } = await f.perp.measure(prices);
  let basis = 0n;
  for (const [market, index] of [
    [ETH, 2],
    [BTC, 3],
  ] as const) {
    const { size } = await f.perp.position(market.base);
    basis += (size * ((prices.mid[index] as bigint) - (await accountBalance.getMarkPrice(market.base)))) / wad(1);
  }
  return equity - (await vault.getAccountValue(leg)) * UNIT - basis;
}

describe("PerpV2Leg", () => {
  it("has the venue's account value but for the mark", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    expect(abs(await difference(f))).to.be.at.most(UNIT);
  });

  it("the same right after a jump of 5%, before the mark has followed", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const before = (await f.perp.measure(await pricesOf(f))).equity;
    await setFeed(f.world, "ETH", START.ETH * 1.05);
    const after = (await f.perp.measure(await pricesOf(f))).equity;
    expect(relative(before - after, wad(20 * 100))).to.be.lessThan(0.01);
    expect(abs(await difference(f))).to.be.at.most(UNIT);
    await movePerp(f.world, "ETH", START.ETH * 1.05);
    expect(abs(await difference(f))).to.be.at.most(UNIT);
  });

  it("the same with realised profit and funding pending", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { ETH } = f.world.deployment.perp.markets;
    await setFeed(f.world, "ETH", START.ETH * 0.97);
    await movePerp(f.world, "ETH", START.ETH * 0.95);
    const cash = await f.perp.cash();
    await f.rebalancer.rebalance(await planOf(f, [orders.size(f.deployment.legs.perp as string, ETH.base, wad(5))]));
    // A quarter of the short was closed 5% lower.
    expect(await f.perp.cash()).to.be.greaterThan(cash + wad(300));
    await f.world.networkHelpers.time.increase(3_000);
    const pending = await f.world.perp.exchange.getPendingFundingPayment(f.perp, ETH.base);
    expect(abs(pending)).to.be.greaterThan(wad(1));
    expect(abs(await difference(f))).to.be.at.most(UNIT);
  });

  it("counts funding into its cash as it accrues", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    // The market stands under the index: shorts pay.
    await movePerp(f.world, "ETH", START.ETH * 0.97);
    await f.world.networkHelpers.time.increase(900);
    const before = await f.perp.cash();
    await f.world.networkHelpers.time.increase(1_800);
    expect(await f.perp.cash()).to.be.lessThan(before - wad(1));
  });

  it("does not let the market's price into value or exposure", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const prices = await pricesOf(f);
    const before = await f.perp.measure(prices);
    await movePerp(f.world, "ETH", START.ETH * 1.03);
    const after = await f.perp.measure(prices);
    expect(relative(after.equity, before.equity)).to.be.lessThan(1e-6);
    expect(after.exposure[2]).to.equal(before.exposure[2]);
    // But the gap and the cost of leaving are in the band.
    expect(relative(after.venueGap, wad(20 * 60))).to.be.lessThan(0.1);
  });

  it("values everything at the venue at the settlement token's price", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const prices = await pricesOf(f);
    const par = await f.perp.measure(prices);
    prices.mid[0] = wad("0.88");
    const depegged = await f.perp.measure(prices);
    expect(relative(depegged.equity, (par.equity * 88n) / 100n)).to.be.lessThan(1e-9);
    expect(depegged.exposure[0]).to.equal(depegged.equity);
  });

  it("reports the worse of oracle and venue as its margin ratio", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const leg = await f.perp.getAddress();
    const venueRatio = async () =>
      Number(await f.world.perp.vault.getAccountValue(leg)) /
      (Number(await f.world.perp.accountBalance.getTotalAbsPositionValue(leg)) / 1e12);
    const ratio = async () => Number(await f.perp.marginRatio(await pricesOf(f))) / 1e18;
    await setFeed(f.world, "ETH", START.ETH * 1.08);
    expect(await ratio()).to.be.lessThan((await venueRatio()) * 0.99);
    await setFeed(f.world, "ETH", START.ETH * 0.92);
    expect(Math.abs((await ratio()) / (await venueRatio()) - 1)).to.be.lessThan(1e-6);
  });

  it("is at no risk from the venue for a position that is worth nothing there", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { ETH, BTC } = f.world.deployment.perp.markets;
    const perp = f.deployment.legs.perp as string;
    await limited(f, { maxVolatility: wad(10), minHedge: 0n, hedgeFloor: wad(10) });
    const left = [orders.size(perp, ETH.base, wad(20) - 20n), orders.size(perp, BTC.base, wad("0.5"))];
    await f.rebalancer.rebalance(await planOf(f, left));
    const prices = await pricesOf(f);
    // Paused at two cents, twenty wei are worth less than one.
    await setFeed(f.world, "ETH", 0.02);
    await f.world.perp.markets.ETH.base.cacheTwap(900);
    await f.world.networkHelpers.time.increase(1_000);
    await setFeed(f.world, "ETH", 0.02);
    await f.world.perp.markets.ETH.base.pause();
    expect(await f.world.perp.accountBalance.getTotalAbsPositionValue(perp)).to.equal(0n);
    const { equity } = await f.perp.measure(prices);
    expect(relative(await f.perp.marginRatio(prices), (equity * wad(1)) / 40_000n)).to.be.lessThan(1e-6);
  });

  it("counts no unrealised profit as margin, which the venue would not pay out", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await setFeed(f.world, "ETH", START.ETH * 0.8);
    await movePerp(f.world, "ETH", START.ETH * 0.8);
    await f.world.networkHelpers.time.increase(1_900);
    // The oracle stands above the mark: its own notional is the larger one.
    for (const asset of ["BTC", "ALT", "USDC"] as const) await setFeed(f.world, asset, START[asset]);
    await setFeed(f.world, "ETH", START.ETH * 0.84);
    const prices = await pricesOf(f);
    const { equity, exposure } = await f.perp.measure(prices);
    const notional = -(exposure[2]! + exposure[3]!);
    const cash = await f.perp.cash();
    expect(equity).to.be.greaterThan(cash + wad(5_000));
    expect(relative(await f.perp.marginRatio(prices), (cash * wad(1)) / notional)).to.be.lessThan(1e-6);
  });

  it("keeps what an account below zero owes out of the high side of the NAV", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const prices = await pricesOf(f);
    prices.mid[2] = prices.mid[2]! * 4n;
    const { equity, closeOutCost } = await f.perp.measure(prices);
    expect(equity).to.be.lessThan(0n);
    expect(closeOutCost).to.be.greaterThan(-equity);
  });

  it("refuses a trade that costs more than its slippage allows", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await movePerp(f.world, "ETH", START.ETH * 0.95);
    const { ETH } = f.world.deployment.perp.markets;
    await expect(
      f.rebalancer.rebalance(await planOf(f, [orders.size(f.deployment.legs.perp as string, ETH.base, -wad(1))])),
    ).to.be.revertedWith("CH_TLRS");
  });

  it("pays a leaver at most the venue's free collateral, and leaves the rest to the others", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice } = f.world.signers;
    const { USDC } = f.world.tokens;
    const leg = await f.perp.getAddress();
    const send = async (amount: bigint) => f.rebalancer.rebalance(await planOf(f, [orders.margin(leg, amount)]));
    const moveBoth = async (factor: number) => {
      for (const market of ["ETH", "BTC"] as const) {
        await setFeed(f.world, market, START[market] * factor);
        await movePerp(f.world, market, START[market] * factor);
      }
    };
    // A profit that is not realised: the venue pays out cash only, less the initial margin of what stays open.
    const settle = async (factor: number) => {
      await moveBoth(factor);
      await f.world.networkHelpers.time.increase(1_900);
      await moveBoth(factor);
      for (const asset of ["ALT", "USDC"] as const) await setFeed(f.world, asset, START[asset]);
    };
    await f.rebalancer.connect(f.world.signers.deployer).setLimits({ ...HEDGED_LIMITS, minMarginRatio: percent(15) });
    for (const factor of [0.8, 0.65, 0.55]) await settle(factor);
    const notional = -(await f.perp.measure(await pricesOf(f))).exposure.slice(2).reduce((sum, x) => sum + x, 0n);
    await send(-((await f.perp.cash()) - (notional * 156n) / 1_000n) / UNIT);
    for (const factor of [0.65, 0.78, 0.88]) await settle(factor);
    const { equity } = await f.perp.measure(await pricesOf(f));
    const idle = await f.vault.idle(USDC);
    await exitInKind(f, alice, shares / 10n);
    expect(await f.world.perp.vault.getFreeCollateral(leg)).to.equal(0n);
    const left = (await f.perp.measure(await pricesOf(f))).equity;
    expect(left).to.be.greaterThan((equity * 9n) / 10n);
    expect(await f.vault.idle(USDC)).to.be.at.least((idle * 9n) / 10n);
  });

  it("brings margin back through the vault's ledger", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { USDC } = f.world.tokens;
    const idle = await f.vault.idle(USDC);
    await f.rebalancer
      .rebalance(await planOf(f, [orders.margin(f.deployment.legs.perp as string, -usdc(1_000))]))
      .catch(() => undefined);
    const taken = (await f.vault.idle(USDC)) - idle;
    // Variance is the same, so the gate asks for limits and hedge: both hold here.
    expect(taken).to.equal(usdc(1_000));
    expect(await USDC.balanceOf(f.perp)).to.equal(0n);
  });

  it("trades in its own markets only", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const foreign = await f.world.tokens.WETH.getAddress();
    for (const change of [-wad(1), wad(1)]) {
      const sent = planOf(f, [orders.size(f.deployment.legs.perp as string, foreign, change)]);
      await expect(f.rebalancer.rebalance(await sent))
        .to.be.revertedWithCustomError(f.perp, "NotAMarket")
        .withArgs(foreign);
    }
  });
});

describe("PerpV2Leg, its configuration", () => {
  /** A leg in markets of the asset set's places given. */
  async function legIn(f: Fixture, places: number[]) {
    const { deployer } = f.world.signers;
    const factory = VaultFactory__factory.connect(f.oracles.factory, deployer);
    const { ETH } = f.world.deployment.perp.markets;
    const markets = places.map((assetIndex) => ({ market: ETH.base, assetIndex }));
    const config = encodeLeg.perpV2(markets, MAX_SLIPPAGE);
    const leg = { implementation: f.oracles.legImplementations.perpV2, config };
    const made = await factory.createLeg.staticCall(f.vault, leg, ZeroHash);
    await factory.createLeg(f.vault, leg, ZeroHash);
    return PerpV2Leg__factory.connect(made, deployer);
  }

  it("refuses a market of no asset of the set", async () => {
    const f = await fixture();
    const { ETH } = f.world.deployment.perp.markets;
    expect((await f.vault.assets()).length).to.equal(4);
    await expect(legIn(f, [2, 4]))
      .to.be.revertedWithCustomError(f.perp, "NotAMarket")
      .withArgs(ETH.base);
    expect(await (await legIn(f, [3])).markets()).to.deep.equal([[ETH.base, 3n]]);
  });

  it("refuses more markets than an exit can pay for", async () => {
    const f = await fixture();
    await expect(legIn(f, [0, 1, 2, 3, 0]))
      .to.be.revertedWithCustomError(f.perp, "TooManyMarkets")
      .withArgs(5n, 4n);
    expect((await (await legIn(f, [0, 1, 2, 3])).markets()).length).to.equal(4);
  });
});
