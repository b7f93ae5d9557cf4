import { expect } from "chai";
import { PUBLIC_LIMITS, percent } from "../../scripts/deploy/parameters.js";
import { movePerp, setFeed } from "../../scripts/devnet/world.js";
import { hedgedPosition, pricesOf, relative } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { type EncodedOrder, orders, planOf, rangeAround, usdc, wad } from "../support/orders.js";
import {
  later,
  limited,
  marketsOf,
  perpOf,
  poolOf,
  publicLimited,
  send,
  strangerOf,
  thinPosition,
  unhedgedPosition,
} from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(vaultWithHistory);
const GRACE = PUBLIC_LIMITS.grace as bigint;
const SILENCE = PUBLIC_LIMITS.maxSilence as bigint;
const COOLDOWN = PUBLIC_LIMITS.cooldown as bigint;

const short = (f: Fixture, amount: string) => orders.size(perpOf(f), marketsOf(f).ETH.base, -wad(amount));
const cover = (f: Fixture, amount: string) => orders.size(perpOf(f), marketsOf(f).ETH.base, wad(amount));
const margin = (f: Fixture, amount: number) => orders.margin(perpOf(f), usdc(amount));
/** A part of the liquidity, in thousandths. */
const burn = async (f: Fixture, thousandths: bigint) =>
  orders.burn(poolOf(f), ((await f.liquidity.position()).liquidity * thousandths) / 1_000n);
const ratioOf = async (f: Fixture) => f.perp.marginRatio(await pricesOf(f));
const silence = async (f: Fixture) => later(f, SILENCE + 1n);

async function refuses(f: Fixture, call: "hedge" | "deleverage", list: EncodedOrder[], error: string) {
  await expect(strangerOf(f)[call](list), error).to.be.revertedWithCustomError(f.rebalancer, error);
}

/** An unhedged vault, above the trigger, whose alarm is as old as the grace period. */
async function alarmed(f: Fixture): Promise<void> {
  await unhedgedPosition(f);
  await publicLimited(f, { alarmVolatility: percent(25) });
  await strangerOf(f).raiseAlarm();
  await later(f, GRACE);
}

describe("the alarm", () => {
  it("is raised by anybody above the trigger, once, and cleared by anybody at or under it", async () => {
    const f = await fixture();
    await unhedgedPosition(f);
    await expect(strangerOf(f).raiseAlarm()).to.be.revertedWithCustomError(f.rebalancer, "Calm");
    await expect(strangerOf(f).clearAlarm()).to.be.revertedWithCustomError(f.rebalancer, "NoAlarm");
    await publicLimited(f, { alarmVolatility: percent(25) });
    await expect(strangerOf(f).raiseAlarm()).to.emit(f.rebalancer, "AlarmRaised");
    const raised = await f.rebalancer.alarmAt();
    expect(raised).to.equal(BigInt(await f.world.networkHelpers.time.latest()));
    await expect(strangerOf(f).raiseAlarm()).to.be.revertedWithCustomError(f.rebalancer, "AlarmStands");
    expect(await f.rebalancer.alarmAt()).to.equal(raised);
    await expect(strangerOf(f).clearAlarm()).to.be.revertedWithCustomError(f.rebalancer, "NotCalm");
    await publicLimited(f, {});
    await expect(strangerOf(f).clearAlarm()).to.emit(f.rebalancer, "AlarmCleared");
    expect(await f.rebalancer.alarmAt()).to.equal(0n);
  });

  it("needs good prices and a covariance that is usable", async () => {
    const f = await fixture();
    await unhedgedPosition(f);
    await publicLimited(f, { alarmVolatility: percent(25) });
    await f.world.networkHelpers.time.increase(2 * 3_600);
    await expect(strangerOf(f).raiseAlarm()).to.be.revertedWithCustomError(f.rebalancer, "NotMeasurable");
    await later(f, 3 * 86_400);
    await expect(strangerOf(f).raiseAlarm()).to.be.revertedWithCustomError(f.rebalancer, "NotMeasurable");
  });

  it("survives a plan that does nothing, and not one that brings volatility back", async () => {
    const f = await fixture();
    await alarmed(f);
    const since = await f.rebalancer.alarmAt();
    await limited(f, { minHedge: 0n, hedgeFloor: wad(10) });
    await send(f, [orders.burn(poolOf(f), 0n)]);
    await send(f, [margin(f, 1)]);
    await send(f, [short(f, "1")]);
    expect(await f.rebalancer.alarmAt()).to.equal(since);
    await publicLimited(f, { alarmVolatility: percent(35) });
    await expect(send(f, [short(f, "10")])).to.emit(f.rebalancer, "AlarmCleared");
    expect(await f.rebalancer.alarmAt()).to.equal(0n);
  });
});

