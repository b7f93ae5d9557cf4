import {
  type CrosshedgeVault,
  type ExitInKindOptions,
  type PrepareDepositBasketOptions,
  prepareDepositBasket,
  prepareExitInKind,
  send,
} from "@crosshedge/sdk";
import { expect } from "chai";
import { fund } from "../../scripts/devnet/world.js";
import { connect } from "../support/connect.js";
import type { Fixture } from "../support/fixture.js";
import { hedgedVault } from "../support/hedged.js";
import { usdc, wad } from "../support/orders.js";
import { expectRejection } from "./support.js";

const ONE = 10n ** 18n;
const BASKET = { USDC: usdc(1_000), ALT: wad(50) };

describe("sdk: deposits and exits, prepared and sent", () => {
  let f: Fixture;
  let vault: CrosshedgeVault;
  let usdcToken: string;
  let alt: string;
  const amounts = () => ({ [usdcToken]: usdc(1_000), [alt]: wad(50) });
  const deposit = (options: Omit<PrepareDepositBasketOptions, "account">) =>
    prepareDepositBasket(vault, { account: f.world.signers.bob.address, ...options });
  const exit = (options: Omit<ExitInKindOptions, "account">, account = f.world.signers.alice.address) =>
    prepareExitInKind(vault, { account, ...options });

  beforeEach(async () => {
    f = await hedgedVault();
    usdcToken = await f.world.tokens.USDC.getAddress();
    alt = await f.world.tokens.ALT.getAddress();
    vault = await connect(f);
  });

  it("mints with permits and no other transaction", async () => {
    const { bob } = f.world.signers;
    await fund(f.world, bob.address, BASKET);
    const nonce = await bob.getNonce();
    const sent = await send(await deposit({ amounts: amounts(), approval: "permit" }), bob);
    expect(await bob.getNonce()).to.equal(nonce + 1);
    expect(await f.vault.balanceOf(bob)).to.equal(sent.shares);
    expect(sent.amounts).to.deep.equal(amounts());
  });

  it("leaves no allowance behind in either mode", async () => {
    const { bob, alice } = f.world.signers;
    for (const approval of ["approve", "auto"] as const) {
      await fund(f.world, bob.address, BASKET);
      await send(await deposit({ amounts: amounts(), approval, receiver: alice.address }), bob);
      expect(await f.world.tokens.USDC.allowance(bob, f.vault)).to.equal(0n);
      expect(await f.world.tokens.ALT.allowance(bob, f.vault)).to.equal(0n);
    }
    expect(await f.vault.balanceOf(bob)).to.equal(0n);
  });

  it("deposits with a permit that somebody used first", async () => {
    const { bob, stranger } = f.world.signers;
    await fund(f.world, bob.address, BASKET);
    const prepared = await deposit({ amounts: { [usdcToken]: usdc(500) } });
    const [requirement] = prepared.requirements;
    if (requirement?.kind !== "permit") throw new TypeError("no permit");
    const { domain, types, message } = requirement.typedData;
    const signature = await bob.signTypedData(domain, types, message);
    const { v, r, s } = f.world.ethers.Signature.from(signature);
    const transaction = prepared.build({ [usdcToken]: signature });
    await f.world.tokens.USDC.connect(stranger).permit(bob, f.vault, usdc(500), requirement.deadline, v, r, s);
    const { to, data } = transaction;
    const receipt = await (await bob.sendTransaction({ to, data })).wait();
    if (receipt === null) throw new TypeError("not mined");
    expect(prepared.resultOf(receipt).amounts).to.deep.equal({ [usdcToken]: usdc(500) });
  });

  it("says what is wrong before there is anything to send", async () => {
    const one = { [usdcToken]: usdc(1) };
    const refused = [
      [{ amounts: { [f.deployment.vault]: 1n } }, "TOKEN_NOT_IN_BASKET", /basket \(USDC, ALT, WETH, WBTC\)/],
      [{ amounts: {} }, "BAD_ARGUMENT", /nothing to deposit/],
      [{ amounts: { [usdcToken]: -1n } }, "BAD_ARGUMENT", /at least 0/],
      [{ amounts: one, minShares: ONE * 1_000n }, "SLIPPAGE", /less than the 1,000\.0/],
      [{ amounts: one, slippage: 2n * ONE }, "BAD_ARGUMENT", /`slippage`/],
      [{ amounts: one, receiver: "me" }, "BAD_ARGUMENT", /`receiver`/],
    ] as const;
    for (const [options, code, message] of refused) await expectRejection(deposit(options), code, message);
  });

  it("tells how much may come in now and when the rest", async () => {
    const { bob } = f.world.signers;
    await fund(f.world, bob.address, { USDC: usdc(20_000) });
    const { rooms } = (await deposit({ amounts: { [usdcToken]: usdc(1) } })).preview;
    expect(rooms[usdcToken]?.usd).to.equal(await f.vault.depositRoom(usdcToken));
    const whole = ((rooms[usdcToken]?.amount ?? 0n) * 99n) / 100n;
    await send(await deposit({ amounts: { [usdcToken]: whole } }), bob);
    const more = { amounts: { [usdcToken]: whole / 2n } };
    const error = await expectRejection(deposit(more), "DEPOSIT_WINDOW", /USDC may come in now/);
    expect(error.nextStep).to.match(/All of it fits in about (2[4-9]|3[01]) minutes/);
    expect(error.revert).to.have.property("name", "DepositWindowSpent");
    const never = await expectRejection(deposit({ amounts: { [usdcToken]: usdc(12_000) } }), "DEPOSIT_WINDOW");
    expect(never.nextStep).to.match(/An hour lets in at most \$[\d,.]+ of it: split/);
    await f.world.networkHelpers.time.increase(1_900);
    await send(await deposit(more), bob);
  });

  it("decodes the vault's own refusals: its mode, a past deadline, a dead feed", async () => {
    const one = { amounts: { [usdcToken]: usdc(1) } };
    const late = await expectRejection(deposit({ ...one, deadline: 1 }), "CONTRACT_ERROR");
    expect(late.revert).to.have.property("name", "TooLate");
    await f.vault.setMode(1);
    const stopped = await expectRejection(deposit(one), "CONTRACT_ERROR");
    expect(stopped.revert).to.have.property("name", "DepositsStopped");
    await f.vault.setMode(0);
    await f.world.networkHelpers.time.increase(30 * 86_400);
    const dead = await expectRejection(deposit(one), "CONTRACT_ERROR", /BadPrice/);
    expect(dead.nextStep).to.match(/Exits in kind need no price/);
  });

  it("leaves in kind with what the exit says", async () => {
    const { alice } = f.world.signers;
    const shares = (await f.vault.balanceOf(alice)) / 4n;
    const before = await f.world.tokens.USDC.balanceOf(alice);
    const sent = await send(await exit({ shares }), alice);
    expect(sent.shares).to.equal(shares);
    expect((await f.world.tokens.USDC.balanceOf(alice)) - before).to.equal(sent.amounts[usdcToken]);
  });

  it("leaves while every feed is dead, and without a leg that is forfeited", async () => {
    const { alice } = f.world.signers;
    await f.world.networkHelpers.time.increase(30 * 86_400);
    const perp = f.deployment.legs.perp as string;
    const whole = await exit({ shares: ONE });
    const less = await send(await exit({ shares: ONE, forfeit: [perp] }), alice);
    expect(less.forfeit).to.deep.equal([perp]);
    expect((less.amounts[usdcToken] ?? 0n) < (whole.preview.amounts[usdcToken] ?? 0n)).to.equal(true);
  });

  it("says what is wrong with an exit before there is anything to send", async () => {
    const { alice, bob } = f.world.signers;
    await expectRejection(exit({ shares: 1n }, bob.address), "INSUFFICIENT_SHARES", /fewer than/);
    const forAlice = await exit({ shares: ONE, owner: alice.address }, bob.address);
    await expectRejection(send(forAlice, bob), "INSUFFICIENT_ALLOWANCE");
    await expectRejection(exit({ shares: 0n }), "BAD_ARGUMENT");
    await expectRejection(exit({ shares: ONE, minOut: { [usdcToken]: usdc(10 ** 6) } }), "SLIPPAGE", /USDC now/);
    await expectRejection(exit({ shares: ONE, minOut: { [f.deployment.vault]: 1n } }), "TOKEN_NOT_IN_BASKET");
  });
});
