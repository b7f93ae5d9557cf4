import { expect } from "chai";
import { type ContractTransactionResponse, ZeroAddress } from "ethers";
import { percent } from "../../scripts/deploy/parameters.js";
import { movePool, setFeed } from "../../scripts/devnet/world.js";
import {
  changeSettings,
  depositBasket,
  exitInKind,
  hedgedPosition,
  hedgeOrders,
  navPerShare,
  refreshFeeds,
  relative,
} from "../support/actions.js";
import { type Fixture, START, vaultIn, worldWithOracles } from "../support/fixture.js";
import { orders, planOf, usdc, wad } from "../support/orders.js";
import { seededUniforms } from "../support/random.js";
import { reusable } from "../support/reusable.js";

const YEAR = 365n * 86_400n;
const DAY = 86_400;
const ONE = wad(1);
const MANAGEMENT = percent(2);
const PERFORMANCE = percent(10);
const CLOSED = 3;
const SEED = 11;
/** Of a share, less than this at START: a share costs a dollar and the spread. */
const START_MARK = (ONE * 101n) / 100n;

/** 2% a year and 10% of gains, for carol. */
async function vaultWithFees() {
  const { connection, world, oracles, rounds } = await worldWithOracles({ history: true });
  const settings = {
    feeRecipient: world.signers.carol.address,
    managementFee: MANAGEMENT,
    performanceFee: PERFORMANCE,
  };
  return { connection, world, oracles, rounds, ...(await vaultIn(world, oracles, undefined, settings)) };
}
const fixture = reusable(vaultWithFees);

/** 100,000 USDC and 10,000 ALT, no position: only feeds move the NAV. */
async function idleVault(f: Fixture): Promise<bigint> {
  return depositBasket(f, f.world.signers.alice, usdc(100_000), wad(10_000));
}

/** Some time later the feeds speak again, ALT with a new price. */
async function later(f: Fixture, seconds: number, alt?: number): Promise<void> {
  await f.world.networkHelpers.time.increase(seconds);
  await refreshFeeds(f);
  if (alt !== undefined) await setFeed(f.world, "ALT", alt);
}

/** The fees that a transaction minted. */
async function feesOf(f: Fixture, sent: Promise<ContractTransactionResponse>) {
  const receipt = await (await sent).wait();
  const found = await f.vault.queryFilter(f.vault.filters.FeesAccrued, receipt!.blockNumber, receipt!.blockNumber);
  const sum = (pick: (args: (typeof found)[number]["args"]) => bigint) =>
    found.reduce((total, { args }) => total + pick(args), 0n);
  return {
    time: BigInt((await receipt!.getBlock()).timestamp),
    management: sum((args) => args.managementShares),
    performance: sum((args) => args.performanceShares),
    mark: found.at(-1)?.args.highWaterMark,
  };
}

const sharesOfTime = (supply: bigint, seconds: bigint, rate = MANAGEMENT) =>
  (supply * rate * seconds) / (ONE * YEAR - rate * seconds);
const accrue = (f: Fixture) => feesOf(f, f.vault.connect(f.world.signers.stranger).accrueFees());

