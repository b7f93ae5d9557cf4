import { Authority__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { GUARDIAN_ROLE } from "../../scripts/deploy/roles.js";
import { depositBasket, exitInKind, hedgedPosition, refreshFeeds } from "../support/actions.js";
import { type Fixture, vaultWithHistory } from "../support/fixture.js";
import { orders, planOf, usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";

const [NORMAL, NO_DEPOSIT, REDUCE_ONLY, CLOSED] = [0n, 1n, 2n, 3n];
const ALL = [NORMAL, NO_DEPOSIT, REDUCE_ONLY, CLOSED];
const [NONE, BLOCKED, DAMAGED] = [0, 1, 2];
const fixture = reusable(vaultWithHistory);

/** Carol is the guardian. */
async function withGuardian() {
  const f = await fixture();
  const { deployer, carol } = f.world.signers;
  await Authority__factory.connect(f.deployment.accessManager, deployer).grantRole(GUARDIAN_ROLE, carol, 0);
  return { ...f, guarded: f.vault.connect(carol) };
}

/** A leg that says what its venue looks like: the real ones are driven in their own tests. */
async function mockLeg(f: Fixture) {
  const leg = await f.world.ethers.deployContract("MockLeg", [await f.vault.getAddress()]);
  await f.vault.addLeg(leg);
  return leg;
}

describe("modes", () => {
  it("are made stricter by the guardian, never looser", async () => {
    const f = await withGuardian();
    for (const [from, mode] of ALL.entries()) {
      for (const to of ALL) {
        if (to > mode) continue;
        await expect(f.guarded.tighten(to))
          .to.be.revertedWithCustomError(f.vault, "ModeOnlyTightens")
          .withArgs(mode, to);
      }
      const next = ALL[from + 1];
      if (next === undefined) break;
      await expect(f.guarded.tighten(next)).to.emit(f.vault, "ModeSet").withArgs(next, f.world.signers.carol.address);
      expect(await f.vault.mode()).to.equal(next);
    }
  });

  it("may skip steps to the right", async () => {
    const f = await withGuardian();
    await f.guarded.tighten(REDUCE_ONLY);
    expect(await f.vault.mode()).to.equal(REDUCE_ONLY);
  });

  it("are set by nobody else, and the guardian may not set them freely", async () => {
    const f = await withGuardian();
    for (const who of [f.world.signers.keeper, f.world.signers.stranger]) {
      await expect(f.vault.connect(who).tighten(NO_DEPOSIT)).to.be.revertedWithCustomError(
        f.vault,
        "AccessManagedUnauthorized",
      );
    }
    await expect(f.guarded.setMode(NO_DEPOSIT)).to.be.revertedWithCustomError(f.vault, "AccessManagedUnauthorized");
  });

  it("go both ways for the administrator, but Closed never reopens", async () => {
    const f = await withGuardian();
    for (const mode of [REDUCE_ONLY, NO_DEPOSIT, NORMAL, CLOSED]) {
      await f.vault.setMode(mode);
      expect(await f.vault.mode()).to.equal(mode);
    }
    for (const mode of ALL) {
      await expect(f.vault.setMode(mode)).to.be.revertedWithCustomError(f.vault, "ClosedForGood");
    }
  });

  for (const mode of ALL) {
    it(`let holders ask, cancel, be settled and claim in mode ${mode}`, async () => {
      const f = await fixture();
      await hedgedPosition(f);
      const { alice, keeper } = f.world.signers;
      const vault = f.vault.connect(alice);
      await vault.requestRedeem(wad(3_000), alice, alice);
      await f.vault.setMode(mode);
      await vault.requestRedeem(wad(1_000), alice, alice);
      const before = await f.vault.balanceOf(alice);
      await vault.cancelRedeemRequest(wad(2_000), alice, alice);
      expect((await f.vault.balanceOf(alice)) - before).to.equal(wad(2_000));
      await f.world.networkHelpers.time.increase(60);
      await refreshFeeds(f);
      await f.vault.connect(keeper).settle();
      expect(await f.vault.maxRedeem(alice)).to.equal(wad(2_000));
      await vault.redeem(wad(2_000), alice, alice);
      expect(await f.world.tokens.USDC.balanceOf(alice)).to.be.within(usdc(1_950), usdc(2_020));
    });

    it(`let holders leave in mode ${mode}, and plans that reduce through`, async () => {
      const f = await fixture();
      const { shares } = await hedgedPosition(f);
      const { alice } = f.world.signers;
      await f.vault.setMode(mode);
      const { liquidity } = await f.liquidity.position();
      const pool = f.deployment.legs.liquidity as string;
      await f.rebalancer.rebalance(await planOf(f, [orders.burn(pool, liquidity / 4n)]));
      await exitInKind(f, alice, shares / 2n);
      await f.world.networkHelpers.time.increase(30 * 86_400);
      await exitInKind(f, alice, shares - shares / 2n);
      expect(await f.vault.totalSupply()).to.equal(0n);
      expect(await f.world.tokens.USDC.balanceOf(alice)).to.be.greaterThan(usdc(90_000));
    });
  }
});

describe("sync", () => {
  it("finds nothing in healthy legs", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await f.vault.connect(f.world.signers.stranger).sync();
    expect(await f.vault.mode()).to.equal(NORMAL);
    expect(await f.vault.queryFilter(f.vault.filters.LegImpaired)).to.deep.equal([]);
  });

  it("stops deposits for a blocked leg and leaves reductions for a damaged one, whoever asks", async () => {
    const f = await fixture();
    const leg = await mockLeg(f);
    const anyone = f.vault.connect(f.world.signers.stranger);
    for (const [found, mode] of [
      [NONE, NORMAL],
      [BLOCKED, NO_DEPOSIT],
      [DAMAGED, REDUCE_ONLY],
    ] as const) {
      await leg.getFunction("say")(0, found);
      const sent = anyone.sync();
      if (found !== NONE) await expect(sent).to.emit(f.vault, "LegImpaired").withArgs(leg, found);
      await (await sent).wait();
      expect(await f.vault.mode()).to.equal(mode);
    }
    await expect(depositBasket(f, f.world.signers.alice, usdc(1), 0n)).to.be.revertedWithCustomError(
      f.vault,
      "DepositsStopped",
    );
  });

  it("goes by the worst of several legs, in whatever order they stand", async () => {
    for (const found of [
      [DAMAGED, BLOCKED],
      [BLOCKED, DAMAGED],
    ] as const) {
      const f = await fixture();
      for (const one of found) await (await mockLeg(f)).getFunction("say")(0, one);
      await f.vault.sync();
      expect(await f.vault.mode()).to.equal(REDUCE_ONLY);
    }
  });

  it("never makes the vault looser", async () => {
    const f = await fixture();
    const leg = await mockLeg(f);
    for (const mode of [NO_DEPOSIT, REDUCE_ONLY, CLOSED]) {
      await f.vault.setMode(mode);
      for (const found of [NONE, BLOCKED]) {
        await leg.getFunction("say")(0, found);
        await f.vault.sync();
        expect(await f.vault.mode()).to.equal(mode);
      }
    }
    await leg.getFunction("say")(0, DAMAGED);
    await f.vault.sync();
    expect(await f.vault.mode()).to.equal(CLOSED);
  });

  it("lets the administrator open again, and closes again while the leg still says so", async () => {
    const f = await fixture();
    const leg = await mockLeg(f);
    await leg.getFunction("say")(0, BLOCKED);
    await f.vault.sync();
    await f.vault.setMode(NORMAL);
    await f.vault.sync();
    expect(await f.vault.mode()).to.equal(NO_DEPOSIT);
  });
});
