import { expect } from "chai";
import { HEDGED_LIMITS, percent } from "../../scripts/deploy/parameters.js";
import { movePerp, setFeed } from "../../scripts/devnet/world.js";
import {
  balancesOf,
  depositBasket,
  exitInKind,
  hedgedPosition,
  navPerShare,
  navPerShareAround,
  pricesOf,
  relative,
  worthOf,
} from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { type EncodedOrder, orders, planOf, usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import {
  blockNumber,
  causesSince,
  closeMarket,
  gift,
  giftCollateral,
  liquidate,
  movePrices,
  quit,
  thinMargin,
  UNIT,
} from "./support/weather.js";

const fixture = reusable(vaultWithHistory);
/** PUSH1 0, PUSH1 0, REVERT. */
const REVERT = "0x60006000fd";
const [NONE, BLOCKED, DAMAGED] = [0n, 1n, 2n];
const base = (f: Fixture, market: "ETH" | "BTC") => f.world.deployment.perp.markets[market].base;
const leg = (f: Fixture) => f.deployment.legs.perp as string;
const sizeOf = async (f: Fixture, market: "ETH" | "BTC") => (await f.perp.position(base(f, market))).size;
const size = (f: Fixture, market: "ETH" | "BTC", amount: bigint) => orders.size(leg(f), base(f, market), amount);
const margin = (f: Fixture, amount: bigint) => orders.margin(leg(f), amount);

async function plan(f: Fixture, ...list: EncodedOrder[]) {
  await f.world.networkHelpers.time.increase(301);
  return f.rebalancer.rebalance(await planOf(f, list));
}

/** What the perp leg tells the vault at a sync. */
async function impairment(f: Fixture): Promise<bigint> {
  const receipt = await (await f.vault.sync()).wait();
  const block = receipt?.blockNumber as number;
  const [event] = await f.vault.queryFilter(f.vault.filters.LegImpaired(f.perp), block, block);
  return event?.args.impairment ?? NONE;
}

/** The perp leg, called by its vault. */
async function asVault(f: Fixture) {
  const address = await f.vault.getAddress();
  await f.world.networkHelpers.impersonateAccount(address);
  await f.world.networkHelpers.setBalance(address, 10n ** 18n);
  return f.perp.connect(await f.world.ethers.getSigner(address));
}

describe("PerpV2Leg: sync", () => {
  it("finds nothing where nothing is", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    expect(await impairment(f)).to.equal(NONE);
  });

  for (const [name, stop] of [
    ["a paused market", (f: Fixture) => f.world.perp.markets.ETH.base.pause()],
    [
      "a market without ticks",
      (f: Fixture) =>
        f.world.perp.exchange.connect(f.world.signers.deployer).setMaxTickCrossedWithinBlock(base(f, "ETH"), 0),
    ],
    ["a paused clearing house", (f: Fixture) => f.world.perp.clearingHouse.connect(f.world.signers.deployer).pause()],
    ["a paused vault of the venue", (f: Fixture) => f.world.perp.vault.connect(f.world.signers.deployer).pause()],
  ] as const) {
    it(`is blocked by ${name}, but not while it holds nothing there`, async () => {
      const f = await fixture();
      const whole = await f.world.networkHelpers.takeSnapshot();
      await stop(f);
      expect(await impairment(f)).to.equal(NONE);
      await whole.restore();
      await hedgedPosition(f);
      const before = await f.perp.quote(base(f, "ETH"));
      await stop(f);
      expect(await impairment(f)).to.equal(BLOCKED);
      expect(await f.vault.mode()).to.equal(1n);
      if (!name.includes("vault")) expect((await f.perp.quote(base(f, "ETH"))).price).to.equal(0n);
      expect(before.price).to.be.greaterThan(0n);
    });
  }

  it("is blocked by an index that reverts, and is left without it", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice } = f.world.signers;
    await f.world.networkHelpers.setCode(await f.world.perp.markets.ETH.dispatcher.getAddress(), REVERT);
    expect(await impairment(f)).to.equal(BLOCKED);
    await expect(exitInKind(f, alice, shares / 2n)).to.be.revertedWithCustomError(f.vault, "LegUnreachable");
    await exitInKind(f, alice, shares / 2n, [leg(f)]);
    expect((await balancesOf(f, alice.address))[0]).to.be.greaterThan(usdc(20_000));
  });

  it("tells of a liquidation once, with the account before and after", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await thinMargin(f, 0.16);
    await movePrices(f, 1.1);
    const block = await blockNumber(f);
    await liquidate(f, "ETH", -wad(5));
    expect(await impairment(f)).to.equal(DAMAGED);
    expect(await f.vault.mode()).to.equal(2n);
    const [event] = await f.perp.queryFilter(f.perp.filters.AccountChanged, block);
    expect(event?.args.before.booked[0]?.size).to.equal(-wad(20));
    expect(event?.args.after_.booked[0]?.size).to.equal(-wad(15));
    expect(event?.args.after_.owed).to.be.lessThan(event?.args.before.owed as bigint);
    expect(await impairment(f)).to.equal(NONE);
  });

  it("keeps a damage that an order or an exit found until it is asked", async () => {
    for (const find of [
      (f: Fixture) => plan(f, margin(f, usdc(10_000))),
      async (f: Fixture) => exitInKind(f, f.world.signers.alice, (await f.vault.totalSupply()) / 10n),
    ]) {
      const f = await fixture();
      await hedgedPosition(f);
      const block = await blockNumber(f);
      await closeMarket(f, "BTC", 1.02);
      await find(f);
      expect((await causesSince(f, block))[0]).to.equal("Settlement");
      expect(await sizeOf(f, "BTC")).to.equal(0n);
      expect(await impairment(f)).to.equal(DAMAGED);
      expect(await impairment(f)).to.equal(NONE);
    }
  });

  it("shares the loss of a liquidation alike, whoever leaves first and whether or not anybody synced", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice, bob, carol } = f.world.signers;
    for (const who of [bob, carol]) await f.vault.connect(alice).transfer(who, shares / 20n);
    await thinMargin(f, 0.16);
    await movePrices(f, 1.1);
    await liquidate(f, "ETH", -wad(10));
    const whole = await f.world.networkHelpers.takeSnapshot();
    const worth = async (who: typeof bob) => worthOf(f, await balancesOf(f, who.address));
    await exitInKind(f, bob, shares / 20n);
    const [first, before] = [await worth(bob), await navPerShare(f)];
    await whole.restore();
    await f.vault.sync();
    await exitInKind(f, carol, shares / 20n);
    await exitInKind(f, bob, shares / 20n);
    expect(relative(await worth(carol), first)).to.be.lessThan(1e-4);
    expect(relative(await worth(bob), first)).to.be.lessThan(1e-3);
    expect(await navPerShare(f)).to.be.at.least((before * 9_999n) / 10_000n);
  });
});

