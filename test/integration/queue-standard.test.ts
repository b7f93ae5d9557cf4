import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { fund, setFeed } from "../../scripts/devnet/world.js";
import { depositBasket, refreshFeeds, relative } from "../support/actions.js";
import { vaultWithHistory } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { newRounds, redeemed, request, settle, withBob } from "../support/queue.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(vaultWithHistory);
const DEPOSIT = "deposit(uint256,address)";

describe("ERC-7540, ERC-7575 and ERC-4626", () => {
  it("names the interfaces that it has", async () => {
    const f = await fixture();
    const { interface: abi } = f.vault;
    const idOf = (names: string[]) =>
      `0x${names
        .reduce((sum, name) => sum ^ BigInt(abi.getFunction(name as "asset")?.selector as string), 0n)
        .toString(16)
        .padStart(8, "0")}`;
    const operators = idOf(["setOperator", "isOperator"]);
    const redemption = idOf(["requestRedeem", "pendingRedeemRequest", "claimableRedeemRequest"]);
    expect([operators, redemption]).to.deep.equal(["0xe3bc4e65", "0x620ee8e4"]);
    const erc7575 = ["asset", "share", "convertToShares", "convertToAssets", "totalAssets", "maxDeposit"];
    erc7575.push("previewDeposit", DEPOSIT, "maxMint", "previewMint", "mint", "maxWithdraw", "previewWithdraw");
    erc7575.push("withdraw", "maxRedeem", "previewRedeem", "redeem");
    expect(idOf(erc7575)).to.equal("0x2f0a18c5");
    expect(idOf(["vault"])).to.equal("0xf815c03d");
    for (const id of ["0x01ffc9a7", operators, redemption, "0x2f0a18c5", "0xf815c03d"]) {
      expect(await f.vault.supportsInterface(id)).to.equal(true);
    }
    // Deposits are not asynchronous.
    for (const id of ["0xce3bbe50", "0xffffffff"]) expect(await f.vault.supportsInterface(id)).to.equal(false);
  });

  it("is its own share, over the settlement token", async () => {
    const f = await fixture();
    const { USDC, ALT } = f.world.tokens;
    expect(await f.vault.asset()).to.equal(await USDC.getAddress());
    expect(await f.vault.share()).to.equal(f.deployment.vault);
    expect(await f.vault.vault(USDC)).to.equal(f.deployment.vault);
    expect(await f.vault.vault(ALT)).to.equal(ZeroAddress);
  });

  it("takes requests from the owner, an operator, and whoever has an allowance, which it spends", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    const { bob, carol, stranger } = f.world.signers;
    const vault = f.vault.connect(carol);
    await expect(vault.requestRedeem(1n, carol, bob)).to.be.revertedWithCustomError(
      f.vault,
      "ERC20InsufficientAllowance",
    );
    await f.vault.connect(bob).approve(carol, 100n);
    await expect(vault.requestRedeem(60n, stranger, bob))
      .to.emit(f.vault, "RedeemRequest")
      .withArgs(stranger.address, bob.address, 0n, carol.address, 60n);
    expect(await f.vault.allowance(bob, carol)).to.equal(40n);
    expect(await f.vault.pendingRedeemRequest(0, stranger)).to.equal(60n);

    await expect(f.vault.connect(bob).setOperator(carol, true))
      .to.emit(f.vault, "OperatorSet")
      .withArgs(bob.address, carol.address, true);
    expect(await f.vault.isOperator(bob, carol)).to.equal(true);
    await vault.requestRedeem(bobs - 60n, bob, bob);
    expect(await f.vault.allowance(bob, carol)).to.equal(40n);
    await newRounds(f);
    await settle(f);
    await newRounds(f);
    await settle(f);
    await vault.redeem(bobs - 60n, carol, bob);
    expect(await f.world.tokens.USDC.balanceOf(carol)).to.be.greaterThan(usdc(4_900));
    await f.vault.connect(bob).setOperator(carol, false);
    await expect(vault.cancelRedeemRequest(0n, carol, bob)).to.be.revertedWithCustomError(f.vault, "NotController");
    for (const bad of [f.vault.connect(bob).requestRedeem(0n, bob, bob), f.vault.connect(bob).redeem(1n, bob, bob)]) {
      await expect(bad).to.be.revert(f.world.ethers);
    }
  });

  it("lets nobody claim for another, nor more than was filled, and rounds shares of a withdrawal up", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    const { bob, stranger } = f.world.signers;
    const { claimable: assets } = await redeemed(f, bob, bobs);
    for (const claim of ["redeem", "withdraw"] as const) {
      await expect(f.vault.connect(stranger)[claim](1n, stranger, bob)).to.be.revertedWithCustomError(
        f.vault,
        "NotController",
      );
      for (const amount of [0n, bobs + 1n]) {
        await expect(f.vault.connect(bob)[claim](amount, bob, bob)).to.be.revertedWithCustomError(
          f.vault,
          "NotEnoughClaimable",
        );
      }
    }
    const third = (assets - 1n) / 3n;
    await f.vault.connect(bob).withdraw(third, bob, bob);
    expect(await f.vault.maxWithdraw(bob)).to.equal(assets - third);
    expect(await f.vault.maxRedeem(bob)).to.equal(bobs - (bobs * third + assets - 1n) / assets);
    const left = await f.vault.maxRedeem(bob);
    const half = await f.vault.connect(bob).redeem.staticCall(left / 2n, bob, bob);
    expect(half).to.equal(((assets - third) * (left / 2n)) / left);
    await f.vault.connect(bob).redeem(left / 2n, bob, bob);
    await f.vault.connect(bob).redeem(await f.vault.maxRedeem(bob), bob, bob);
    expect(await f.world.tokens.USDC.balanceOf(bob)).to.equal(assets);
    expect(await f.vault.reserved()).to.be.lessThan(2n);
  });

  it("previews deposits and mints as they are carried out, spread included", async () => {
    const f = await fixture();
    await withBob(f);
    const { carol } = f.world.signers;
    const { USDC } = f.world.tokens;
    await f.world.networkHelpers.time.increase(3_600);
    await refreshFeeds(f);
    await fund(f.world, carol.address, { USDC: usdc(6_000) });
    await USDC.connect(carol).approve(f.vault, usdc(6_000));
    const vault = f.vault.connect(carol);
    const shares = await f.vault.previewDeposit(usdc(1_000));
    expect(await vault[DEPOSIT].staticCall(usdc(1_000), carol)).to.equal(shares);
    expect(shares).to.be.lessThan(await f.vault.convertToShares(usdc(1_000)));
    await expect(vault[DEPOSIT](usdc(1_000), carol)).to.emit(f.vault, "Deposit");
    expect(relative(await f.vault.balanceOf(carol), shares)).to.be.lessThan(1e-7);

    const wanted = wad("1234.567890123456789");
    const assets = await f.vault.previewMint(wanted);
    expect(await vault.mint.staticCall(wanted, carol)).to.equal(assets);
    expect(await f.vault.previewDeposit(assets)).to.be.at.least(wanted);
    expect(await f.vault.previewDeposit(assets - 1n)).to.be.lessThan(wanted);
    const before = [await f.vault.balanceOf(carol), await USDC.balanceOf(carol)] as const;
    await vault.mint(wanted, carol);
    expect(await f.vault.balanceOf(carol)).to.equal(before[0] + wanted);
    expect(Number(before[1] - (await USDC.balanceOf(carol)) - assets)).to.be.within(-10, 10);
    for (const preview of [f.vault.previewRedeem(1n), f.vault.previewWithdraw(1n)]) {
      await expect(preview).to.be.revertedWithCustomError(f.vault, "NoPreview");
    }
  });

  it("converts at mid NAV, back and forth, rounded down", async () => {
    const f = await fixture();
    await withBob(f);
    const [mid] = await f.vault.nav();
    const [supply, virtual] = [await f.vault.totalSupply(), await f.vault.VIRTUAL()];
    expect(await f.vault.totalAssets()).to.equal((supply * (mid + virtual)) / (supply + virtual) / 10n ** 12n);
    expect(await f.vault.convertToAssets(supply)).to.equal(await f.vault.totalAssets());
    expect(await f.vault.convertToAssets(await f.vault.convertToShares(usdc(777)))).to.be.within(
      usdc(777) - 1n,
      usdc(777),
    );
    expect(await f.vault.navTimestamp()).to.equal(await f.world.networkHelpers.time.latest());
  });

  it("answers with the last good rate and takes nothing while a price is bad", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    await redeemed(f, f.world.signers.bob, bobs / 2n);
    const at = await f.world.networkHelpers.time.latest();
    const good = await f.vault.totalAssets();
    expect(await f.vault.maxDeposit(f.world.signers.carol)).to.be.greaterThan(0n);
    await setFeed(f.world, "ALT", 5);
    await setFeed(f.world, "USDC", 0.88);
    expect(relative(await f.vault.totalAssets(), good)).to.be.lessThan(1e-6);
    expect(await f.vault.convertToAssets(await f.vault.convertToShares(good))).to.be.within(good - 1n, good);
    expect(await f.vault.navTimestamp()).to.equal(at);
    expect(await f.vault.maxDeposit(f.world.signers.carol)).to.equal(0n);
    expect(await f.vault.maxMint(f.world.signers.carol)).to.equal(0n);
    await expect(f.vault.previewMint(1n)).to.be.revertedWithCustomError(f.vault, "BadPrice");
  });

  it("notes the rate after a deposit, a plan and an accrual of fees too", async () => {
    const f = await fixture();
    await withBob(f);
    const deposited = await f.world.networkHelpers.time.latest();
    const snapshot = await f.world.networkHelpers.takeSnapshot();
    await setFeed(f.world, "USDC", 0.88);
    expect(await f.vault.navTimestamp()).to.equal(deposited);
    await snapshot.restore();
    const { orders, planOf } = await import("../support/orders.js");
    const margin = orders.margin(f.deployment.legs.perp as string, usdc(100));
    await f.rebalancer.rebalance(await planOf(f, [margin]));
    const planned = await f.world.networkHelpers.time.latest();
    await setFeed(f.world, "USDC", 0.88);
    expect(await f.vault.navTimestamp()).to.equal(planned);
  });

  it("takes deposits in Normal mode alone, and up to what there is room for", async () => {
    const f = await fixture();
    await withBob(f);
    const { carol, deployer } = f.world.signers;
    await f.world.networkHelpers.time.increase(3_600);
    await refreshFeeds(f);
    const most = await f.vault.maxDeposit(carol);
    expect(most).to.equal((await f.vault.depositRoom(f.world.tokens.USDC)) / 10n ** 12n);
    expect(await f.vault.maxMint(carol)).to.equal(await f.vault.previewDeposit(most));
    await depositBasket(f, carol, (most * 999n) / 1_000n, 0n);
    await f.vault.connect(deployer).setMode(1);
    expect([await f.vault.maxDeposit(carol), await f.vault.maxMint(carol)]).to.deep.equal([0n, 0n]);
    await expect(f.vault.connect(carol)[DEPOSIT](1n, carol)).to.be.revertedWithCustomError(f.vault, "DepositsStopped");
  });

  it("keeps a controller's older shares where they were when somebody requests in his name", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    const { alice, bob } = f.world.signers;
    await request(f, bob, bobs);
    await newRounds(f);
    await f.vault.connect(alice).requestRedeem(wad(1), bob, alice);
    const { shares } = await settle(f);
    expect(shares).to.equal(bobs);
    expect(await f.vault.maxRedeem(bob)).to.equal(bobs);
    expect(await f.vault.pendingRedeemRequest(0, bob)).to.equal(wad(1));
  });
});