describe("hedge", () => {
  it("makes the vault safer for anybody, and the keeper's older plan cannot land after it", async () => {
    const f = await fixture();
    await alarmed(f);
    const late = await planOf(f, [short(f, "1")]);
    const [outcome] = await strangerOf(f).hedge.staticCall([short(f, "7")]);
    expect(outcome.varianceAfter).to.be.lessThan(outcome.varianceBefore);
    const { loss } = await spentOn(f, () => strangerOf(f).hedge([short(f, "7")]));
    expect((await f.perp.position(marketsOf(f).ETH.base)).size).to.equal(-wad(7));
    expect(loss.public_).to.be.greaterThan(0n);
    expect(loss.keeper).to.equal(0n);
    await expect(f.rebalancer.rebalance(late)).to.be.revertedWithCustomError(f.rebalancer, "WrongEpoch");
  });

  it("waits for an alarm, for the grace period, and for volatility to be above the trigger still", async () => {
    const f = await fixture();
    await unhedgedPosition(f);
    await refuses(f, "hedge", [short(f, "7")], "NoAlarm");
    await publicLimited(f, { alarmVolatility: percent(25) });
    await strangerOf(f).raiseAlarm();
    await later(f, GRACE - 60n);
    await refuses(f, "hedge", [short(f, "7")], "AlarmTooYoung");
    await later(f, 60n);
    await publicLimited(f, {});
    await refuses(f, "hedge", [short(f, "7")], "Calm");
    await publicLimited(f, { alarmVolatility: percent(25) });
    await strangerOf(f).hedge([short(f, "7")]);
  });

  it("needs a mode that lets plans trade, and good prices", async () => {
    const f = await fixture();
    await alarmed(f);
    await f.vault.setMode(1n);
    await strangerOf(f).hedge([short(f, "1")]);
    await f.vault.setMode(2n);
    await refuses(f, "hedge", [short(f, "1")], "VaultReduceOnly");
    await f.vault.setMode(0n);
    await f.world.networkHelpers.time.increase(2 * 3_600);
    await refuses(f, "hedge", [short(f, "1")], "NotMeasurable");
  });

  it("trades hedge legs and nothing else", async () => {
    const f = await fixture();
    await alarmed(f);
    const range = await rangeAround(f, 1.25);
    for (const order of [
      await burn(f, 10n),
      margin(f, 100),
      margin(f, -100),
      orders.mint(poolOf(f), range, 10n ** 12n),
      orders.swap(poolOf(f), true, 1_000_000n),
    ]) {
      await refuses(f, "hedge", [short(f, "7"), order], "OnlyHedgeLegs");
    }
    await refuses(f, "hedge", [], "EmptyPlan");
  });

  it("takes one step in each asset, and a cooldown between whole steps", async () => {
    const f = await fixture();
    await alarmed(f);
    // A tenth of $150,000 is 7.5 ETH.
    await refuses(f, "hedge", [short(f, "7.6")], "AssetStepTooLarge");
    await refuses(f, "hedge", [short(f, "7"), short(f, "0.6")], "AssetStepTooLarge");
    await refuses(f, "hedge", [short(f, "7"), cover(f, "0.6")], "AssetStepTooLarge");
    await strangerOf(f).hedge([short(f, "7"), orders.size(perpOf(f), marketsOf(f).BTC.base, -wad("0.4"))]);
    const now = BigInt(await f.world.networkHelpers.time.latest());
    expect((await f.rebalancer.readyAt()).public_).to.equal(now + COOLDOWN);
    await refuses(f, "hedge", [short(f, "4")], "TooSoon");
    await later(f, COOLDOWN);
    await strangerOf(f).hedge([short(f, "4")]);
  });

  it("must remove its share of the variance", async () => {
    const f = await fixture();
    await alarmed(f);
    await refuses(f, "hedge", [short(f, "0.2")], "ReducedTooLittle");
    await publicLimited(f, { alarmVolatility: percent(25), minShare: percent(40) });
    await refuses(f, "hedge", [short(f, "7")], "ReducedTooLittle");
  });

  it("costs at most λ of what it removes, and the venue's price of its notional", async () => {
    const f = await fixture();
    await alarmed(f);
    const changed = { alarmVolatility: percent(25) };
    await publicLimited(f, { ...changed, riskPrice: wad("0.0001") });
    await refuses(f, "hedge", [short(f, "7")], "HedgeTooDear");
    await publicLimited(f, { ...changed, maxCost: percent(0.05) });
    await refuses(f, "hedge", [short(f, "7")], "HedgeTooDear");
    await publicLimited(f, { ...changed, riskPrice: wad("0.02"), maxCost: percent(0.2) });
    await strangerOf(f).hedge([short(f, "7")]);
  });

  it("passes where nothing may be spent, if the market pays more than the oracle's price", async () => {
    const f = await fixture();
    await alarmed(f);
    await publicLimited(f, { alarmVolatility: percent(25), riskPrice: 0n, maxCost: 0n, maxBounty: 0n });
    await refuses(f, "hedge", [short(f, "7")], "HedgeTooDear");
    await movePerp(f.world, "ETH", START.ETH * 1.01);
    const [outcome] = await strangerOf(f).hedge.staticCall([short(f, "7")]);
    expect(outcome.navAfter).to.be.greaterThan(outcome.navBefore);
    await strangerOf(f).hedge([short(f, "7")]);
    expect((await f.perp.position(marketsOf(f).ETH.base)).size).to.equal(-wad(7));
  });

  it("respects margin, caps and the public loss budget", async () => {
    const f = await fixture();
    await alarmed(f);
    const changed = { alarmVolatility: percent(25) };
    await limited(f, { minHedge: 0n, maxGross: percent(5) });
    await refuses(f, "hedge", [short(f, "7")], "GrossTooLarge");
    await limited(f, {});
    await send(f, [margin(f, -47_500), short(f, "1")]);
    await refuses(f, "hedge", [short(f, "7")], "MarginTooThin");
    await send(f, [margin(f, 10_000)]);
    await publicLimited(f, { ...changed, lossBudget: percent(0.01) });
    await refuses(f, "hedge", [short(f, "7")], "Overspent");
    await publicLimited(f, changed);
    await strangerOf(f).hedge([short(f, "7")]);
  });

  it("brings volatility back step by step, which ends the alarm", async () => {
    const f = await fixture();
    await alarmed(f);
    let steps = 0;
    while ((await f.rebalancer.alarmAt()) !== 0n) {
      const btc = orders.size(perpOf(f), marketsOf(f).BTC.base, -wad("0.2"));
      await strangerOf(f).hedge([short(f, "5"), btc]);
      await later(f, COOLDOWN);
      expect(++steps).to.be.lessThan(8);
    }
    await refuses(f, "hedge", [short(f, "1")], "NoAlarm");
  });
});

