import { expect } from "chai";
import { parseUnits } from "ethers";
import { UNHEDGED_LIMITS } from "../../scripts/deploy/parameters.js";
import { fund } from "../../scripts/devnet/world.js";
import { balancesOf, depositBasket, exitInKind, navPerShareAround, relative } from "../support/actions.js";
import type { Fixture } from "../support/fixture.js";
import { orders, planOf, usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import { QUIRKS, strangePosition, vaultWithStrangeToken } from "../support/strange.js";

const fixture = reusable(() => vaultWithStrangeToken(18));

const quirk = (f: Fixture, name: keyof typeof QUIRKS) => call(f, "setQuirk", QUIRKS[name]);
const rebase = (f: Fixture, factor: string) => call(f, "setIndex", parseUnits(factor, 18));
const block = async (f: Fixture, account: string, blocked = true) => call(f, "setBlocked", account, blocked);

const strange = async (f: Fixture) =>
  f.world.ethers.getContractAt("MockStrangeToken", await f.world.tokens.ALT.getAddress());

/** A function that only the test's own token has. */
async function call(f: Fixture, name: string, ...args: unknown[]) {
  await (await strange(f)).getFunction(name)(...args);
}

/** Liquidity and hedge of Alice's, and Bob with a quarter of the vault. */
async function twoHolders(f: Fixture) {
  const { bob, alice } = f.world.signers;
  await strangePosition(f);
  await depositBasket(f, bob, usdc(25_000), wad(2_500));
  return { alice: await f.vault.balanceOf(alice), bob: await f.vault.balanceOf(bob) };
}

/** Orders that send ALT to the pool and get ALT from it. */
async function poolOrders(f: Fixture) {
  const leg = f.deployment.legs.liquidity as string;
  const { tickLower, tickUpper, liquidity } = await f.liquidity.position();
  const range = { tickLower: Number(tickLower), tickUpper: Number(tickUpper) };
  const altFirst = (await f.liquidity.token0()) === (await f.world.tokens.ALT.getAddress());
  return {
    mint: orders.mint(leg, range, liquidity / 100n),
    burn: orders.burn(leg, liquidity / 100n),
    sell: orders.swap(leg, altFirst, wad(10)),
  };
}

const tryPlan = async (f: Fixture, order: ReturnType<typeof orders.burn>) =>
  f.rebalancer.rebalance(await planOf(f, [order]));

describe("a token that charges on transfer", () => {
  it("is refused at a deposit", async () => {
    const f = await fixture();
    await quirk(f, "Fee");
    await expect(depositBasket(f, f.world.signers.alice, usdc(100), wad(10)))
      .to.be.revertedWithCustomError(f.vault, "WrongAmountReceived")
      .withArgs(f.world.tokens.ALT, wad(10), wad("9.9"));
  });

  it("that begins later: no plan sends it to the pool, and the leaver bears the charge on what he is paid", async () => {
    const f = await fixture();
    const { bob } = await twoHolders(f);
    await quirk(f, "Fee");
    const { mint, sell } = await poolOrders(f);
    // The pool's own words: M0 or M1, IIA.
    await expect(tryPlan(f, mint)).to.be.revertedWith(/^M[01]$/);
    await expect(tryPlan(f, sell)).to.be.revertedWith("IIA");
    const exit = await (await exitInKind(f, f.world.signers.bob, bob)).wait();
    const [event] = await f.vault.queryFilter(f.vault.filters.ExitInKind, exit?.blockNumber);
    const [, alt] = await balancesOf(f, f.world.signers.bob.address);
    const due = event?.args.amounts[1] as bigint;
    expect(alt).to.equal(due - due / 100n);
  });

  it("that begins later: what the vault was charged is written off by anybody, and every holder leaves", async () => {
    const f = await fixture();
    const { alice, bob } = await twoHolders(f);
    const { ALT } = f.world.tokens;
    await quirk(f, "Fee");
    const { liquidity } = await f.liquidity.position();
    await tryPlan(f, orders.burn(f.deployment.legs.liquidity as string, liquidity));
    const short = (await f.vault.idle(ALT)) - (await ALT.balanceOf(f.vault));
    expect(short).to.be.greaterThan(0n);
    await f.vault.connect(f.world.signers.stranger).sync();
    expect(await f.vault.idle(ALT)).to.equal(await ALT.balanceOf(f.vault));
    await exitInKind(f, f.world.signers.alice, alice);
    await exitInKind(f, f.world.signers.bob, bob);
    expect(await f.vault.totalSupply()).to.equal(0n);
  });

  it("that begins later: without a keeper to burn first, a large holder leaves in parts", async () => {
    const f = await fixture();
    await strangePosition(f);
    const { alice } = f.world.signers;
    const shares = await f.vault.balanceOf(alice);
    await quirk(f, "Fee");
    await expect(exitInKind(f, alice, shares)).to.be.revertedWithCustomError(
      f.world.tokens.ALT,
      "ERC20InsufficientBalance",
    );
    for (const part of [2n, 4n, 8n]) {
      await exitInKind(f, alice, shares / part);
      await f.vault.sync();
    }
    expect(await f.vault.balanceOf(alice)).to.be.lessThan(shares / 7n);
  });
});

describe("a token that rebases", () => {
  it("up: what appears belongs to nobody, and moves no price", async () => {
    const f = await fixture();
    await twoHolders(f);
    const { before, after } = await navPerShareAround(f, () => rebase(f, "1.25"));
    expect(after).to.equal(before);
    const idle = await f.vault.idle(f.world.tokens.ALT);
    await f.vault.sync();
    expect(await f.vault.idle(f.world.tokens.ALT)).to.equal(idle);
  });

  it("down: anybody writes it off, so that it is everybody's loss and not the last leaver's", async () => {
    const f = await fixture();
    const { ALT } = f.world.tokens;
    const { alice, bob, stranger } = f.world.signers;
    // Nothing in the pool: the loss is the vault's own.
    await depositBasket(f, alice, usdc(30_000), wad(6_000));
    await depositBasket(f, bob, usdc(10_000), wad(2_000));
    await rebase(f, "0.75");
    await expect(f.vault.connect(stranger).sync())
      .to.emit(f.vault, "WrittenDown")
      .withArgs(ALT, wad(8_000), wad(6_000));
    expect((await f.vault.nav()).mid).to.equal(wad(100_000));
    await exitInKind(f, alice, await f.vault.balanceOf(alice));
    await exitInKind(f, bob, await f.vault.balanceOf(bob));
    // Three quarters of the deposit each, but for the spread between the first depositor and the second.
    expect(relative((await balancesOf(f, alice.address))[1] as bigint, wad(4_500))).to.be.lessThan(0.02);
    expect(relative((await balancesOf(f, bob.address))[1] as bigint, wad(1_500))).to.be.lessThan(0.02);
    expect(await f.vault.totalSupply()).to.equal(0n);
  });

  it("down: without that the last holder is stuck, and the write-off frees him", async () => {
    const f = await fixture();
    const { alice, bob } = f.world.signers;
    await depositBasket(f, alice, 0n, wad(6_000));
    await depositBasket(f, bob, 0n, wad(2_000));
    await rebase(f, "0.8");
    await exitInKind(f, alice, await f.vault.balanceOf(alice));
    await expect(exitInKind(f, bob, await f.vault.balanceOf(bob))).to.be.revertedWithCustomError(
      f.world.tokens.ALT,
      "ERC20InsufficientBalance",
    );
    await f.vault.sync();
    await exitInKind(f, bob, await f.vault.balanceOf(bob));
    expect(await f.world.tokens.ALT.balanceOf(f.vault)).to.equal(0n);
  });

  it("is left alone by the write-off where its balance cannot be read", async () => {
    const f = await fixture();
    const { ALT } = f.world.tokens;
    await twoHolders(f);
    const idle = await f.vault.idle(ALT);
    // PUSH0 PUSH0 REVERT, STOP, and nothing at all.
    for (const code of ["0x5f5ffd", "0x00", "0x"]) {
      await f.world.networkHelpers.setCode(await ALT.getAddress(), code);
      await f.vault.sync();
      expect(await f.vault.idle(ALT)).to.equal(idle);
    }
  });
});

describe("a token that answers transfers strangely", () => {
  it("with nothing: works from deposit to exit", async () => {
    const f = await fixture();
    await quirk(f, "ReturnsNothing");
    const { bob, alice } = await twoHolders(f);
    const { mint, burn, sell } = await poolOrders(f);
    for (const order of [burn, mint, sell]) await tryPlan(f, order);
    await exitInKind(f, f.world.signers.bob, bob);
    await exitInKind(f, f.world.signers.alice, alice);
    expect(await f.world.tokens.ALT.balanceOf(f.vault)).to.equal(0n);
  });

  it("with false: is refused at a deposit, and can be given up at an exit", async () => {
    const f = await fixture();
    const { bob } = await twoHolders(f);
    const { bob: holder, alice } = f.world.signers;
    const { ALT } = f.world.tokens;
    await quirk(f, "ReturnsFalse");
    await expect(depositBasket(f, alice, 0n, wad(10))).to.be.revertedWithCustomError(
      f.vault,
      "SafeERC20FailedOperation",
    );
    await expect(exitInKind(f, holder, bob)).to.be.revertedWithCustomError(f.vault, "LegUnreachable");
    const leg = await f.liquidity.getAddress();
    await expect(exitInKind(f, holder, bob, [leg])).to.be.revertedWithCustomError(f.vault, "SafeERC20FailedOperation");
    await exitInKind(f, holder, bob, [leg, await ALT.getAddress()]);
    expect((await balancesOf(f, holder.address))[0]).to.be.greaterThan(0n);
  });
});

describe("a token that reverts on a transfer of nothing", () => {
  it("is never sent as nothing: deposits, plans and exits work", async () => {
    const f = await fixture();
    await quirk(f, "RefusesZero");
    const { USDC, ALT } = f.world.tokens;
    const { alice, bob } = f.world.signers;
    // Nothing of it in a basket.
    await fund(f.world, bob.address, { USDC: usdc(1_000) });
    await USDC.connect(bob).approve(f.vault, usdc(1_000));
    await f.vault.connect(bob).depositBasket([USDC, ALT], [usdc(1_000), 0n], 0n, bob, 2n ** 63n);
    // Nothing of it in an exit.
    await exitInKind(f, bob, await f.vault.balanceOf(bob));
    // Nothing of it on one side of a range, in and out.
    await depositBasket(f, alice, usdc(100_000), 0n);
    const leg = f.deployment.legs.liquidity as string;
    const altFirst = (await f.liquidity.token0()) === (await ALT.getAddress());
    const { tick } = await f.world.uniswap.pools.altUsdc.slot0();
    const edge = Math.floor(Number(tick) / 60) * 60;
    const below = altFirst
      ? { tickLower: edge - 1_200, tickUpper: edge - 60 }
      : { tickLower: edge + 120, tickUpper: edge + 1_320 };
    await f.rebalancer.connect(f.world.signers.deployer).setLimits(UNHEDGED_LIMITS);
    await f.rebalancer.rebalance(await planOf(f, [orders.mint(leg, below, 10n ** 12n)]));
    expect(await f.vault.idle(ALT)).to.equal(0n);
    await f.rebalancer.rebalance(await planOf(f, [orders.burn(leg, 10n ** 11n)]));
    await exitInKind(f, alice, await f.vault.balanceOf(alice));
    expect(await f.vault.totalSupply()).to.equal(0n);
  });
});

describe("a token with a list of accounts that it blocks", () => {
  it("that has the receiver: he names another one, or gives the token up", async () => {
    const f = await fixture();
    const { bob } = await twoHolders(f);
    const { bob: holder, stranger } = f.world.signers;
    await block(f, holder.address);
    const token = await strange(f);
    await expect(exitInKind(f, holder, bob / 2n)).to.be.revertedWithCustomError(token, "Blocked");
    await exitInKind(f, holder, bob / 4n, [await f.world.tokens.ALT.getAddress()]);
    await f.vault.connect(holder).exitInKind(bob / 4n, stranger, holder, [0n, 0n, 0n, 0n], [], 2n ** 63n);
    expect((await balancesOf(f, holder.address))[0]).to.be.greaterThan(0n);
    expect((await balancesOf(f, stranger.address))[1]).to.be.greaterThan(0n);
  });

  it("that has the vault, or the pool: holders leave without the token and without the leg", async () => {
    for (const blocked of ["vault", "pool"] as const) {
      const f = await fixture();
      const { bob } = await twoHolders(f);
      const { bob: holder } = f.world.signers;
      const [alt, leg] = [await f.world.tokens.ALT.getAddress(), await f.liquidity.getAddress()];
      await block(f, blocked === "vault" ? f.deployment.vault : f.world.deployment.uniswap.pools.altUsdc);
      await expect(exitInKind(f, holder, bob)).to.be.revertedWithCustomError(f.vault, "LegUnreachable");
      await exitInKind(f, holder, bob, blocked === "vault" ? [leg, alt] : [leg]);
      expect((await balancesOf(f, holder.address))[0]).to.be.greaterThan(usdc(10_000));
    }
  });
});
