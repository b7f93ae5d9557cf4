import { AaveV3ShortLeg__factory, VaultFactory__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { AbiCoder, MaxUint256, toBeHex } from "ethers";
import { percent } from "../../scripts/deploy/parameters.js";
import { UniswapV3Pool__factory } from "../../scripts/devnet/generated/index.js";
import { fund, movePool, setFeed } from "../../scripts/devnet/world.js";
import {
  type AaveFixture,
  accountOf,
  asVault,
  freeAaveVault,
  margin,
  marketOf,
  priceForHealth,
  report,
  send,
  shortPosition,
  size,
  syncNow,
} from "../support/aave.js";
import { exitInKind, pricesOf, relative } from "../support/actions.js";
import { usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(freeAaveVault);
const [NONE, BLOCKED, DAMAGED] = [0n, 1n, 2n];

/** A stranger liquidates a part of the ETH debt, after a rise of ETH that pools and feeds follow. Returns ETH's price. */
async function liquidate(f: AaveFixture): Promise<number> {
  const { stranger } = f.world.signers;
  const { WETH, USDC } = f.world.tokens;
  const price = await priceForHealth(f, 0.99);
  await setFeed(f.world, "ETH", price);
  await movePool(f.world, "wethUsdc", price);
  await fund(f.world, stranger.address, { WETH: wad(4) });
  await WETH.connect(stranger).approve(f.venue.pool, MaxUint256);
  await f.venue.pool.connect(stranger).liquidationCall(USDC, WETH, f.leg, wad(4), false);
  return price;
}

describe("AaveV3ShortLeg, what the venue does by itself", () => {
  it("finds nothing in orders, interest, gifts and exits", async () => {
    const f = await fixture();
    expect(await syncNow(f)).to.equal(NONE);
    const shares = await shortPosition(f);
    expect(await syncNow(f)).to.equal(NONE);
    await f.world.networkHelpers.time.increase(30 * 86_400);
    expect(await syncNow(f)).to.equal(NONE);
    const { alice, stranger } = f.world.signers;
    await exitInKind(f, alice, shares / 3n);
    await report(f.world);
    await fund(f.world, stranger.address, { USDC: 7n });
    await f.world.tokens.USDC.connect(stranger).approve(f.venue.pool, 7n);
    await f.venue.pool.connect(stranger).supply(f.world.tokens.USDC, 7n, f.leg, 0);
    expect(await syncNow(f)).to.equal(NONE);
  });

  it("finds a stranger's liquidation, once", async () => {
    const f = await fixture();
    await shortPosition(f);
    await syncNow(f);
    const before = await accountOf(f);
    const price = await liquidate(f);
    const after = await accountOf(f);
    expect(relative(before.ETH - after.ETH, wad(4))).to.be.lessThan(1e-4);
    // 4 ETH and the bonus of 4.5%.
    expect(relative(before.collateral - after.collateral, usdc((4 * price * 1.045).toFixed(6)))).to.be.lessThan(1e-4);
    expect(await syncNow(f)).to.equal(DAMAGED);
    expect(await syncNow(f)).to.equal(NONE);
  });

  it("remembers a liquidation across what comes between: exits and orders", async () => {
    for (const between of [
      (f: AaveFixture, shares: bigint) => exitInKind(f, f.world.signers.alice, shares / 100n),
      (f: AaveFixture) => send(f, [size(f, "ETH", wad("0.1"))]),
    ]) {
      const f = await fixture();
      const shares = await shortPosition(f);
      await liquidate(f);
      await between(f, shares);
      expect(await syncNow(f)).to.equal(DAMAGED);
      await exitInKind(f, f.world.signers.alice, shares / 100n);
      expect(await syncNow(f)).to.equal(NONE);
    }
  });

  it("lets every holder bear a liquidation alike", async () => {
    const f = await fixture();
    const shares = await shortPosition(f);
    const { alice, bob, carol } = f.world.signers;
    await f.vault.connect(alice).transfer(bob, shares / 4n);
    await f.vault.connect(alice).transfer(carol, shares / 4n);
    await liquidate(f);
    const collected = async (who: typeof bob) => {
      await exitInKind(f, who, shares / 4n);
      return f.world.tokens.USDC.balanceOf(who);
    };
    const first = await collected(bob);
    const second = await collected(carol);
    // Each buys back in pools that the one before has moved by a little.
    expect(relative(first, second)).to.be.lessThan(1e-3);
  });

  it("says that it is blocked while a reserve that it needs is paused or frozen", async () => {
    const f = await fixture();
    await shortPosition(f);
    await send(f, [size(f, "BTC", wad(1))]);
    const { configurator } = f.venue;
    const tokens = { USDC: f.world.deployment.tokens.USDC as string, ETH: marketOf(f, "ETH"), BTC: marketOf(f, "BTC") };
    for (const [token, expected] of [
      [tokens.USDC, BLOCKED],
      [tokens.ETH, BLOCKED],
      // Nothing is owed there.
      [tokens.BTC, NONE],
    ] as const) {
      await configurator.setReservePause(token, true);
      expect(await syncNow(f)).to.equal(expected);
      await configurator.setReservePause(token, false);
      await configurator.setReserveFreeze(token, true);
      expect(await syncNow(f)).to.equal(expected);
      await configurator.setReserveFreeze(token, false);
      expect(await syncNow(f)).to.equal(NONE);
    }
  });

  it("cannot be left while a reserve is paused: the leaver gives its part up, or waits", async () => {
    const f = await fixture();
    const shares = await shortPosition(f);
    const { alice } = f.world.signers;
    await f.venue.configurator.setReservePause(marketOf(f, "ETH"), true);
    await expect(exitInKind(f, alice, shares / 10n)).to.be.revertedWithCustomError(f.vault, "LegUnreachable");
    const idle = await f.vault.idle(f.world.tokens.USDC);
    await exitInKind(f, alice, shares / 10n, [await f.leg.getAddress()]);
    expect(relative(await f.world.tokens.USDC.balanceOf(alice), idle / 10n)).to.be.lessThan(1e-6);
    await f.venue.configurator.setReservePause(marketOf(f, "ETH"), false);
    await exitInKind(f, alice, shares / 10n);
  });

  it("can be left while a reserve is frozen", async () => {
    const f = await fixture();
    const shares = await shortPosition(f);
    for (const asset of ["ETH", "BTC", "ALT"] as const) {
      await f.venue.configurator.setReserveFreeze(marketOf(f, asset), true);
    }
    await f.venue.configurator.setReserveFreeze(f.world.tokens.USDC, true);
    await exitInKind(f, f.world.signers.alice, shares);
    expect(await f.leg.isEmpty()).to.equal(true);
  });
});

describe("AaveV3ShortLeg, its configuration", () => {
  type Listing = { token: string; pool: string };

  async function legWith(f: AaveFixture, listings: Listing[], slippage = percent(3), settlement?: string) {
    const factory = VaultFactory__factory.connect(f.oracles.factory, f.world.signers.deployer);
    const config = AbiCoder.defaultAbiCoder().encode(
      ["address", "tuple(address token, address pool)[]", "uint256"],
      [settlement ?? f.world.deployment.tokens.USDC, listings, slippage],
    );
    const leg = { implementation: f.oracles.legImplementations.aaveV3 as string, config };
    const salt = toBeHex(await factory.runner!.provider!.getBlockNumber(), 32);
    const made = await factory.createLeg.staticCall(f.vault, leg, salt);
    await factory.createLeg(f.vault, leg, salt);
    return AaveV3ShortLeg__factory.connect(made, f.world.signers.deployer);
  }

  it("refuses pools of other tokens, tokens that the venue does not list, and too much of anything", async () => {
    const f = await fixture();
    const { pools } = f.world.deployment.uniswap;
    const [ETH, ALT] = [marketOf(f, "ETH"), marketOf(f, "ALT")];
    const LINK = f.world.deployment.tokens.LINK as string;
    const eth = { token: ETH, pool: pools.wethUsdc };
    const refused: [() => Promise<unknown>, string][] = [
      [() => legWith(f, [{ token: ETH, pool: pools.altWeth }]), "NotItsPool"],
      [() => legWith(f, [{ token: ALT, pool: pools.wethUsdc }]), "NotItsPool"],
      [() => legWith(f, [eth, eth]), "NotAMarket"],
      [() => legWith(f, [eth, eth, eth, eth, eth]), "TooManyMarkets"],
      [() => legWith(f, [eth], percent(5) + 1n), "SlippageTooWide"],
      [() => legWith(f, [], percent(3), LINK), "NotAnAsset"],
    ];
    for (const [made, error] of refused) await expect(made()).to.be.revertedWithCustomError(f.leg, error);
    const leg = await legWith(f, [eth]);
    expect((await leg.markets()).map(({ market }) => market)).to.deep.equal([ETH]);
    expect(await leg.lendingPool()).to.equal(await f.venue.pool.getAddress());
  });

  it("fills an order whole or not at all, and asks a pool for a history that it has", async () => {
    const f = await fixture();
    await shortPosition(f);
    const { maker, deployer } = f.world.signers;
    const { factory, positionManager, pools } = f.world.uniswap;
    const { WETH } = f.world.tokens;
    // A second pool with 20,000 USD within half a percent, made now.
    const [token0, token1] = [await pools.wethUsdc.token0(), await pools.wethUsdc.token1()];
    await factory.createPool(token0, token1, 3000);
    const thin = UniswapV3Pool__factory.connect(await factory.getPool(token0, token1, 3000), deployer);
    await thin.initialize((await pools.wethUsdc.slot0()).sqrtPriceX96);
    const { tick } = await thin.slot0();
    const middle = Math.round(Number(tick) / 60) * 60;
    await fund(f.world, maker.address, { WETH: wad(10), USDC: usdc(20_000) });
    const first = token0 === (await WETH.getAddress());
    await positionManager.connect(maker).mint({
      token0,
      token1,
      fee: 3000,
      tickLower: middle - 60,
      tickUpper: middle + 60,
      amount0Desired: first ? wad(5) : usdc(10_000),
      amount1Desired: first ? usdc(10_000) : wad(5),
      amount0Min: 0,
      amount1Min: 0,
      recipient: maker.address,
      deadline: MaxUint256,
    });
    const leg = await legWith(f, [{ token: marketOf(f, "ETH"), pool: await thin.getAddress() }], percent(5));
    expect((await thin.slot0()).observationCardinalityNext).to.equal(76n);
    await f.vault.addLeg(leg);
    const other = {
      ...f,
      leg,
      deployment: { ...f.deployment, legs: { ...f.deployment.legs, aave: await leg.getAddress() } },
    };
    await expect(
      send(other, [margin(other, usdc(20_000)), size(other, "ETH", -wad(20))]),
    ).to.be.revertedWithCustomError(leg, "PartlyFilled");
    await send(other, [margin(other, usdc(20_000)), size(other, "ETH", -wad(1))]);
    const blind = { ...(await pricesOf(f)), ok: false };
    const owner = leg.connect((await asVault(f)).runner);
    await expect(owner.execute(size(other, "ETH", wad("0.5")), blind)).to.be.revertedWithCustomError(
      leg,
      "HistoryTooShort",
    );
    await f.world.networkHelpers.time.increase(900);
    await owner.execute(size(other, "ETH", wad("0.25")), blind);

    // Somebody takes all but a little ether out of the pool: less than what is to be bought back.
    await fund(f.world, maker.address, { USDC: usdc(50_000) });
    const { router } = f.world.uniswap;
    await f.world.tokens.USDC.connect(maker).approve(router, MaxUint256);
    await router.connect(maker).exactOutputSingle({
      tokenIn: f.world.tokens.USDC,
      tokenOut: WETH,
      fee: 3000,
      recipient: maker.address,
      deadline: MaxUint256,
      amountOut: (await WETH.balanceOf(thin)) - wad("0.3"),
      amountInMaximum: MaxUint256,
      sqrtPriceLimitX96: 0,
    });
    await expect(owner.execute(size(other, "ETH", wad("0.5")), await pricesOf(f))).to.be.revertedWithCustomError(
      leg,
      "PartlyFilled",
    );
  });
});
