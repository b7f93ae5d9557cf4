import { expect } from "chai";
import { movePool } from "../../scripts/devnet/world.js";
import {
  balancesOf,
  depositBasket,
  exitInKind,
  hedgedPosition,
  navPerShareAround,
  pricesOf,
  relative,
  worthOf,
  zeros,
} from "../support/actions.js";
import { START, vaultWithHistory } from "../support/fixture.js";
import { orders, planOf, usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";

const FOREVER = 2n ** 63n;
/** PUSH1 0, PUSH1 0, REVERT. */
const REVERT = "0x60006000fd";
const fixture = reusable(vaultWithHistory);

describe("exitInKind", () => {
  it("gives back no more than was put in, and no less than that without spread and venue fees", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { bob } = f.world.signers;
    const [mid, half] = await f.vault.nav();
    const shares = await depositBasket(f, bob, usdc(10_000), wad(1_000));
    const put = wad(20_000);
    const receipt = await (await exitInKind(f, bob, shares)).wait();
    const back = await worthOf(f, await balancesOf(f, bob.address));
    expect(back).to.be.lessThan(put);
    // The stated spread: the band of what came in, and the band of the vault. Venue fees of closing are in the latter.
    const spread = wad(10_000 * 0.0025 + 10_000 * 0.01) + (put * half) / mid;
    expect(back).to.be.greaterThan(put - spread - wad(1));
    expect(receipt?.status).to.equal(1);
  });

  it("pays each part pro rata: idle, liquidity and perp account", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice } = f.world.signers;
    const { liquidity } = await f.liquidity.position();
    const cash = await f.perp.cash();
    const { base } = f.world.deployment.perp.markets.ETH;
    const idle = await f.vault.idle(f.world.tokens.ALT);
    await exitInKind(f, alice, shares / 4n);
    const near = (value: bigint, whole: bigint, within = 1e-6) =>
      expect(relative(4n * value, 3n * whole)).to.be.lessThan(within);
    near((await f.liquidity.position()).liquidity, liquidity);
    near((await f.perp.position(base)).size, -wad(20));
    near(await f.vault.idle(f.world.tokens.ALT), idle);
    // The leaver paid for closing a quarter out of his own part.
    near(await f.perp.cash(), cash, 2e-3);
  });

  it("leaves the others' NAV per share unchanged or higher", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice, bob, carol } = f.world.signers;
    const bobs = await depositBasket(f, bob, usdc(30_000), wad(2_000));
    const carols = await depositBasket(f, carol, usdc(500), 0n);
    for (const [who, amount] of [
      [bob, bobs / 2n],
      [carol, carols],
      [alice, shares / 3n],
      [bob, bobs - bobs / 2n],
    ] as const) {
      const { before, after } = await navPerShareAround(f, () => exitInKind(f, who, amount));
      expect(after).to.be.at.least(before);
    }
  });

  it("shares the fees that the liquidity has earned and not collected", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    await movePool(f.world, "altUsdc", START.ALT * 1.1);
    await movePool(f.world, "altUsdc", START.ALT);
    const prices = await pricesOf(f);
    const fees = async () => {
      const [index0, index1] = await f.liquidity.indices();
      const held = await f.liquidity.amounts(prices.mid[Number(index0)]!, prices.mid[Number(index1)]!);
      return [held.fees0, held.fees1];
    };
    const earned = await fees();
    const { before, after } = await navPerShareAround(f, () => exitInKind(f, f.world.signers.alice, shares / 4n));
    expect(after).to.be.at.least(before);
    for (const [i, left] of (await fees()).entries()) expect(relative(4n * left, 3n * earned[i]!)).to.be.lessThan(1e-4);
  });

  it("does the same where the price has moved and the position has a loss", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice, bob } = f.world.signers;
    await depositBasket(f, bob, usdc(30_000), 0n);
    const { setFeed, movePerp } = await import("../../scripts/devnet/world.js");
    await setFeed(f.world, "ETH", 2_100);
    await movePerp(f.world, "ETH", 2_100);
    await setFeed(f.world, "ALT", 9.5);
    await movePool(f.world, "altUsdc", 9.5);
    const { before, after } = await navPerShareAround(f, () => exitInKind(f, alice, shares / 2n));
    expect(after).to.be.at.least(before);
  });

  it("works with every feed of ours reverting, and pays the same", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice } = f.world.signers;
    const whole = await f.world.networkHelpers.takeSnapshot();
    await exitInKind(f, alice, shares / 2n);
    const expected = await balancesOf(f, alice.address);
    await whole.restore();
    for (const feed of [f.deployment.priceOracle, f.deployment.covarianceOracle]) {
      await f.world.networkHelpers.setCode(feed, REVERT);
    }
    await expect(f.vault.nav()).to.be.revert(f.world.ethers);
    await exitInKind(f, alice, shares / 2n);
    const paid = await balancesOf(f, alice.address);
    for (const [i, amount] of paid.entries()) {
      if (amount > 0n) expect(relative(amount, expected[i] as bigint)).to.be.lessThan(1e-6);
    }
    expect(paid[0]).to.be.greaterThan(usdc(40_000));
  });

  it("works with the Chainlink proxies themselves reverting", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    for (const { proxy } of Object.values(f.world.feeds)) {
      await f.world.networkHelpers.setCode(await proxy.getAddress(), REVERT);
    }
    await exitInKind(f, f.world.signers.alice, shares);
    expect(await f.vault.totalSupply()).to.equal(0n);
    expect((await balancesOf(f, f.world.signers.alice.address))[0]).to.be.greaterThan(usdc(90_000));
  });

  it("names the leg that cannot be left, and leaves without it when told to", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice, deployer } = f.world.signers;
    await f.world.perp.clearingHouse.connect(deployer).pause();
    await expect(exitInKind(f, alice, shares / 2n))
      .to.be.revertedWithCustomError(f.vault, "LegUnreachable")
      .withArgs(f.perp, (reason: string) => reason.length > 2);
    const before = await f.perp.position(f.world.deployment.perp.markets.ETH.base);
    await exitInKind(f, alice, shares / 2n, [await f.perp.getAddress()]);
    expect(await f.perp.position(f.world.deployment.perp.markets.ETH.base)).to.deep.equal(before);
    expect((await balancesOf(f, alice.address))[1]).to.be.greaterThan(wad(2_400));
  });

  it("empties the vault with the last holder", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    await exitInKind(f, f.world.signers.alice, shares);
    expect(await f.liquidity.isEmpty()).to.equal(true);
    expect((await f.perp.position(f.world.deployment.perp.markets.ETH.base)).size).to.equal(0n);
    for (const asset of await f.vault.assets()) expect(await f.vault.idle(asset)).to.equal(0n);
    // And starts again.
    await hedgedPosition(f);
  });

  it("leaves without a token that cannot be transferred, when told to", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice } = f.world.signers;
    const { ALT, USDC } = f.world.tokens;
    const [alt, pool] = [await ALT.getAddress(), await f.liquidity.getAddress()];
    const idle = await f.vault.idle(ALT);
    await f.world.networkHelpers.setCode(alt, REVERT);
    await expect(exitInKind(f, alice, shares / 2n)).to.be.revert(f.world.ethers);
    await expect(exitInKind(f, alice, shares / 2n, [pool])).to.be.revert(f.world.ethers);
    await exitInKind(f, alice, shares / 2n, [pool, alt]);
    expect(await USDC.balanceOf(alice)).to.be.greaterThan(usdc(29_000));
    expect(await f.vault.idle(ALT)).to.equal(idle);
  });

  it("does not let the last holder leave anything behind for the next depositor", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice } = f.world.signers;
    const forfeit = [await f.perp.getAddress()];
    await expect(exitInKind(f, alice, shares, forfeit)).to.be.revertedWithCustomError(f.vault, "LastHolderForfeits");
    await exitInKind(f, alice, (shares * 99n) / 100n, forfeit);
    await exitInKind(f, alice, await f.vault.balanceOf(alice));
  });

  it("pays a holder of dust dust", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { alice, bob } = f.world.signers;
    await f.vault.connect(alice).transfer(bob, 1n);
    await exitInKind(f, bob, 1n);
    expect(await balancesOf(f, bob.address)).to.deep.equal([0n, 0n, 0n, 0n]);
  });

  it("keeps minimums, deadline, receiver and list length", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice } = f.world.signers;
    const vault = f.vault.connect(alice);
    const least = await zeros(f);
    least[1] = wad(5_001);
    await expect(vault.exitInKind(shares, alice, alice, least, [], FOREVER)).to.be.revertedWithCustomError(
      f.vault,
      "TooLittleOut",
    );
    await expect(vault.exitInKind(shares, alice, alice, await zeros(f), [], 1n)).to.be.revertedWithCustomError(
      f.vault,
      "TooLate",
    );
    await expect(vault.exitInKind(shares, alice, alice, [], [], FOREVER)).to.be.revertedWithCustomError(
      f.vault,
      "LengthMismatch",
    );
    const { ZeroAddress } = await import("ethers");
    await expect(
      vault.exitInKind(shares, ZeroAddress, alice, await zeros(f), [], FOREVER),
    ).to.be.revertedWithCustomError(f.vault, "ZeroAddress");
    expect(await f.vault.balanceOf(alice)).to.equal(shares);
  });

  it("needs the owner's allowance for somebody else's shares", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice, bob } = f.world.signers;
    const leave = async () => f.vault.connect(bob).exitInKind(shares / 2n, bob, alice, await zeros(f), [], FOREVER);
    await expect(leave()).to.be.revertedWithCustomError(f.vault, "ERC20InsufficientAllowance");
    await f.vault.connect(alice).approve(bob, shares / 2n);
    await leave();
    expect(await f.vault.allowance(alice, bob)).to.equal(0n);
  });

  it("leaves the epoch alone, so that a waiting plan still lands", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const plan = await planOf(f, [orders.margin(f.deployment.legs.perp as string, usdc(1_000))]);
    await exitInKind(f, f.world.signers.alice, shares / 10n);
    await f.rebalancer.rebalance(plan);
  });
});