describe("PerpV2Leg: a closed market", () => {
  it("counts at its closed price before anybody has settled it, and the same after", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const open = (await f.perp.measure(await pricesOf(f))).equity;
    await closeMarket(f, "ETH", 1.1);
    const closed = await f.perp.measure(await pricesOf(f));
    expect(relative(open - closed.equity, wad(20 * 200))).to.be.lessThan(0.01);
    expect(closed.exposure[2]).to.equal(0n);
    await quit(f, "ETH");
    const settled = await f.perp.measure(await pricesOf(f));
    expect(relative(settled.equity, closed.equity)).to.be.lessThan(1e-6);
    await f.vault.sync();
    expect(relative((await f.perp.measure(await pricesOf(f))).equity, closed.equity)).to.be.lessThan(1e-6);
  });

  it("leaves nothing to who deposits or leaves between close and settlement", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { bob } = f.world.signers;
    await closeMarket(f, "ETH", 0.9);
    const shares = await depositBasket(f, bob, usdc(5_000), 0n);
    await exitInKind(f, bob, shares);
    expect(await worthOf(f, await balancesOf(f, bob.address))).to.be.lessThan(wad(5_000));
  });

  it("counts a paused market's distance from the price that it may be closed at into the band", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await f.world.perp.markets.ETH.base.pause();
    await setFeed(f.world, "ETH", START.ETH * 1.2);
    const { venueGap } = await f.perp.measure(await pricesOf(f));
    expect(relative(venueGap, wad(20 * 400))).to.be.lessThan(0.05);
  });
});

describe("PerpV2Leg: under the maintenance ratio", () => {
  it("reduces after margin was added, not before, and not without", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await thinMargin(f, 0.16);
    await movePrices(f, 1.1);
    const reduction = size(f, "ETH", wad(1));
    const whole = await f.world.networkHelpers.takeSnapshot();
    await expect(plan(f, reduction)).to.be.revertedWith("CH_NEFCM");
    await expect(plan(f, reduction, margin(f, usdc(5_000)))).to.be.revertedWith("CH_NEFCM");
    await whole.restore();
    await plan(f, margin(f, usdc(5_000)), reduction);
    expect(await sizeOf(f, "ETH")).to.equal(-wad(19));
  });
});