describe("management fee", () => {
  it("is a part of the supply by time, needs no price and nobody's permission", async () => {
    const f = await fixture();
    await idleVault(f);
    const start = BigInt(await f.world.networkHelpers.time.latest());
    const supply = await f.vault.totalSupply();
    await f.world.networkHelpers.time.increase(30 * DAY);
    expect((await f.vault.nav()).ok).to.equal(false);
    const { time, management, performance } = await accrue(f);
    expect(management).to.equal(sharesOfTime(supply, time - start));
    expect(performance).to.equal(0n);
    expect(await f.vault.balanceOf(f.world.signers.carol)).to.equal(management);
    // The holders' part has fallen by 2% a year of it.
    const part = (management * ONE) / (await f.vault.totalSupply());
    expect(relative(part, (MANAGEMENT * 30n) / 365n)).to.be.lessThan(1e-5);
  });

  it("comes first in each exit, rebalance and change of settings", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice } = f.world.signers;
    const flows: (() => Promise<ContractTransactionResponse>)[] = [
      () => exitInKind(f, alice, shares / 10n),
      async () => f.rebalancer.rebalance(await planOf(f, [orders.margin(f.deployment.legs.perp as string, usdc(100))])),
      () => changeSettings(f, { managementFee: MANAGEMENT / 2n }),
    ];
    for (const flow of flows) {
      const start = BigInt(await f.world.networkHelpers.time.latest());
      await later(f, 1_800);
      const [supply, last] = [await f.vault.totalSupply(), await lastAccrual(f)];
      const { time, management } = await feesOf(f, flow());
      expect(time).to.be.greaterThan(start);
      expect(management).to.equal(sharesOfTime(supply, time - last));
    }
  });

  it("stays due through deposits, of those who were in for as long as they were", async () => {
    const f = await fixture();
    const { alice, bob, carol } = f.world.signers;
    await idleVault(f);
    const start = BigInt(await f.world.networkHelpers.time.latest());
    const first = await f.vault.totalSupply();
    await later(f, 20 * DAY);
    // All at once would not come in: the window.
    for (const depositor of [alice, bob]) await depositBasket(f, depositor, usdc(5_000), 0n);
    expect(await f.vault.balanceOf(carol)).to.equal(0n);
    const entered = BigInt(await f.world.networkHelpers.time.latest());
    const second = await f.vault.totalSupply();
    await later(f, 10 * DAY);

    const { time, management } = await accrue(f);
    const fair = sharesOfTime(first, entered - start) + sharesOfTime(second, time - entered);
    // What compounding adds within a month, and for each deposit up to a second of all.
    expect(management).to.be.at.most(fair + fair / 1_000n);
    expect(management).to.be.at.least(fair - fair / 1_000n);
  });

  it("is not taken away by deposits of dust", async () => {
    const f = await fixture();
    const { alice, bob } = f.world.signers;
    await idleVault(f);
    await changeSettings(f, { managementFee: MANAGEMENT });
    const start = await lastAccrual(f);
    const supply = await f.vault.totalSupply();
    await depositBasket(f, alice, 1n, 0n);
    for (let n = 0; n < 30; n++) {
      await f.world.networkHelpers.time.setNextBlockTimestamp((await f.world.networkHelpers.time.latest()) + 1);
      await f.world.tokens.USDC.connect(bob).approve(f.vault, 1n);
      await depositBasket(f, bob, 1n, 0n);
    }
    const { time, management } = await accrue(f);
    expect(management).to.be.at.least(sharesOfTime(supply, time - start));
    expect(relative(management, sharesOfTime(supply, time - start))).to.be.lessThan(1e-9);
  });

  it("is in the preview of a deposit before it is minted", async () => {
    const f = await fixture();
    await idleVault(f);
    await later(f, 30 * DAY);
    const { USDC } = f.world.tokens;
    const preview = await f.vault.previewDepositBasket([USDC], [usdc(1_000)]);
    const { management } = await accrue(f);
    expect(management).to.be.greaterThan(0n);
    // The seconds between: 2% a year.
    expect(relative(await f.vault.previewDepositBasket([USDC], [usdc(1_000)]), preview)).to.be.lessThan(1e-8);
  });

  it("is not due where nobody receives it, nor for the time before somebody does", async () => {
    const f = await fixture();
    await idleVault(f);
    await changeSettings(f, { feeRecipient: ZeroAddress });
    const supply = await f.vault.totalSupply();
    await later(f, 30 * DAY);
    await f.vault.accrueFees();
    expect(await f.vault.totalSupply()).to.equal(supply);
    await later(f, 30 * DAY);
    await changeSettings(f, { feeRecipient: f.world.signers.bob.address });
    expect(await f.vault.totalSupply()).to.equal(supply);
  });

  it("ends with mode Closed, and what was due until then is paid", async () => {
    const f = await fixture();
    await idleVault(f);
    const last = await lastAccrual(f);
    const supply = await f.vault.totalSupply();
    await later(f, 30 * DAY, START.ALT * 1.5);
    const { time, management } = await feesOf(f, f.vault.setMode(CLOSED));
    expect(management).to.equal(sharesOfTime(supply, time - last));
    await later(f, 30 * DAY);
    const after = await accrue(f);
    expect(after.management + after.performance).to.equal(0n);
    expect(await f.vault.totalSupply()).to.equal(supply + management);
  });
});