describe("deleverage: a broken margin floor", () => {
  it("is needed: a healthy vault gives a stranger nothing", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await refuses(f, "deleverage", [cover(f, "1")], "MarginIsSound");
    await refuses(f, "deleverage", [margin(f, 100)], "MarginIsSound");
    await refuses(f, "deleverage", [await burn(f, 50n)], "NoReasonToBurn");
    await refuses(f, "deleverage", [], "EmptyPlan");
  });

  it("lets nothing but reductions pass", async () => {
    const f = await fixture();
    await thinPosition(f);
    const range = await rangeAround(f, 1.25);
    for (const order of [
      short(f, "1"),
      margin(f, -100),
      orders.mint(poolOf(f), range, 10n ** 12n),
      orders.swap(poolOf(f), true, 1_000_000n),
    ]) {
      await refuses(f, "deleverage", [order], "OnlyReductions");
    }
  });

  it("takes idle cash first, up to the target and no further", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await send(f, [margin(f, -30_000)]);
    await setFeed(f.world, "ETH", START.ETH * 1.3);
    expect(await ratioOf(f)).to.be.lessThan(percent(20));
    await refuses(f, "deleverage", [cover(f, "3")], "CashFirst");
    await refuses(f, "deleverage", [margin(f, 25_000)], "AboveTarget");
    await refuses(f, "deleverage", [await burn(f, 50n), margin(f, 1_000)], "NoReasonToBurn");
    await strangerOf(f).deleverage([margin(f, 10_000)]);
    expect(await ratioOf(f)).to.be.within(percent(20), percent(30));
    await refuses(f, "deleverage", [margin(f, 100)], "MarginIsSound");
    await refuses(f, "deleverage", [cover(f, "1")], "MarginIsSound");
  });

  it("burns what the margin needs, and no more", async () => {
    const f = await fixture();
    await thinPosition(f);
    await refuses(f, "deleverage", [await burn(f, 80n)], "NoReasonToBurn");
    // What was idle goes in first.
    await refuses(f, "deleverage", [await burn(f, 80n), margin(f, 900)], "NoReasonToBurn");
    // All of it, however little would stay idle after a small burn.
    await refuses(f, "deleverage", [await burn(f, 1n), margin(f, 990)], "NoReasonToBurn");
    // The burn's cash would stay idle.
    await refuses(f, "deleverage", [await burn(f, 80n), margin(f, 2_500)], "NoReasonToBurn");
    // More than a step.
    await refuses(f, "deleverage", [await burn(f, 160n), margin(f, 8_500)], "NoReasonToBurn");
    await strangerOf(f).deleverage([await burn(f, 80n), margin(f, 4_700)]);
    expect(await ratioOf(f)).to.be.within(percent(20), percent(30));
  });

  it("goes in order: burn, margin, size", async () => {
    const f = await fixture();
    await thinPosition(f);
    await refuses(f, "deleverage", [margin(f, 900), await burn(f, 80n)], "OutOfOrder");
    await refuses(f, "deleverage", [cover(f, "3"), margin(f, 900)], "OutOfOrder");
    await refuses(f, "deleverage", [cover(f, "3"), await burn(f, 80n)], "OutOfOrder");
    await strangerOf(f).deleverage([await burn(f, 10n), margin(f, 1_400), cover(f, "3")]);
  });

  it("reduces the hedge where cash is short: a step, while the floor is broken, up to the target", async () => {
    const f = await fixture();
    await thinPosition(f);
    await refuses(f, "deleverage", [cover(f, "6")], "AssetStepTooLarge");
    await refuses(f, "deleverage", [cover(f, "0.1")], "StepTooSmall");
    await strangerOf(f).deleverage([cover(f, "1.5")]);
    const { ETH } = marketsOf(f);
    expect((await f.perp.position(ETH.base)).size).to.equal(-wad("18.5"));
    await refuses(f, "deleverage", [cover(f, "1.5")], "TooSoon");
    await publicLimited(f, { marginTarget: percent(20.5), maxStep: percent(25) });
    await later(f, COOLDOWN);
    await refuses(f, "deleverage", [cover(f, "8")], "AboveTarget");
  });

  it("adds margin and burns while a price is bad, and nothing else", async () => {
    const f = await fixture();
    await thinPosition(f);
    await f.world.networkHelpers.time.increase(2 * 3_600);
    expect((await f.vault.portfolio())[1].ok).to.equal(false);
    await refuses(f, "deleverage", [cover(f, "1")], "OnlyReductions");
    await refuses(f, "deleverage", [await burn(f, 50n)], "NoReasonToBurn");
    await refuses(f, "deleverage", [margin(f, 1)], "StepTooSmall");
    const [, bounty] = await strangerOf(f).deleverage.staticCall([await burn(f, 90n), margin(f, 5_000)]);
    expect(bounty).to.equal(0n);
    await strangerOf(f).deleverage([await burn(f, 90n), margin(f, 5_000)]);
    expect(await ratioOf(f)).to.be.within(percent(20), percent(30));
  });
});