describe("PerpV2Leg: while our price is bad", () => {
  const bad = { mid: [0n, 0n, 0n, 0n], half: [0n, 0n, 0n, 0n], ok: false };

  it("reduces by the market's own average", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const asked = await asVault(f);
    await asked.execute(size(f, "ETH", wad(1)), bad);
    expect(await sizeOf(f, "ETH")).to.equal(-wad(19));
    // A market that has just run away is too dear against its average.
    await movePerp(f.world, "ETH", START.ETH * 1.06);
    await expect(asked.execute(size(f, "ETH", wad(1)), bad)).to.be.revertedWith("CH_TMRL");
    await f.world.networkHelpers.time.increase(900);
    await asked.execute(size(f, "ETH", wad(1)), bad);
  });

  it("neither increases nor takes margin out", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const asked = await asVault(f);
    await expect(asked.execute(size(f, "ETH", -wad(1)), bad))
      .to.be.revertedWithCustomError(f.perp, "NeedsPrice")
      .withArgs(3n, -wad(1));
    await expect(asked.execute(margin(f, -usdc(1)), bad))
      .to.be.revertedWithCustomError(f.perp, "NeedsPrice")
      .withArgs(4n, -usdc(1));
  });
});

describe("PerpV2Leg: more than the venue trades at once", () => {
  it("is left in parts, a window apart, which pay what one exit would have paid", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice } = f.world.signers;
    const { time, takeSnapshot } = f.world.networkHelpers;
    const leaving = (shares * 30n) / 100n;
    await time.increase(60);
    const whole = await takeSnapshot();
    await exitInKind(f, alice, leaving);
    const [once, perShare] = [await balancesOf(f, alice.address), await navPerShare(f)];
    await whole.restore();
    await f.world.perp.exchange.connect(f.world.signers.deployer).setMaxTickCrossedWithinBlock(base(f, "ETH"), 1);
    await expect(exitInKind(f, alice, leaving)).to.be.revertedWithCustomError(f.vault, "LegUnreachable");
    for (let part = 0; part < 6; part++) {
      const { before, after } = await navPerShareAround(f, () => exitInKind(f, alice, leaving / 6n));
      expect(after).to.be.at.least((before * 999_999n) / 1_000_000n);
      await time.increase(20);
    }
    const inParts = await balancesOf(f, alice.address);
    for (const i of [0, 1]) expect(relative(inParts[i]!, once[i]!)).to.be.lessThan(1e-5);
    expect(relative(await navPerShare(f), perShare)).to.be.lessThan(1e-5);
  });
});

describe("PerpV2Leg: gifts", () => {
  for (const amount of [1n, usdc(1), usdc(1_000), usdc(40_000), usdc(1_000_000)]) {
    it(`of ${Number(amount) / 1e6} USDC never profit the giver, around a deposit and an exit`, async () => {
      const f = await fixture();
      await hedgedPosition(f);
      const { bob, carol } = f.world.signers;
      const given = amount * UNIT;
      const whole = await f.world.networkHelpers.takeSnapshot();
      const steps = {
        enter: async () => void (await depositBasket(f, bob, usdc(60_000), wad(2_000))),
        victim: async () => void (await depositBasket(f, carol, usdc(10_000), 0n)),
        give: () => gift(f, amount),
      };
      for (const order of [
        ["enter", "give"],
        ["give", "enter"],
        ["enter", "give", "victim"],
        ["enter", "victim", "give"],
      ] as const) {
        await whole.restore();
        for (const step of order) await steps[step]();
        await exitInKind(f, bob, await f.vault.balanceOf(bob));
        expect(await worthOf(f, await balancesOf(f, bob.address))).to.be.lessThan(wad(80_000) + given);
      }
    });
  }

  it("to an empty vault do not price out the first depositors", async () => {
    const f = await fixture();
    const { bob, carol } = f.world.signers;
    const mine = await depositBasket(f, bob, 1n, 0n);
    await gift(f, usdc(10_000));
    const theirs = await depositBasket(f, carol, usdc(5_000), 0n);
    await exitInKind(f, bob, mine);
    expect(await worthOf(f, await balancesOf(f, bob.address))).to.be.lessThan(wad(10_000));
    await exitInKind(f, carol, theirs);
    expect(await worthOf(f, await balancesOf(f, carol.address))).to.be.greaterThan(wad(4_900));
  });

  it("do not keep a leg for good: what is more than dust is taken out by a plan", async () => {
    const f = await fixture();
    const { deployer } = f.world.signers;
    await gift(f, usdc(5));
    await expect(f.vault.connect(deployer).removeLeg(leg(f))).to.be.revertedWithCustomError(f.vault, "LegNotEmpty");
    await depositBasket(f, f.world.signers.alice, usdc(1_000), 0n);
    await plan(f, margin(f, -usdc(5)));
    await gift(f, usdc("0.9"));
    await f.vault.connect(deployer).removeLeg(leg(f));
  });
});

