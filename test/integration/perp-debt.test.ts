import { expect } from "chai";
import { percent } from "../../scripts/deploy/parameters.js";
import { balancesOf, depositBasket, exitInKind, hedgedPosition, pricesOf, worthOf } from "../support/actions.js";
import { type Fixture, vaultWithHistory } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import {
  asVault,
  blockNumber,
  causesSince,
  closeMarket,
  gift,
  giftCollateral,
  impairment,
  liquidate,
  margin,
  movePrices,
  plan,
  size,
  thinMargin,
  UNIT,
} from "./support/weather.js";

const fixture = reusable(vaultWithHistory);
const DAMAGED = 2n;
const leg = (f: Fixture) => f.deployment.legs.perp as string;

/** A short whose loss is larger than its margin. */
const below = async (f: Fixture) => {
  const held = await hedgedPosition(f);
  await thinMargin(f, 0.16);
  await movePrices(f, 1.2);
  return held;
};

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
    const { shares } = await below(f);
    const { alice } = f.world.signers;
    await giftCollateral(f, wad(100));
    // With the collateral as margin a loss is realised that leaves less than nothing of the settlement token, and a profit is not.
    const asked = await asVault(f);
    const prices = await pricesOf(f);
    for (const [market, held] of [
      ["ETH", wad(20)],
      ["BTC", wad("0.5")],
    ] as const) {
      await asked.execute(size(f, market, held), prices);
      await asked.execute(size(f, market, -held), prices);
    }
    await movePrices(f, 1, 1.2);
    expect(await f.perp.cash()).to.be.lessThan(0n);
    // So little that nothing is closed for it: what a leaver owes is a unit at least.
    expect(await asked.exit.staticCall(1n, 10n ** 20n)).to.deep.equal([-1n, 0n, 0n, 0n]);
    const block = await blockNumber(f);
    await exitInKind(f, alice, (shares * 6n) / 10n);
    const [cut] = await f.perp.queryFilter(f.perp.filters.PaidInPart, block);
    expect(cut?.args.paid).to.be.within(1n, (cut?.args.owed as bigint) - 1n);
  });
});
