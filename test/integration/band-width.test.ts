import { expect } from "chai";
import { fund, movePool } from "../../scripts/devnet/world.js";
import { type AaveFixture, freeAaveVault, report, shortPosition } from "../support/aave.js";
import { exitInKind, relative } from "../support/actions.js";
import { START } from "../support/fixture.js";
import { usdc } from "../support/orders.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(freeAaveVault);
const MAX_WAIT = 3 * 86_400;

/** Whoever has the tokens moves the pools in which the hedge is traded, and back. */
async function push(f: AaveFixture, factor: number): Promise<void> {
  await movePool(f.world, "wethUsdc", START.ETH * factor);
  await movePool(f.world, "wbtcUsdc", START.BTC * factor);
}

/** Alice holds a hedged vault, and Bob a tenth of it. */
async function withBob(): Promise<AaveFixture & { bobs: bigint }> {
  const f = await fixture();
  const bobs = (await shortPosition(f)) / 10n;
  await push(f, 1);
  await f.vault.connect(f.world.signers.alice).transfer(f.world.signers.bob, bobs);
  return { ...f, bobs };
}

describe("a market of the hedge that somebody pushes", () => {
  it("takes nothing from those who leave by the queue: the settlement waits", async () => {
    const f = await withBob();
    const { bob, stranger } = f.world.signers;
    await f.vault.connect(bob).requestRedeem(f.bobs, bob, bob);
    await f.world.networkHelpers.time.increase(MAX_WAIT + 60);
    await report(f.world);
    const snapshot = await f.world.networkHelpers.takeSnapshot();
    await f.vault.connect(stranger).settle();
    const fair = await f.vault.maxWithdraw(bob);
    await snapshot.restore();
    for (const factor of [0.7, 1.5, 3]) {
      await push(f, factor);
      await expect(f.vault.connect(stranger).settle()).to.be.revertedWithCustomError(f.vault, "BandTooWide");
    }
    await push(f, 1);
    await f.vault.connect(stranger).settle();
    expect(relative(await f.vault.maxWithdraw(bob), fair)).to.be.lessThan(0.001);
  });

  it("costs a leaver no more than the widest band", async () => {
    const f = await withBob();
    const { bob, stranger } = f.world.signers;
    await f.vault.connect(bob).requestRedeem(f.bobs, bob, bob);
    await f.world.networkHelpers.time.increase(MAX_WAIT + 60);
    await report(f.world);
    await push(f, 1.1);
    const [nav, half] = await f.vault.nav();
    expect(half * 100n).to.be.greaterThan(2n * nav);
    const value = (nav * f.bobs) / (await f.vault.totalSupply());
    await f.vault.connect(stranger).settle();
    expect((await f.vault.maxWithdraw(bob)) * 10n ** 12n * 1_000n).to.be.greaterThan(value * 969n);
  });

  it("does not keep anybody from leaving in kind", async () => {
    const f = await withBob();
    const { bob } = f.world.signers;
    await f.vault.connect(bob).requestRedeem(f.bobs, bob, bob);
    await push(f, 1.5);
    await expect(exitInKind(f, bob, f.bobs)).to.emit(f.vault, "ExitInKind");
  });

  it("takes nothing from a depositor who named no least number of shares: deposits wait", async () => {
    const f = await withBob();
    await report(f.world);
    const { carol } = f.world.signers;
    const { USDC } = f.world.tokens;
    await fund(f.world, carol.address, { USDC: usdc(4_000) });
    await USDC.connect(carol).approve(f.vault, usdc(4_000));
    const deposit = f.vault.connect(carol)["deposit(uint256,address)"];
    await f.world.networkHelpers.time.increase(3_600);
    await report(f.world);
    const fair = await deposit.staticCall(usdc(4_000), carol);
    await push(f, 2);
    await expect(deposit(usdc(4_000), carol)).to.be.revertedWithCustomError(f.vault, "BandTooWide");
    expect(await f.vault.maxDeposit(carol)).to.equal(0n);
    await push(f, 1);
    expect(await f.vault.maxDeposit(carol)).to.be.greaterThan(usdc(4_000));
    expect(relative(await deposit.staticCall(usdc(4_000), carol), fair)).to.be.lessThan(0.001);
  });
});