/** When the management fee was paid last: the last block with a flow of this vault. */
async function lastAccrual(f: Fixture): Promise<bigint> {
  const { vault } = f;
  const all = [
    ...(await vault.queryFilter(vault.filters.FeesAccrued)),
    ...(await vault.queryFilter(vault.filters.BasketDeposit)),
    ...(await vault.queryFilter(vault.filters.SettingsSet)),
  ];
  const block = Math.max(...all.map(({ blockNumber }) => blockNumber));
  return BigInt((await f.world.ethers.provider.getBlock(block))!.timestamp);
}

describe("performance fee", () => {
  it("is a tenth of the gain at the low side of the band above the mark, to a billionth", async () => {
    const f = await fixture();
    await idleVault(f);
    const mark = await f.vault.highWaterMark();
    expect(relative(mark, await navPerShare(f))).to.be.lessThan(1e-9);
    await later(f, DAY, START.ALT * 1.4);
    // By the time that it takes, so that the figures below are those after it.
    await changeSettings(f, { managementFee: 0n });
    const supply = await f.vault.totalSupply();
    const [nav] = await f.vault.nav();
    // That was a change of settings, which accrues too.
    const [event] = (await f.vault.queryFilter(f.vault.filters.FeesAccrued)).slice(-1);
    const { performanceShares, highWaterMark } = event!.args;
    const supplyBefore = supply - performanceShares;
    const half = (await f.vault.nav()).half;
    const low = ((nav - half) * ONE) / supplyBefore;
    const fee = ((low - mark) * supplyBefore) / ONE / 10n;
    const worth = (performanceShares * nav) / supply;
    expect(fee).to.be.greaterThan(wad(3_000));
    expect(relative(worth, fee)).to.be.lessThan(1e-9);
    // What the others lost is no more than that.
    expect(nav - (nav * supplyBefore) / supply).to.be.at.most(fee + fee / 10n ** 9n);
    expect(relative(highWaterMark, ((nav - half) * ONE) / supply)).to.be.lessThan(1e-9);
    expect(await f.vault.highWaterMark()).to.equal(highWaterMark);
  });

  it("is charged at most once a day, and once for one gain", async () => {
    const f = await fixture();
    await idleVault(f);
    await later(f, DAY, START.ALT * 1.4);
    expect((await accrue(f)).performance).to.be.greaterThan(0n);
    await later(f, DAY / 2, START.ALT * 2);
    expect((await accrue(f)).performance).to.equal(0n);
    await later(f, DAY / 2 + 1);
    expect((await accrue(f)).performance).to.be.greaterThan(0n);
    await later(f, DAY);
    expect((await accrue(f)).performance).to.equal(0n);
  });

  it("is charged again only above the old mark", async () => {
    const f = await fixture();
    await idleVault(f);
    await later(f, DAY, START.ALT * 1.4);
    const { mark } = await accrue(f);
    await later(f, DAY, START.ALT);
    expect((await accrue(f)).performance).to.equal(0n);
    await later(f, DAY, START.ALT * 1.4);
    expect((await accrue(f)).performance).to.equal(0n);
    expect(await f.vault.highWaterMark()).to.equal(mark);
    await later(f, DAY, START.ALT * 1.6);
    expect((await accrue(f)).performance).to.be.greaterThan(0n);
  });

  it("waits for good prices", async () => {
    const f = await fixture();
    await idleVault(f);
    await setFeed(f.world, "ALT", START.ALT * 2);
    await f.world.networkHelpers.time.increase(2 * 3_600);
    expect((await f.vault.nav()).ok).to.equal(false);
    expect((await accrue(f)).performance).to.equal(0n);
    await refreshFeeds(f);
    expect((await accrue(f)).performance).to.be.greaterThan(0n);
  });

  for (const after of ["the first deposit", "a gain that was charged"]) {
    it(`costs nothing where a feed moves by its threshold to and fro, after ${after}`, async () => {
      const f = await fixture();
      await idleVault(f);
      let price = START.ALT;
      if (after !== "the first deposit") {
        price *= 1.4;
        await later(f, DAY, price);
        expect((await accrue(f)).performance).to.be.greaterThan(0n);
      }
      const mark = await f.vault.highWaterMark();
      for (const factor of [1.01, 1, 0.99, 1.01, 1, 1.01]) {
        await later(f, DAY, price * factor);
        expect((await accrue(f)).performance).to.equal(0n);
      }
      expect(await f.vault.highWaterMark()).to.equal(mark);
      // The test would not see it if nothing were ever charged.
      await later(f, DAY, price * 1.05);
      expect((await accrue(f)).performance).to.be.greaterThan(0n);
    });
  }

  it("never has a part of what depositors pay as spread: the mark rises with it", async () => {
    const f = await fixture();
    await idleVault(f);
    await changeSettings(f, { managementFee: 0n });
    const { bob } = f.world.signers;
    for (let hour = 0; hour < 3; hour++) {
      const [before, markBefore] = [await navPerShare(f), await f.vault.highWaterMark()];
      await depositBasket(f, bob, usdc(10_000), wad(1_000));
      const [after, mark] = [await navPerShare(f), await f.vault.highWaterMark()];
      // Two percent of a tenth of the vault.
      expect(after - before).to.be.greaterThan(ONE / 2_000n);
      expect(relative(mark - markBefore, after - before)).to.be.lessThan(1e-9);
      await later(f, 3_600);
    }
    await later(f, DAY);
    expect((await accrue(f)).performance).to.equal(0n);
  });

  it("is charged by a rebalance too, before the supply has to stand still", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await later(f, DAY, START.ALT * 1.4);
    const more = planOf(f, [orders.margin(f.deployment.legs.perp as string, usdc(100))]);
    const { performance } = await feesOf(f, f.rebalancer.rebalance(await more));
    expect(performance).to.be.greaterThan(0n);
    // Not again on the same day.
    await later(f, 3_600, START.ALT * 1.8);
    const again = await planOf(f, [orders.margin(f.deployment.legs.perp as string, usdc(100))]);
    expect((await feesOf(f, f.rebalancer.rebalance(again))).performance).to.equal(0n);
  });

  it("is charged by the old rate up to a change, and a higher rate waits for good prices", async () => {
    const f = await fixture();
    await idleVault(f);
    await later(f, DAY, START.ALT * 1.4);
    const low = await feesOf(f, changeSettings(f, { performanceFee: percent(30) }));
    expect(low.performance).to.be.greaterThan(0n);
    expect((await accrue(f)).performance).to.equal(0n);
    await f.world.networkHelpers.time.increase(2 * 3_600);
    await changeSettings(f, { performanceFee: percent(20) });
    await expect(changeSettings(f, { performanceFee: percent(30) })).to.be.revertedWithCustomError(f.vault, "BadPrice");
    await changeSettings(f, { feeRecipient: ZeroAddress });
    await expect(changeSettings(f, { feeRecipient: f.world.signers.carol.address })).to.be.revertedWithCustomError(
      f.vault,
      "BadPrice",
    );
  });

  it("is not charged on gains that were made while nobody received it", async () => {
    const f = await fixture();
    await idleVault(f);
    await changeSettings(f, { feeRecipient: ZeroAddress });
    await later(f, DAY, START.ALT * 1.4);
    const introduced = await feesOf(f, changeSettings(f, { feeRecipient: f.world.signers.carol.address }));
    expect(introduced.performance).to.equal(0n);
    await later(f, DAY);
    expect((await accrue(f)).performance).to.equal(0n);
    expect(await f.vault.highWaterMark()).to.be.greaterThan((START_MARK * 11n) / 10n);
  });

  it("begins anew when the vault was empty", async () => {
    const f = await fixture();
    const shares = await idleVault(f);
    await changeSettings(f, { managementFee: 0n });
    await later(f, DAY, START.ALT * 1.4);
    await accrue(f);
    const high = await f.vault.highWaterMark();
    const { alice, carol } = f.world.signers;
    await exitInKind(f, alice, shares);
    await exitInKind(f, carol, await f.vault.balanceOf(carol));
    expect(await f.vault.totalSupply()).to.equal(0n);
    // The pool goes with the feed, or deposits would wait.
    await movePool(f.world, "altUsdc", START.ALT / 2);
    await later(f, DAY, START.ALT / 2);
    await depositBasket(f, alice, usdc(100_000), wad(10_000));
    const mark = await f.vault.highWaterMark();
    expect(mark).to.be.lessThan((high * 9n) / 10n);
    expect(relative(mark, await navPerShare(f))).to.be.lessThan(1e-12);
    await later(f, DAY, START.ALT);
    expect((await accrue(f)).performance).to.be.greaterThan(0n);
  });
});

