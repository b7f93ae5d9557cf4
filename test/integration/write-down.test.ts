import { expect } from "chai";
import { vaultWithHistory } from "../support/fixture.js";
import { redeemed, withBob } from "../support/queue.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(vaultWithHistory);

describe("a write-off while claims are reserved", () => {
  it("leaves them whole: they were priced before the loss", async () => {
    const f = await fixture();
    const { USDC } = f.world.tokens;
    const { bob, stranger } = f.world.signers;
    const { bobs } = await withBob(f);
    const { claimable } = await redeemed(f, bob, bobs);
    const [idle, reserved] = [await f.vault.idle(USDC), await f.vault.reserved()];
    expect(claimable).to.be.greaterThan(0n);
    expect(reserved).to.be.within(claimable, claimable + 1n);

    // The token takes a tenth of what is idle out of the vault's balance.
    const vault = await f.vault.getAddress();
    await f.world.networkHelpers.impersonateAccount(vault);
    await f.world.networkHelpers.setBalance(vault, 10n ** 18n);
    await USDC.connect(await f.world.ethers.getSigner(vault)).transfer(stranger, idle / 10n);
    const held = await USDC.balanceOf(vault);

    await f.vault.connect(stranger).sync();
    expect(await f.vault.idle(USDC)).to.equal(held - reserved);
    expect(await f.vault.reserved()).to.equal(reserved);
    await f.vault.connect(bob).withdraw(claimable, bob, bob);
    expect(await USDC.balanceOf(bob)).to.equal(claimable);
    expect(await USDC.balanceOf(vault)).to.equal((await f.vault.idle(USDC)) + (await f.vault.reserved()));
  });
});
