import {
  formatReport,
  prepareCancelRequest,
  prepareClaim,
  prepareExitInKind,
  prepareRequestRedeem,
  prepareSetOperator,
  prepareSettle,
  readReport,
  readSharePrices,
  readStatement,
  redemption,
} from "@crosshedge/sdk";
import { expect } from "chai";
import { percent } from "../../scripts/deploy/parameters.js";
import { changeSettings } from "../support/actions.js";
import { connect } from "../support/connect.js";
import { vaultWithHistory } from "../support/fixture.js";
import { newRounds, redeemed, request, settle, withBob } from "../support/queue.js";
import { reusable } from "../support/reusable.js";
import { expectRejection } from "./support.js";

const fixture = reusable(async () => {
  const f = await vaultWithHistory();
  return { ...f, held: await withBob(f) };
});

describe("sdk: prepared redemptions", () => {
  it("says what a request would be paid, to the unit, and what part the cash fills", async () => {
    const f = await fixture();
    const { alice, bob, keeper } = f.world.signers;
    const vault = await connect(f);
    await request(f, alice, f.held.alices / 2n);
    await newRounds(f);
    const { preview: settled } = await prepareSettle(vault, { account: keeper.address });
    expect(settled.stillQueued).to.be.greaterThan(0n);
    expect(settled.stillQueued).to.equal(f.held.alices / 2n - settled.shares);
    // At the very block of a settlement that is short of cash: as many shares would be paid as much, and no more can be.
    const { preview, warnings } = await prepareRequestRedeem(vault, { account: alice.address, shares: settled.shares });
    expect(preview.atPricesOfNow?.assets).to.equal(settled.assets);
    expect(preview.outlook.fillable).to.equal(settled.shares);
    expect([preview.queued, preview.alreadyWaiting]).to.deep.equal([f.held.alices / 2n, f.held.alices / 2n]);
    expect(preview.outlook.shares).to.equal(f.held.alices / 2n + settled.shares);
    expect(warnings.map(({ code }) => code)).to.include("CASH_SHORT");
    const since = Number((await f.vault.waiting()).since);
    const { maxWait } = await f.vault.settings();
    expect(preview.outlook.anybodyMaySettleAt).to.equal(since + Number(maxWait));
    const small = await prepareRequestRedeem(vault, { account: bob.address, shares: 10n ** 18n });
    expect(small.requirements).to.deep.equal([]);
    expect(small.preview.alreadyWaiting).to.equal(0n);
  });

  it("asks the owner's approval for a stranger, and none for an operator", async () => {
    const f = await fixture();
    const { bob, stranger } = f.world.signers;
    const vault = await connect(f);
    const options = { account: stranger.address, owner: bob.address, controller: bob.address, shares: f.held.bobs };
    const asked = await prepareRequestRedeem(vault, options);
    const [approval] = asked.requirements;
    if (approval?.kind !== "approve") throw new TypeError("no approval");
    expect(approval.transactions.map(({ from, to }) => [from, to])).to.deep.equal([[bob.address, vault.address]]);
    await (await f.vault.connect(bob).approve(stranger.address, f.held.bobs)).wait();
    expect((await prepareRequestRedeem(vault, options)).requirements).to.deep.equal([]);
    await (await f.vault.connect(bob).approve(stranger.address, f.held.bobs - 1n)).wait();
    expect((await prepareRequestRedeem(vault, options)).requirements).to.have.length(1);
    const own = await prepareSetOperator(vault, { account: bob.address, operator: stranger.address, approved: true });
    expect(own.preview.changes).to.equal(true);
    const receipt = await (await bob.sendTransaction(own.build())).wait();
    if (receipt === null) throw new TypeError("no receipt");
    expect(own.resultOf(receipt)).to.deep.equal({
      controller: bob.address,
      operator: stranger.address,
      approved: true,
    });
    expect((await prepareRequestRedeem(vault, options)).requirements).to.deep.equal([]);
    await expectRejection(prepareRequestRedeem(vault, { ...options, shares: f.held.bobs + 1n }), "INSUFFICIENT_SHARES");
  });

  it("gives back and pays all by default, and nothing twice", async () => {
    const f = await fixture();
    const { bob, stranger } = f.world.signers;
    const vault = await connect(f);
    const account = bob.address;
    await expectRejection(prepareCancelRequest(vault, { account }), "NOTHING_TO_DO");
    await expectRejection(prepareClaim(vault, { account }), "NOTHING_TO_DO");
    await redeemed(f, bob, f.held.bobs / 2n);
    await request(f, bob, f.held.bobs / 4n);
    const standing = await redemption(vault, account);
    const cancel = await prepareCancelRequest(vault, { account, receiver: stranger.address });
    expect(cancel.preview).to.include({ shares: standing.pending, stillWaiting: 0n, receiver: stranger.address });
    const paid = await prepareClaim(vault, { account });
    expect(paid.preview).to.include({
      shares: standing.claimable,
      assets: standing.claimableAssets,
      receiver: account,
    });
    const half = await prepareClaim(vault, { account, shares: standing.claimable / 2n });
    expect(half.preview.assets).to.be.within(standing.claimableAssets / 2n - 1n, standing.claimableAssets / 2n);
    const more = { account, shares: standing.pending + 1n };
    await expectRejection(prepareCancelRequest(vault, more), "INSUFFICIENT_SHARES", /wait, fewer than/);
    await expectRejection(prepareClaim(vault, { account, shares: standing.claimable + 1n }), "INSUFFICIENT_SHARES");
    const other = await expectRejection(
      prepareClaim(vault, { account: stranger.address, controller: account }),
      "CONTRACT_ERROR",
    );
    expect(other.nextStep).to.match(/setOperator/);
  });

  it("settles for the keeper, for anybody once the queue has waited, and says when nothing is due", async () => {
    const f = await fixture();
    const { bob, keeper, stranger } = f.world.signers;
    const vault = await connect(f);
    await request(f, bob, f.held.bobs);
    const nothing = await prepareSettle(vault, { account: keeper.address });
    expect([nothing.preview.shares, nothing.preview.stillQueued]).to.deep.equal([0n, f.held.bobs]);
    expect(nothing.warnings.map(({ code }) => code)).to.include("NOTHING_FILLED");
    await expectRejection(prepareSettle(vault, { account: stranger.address }), "CONTRACT_ERROR", /SettleTooEarly/);
    await changeSettings(f, { maxWait: 3_600, minCash: percent(1) });
    await f.world.networkHelpers.time.increase(3_700);
    await newRounds(f);
    const open = await prepareSettle(vault, { account: stranger.address });
    expect(open.preview.shares).to.equal(f.held.bobs);
    const done = await settle(f, stranger);
    expect(done.shares).to.equal(f.held.bobs);
  });

  it("needs no NAV where none is needed: a venue that does not answer stops settlements alone", async () => {
    const f = await fixture();
    const { bob, keeper } = f.world.signers;
    const vault = await connect(f);
    const account = bob.address;
    await redeemed(f, bob, f.held.bobs / 2n);
    await request(f, bob, f.held.bobs / 4n);
    await f.world.networkHelpers.setCode(await f.world.perp.accountBalance.getAddress(), "0x5f5ffd");
    const { nav, portfolio, prices, legs, sharePrice, queue } = await vault.readState();
    expect([nav, prices.ok, sharePrice]).to.deep.equal([{ mid: 0n, half: 0n, ok: false }, false, null]);
    expect([portfolio.nav, portfolio.exposure]).to.deep.equal([0n, []]);
    expect(legs.map(({ kind, value }) => [kind, value])).to.deep.equal([
      ["liquidity", null],
      ["other", null],
    ]);
    expect(queue.shares).to.equal(f.held.bobs / 4n);
    // Who connects now sees the same.
    const report = await readReport(await connect(f));
    expect([report.pricesOk, report.nav, report.queue.obstacles]).to.deep.equal([true, null, ["NOT_VALUED"]]);
    expect(report.idle.every(({ usd }) => usd !== null)).to.equal(true);
    expect(formatReport(report)).to.include("A VENUE DOES NOT ANSWER");
    const now = report.block.number;
    const points = await readSharePrices(vault, { at: [now - 1, now] });
    expect(points.map((point) => point.sharePrice === null)).to.deep.equal([false, true]);
    const { closing, unrealised } = await readStatement(vault, account, { from: now - 1, to: now });
    expect([closing.usd, unrealised, closing.shares > 0n]).to.deep.equal([null, null, true]);
    const asked = await prepareRequestRedeem(vault, { account, shares: 10n ** 18n });
    expect([asked.preview.atPricesOfNow, asked.preview.outlook.fillable]).to.deep.equal([null, 0n]);
    expect(asked.warnings.map(({ code }) => code)).to.include("NOT_VALUED");
    expect((await prepareCancelRequest(vault, { account })).preview.shares).to.equal(f.held.bobs / 4n);
    expect((await prepareClaim(vault, { account })).preview.assets).to.be.greaterThan(0n);
    const exit = await prepareExitInKind(vault, { account, shares: 10n ** 18n });
    expect(exit.preview.mustForfeit).to.deep.equal([await f.perp.getAddress()]);
    expect([exit.preview.usd === null, exit.preview.atNav, exit.preview.givenUp[0]?.usd]).to.deep.equal([
      false,
      null,
      null,
    ]);
    await expectRejection(prepareSettle(vault, { account: keeper.address }), "REVERTED");
  });
});
