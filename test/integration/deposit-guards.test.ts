import { expect } from "chai";
import { percent } from "../../scripts/deploy/parameters.js";
import { fund, setFeed } from "../../scripts/devnet/world.js";
import { changeSettings, depositBasket, hedgedPosition, refreshFeeds, relative } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";

const FOREVER = 2n ** 63n;
const MODE = { Normal: 0, NoDeposit: 1, ReduceOnly: 2, Closed: 3 };
const fixture = reusable(vaultWithHistory);

/** Bob with what he needs, allowed to the vault. */
async function bobWith(f: Fixture, usdcAmount: bigint, altAmount: bigint) {
  const { USDC, ALT } = f.world.tokens;
  const { bob } = f.world.signers;
  await fund(f.world, bob.address, { USDC: usdcAmount, ALT: altAmount });
  await USDC.connect(bob).approve(f.vault, usdcAmount);
  await ALT.connect(bob).approve(f.vault, altAmount);
  const deposit = (token: typeof USDC | typeof ALT, amount: bigint) =>
    f.vault.connect(bob)["deposit(address,uint256,uint256,address,uint256)"](token, amount, 0n, bob, FOREVER);
  return { bob, USDC, ALT, deposit };
}

/** Tokens in the vault and no position, so that only feeds move the NAV: 100,000 USDC and 10,000 ALT, $200,000. */
async function idleVault(f: Fixture): Promise<void> {
  await depositBasket(f, f.world.signers.alice, usdc(100_000), wad(10_000));
}

async function mockLeg(f: Fixture) {
  const leg = await f.world.ethers.deployContract("MockLeg", [await f.vault.getAddress()]);
  await f.vault.addLeg(leg);
  return leg;
}