describe("deleverage: a vault worth less than nothing", () => {
  it("takes margin from its idle cash, for no bounty, and no order that costs anything", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await setFeed(f.world, "ETH", START.ETH * 10);
    const [nav] = await f.vault.nav();
    expect(nav).to.be.lessThan(0n);
    const before = await f.perp.cash();
    const [outcome, bounty] = await strangerOf(f).deleverage.staticCall([margin(f, 5_000)], { gasPrice: 10n ** 10n });
    expect(outcome.navBefore).to.be.lessThan(0n);
    expect(bounty).to.equal(0n);
    await strangerOf(f).deleverage([margin(f, 5_000)]);
    expect(relative((await f.perp.cash()) - before, wad(5_000))).to.be.lessThan(0.001);
    // There is nothing that a loss could be a part of.
    await refuses(f, "deleverage", [await burn(f, 1n)], "NoValue");
  });
});

describe("deleverage: a silent keeper", () => {
  it("lets anybody burn a step, and a heartbeat ends it", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await later(f, SILENCE - 60n);
    await refuses(f, "deleverage", [await burn(f, 150n)], "NoReasonToBurn");
    await later(f, 61n);
    await refuses(f, "deleverage", [await burn(f, 200n)], "NoReasonToBurn");
    await refuses(f, "deleverage", [await burn(f, 100n), await burn(f, 120n)], "NoReasonToBurn");
    await refuses(f, "deleverage", [await burn(f, 1n)], "StepTooSmall");
    await strangerOf(f).deleverage([await burn(f, 180n)]);
    await refuses(f, "deleverage", [await burn(f, 180n)], "TooSoon");
    await later(f, COOLDOWN);
    await f.rebalancer.heartbeat();
    await refuses(f, "deleverage", [await burn(f, 180n)], "NoReasonToBurn");
  });

  it("does not let the hedge be stripped, nor the cash be moved to the venue", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await send(f, [margin(f, -35_000)]);
    await silence(f);
    await refuses(f, "deleverage", [cover(f, "1")], "MarginIsSound");
    await refuses(f, "deleverage", [margin(f, 30_000)], "AboveTarget");
    // A unit on a sound leg would mend nothing and raise the epoch: the keeper's plan, made before, could never land.
    await refuses(f, "deleverage", [margin(f, 1)], "StepTooSmall");
    await strangerOf(f).deleverage([margin(f, 1_520)]);
    expect(await ratioOf(f)).to.be.within(percent(20), percent(30));
  });

  it("waits in proportion to the step, so that small ones block nobody", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await silence(f);
    await strangerOf(f).deleverage([await burn(f, 20n)]);
    const now = BigInt(await f.world.networkHelpers.time.latest());
    expect((await f.rebalancer.readyAt()).public_).to.be.within(now + COOLDOWN / 11n, now + COOLDOWN / 8n);
  });

  it("lets a tenth of the liquidity be burned while a price is bad", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await f.world.networkHelpers.time.increase(SILENCE + 1n);
    await refuses(f, "deleverage", [await burn(f, 101n)], "NoReasonToBurn");
    await refuses(f, "deleverage", [await burn(f, 60n), await burn(f, 60n)], "NoReasonToBurn");
    await strangerOf(f).deleverage([await burn(f, 99n)]);
    await refuses(f, "deleverage", [await burn(f, 99n)], "TooSoon");
  });
});