describe("a round trip with fees", () => {
  it("gains nothing at the true prices, however the feeds lag within their thresholds, at once or later", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { bob } = f.world.signers;
    const { USDC, ALT } = f.world.tokens;
    const snapshot = await f.world.networkHelpers.takeSnapshot();
    const uniform = seededUniforms(SEED);
    for (let i = 0; i < 12; i++) {
      // The edges first, then anything between them.
      const lag = () => (i < 6 ? Math.sign(uniform() - 0.5) : 2 * uniform() - 1);
      await setFeed(f.world, "USDC", 1 + 0.0025 * lag());
      await setFeed(f.world, "ALT", START.ALT * (1 + 0.01 * lag()));
      await setFeed(f.world, "ETH", START.ETH * (1 + 0.005 * lag()));
      await setFeed(f.world, "BTC", START.BTC * (1 + 0.005 * lag()));
      const [usdcIn, altIn] = [Math.round(1 + 6_000 * uniform()), Math.round(600 * uniform())];
      const shares = await depositBasket(f, bob, usdc(usdcIn), wad(altIn));
      if (uniform() < 0.5) await later(f, 3_000);
      await exitInKind(f, bob, shares);
      const put = wad(usdcIn + altIn * START.ALT);
      const back = (await USDC.balanceOf(bob)) * 10n ** 12n + (await ALT.balanceOf(bob)) * BigInt(START.ALT);
      expect(back, `seed ${SEED}, round ${i}`).to.be.within((put * 95n) / 100n, put);
      await snapshot.restore();
    }
  });
});