describe("deposit guards", () => {
  describe("the window", () => {
    it("lets in 5% of the NAV of each asset at once, and says what is left to who wants more", async () => {
      const f = await fixture();
      await idleVault(f);
      const { deposit, USDC, ALT } = await bobWith(f, usdc(20_000), wad(2_000));
      expect(await f.vault.depositRoom(USDC)).to.equal(wad(10_000));
      await expect(deposit(USDC, usdc(10_000) + 1n))
        .to.be.revertedWithCustomError(f.vault, "DepositWindowSpent")
        .withArgs(USDC, wad(10_000) + 10n ** 12n, wad(10_000));
      await deposit(USDC, usdc(10_000));
      // Of 210,000 now, less the 10,000 that have drained by a second or two.
      const left = await f.vault.depositRoom(USDC);
      expect(left).to.be.within(wad(500), wad(510));
      await expect(deposit(USDC, usdc(1_000))).to.be.revertedWithCustomError(f.vault, "DepositWindowSpent");
      expect(await f.vault.depositRoom(ALT)).to.equal(wad(10_500));
      await deposit(ALT, wad(1_050));
    });

    it("opens again linearly within an hour", async () => {
      const f = await fixture();
      await idleVault(f);
      const { deposit, USDC } = await bobWith(f, usdc(30_000), 0n);
      await deposit(USDC, usdc(10_000));
      await f.world.networkHelpers.time.increase(1_800);
      // 5% of 210,000; half of it has drained of the 10,000.
      const room = await f.vault.depositRoom(USDC);
      expect(relative(room, wad(10_500 - 10_000 + 5_250))).to.be.lessThan(1e-3);
      await expect(deposit(USDC, usdc(5_800))).to.be.revertedWithCustomError(f.vault, "DepositWindowSpent");
      await deposit(USDC, usdc(5_700));
    });

    it("counts an asset twice that stands twice in a basket", async () => {
      const f = await fixture();
      await idleVault(f);
      const { bob, USDC } = await bobWith(f, usdc(20_000), 0n);
      const twice = (amount: bigint) =>
        f.vault.connect(bob).depositBasket([USDC, USDC], [amount, amount], 0n, bob, FOREVER);
      await expect(twice(usdc(6_000)))
        .to.be.revertedWithCustomError(f.vault, "DepositWindowSpent")
        .withArgs(USDC, wad(6_000), wad(4_000));
      const preview = await f.vault.previewDepositBasket([USDC, USDC], [usdc(4_000), usdc(4_000)]);
      expect(preview).to.equal(await f.vault.previewDepositBasket([USDC], [usdc(8_000)]));
      await twice(usdc(4_000));
      expect(await USDC.balanceOf(bob)).to.equal(usdc(12_000));
      expect(await f.vault.balanceOf(bob)).to.equal(preview);
      await expect(twice(usdc(1_300))).to.be.revertedWithCustomError(f.vault, "DepositWindowSpent");
    });

    it("is not asked of who fills an empty vault, and a cent of somebody else's does not lock him out", async () => {
      const f = await fixture();
      const { USDC } = f.world.tokens;
      expect(await f.vault.depositRoom(USDC)).to.equal((await f.vault.settings()).maxNav);
      await depositBasket(f, f.world.signers.stranger, usdc("0.01"), 0n);
      const { deposit } = await bobWith(f, usdc(10_000), 0n);
      expect(await f.vault.depositRoom(USDC)).to.equal(wad(5_000));
      await expect(deposit(USDC, usdc(5_001))).to.be.revertedWithCustomError(f.vault, "DepositWindowSpent");
      await deposit(USDC, usdc(5_000));
    });

    it("bounds what a jump that the feed reports late can take from the others", async () => {
      const f = await fixture();
      await idleVault(f);
      const { bob, deposit, ALT } = await bobWith(f, 0n, wad(100_000));
      const [before] = await f.vault.nav();
      const supply = await f.vault.totalSupply();
      // ALT is worth half of what its feed says. Bob brings all that he may, for three minutes.
      for (let minute = 0; minute < 4; minute++) {
        const room = await f.vault.depositRoom(ALT);
        await deposit(ALT, (room * 999n) / 10_000n);
        await f.world.networkHelpers.time.increase(60);
      }
      await setFeed(f.world, "ALT", START.ALT / 2);
      const [after] = await f.vault.nav();
      const theirs = (after * supply) / (supply + (await f.vault.balanceOf(bob)));
      const withoutHim = before - wad(50_000);
      // 5% and three minutes of 5% an hour, of which half was air.
      expect(relative(theirs, withoutHim)).to.be.lessThan((0.05 * 1.05 + 0.002) / 1.5 / 2);
    });
  });

  it("takes no deposit that carries the NAV beyond its cap", async () => {
    const f = await fixture();
    await idleVault(f);
    await changeSettings(f, { maxNav: wad(205_000) });
    const { deposit, USDC } = await bobWith(f, usdc(20_000), 0n);
    expect(await f.vault.depositRoom(USDC)).to.equal(wad(5_000));
    await expect(deposit(USDC, usdc(5_000) + 1n))
      .to.be.revertedWithCustomError(f.vault, "NavCapped")
      .withArgs(wad(205_000) + 10n ** 12n, wad(205_000));
    await deposit(USDC, usdc(5_000));
    expect(await f.vault.depositRoom(USDC)).to.equal(0n);
  });

  it("waits while a leg's venue and the oracle disagree by more than the band", async () => {
    const f = await fixture();
    await idleVault(f);
    const leg = await mockLeg(f);
    const { deposit, USDC } = await bobWith(f, usdc(1_000), 0n);
    await leg.getFunction("say")(percent(1) + 1n, 0);
    expect(await f.vault.depositRoom(USDC)).to.equal(0n);
    await expect(deposit(USDC, usdc(500)))
      .to.be.revertedWithCustomError(f.vault, "PoolDisagrees")
      .withArgs(leg, percent(1) + 1n, percent(1));
    await leg.getFunction("say")(percent(1), 0);
    expect(await f.vault.depositRoom(USDC)).to.be.greaterThan(0n);
    await deposit(USDC, usdc(500));
  });

  it("has no room in any mode but Normal, with a bad price, and for what is not in the basket", async () => {
    const f = await fixture();
    await idleVault(f);
    const { deposit, USDC, ALT } = await bobWith(f, usdc(1_000), 0n);
    for (const mode of [MODE.NoDeposit, MODE.ReduceOnly]) {
      await f.vault.setMode(mode);
      expect(await f.vault.depositRoom(USDC)).to.equal(0n);
      await expect(deposit(USDC, usdc(1_000)))
        .to.be.revertedWithCustomError(f.vault, "DepositsStopped")
        .withArgs(mode);
    }
    await f.vault.setMode(MODE.Normal);
    await f.vault.setInBasket(ALT, false);
    expect(await f.vault.depositRoom(ALT)).to.equal(0n);
    expect(await f.vault.depositRoom(USDC)).to.be.greaterThan(0n);
    await f.world.networkHelpers.time.increase(2 * 3_600);
    expect(await f.vault.depositRoom(USDC)).to.equal(0n);
    await refreshFeeds(f);
    expect(await f.vault.depositRoom(USDC)).to.be.greaterThan(0n);
  });

  it("sells no shares of a vault that has lost everything", async () => {
    const f = await fixture();
    await depositBasket(f, f.world.signers.alice, usdc(100_000), 0n);
    const { bob, deposit, USDC } = await bobWith(f, usdc(1_000), 0n);
    expect(await f.vault.depositRoom(USDC)).to.equal(wad(5_000));
    // The token takes all of the vault's balance.
    const vault = await f.vault.getAddress();
    await f.world.networkHelpers.impersonateAccount(vault);
    await f.world.networkHelpers.setBalance(vault, 10n ** 18n);
    await USDC.connect(await f.world.ethers.getSigner(vault)).transfer(f.world.signers.stranger, usdc(100_000));
    await f.vault.sync();
    expect([...(await f.vault.nav())]).to.deep.equal([0n, 0n, true]);
    expect(await f.vault.depositRoom(USDC)).to.equal(0n);
    expect(await f.vault.maxDeposit(bob)).to.equal(0n);
    await expect(deposit(USDC, usdc(1_000)))
      .to.be.revertedWithCustomError(f.vault, "NoValue")
      .withArgs(0n);
  });

  it("moves no token of which nothing comes in: some revert on a transfer of zero", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { bob, USDC, ALT } = await bobWith(f, usdc(1_000), 0n);
    const deposit = f.vault.connect(bob).depositBasket([USDC, ALT], [usdc(1_000), 0n], 0n, bob, FOREVER);
    await expect(deposit).to.emit(USDC, "Transfer").and.not.to.emit(ALT, "Transfer");
    await expect(f.vault.connect(bob).depositBasket([ALT], [0n], 0n, bob, FOREVER)).to.be.revertedWithCustomError(
      f.vault,
      "ZeroAmount",
    );
  });
});