describe("deleverage: a queue that waited too long", () => {
  /** Shares of a tenth, a hundredth... of the vault that wait for longer than `maxWait`; no cash is idle beyond what margin needs. */
  async function overdue(f: Fixture, percentOfSupply: bigint, added = 8_000): Promise<void> {
    await hedgedPosition(f);
    await send(f, [margin(f, added)]);
    const { maxWait } = await f.vault.settings();
    const { alice } = f.world.signers;
    const shares = ((await f.vault.totalSupply()) * percentOfSupply) / 100n;
    await f.vault.connect(alice).requestRedeem(shares, alice, alice);
    await later(f, 2n * 3_600n);
    await f.rebalancer.heartbeat();
    await refuses(f, "deleverage", [await burn(f, 30n)], "NoReasonToBurn");
    for (let passed = 2n * 3_600n; passed <= maxWait; passed += 3n * 3_600n) {
      await later(f, 3n * 3_600n);
      await f.rebalancer.heartbeat();
    }
  }

  it("unlocks burns worth the unfilled claims that cash does not cover, and nothing else, without a bounty", async () => {
    const f = await fixture();
    // 3% of $150,000 are $4,500; about $2,000 are idle, all of which is kept for margin.
    await overdue(f, 3n);
    await refuses(f, "deleverage", [await burn(f, 70n)], "NoReasonToBurn");
    await refuses(f, "deleverage", [await burn(f, 30n), await burn(f, 40n)], "NoReasonToBurn");
    await refuses(f, "deleverage", [await burn(f, 2n)], "StepTooSmall");
    await refuses(f, "deleverage", [margin(f, 100)], "MarginIsSound");
    await refuses(f, "deleverage", [cover(f, "1")], "MarginIsSound");
    const [outcome, bounty] = await strangerOf(f).deleverage.staticCall([await burn(f, 50n)], { gasPrice: 10n ** 10n });
    expect(bounty).to.equal(0n);
    expect(outcome.navBefore).to.be.greaterThan(0n);
    await strangerOf(f).deleverage([await burn(f, 50n)]);
  });

  it("unlocks nothing where idle cash covers the claims", async () => {
    const f = await fixture();
    await overdue(f, 3n, 1);
    await refuses(f, "deleverage", [await burn(f, 50n)], "NoReasonToBurn");
  });

  it("unlocks nothing while a price is bad", async () => {
    const f = await fixture();
    await overdue(f, 3n);
    await f.world.networkHelpers.time.increase(2 * 3_600);
    await refuses(f, "deleverage", [await burn(f, 50n)], "NoReasonToBurn");
  });
});