describe("PerpV2Leg: an account below zero", () => {
  const below = async (f: Fixture) => {
    const held = await hedgedPosition(f);
    await thinMargin(f, 0.16);
    await movePrices(f, 1.2);
    return held;
  };

  it("counts against the NAV, and not into the high side at which deposits are priced", async () => {
    const f = await fixture();
    await below(f);
    const prices = await pricesOf(f);
    const { equity, closeOutCost } = await f.perp.measure(prices);
    expect(equity).to.be.lessThan(-wad(1_000));
    expect(closeOutCost).to.be.greaterThan(-equity);
    // Who comes in and gives the debt up on his way out gains nothing from those who keep it.
    const { bob } = f.world.signers;
    const shares = await depositBasket(f, bob, usdc(20_000), 0n);
    await exitInKind(f, bob, shares, [leg(f)]);
    expect(await worthOf(f, await balancesOf(f, bob.address))).to.be.lessThan(wad(20_000));
  });

  it("cannot be left, but without", async () => {
    const f = await fixture();
    const { shares } = await below(f);
    const { alice } = f.world.signers;
    await expect(exitInKind(f, alice, shares / 10n)).to.be.revertedWithCustomError(f.vault, "LegUnreachable");
    await exitInKind(f, alice, shares / 10n, [leg(f)]);
  });

  it("is repaired by margin and a reduction in one plan", async () => {
    const f = await fixture();
    await below(f);
    await plan(f, margin(f, usdc(12_000)), size(f, "ETH", wad(5)));
    expect(await f.perp.marginRatio(await pricesOf(f))).to.be.greaterThan(percent(10));
  });

  it("charges a leaver his part of it from his other tokens, where the venue lets him close at all", async () => {
    const f = await fixture();
    const { shares } = await below(f);
    const { alice } = f.world.signers;
    await giftCollateral(f, wad(5));
    const whole = await f.world.networkHelpers.takeSnapshot();
    await exitInKind(f, alice, shares / 10n, [leg(f)]);
    const without = await balancesOf(f, alice.address);
    await whole.restore();
    const { equity } = await f.perp.measure(await pricesOf(f));
    await exitInKind(f, alice, shares / 10n);
    const paid = await balancesOf(f, alice.address);
    const charged = (without[0]! - paid[0]!) * UNIT;
    expect(charged).to.be.greaterThan(-equity / 10n);
    expect(charged).to.be.lessThan(-equity / 10n + wad(20));
    expect(paid.slice(1)).to.deep.equal(without.slice(1));
    expect(await f.perp.isEmpty()).to.equal(false);
  });

  it("is taken over by the venue's insurance when its markets have closed, which leaves an empty leg", async () => {
    const f = await fixture();
    const { shares } = await below(f);
    const block = await blockNumber(f);
    for (const market of ["ETH", "BTC"] as const) await closeMarket(f, market, 1.2);
    expect(await impairment(f)).to.equal(DAMAGED);
    expect(await causesSince(f, block)).to.deep.equal(["BadDebt"]);
    expect(await f.perp.isEmpty()).to.equal(true);
    await exitInKind(f, f.world.signers.alice, shares / 2n);
  });

  it("is not liquidated beyond what the venue's insurance can pay", async () => {
    const f = await fixture();
    await below(f);
    await expect(liquidate(f, "ETH")).to.be.revertedWith("CH_IIC");
  });
});

describe("PerpV2Leg: foreign collateral", () => {
  it("that a stranger gave does not make an exit ask for more than the venue pays", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice } = f.world.signers;
    await f.rebalancer.connect(f.world.signers.deployer).setLimits({ ...HEDGED_LIMITS, minMarginRatio: percent(15) });
    // A profit that is not realised, and little cash: the part is more than the settlement tokens there.
    await movePrices(f, 0.6);
    const notional = -(await f.perp.measure(await pricesOf(f))).exposure.slice(2).reduce((sum, x) => sum + x, 0n);
    await plan(f, margin(f, -((await f.perp.cash()) - (notional * 17n) / 100n) / UNIT));
    await movePrices(f, 0.75, 0.6);
    await giftCollateral(f, wad(100));
    const block = await blockNumber(f);
    await exitInKind(f, alice, (shares * 6n) / 10n);
    expect(await f.perp.queryFilter(f.perp.filters.PaidInPart, block)).to.have.length(0);
  });
});
