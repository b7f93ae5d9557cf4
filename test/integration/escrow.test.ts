import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { exitInKind } from "../support/actions.js";
import { type Fixture, vaultWithHistory } from "../support/fixture.js";
import { wad } from "../support/orders.js";
import { newRounds, request, settle, withBob } from "../support/queue.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(vaultWithHistory);

/** What waits and what was given to the vault, by the vault's own balance; all balances make the supply. */
async function expectEscrow(f: Fixture, waiting: bigint, given: bigint): Promise<void> {
  const { alice, bob, carol } = f.world.signers;
  expect(await f.vault.balanceOf(f.vault)).to.equal(waiting + given);
  expect((await f.vault.waiting()).shares).to.equal(waiting);
  const balances = await Promise.all([alice, bob, carol, f.vault].map((holder) => f.vault.balanceOf(holder)));
  expect(balances.reduce((sum, balance) => sum + balance)).to.equal(await f.vault.totalSupply());
}

describe("shares in escrow", () => {
  it("are the vault's balance while they wait, and move as transfers", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    const { bob, carol, keeper } = f.world.signers;
    const vault = f.vault.connect(bob);
    await expectEscrow(f, 0n, 0n);
    await expect(vault.requestRedeem(bobs, bob, bob))
      .to.emit(f.vault, "Transfer")
      .withArgs(bob, f.vault, bobs);
    expect(await f.vault.balanceOf(bob)).to.equal(0n);
    await expectEscrow(f, bobs, 0n);

    const back = bobs / 3n;
    await expect(vault.cancelRedeemRequest(back, carol, bob))
      .to.emit(f.vault, "Transfer")
      .withArgs(f.vault, carol, back);
    expect(await f.vault.balanceOf(carol)).to.equal(back);
    await expectEscrow(f, bobs - back, 0n);

    await newRounds(f);
    const supply = await f.vault.totalSupply();
    await expect(f.vault.connect(keeper).settle())
      .to.emit(f.vault, "Transfer")
      .withArgs(f.vault, ZeroAddress, bobs - back);
    expect(await f.vault.totalSupply()).to.equal(supply - bobs + back);
    await expectEscrow(f, 0n, 0n);
  });

  it("are apart from shares that somebody gave to the vault, which nobody gets", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    const { alice, bob } = f.world.signers;
    await f.vault.connect(alice).transfer(f.vault, wad(7));
    await expectEscrow(f, 0n, wad(7));
    await request(f, bob, bobs);
    await expectEscrow(f, bobs, wad(7));
    await expect(f.vault.connect(bob).cancelRedeemRequest(bobs + 1n, bob, bob))
      .to.be.revertedWithCustomError(f.vault, "NotEnoughWaiting")
      .withArgs(bobs + 1n, bobs);
    await newRounds(f);
    expect((await settle(f)).shares).to.equal(bobs);
    await expectEscrow(f, 0n, wad(7));
  });

  it("come back to a leaver, who burns them", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    const { bob } = f.world.signers;
    await request(f, bob, bobs);
    await exitInKind(f, bob, bobs - 1n);
    expect(await f.vault.balanceOf(bob)).to.equal(0n);
    await expectEscrow(f, 1n, 0n);
  });

  it("are taken from nobody who has fewer, and returned to somebody", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    const { bob } = f.world.signers;
    await expect(f.vault.connect(bob).requestRedeem(bobs + 1n, bob, bob))
      .to.be.revertedWithCustomError(f.vault, "ERC20InsufficientBalance")
      .withArgs(bob, bobs, bobs + 1n);
    await request(f, bob, bobs);
    await expect(f.vault.connect(bob).cancelRedeemRequest(bobs, ZeroAddress, bob))
      .to.be.revertedWithCustomError(f.vault, "ERC20InvalidReceiver")
      .withArgs(ZeroAddress);
    await expectEscrow(f, bobs, 0n);
  });
});