describe("the lock, against a leg that calls back or breaks", () => {
  async function withCallingLeg(f: Fixture) {
    await hedgedPosition(f);
    const listener = await f.world.ethers.deployContract("MockListener");
    const leg = await f.world.ethers.deployContract("MockCallingLeg", [f.deployment.vault, listener]);
    await f.vault.addLeg(leg);
    return { listener, leg, order: orders.burn(await leg.getAddress(), 0n) };
  }
  const selector = (f: Fixture, name: string) =>
    (f.rebalancer.interface.getError(name) ?? f.vault.interface.getError(name))?.selector;

  it("stops every entry in the middle of a plan", async () => {
    const f = await fixture();
    const { listener, order } = await withCallingLeg(f);
    await publicLimited(f, { alarmVolatility: percent(5) });
    const asked = f.rebalancer.interface;
    const calls = ["deleverage", "hedge"].map((name) => asked.encodeFunctionData(name as "hedge", [[order]]));
    calls.push(asked.encodeFunctionData("raiseAlarm"));
    await listener.getFunction("prepare")(calls.map((data) => ({ target: f.deployment.rebalancer, data })));
    await send(f, [order]);
    expect([...(await listener.getFunction("answers")())]).to.deep.equal([
      selector(f, "Locked"),
      selector(f, "NoAlarm"),
      selector(f, "VaultLocked"),
    ]);
    expect(await f.rebalancer.alarmAt()).to.equal(0n);
    expect(await f.rebalancer.epoch()).to.equal(2n);
  });

  it("is given back by a plan that reverts, within the same transaction", async () => {
    const f = await fixture();
    const { listener, leg, order } = await withCallingLeg(f);
    await leg.getFunction("setBroken")(true);
    await silence(f);
    const plan = f.rebalancer.interface.encodeFunctionData("deleverage", [[order]]);
    const calls = [
      { target: f.deployment.rebalancer, data: plan },
      { target: f.deployment.vault, data: f.vault.interface.encodeFunctionData("nav") },
      { target: f.deployment.vault, data: f.vault.interface.encodeFunctionData("sync") },
    ];
    await listener.getFunction("prepare")(calls);
    await listener.getFunction("act")();
    const answers = [...(await listener.getFunction("answers")())];
    expect(answers).to.deep.equal([leg.interface.getError("Broken")?.selector, "0x00000000", "0x00000000"]);
  });
});

