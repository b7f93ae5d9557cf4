import { expect } from "chai";
import { movePool, setFeed } from "../../scripts/devnet/world.js";
import {
  balancesOf,
  depositBasket,
  exitInKind,
  navPerShareAround,
  refreshFeeds,
  relative,
  zeros,
} from "../support/actions.js";
import { START, vaultWithHistory } from "../support/fixture.js";
import { orders, planOf, usdc, wad } from "../support/orders.js";
import { newRounds, redeemed, request, settle, withBob } from "../support/queue.js";
import { reusable } from "../support/reusable.js";

const FOREVER = 2n ** 63n;
const DAY = 86_400;
const fixture = reusable(vaultWithHistory);

describe("the redemption queue", () => {
  it("pays a request at the low side of the band, from a round that is newer than it", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    const { bob } = f.world.signers;
    await request(f, bob, bobs);
    expect(await f.vault.balanceOf(bob)).to.equal(0n);
    expect(await f.vault.balanceOf(f.vault)).to.equal(bobs);
    await newRounds(f);
    const supply = await f.vault.totalSupply();
    const done = await settle(f);
    const virtual = await f.vault.VIRTUAL();
    const value = (bobs * (done.nav - done.half + virtual)) / (supply + virtual);
    expect(done.shares).to.equal(bobs);
    expect(done.assets).to.equal(value / 10n ** 12n);
    expect(await f.vault.totalSupply()).to.equal(supply - bobs);
    expect(await f.vault.reserved()).to.equal(done.assets);

    expect(await f.vault.claimableRedeemRequest(0, bob)).to.equal(bobs);
    const claimable = await f.vault.maxWithdraw(bob);
    expect(done.assets - claimable).to.be.within(0n, 1n);
    await expect(f.vault.connect(bob).redeem(bobs, bob, bob))
      .to.emit(f.vault, "Withdraw")
      .withArgs(bob.address, bob.address, bob.address, claimable, bobs);
    expect(await f.world.tokens.USDC.balanceOf(bob)).to.equal(claimable);
    expect(await f.vault.reserved()).to.equal(done.assets - claimable);
    expect([...(await f.vault.waiting())]).to.deep.equal([0n, 0n]);
  });

  it("waits while a pool contradicts the oracle: a feed that is late with a jump pays nobody", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    const { bob } = f.world.signers;
    await request(f, bob, bobs);
    await newRounds(f);
    await movePool(f.world, "altUsdc", 9);
    await expect(settle(f)).to.be.revertedWithCustomError(f.vault, "PoolDisagrees");
    await movePool(f.world, "altUsdc", 10);
    expect((await settle(f)).shares).to.equal(bobs);
  });

  it("costs those who stay nothing", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    await request(f, f.world.signers.bob, bobs);
    await newRounds(f);
    const { before, after } = await navPerShareAround(f, () => f.vault.connect(f.world.signers.keeper).settle());
    expect(after).to.be.at.least(before);
  });

  it("waits until every material feed has a newer round, and asks for no other", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    const { bob } = f.world.signers;
    await newRounds(f);
    await request(f, bob, bobs);
    expect((await settle(f)).shares).to.equal(0n);
    for (const asset of ["ETH", "BTC", "ALT"] as const) await setFeed(f.world, asset, START[asset]);
    const waits = await settle(f);
    expect([waits.shares, waits.stillDue, waits.stillWaiting]).to.deep.equal([0n, 0n, bobs]);
    await setFeed(f.world, "USDC", START.USDC);
    expect((await settle(f)).shares).to.equal(bobs);
  });

  it("does not wait for a feed that the vault has no exposure to", async () => {
    const f = await fixture();
    const { bob } = f.world.signers;
    const bobs = await depositBasket(f, bob, usdc(5_000), 0n);
    await request(f, bob, bobs);
    await setFeed(f.world, "USDC", START.USDC);
    expect((await settle(f)).shares).to.equal(bobs);
  });

  it("fills in part, leaves the cash that margin needs, and the rest waits and shares losses", async () => {
    const f = await fixture();
    const { alices } = await withBob(f);
    const { alice, bob } = f.world.signers;
    const first = await redeemed(f, alice, alices);
    expect(first.shares).to.be.greaterThan(0n);
    expect(first.stillDue).to.equal(alices - first.shares);
    const { minCash } = await f.vault.settings();
    const kept = (await f.vault.idle(f.world.tokens.USDC)) * 10n ** 12n;
    const least = ((first.nav - first.assets * 10n ** 12n) * minCash) / wad(1);
    expect(kept).to.be.at.least(least);
    expect(kept - least).to.be.lessThan(10n ** 13n);
    const crumb = await settle(f);
    expect(crumb.assets).to.be.lessThan(1_000n);

    await setFeed(f.world, "ALT", 9);
    await movePool(f.world, "altUsdc", 9);
    // Until the pool's average has followed.
    await f.world.networkHelpers.time.increase(900);
    await depositBasket(f, bob, usdc(4_000), 0n);
    const second = await settle(f);
    expect(second.assets).to.be.greaterThan(usdc(3_000));
    const price = (done: { shares: bigint; assets: bigint }) => (done.assets * wad(1)) / done.shares;
    // 5,000 ALT in a NAV of 150,000 lost a tenth.
    expect(Number(price(second)) / Number(price(first))).to.be.lessThan(0.98);
    const sum = first.assets + crumb.assets + second.assets;
    expect(sum - (await f.vault.maxWithdraw(alice))).to.be.within(0n, 3n);
  });

  it("is open to the keeper at any time and to strangers after the longest wait, whatever the authority does", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    const { bob, stranger, deployer, keeper } = f.world.signers;
    const early = () =>
      expect(f.vault.connect(stranger).settle()).to.be.revertedWithCustomError(f.vault, "SettleTooEarly");
    await early();
    await request(f, bob, bobs);
    await newRounds(f);
    await early();
    const { Authority__factory } = await import("@crosshedge/sdk/contracts");
    const authority = Authority__factory.connect(f.oracles.accessManager, deployer);
    await authority.revokeRole(1n, keeper);
    await expect(settle(f)).to.be.revertedWithCustomError(f.vault, "SettleTooEarly");
    for (const target of [f.vault, f.rebalancer]) await authority.setTargetClosed(target, true);
    await f.world.networkHelpers.time.increase(3 * DAY);
    await refreshFeeds(f);
    expect((await settle(f, stranger)).shares).to.equal(bobs);
    await f.vault.connect(bob).redeem(bobs, bob, bob);
    await early();
  });

  it("gives back what waits, and no more", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    const { bob, carol, stranger } = f.world.signers;
    await request(f, bob, bobs);
    const vault = f.vault.connect(bob);
    await expect(vault.cancelRedeemRequest(bobs + 1n, bob, bob))
      .to.be.revertedWithCustomError(f.vault, "NotEnoughWaiting")
      .withArgs(bobs + 1n, bobs);
    await expect(f.vault.connect(stranger).cancelRedeemRequest(1n, stranger, bob)).to.be.revertedWithCustomError(
      f.vault,
      "NotController",
    );
    await expect(vault.cancelRedeemRequest(bobs / 4n, carol, bob))
      .to.emit(f.vault, "RedeemRequestCancelled")
      .withArgs(bob.address, carol.address, bob.address, bobs / 4n);
    expect(await f.vault.balanceOf(carol)).to.equal(bobs / 4n);
    await newRounds(f);
    const { shares } = await settle(f);
    expect(shares).to.equal(bobs - bobs / 4n);
    await expect(vault.cancelRedeemRequest(1n, bob, bob)).to.be.revertedWithCustomError(f.vault, "NotEnoughWaiting");
  });

  it("counts what waits as the leaver's own in an exit in kind, and nobody else's to take", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    const { bob, carol } = f.world.signers;
    await request(f, bob, bobs / 2n);
    await f.vault.connect(bob).approve(carol, bobs);
    await expect(
      f.vault.connect(carol).exitInKind(bobs, carol, bob, await zeros(f), [], FOREVER),
    ).to.be.revertedWithCustomError(f.vault, "ERC20InsufficientBalance");
    await exitInKind(f, bob, bobs);
    expect(await f.vault.pendingRedeemRequest(0, bob)).to.equal(0n);
    expect((await f.vault.waiting()).shares).to.equal(0n);
    expect((await balancesOf(f, bob.address))[0]).to.be.greaterThan(0n);
    await request(f, f.world.signers.alice, wad(100));
    await expect(exitInKind(f, bob, 1n)).to.be.revertedWithCustomError(f.vault, "NotEnoughWaiting");
  });

  it("keeps what is reserved from exits, plans and bounties", async () => {
    const f = await fixture();
    const { alices, bobs } = await withBob(f);
    const { alice, bob, deployer } = f.world.signers;
    const { USDC } = f.world.tokens;
    const [before] = await f.vault.nav();
    const { assets, claimable } = await redeemed(f, bob, bobs);
    expect(relative((await f.vault.nav()).mid, before - assets * 10n ** 12n)).to.be.lessThan(1e-6);
    const idle = await f.vault.idle(USDC);
    expect(await USDC.balanceOf(f.vault)).to.equal(idle + assets);

    const margin = orders.margin(f.deployment.legs.perp as string, idle + 1n);
    await expect(f.rebalancer.rebalance(await planOf(f, [margin]))).to.be.revert(f.world.ethers);

    const greedy = await f.world.ethers.deployContract("MockListener");
    await f.vault.connect(deployer).setRebalancer(greedy);
    const self = await greedy.getAddress();
    const steps = [
      f.vault.interface.encodeFunctionData("beginRebalance"),
      f.vault.interface.encodeFunctionData("payBounty", [self, idle + assets]),
      f.vault.interface.encodeFunctionData("endRebalance", [0n, { mid: [], half: [], ok: false }]),
    ];
    const snapshot = await f.world.networkHelpers.takeSnapshot();
    await greedy.getFunction("prepare")(steps.map((data) => ({ target: f.deployment.vault, data })));
    await greedy.getFunction("act")();
    expect(await USDC.balanceOf(greedy)).to.equal(idle);
    await snapshot.restore();

    await exitInKind(f, alice, alices);
    expect(await f.vault.totalSupply()).to.equal(0n);
    expect(await USDC.balanceOf(f.vault)).to.equal(assets);
    await f.vault.connect(bob).withdraw(claimable, bob, bob);
    expect(await USDC.balanceOf(bob)).to.equal(claimable);
  });

  it("waits unpriced while the stable stands at 0.88, and pays what was settled before", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    const { bob } = f.world.signers;
    const { claimable } = await redeemed(f, bob, bobs / 2n);
    await setFeed(f.world, "USDC", 0.88);
    await request(f, bob, bobs - bobs / 2n);
    await newRounds(f);
    await expect(settle(f)).to.be.revertedWithCustomError(f.vault, "BadPrice");
    const [mid, half, ok] = await f.vault.nav();
    expect(ok).to.equal(false);
    expect(mid).to.be.greaterThan(wad(100_000));
    expect(half).to.be.greaterThan(0n);
    await f.vault.connect(bob).redeem(bobs / 2n, bob, bob);
    expect(await f.world.tokens.USDC.balanceOf(bob)).to.equal(claimable);
    await setFeed(f.world, "USDC", 1);
    await newRounds(f);
    expect((await settle(f)).shares).to.equal(bobs - bobs / 2n);
  });

  it("works to the end in a closed vault", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    const { bob, deployer } = f.world.signers;
    await f.vault.connect(deployer).setMode(3);
    const { shares, claimable } = await redeemed(f, bob, bobs);
    expect(shares).to.equal(bobs);
    await f.vault.connect(bob).redeem(bobs, bob, bob);
    expect(await f.world.tokens.USDC.balanceOf(bob)).to.equal(claimable);
  });

  it("pays nobody out of a vault that is worth less than its band", async () => {
    const f = await fixture();
    const { bob } = f.world.signers;
    await request(f, bob, await depositBasket(f, bob, usdc(1_000), 0n));
    await newRounds(f);
    const { vault } = f.deployment;
    // Whoever may settle: an empty vault has nothing to price with.
    await f.vault.connect(bob).cancelRedeemRequest((await f.vault.waiting()).shares, bob, bob);
    await exitInKind(f, bob, await f.vault.balanceOf(bob));
    expect(await f.world.tokens.USDC.balanceOf(vault)).to.equal(0n);
    await expect(settle(f)).to.be.revertedWithCustomError(f.vault, "NoValue").withArgs(0n);
  });
});
