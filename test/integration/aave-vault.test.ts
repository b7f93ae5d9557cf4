import { expect } from "chai";
import { HEDGED_LIMITS, percent } from "../../scripts/deploy/parameters.js";
import { movePool, setFeed } from "../../scripts/devnet/world.js";
import {
  type AaveFixture,
  accountOf,
  freeAaveVault,
  hedgedAaveVault,
  justBefore,
  margin,
  priceForHealth,
  send,
  shortPosition,
  size,
} from "../support/aave.js";
import { balancesOf, depositBasket, exitInKind, navPerShareAround, pricesOf, relative } from "../support/actions.js";
import { START } from "../support/fixture.js";
import { liquidityFor, orders, rangeAround, usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";

const hedged = reusable(hedgedAaveVault);
const free = reusable(freeAaveVault);
const VIRTUAL = 10n ** 12n;

async function outcomeOf(f: AaveFixture, sent: ReturnType<typeof send>) {
  const receipt = await (await sent).wait();
  const events = await f.rebalancer.queryFilter(f.rebalancer.filters.Rebalanced, receipt?.blockNumber);
  return events[0]!.args.outcome;
}

/** Brings the pools back to the feeds, from which opening has moved them. */
async function arbitrage(f: AaveFixture): Promise<void> {
  await movePool(f.world, "wethUsdc", START.ETH);
  await movePool(f.world, "wbtcUsdc", START.BTC);
  await movePool(f.world, "altUsdc", START.ALT);
}

/** Liquidity of about 80,000 USD around the price. */
async function mintOrder(f: AaveFixture) {
  const range = await rangeAround(f, 1.25);
  const liquidity = await liquidityFor(f, range, wad(4_000), usdc(40_000));
  return orders.mint(f.deployment.legs.liquidity as string, range, liquidity);
}

describe("a vault whose only hedge is Aave", () => {
  it("takes a deposit, lands a plan of the gate's own limits, takes another and pays out", async () => {
    const f = await hedged();
    const { alice, bob } = f.world.signers;
    const shares = await depositBasket(f, alice, usdc(100_000), wad(5_000));
    const outcome = await outcomeOf(
      f,
      send(f, [margin(f, usdc(35_000)), await mintOrder(f), size(f, "ETH", -wad(12)), size(f, "BTC", -wad("0.3"))]),
    );
    expect(outcome.varianceAfter).to.be.lessThan((outcome.varianceUnhedged * 85n) / 100n);
    expect(relative(outcome.navAfter, outcome.navBefore)).to.be.lessThan(0.001);
    const ofBob = await depositBasket(f, bob, usdc(5_000), wad(500));
    await exitInKind(f, bob, ofBob);
    await exitInKind(f, alice, shares);
    expect(await f.leg.isEmpty()).to.equal(true);
    expect(await f.leg.cash()).to.equal(0n);
    expect(await f.vault.totalSupply()).to.equal(0n);
    const left = await Promise.all([f.world.tokens.USDC, f.world.tokens.ALT].map((token) => f.vault.idle(token)));
    expect(left).to.deep.equal([0n, 0n]);
  });

  it("hedges the pool's own token by borrowing it: more than nine tenths of the variance go", async () => {
    const f = await hedged();
    const shares = await depositBasket(f, f.world.signers.alice, usdc(100_000), wad(5_000));
    await send(f, [margin(f, usdc(35_000)), await mintOrder(f), size(f, "ALT", -wad(1_500))]);
    const [{ exposure }] = await f.vault.portfolio();
    const rest = (exposure[1]! * wad(1)) / (await pricesOf(f)).mid[1]!;
    const outcome = await outcomeOf(f, send(f, [size(f, "ALT", -rest)]));
    expect(outcome.varianceAfter * 10n).to.be.lessThan(outcome.varianceUnhedged);
    // Bought back in the very pool that the liquidity was in.
    await exitInKind(f, f.world.signers.alice, shares / 2n);
    await exitInKind(f, f.world.signers.alice, shares - shares / 2n);
    expect(await f.leg.isEmpty()).to.equal(true);
  });

  for (const percentage of [1n, 30n]) {
    it(`pays a leaver of ${percentage}% his part of collateral and debts, at his own cost`, async () => {
      const f = await free();
      const all = await shortPosition(f);
      await arbitrage(f);
      const { alice, carol } = f.world.signers;
      const shares = (all * percentage) / 100n;
      await f.vault.connect(alice).transfer(carol, shares);
      const idle = await f.vault.idle(f.world.tokens.USDC);
      const before = await justBefore(
        f,
        () => accountOf(f),
        () => exitInKind(f, carol, shares),
      );
      const after = await accountOf(f);
      const part = (amount: bigint) => (amount * shares) / (all + VIRTUAL);
      for (const asset of ["ETH", "BTC", "ALT"] as const) {
        // Rounded up, by a unit or two.
        const beyond = before[asset] - after[asset] - part(before[asset]);
        expect(beyond, asset).to.be.at.least(0n).and.at.most(3n);
      }
      expect(relative(before.collateral - after.collateral, part(before.collateral))).to.be.lessThan(1e-6);
      const [paid] = await balancesOf(f, carol.address);
      const worth = part(before.collateral) - part(usdc(49_000));
      const cost = worth - (paid! - part(idle));
      // 0.05% of 29,000, 0.3% of 20,000, and impact: of 10 and 33 thousand dollars in 50 million, of 20 in 20.
      expect(cost)
        .to.be.greaterThan(part(usdc(74)))
        .and.lessThan(part(usdc(110)));
    });
  }

  it("loses nothing to the venue's rounding, at whatever second somebody leaves", async () => {
    const f = await free();
    const all = await shortPosition(f);
    const { alice, carol } = f.world.signers;
    await f.vault.connect(alice).transfer(carol, all / 2n);
    for (let second = 0; second < 24; second++) {
      const snapshot = await f.world.networkHelpers.takeSnapshot();
      await f.world.networkHelpers.time.increase(1 + second * 9_973);
      const shares = all / 7n + BigInt(second);
      const before = await justBefore(
        f,
        () => accountOf(f),
        () => exitInKind(f, carol, shares),
      );
      const after = await accountOf(f);
      const kept = (amount: bigint) => (amount * (all + VIRTUAL - shares)) / (all + VIRTUAL);
      expect(after.collateral).to.be.at.least(kept(before.collateral));
      for (const asset of ["ETH", "BTC", "ALT"] as const) expect(after[asset]).to.be.at.most(kept(before[asset]));
      await exitInKind(f, carol, all / 2n - shares);
      await exitInKind(f, alice, all - all / 2n);
      expect(await accountOf(f)).to.deep.equal({ collateral: 0n, ETH: 0n, BTC: 0n, ALT: 0n });
      await snapshot.restore();
    }
  });

  it("leaves those who stay no poorer", async () => {
    const f = await free();
    const shares = await shortPosition(f);
    const { alice, carol } = f.world.signers;
    await f.vault.connect(alice).transfer(carol, (shares * 3n) / 10n);
    const { before, after } = await navPerShareAround(f, () => exitInKind(f, carol, (shares * 3n) / 10n));
    expect(after).to.be.at.least(before);
    expect(relative(after, before)).to.be.lessThan(1e-6);
  });

  it("can be left at a loan to value just below liquidation, and keeps its health factor", async () => {
    const f = await free();
    const shares = await shortPosition(f);
    const price = await priceForHealth(f, 1.01);
    await setFeed(f.world, "ETH", price);
    await movePool(f.world, "wethUsdc", price);
    const health = async () => Number((await f.venue.pool.getUserAccountData(f.leg)).healthFactor) / 1e18;
    expect(await health())
      .to.be.greaterThan(1)
      .and.lessThan(1.011);
    // Withdrawing first, as without a flash, the venue would refuse.
    const tooMuch = (await accountOf(f)).collateral / 20n;
    await expect(send(f, [margin(f, -tooMuch)])).to.be.revertedWith("35");
    const before = await health();
    await exitInKind(f, f.world.signers.alice, (shares * 3n) / 10n);
    expect(Math.abs((await health()) - before)).to.be.lessThan(1e-5);
    await exitInKind(f, f.world.signers.alice, shares - (shares * 3n) / 10n);
    expect(await f.leg.isEmpty()).to.equal(true);
  });

  it("takes what a leaver's debts cost beyond his collateral from his other part", async () => {
    const f = await free();
    const shares = await shortPosition(f);
    const { alice, carol } = f.world.signers;
    await f.vault.connect(alice).transfer(carol, shares / 50n);
    // The pool alone jumps: the venue sees a healthy account, whoever buys back pays more than his part of the collateral.
    await movePool(f.world, "wethUsdc", 9_000);
    const { USDC } = f.world.tokens;
    const idle = await f.vault.idle(USDC);
    const before = await accountOf(f);
    await exitInKind(f, carol, shares / 50n);
    const paid = await USDC.balanceOf(carol);
    const cost = usdc((10 * 9_000 + 29_000) / 50);
    const collateral = before.collateral / 50n;
    expect(cost).to.be.greaterThan(collateral);
    expect(relative(paid, idle / 50n - (cost - collateral))).to.be.lessThan(0.05);
    expect(paid).to.be.lessThan(idle / 50n);
    // What he gave up stays with the others, in place of the collateral that his debts cost.
    expect(await f.vault.idle(USDC)).to.equal(idle - paid);
    expect(await USDC.balanceOf(f.vault)).to.equal(idle - paid);
  });

  it("cannot be left below the venue's threshold until somebody liquidates, but for what the leaver gives up", async () => {
    const f = await free();
    const shares = await shortPosition(f);
    const price = await priceForHealth(f, 0.97);
    await setFeed(f.world, "ETH", price);
    await movePool(f.world, "wethUsdc", price);
    const { alice } = f.world.signers;
    await expect(exitInKind(f, alice, shares / 10n)).to.be.revertedWithCustomError(f.vault, "LegUnreachable");
    await exitInKind(f, alice, shares / 10n, [await f.leg.getAddress()]);
    // Added margin brings it back.
    await send(f, [margin(f, usdc(10_000))]);
    await exitInKind(f, alice, shares / 10n);
  });

  it("is refused a plan that leaves the venue too thin a margin", async () => {
    const f = await hedged();
    await depositBasket(f, f.world.signers.alice, usdc(100_000), wad(5_000));
    await expect(send(f, [margin(f, usdc(10_000)), size(f, "ETH", -wad(12))])).to.be.revertedWithCustomError(
      f.rebalancer,
      "MarginTooThin",
    );
    expect(HEDGED_LIMITS.minMarginRatio).to.equal(percent(20));
  });
});