describe("the bounty", () => {
  it("pays the gas back, and no more than it was worth", async () => {
    const f = await fixture();
    await alarmed(f);
    const { paid, gasUsd } = await paidFor(f, [short(f, "7")], 0n);
    expect(paid).to.be.lessThanOrEqual(gasUsd);
    expect(paid).to.be.greaterThan((gasUsd * 9n) / 10n);
  });

  it("pays no more of a greedy price than the base fee and 2 gwei", async () => {
    const f = await fixture();
    await alarmed(f);
    const { paid, gasUsd, fairUsd } = await paidFor(f, [short(f, "7")], 300n * 10n ** 9n);
    expect(gasUsd).to.be.greaterThan(50n * fairUsd);
    expect(paid).to.be.lessThanOrEqual(fairUsd);
    expect(paid).to.be.greaterThan((fairUsd * 9n) / 10n);
  });

  it("pays at most its cap, at most the venue's price of what was moved, and at most what the budget has left", async () => {
    const f = await fixture();
    await alarmed(f);
    const dear = 500n * 10n ** 9n;
    const bountyOf = async (list: EncodedOrder[]) => {
      await f.world.networkHelpers.setNextBlockBaseFeePerGas(dear);
      const receipt = await (await strangerOf(f).hedge(list, { gasPrice: dear })).wait();
      const [event] = await f.vault.queryFilter(f.vault.filters.BountyPaid, receipt?.blockNumber);
      return event?.args.amount ?? 0n;
    };
    expect(await bountyOf([short(f, "7")])).to.equal(usdc(50));
    await later(f, COOLDOWN);
    // 1% of $3,000
    expect(await bountyOf([short(f, "1.5")])).to.equal(usdc(30));
    await later(f, COOLDOWN);
    const spent = (await f.rebalancer.lossSpent()).public_;
    await publicLimited(f, { alarmVolatility: percent(25), lossBudget: spent + percent(0.045) });
    const last = await bountyOf([short(f, "4")]);
    expect(last).to.be.within(1n, usdc(15));
    const { public_ } = await f.rebalancer.lossSpent();
    expect(public_).to.be.lessThanOrEqual(spent + percent(0.045));
  });

  it("is charged to the public loss budget and leaves the NAV", async () => {
    const f = await fixture();
    await alarmed(f);
    await publicLimited(f, { alarmVolatility: percent(25), maxBounty: 0n });
    const { takeSnapshot, setNextBlockBaseFeePerGas } = f.world.networkHelpers;
    const snapshot = await takeSnapshot();
    const price = 500n * 10n ** 9n;
    const spend = async () => {
      await setNextBlockBaseFeePerGas(price);
      const receipt = await (await strangerOf(f).hedge([short(f, "7")], { gasPrice: price })).wait();
      const [event] = await f.rebalancer.queryFilter(f.rebalancer.filters.Rebalanced, receipt?.blockNumber);
      const { public_ } = await f.rebalancer.lossSpent();
      return { navAfter: event?.args.outcome.navAfter as bigint, public_ };
    };
    const without = await spend();
    await snapshot.restore();
    await publicLimited(f, { alarmVolatility: percent(25) });
    const paid = await spend();
    const [nav] = await f.vault.nav();
    // $50 of $150,000
    expect(Number(paid.public_ - without.public_) / 1e18).to.be.within(0.00033, 0.00034);
    expect(Number(without.navAfter - paid.navAfter) / 1e18).to.be.within(49.5, 50.5);
    expect(Number(paid.navAfter - nav) / 1e18).to.be.within(-0.5, 0.5);
  });

  it("is nothing without a price of gas, without a gas asset, and where nothing was done", async () => {
    const f = await fixture();
    await alarmed(f);
    const bounty = async (overrides: object) =>
      (await strangerOf(f).hedge.staticCall([short(f, "7")], overrides)).bounty;
    expect(await bounty({ gasPrice: 0n })).to.equal(0n);
    expect(await bounty({ gasPrice: 10n ** 10n })).to.be.greaterThan(0n);
    const admin = f.rebalancer.connect(f.world.signers.deployer);
    const none = "0x0000000000000000000000000000000000000000";
    await admin.setPublicLimits({ ...PUBLIC_LIMITS, alarmVolatility: percent(25), gasAsset: none });
    expect(await bounty({ gasPrice: 10n ** 10n })).to.equal(0n);
  });
});