describe("settings", () => {
  const bounds = [
    ["managementFee", percent(5), percent(5) + 1n],
    ["performanceFee", percent(30), percent(30) + 1n],
    ["depositWindow", percent(5), percent(5) + 1n],
    ["depositBand", percent(5), percent(5) + 1n],
    ["minCash", percent(20), percent(20) + 1n],
    ["maxWait", 14n * 86_400n, 14n * 86_400n + 1n],
    ["maxWait", 3_600n, 3_599n],
    ["maxNav", 2n ** 112n - 1n, 2n ** 112n],
  ] as const;

  for (const [name, most, beyond] of bounds) {
    it(`${name} may be ${most}, not ${beyond}`, async () => {
      const f = await fixture();
      await changeSettings(f, { [name]: most });
      expect((await f.vault.settings())[name]).to.equal(most);
      const named = f.world.ethers.encodeBytes32String(name);
      await expect(changeSettings(f, { [name]: beyond }))
        .to.be.revertedWithCustomError(f.vault, beyond > most ? "AboveCeiling" : "BelowFloor")
        .withArgs(named, beyond, most);
      await expect(vaultIn(f.world, f.oracles, undefined, { [name]: beyond })).to.be.revertedWithCustomError(
        f.vault,
        beyond > most ? "AboveCeiling" : "BelowFloor",
      );
    });
  }

  it("are the authority's alone", async () => {
    const f = await fixture();
    const vault = f.vault.connect(f.world.signers.keeper);
    await expect(changeSettings({ ...f, vault }, { managementFee: 0n })).to.be.revertedWithCustomError(
      f.vault,
      "AccessManagedUnauthorized",
    );
  });

  it("do not stop a plan from hedging on", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await later(f, DAY);
    await f.rebalancer.rebalance(await planOf(f, hedgeOrders(f).slice(1)));
  });
});
