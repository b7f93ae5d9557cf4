import { expect } from "chai";
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
import { usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import {
  asVault,
  baseOf,
  blockNumber,
  causesSince,
  closeMarket,
  impairment,
  liquidate,
  margin,
  movePrices,
  plan,
  quit,
  size,
  sizeOf,
  thinMargin,
} from "./support/weather.js";

const fixture = reusable(vaultWithHistory);
/** PUSH1 0, PUSH1 0, REVERT. */
const REVERT = "0x60006000fd";
const [NONE, BLOCKED, DAMAGED] = [0n, 1n, 2n];
const leg = (f: Fixture) => f.deployment.legs.perp as string;

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
        f.world.perp.exchange.connect(f.world.signers.deployer).setMaxTickCrossedWithinBlock(baseOf(f, "ETH"), 0),
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
      const before = await f.perp.quote(baseOf(f, "ETH"));
      await stop(f);
      expect(await impairment(f)).to.equal(BLOCKED);
      expect(await f.vault.mode()).to.equal(1n);
      if (!name.includes("vault")) expect((await f.perp.quote(baseOf(f, "ETH"))).price).to.equal(0n);
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
    // Its pool stands still further up, where it can be closed no more.
    await movePerp(f.world, "ETH", START.ETH * 1.05);
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
    await f.world.perp.exchange.connect(f.world.signers.deployer).setMaxTickCrossedWithinBlock(baseOf(f, "ETH"), 1);
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