/** What the public and the keeper's loss budgets were charged by an action. */
async function spentOn(f: Fixture, act: () => Promise<unknown>) {
  const before = await f.rebalancer.lossSpent();
  await act();
  const after = await f.rebalancer.lossSpent();
  const since = (a: bigint, b: bigint) => (a > b ? a - b : 0n);
  return { loss: { keeper: since(after.keeper, before.keeper), public_: since(after.public_, before.public_) } };
}

/** Send a hedge with a tip; what was paid, what its gas cost, and what it would have cost with a tip of 2 gwei; USD, 1e18. */
async function paidFor(f: Fixture, list: EncodedOrder[], tip: bigint) {
  const { USDC } = f.world.tokens;
  const { stranger } = f.world.signers;
  const held = await USDC.balanceOf(stranger);
  const base = 10n ** 9n;
  await f.world.networkHelpers.setNextBlockBaseFeePerGas(base);
  const fees = { maxPriorityFeePerGas: tip, maxFeePerGas: base + tip };
  const receipt = await (await strangerOf(f).hedge(list, fees)).wait();
  if (receipt === null) throw new TypeError("not mined");
  expect(receipt.gasPrice).to.equal(base + tip);
  const usd = (price: bigint) => receipt.gasUsed * price * BigInt(START.ETH);
  const paid = ((await USDC.balanceOf(stranger)) - held) * 10n ** 12n;
  return { paid, gasUsd: usd(receipt.gasPrice), fairUsd: usd(base + 2n * 10n ** 9n) };
}
