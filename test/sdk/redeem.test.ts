import {
  formatReport,
  prepareCancelRequest,
  prepareClaim,
  prepareRequestRedeem,
  prepareSetOperator,
  prepareSettle,
  readReport,
  redemption,
  type SetOperatorOptions,
  send,
} from "@crosshedge/sdk";
import { expect } from "chai";
import { connect } from "../support/connect.js";
import { vaultWithHistory } from "../support/fixture.js";
import { newRounds, settle, withBob } from "../support/queue.js";
import { reusable } from "../support/reusable.js";
import { expectRejection } from "./support.js";

const fixture = reusable(vaultWithHistory);

describe("sdk: redemptions", () => {
  it("takes a holder from the request to the money, and says the next step at each stage", async () => {
    const f = await fixture();
    const { bob } = f.world.signers;
    const { bobs } = await withBob(f);
    const vault = await connect(f);
    const account = bob.address;
    expect((await redemption(vault, account)).nextStep).to.match(/prepareRequestRedeem joins the queue/);
    const asked = await send(await prepareRequestRedeem(vault, { account, shares: bobs }), bob);
    expect([asked.shares, asked.controller]).to.deep.equal([bobs, bob.address]);
    expect(await f.vault.balanceOf(bob)).to.equal(0n);

    const waiting = await redemption(vault, account);
    const now = await f.world.networkHelpers.time.latest();
    expect(waiting).to.include({ pending: bobs, claimable: 0n, claimableAssets: 0n, waitingSince: now });
    expect(waiting.anybodyMaySettleAt).to.equal(now + Number((await f.vault.settings()).maxWait));
    expect(waiting.nextStep).to.match(/^Wait for the keeper to settle; anybody may after 20/);
    const report = await readReport(vault);
    expect([report.queue.shares, report.queue.since]).to.deep.equal([bobs, now]);
    expect(formatReport(report)).to.match(/queue +[\d,.]+ shares/);
    await expectRejection(prepareClaim(vault, { account }), "NOTHING_TO_DO");

    await newRounds(f);
    const done = await settle(f);
    const filled = await redemption(vault, account);
    expect([filled.pending, filled.waitingSince]).to.deep.equal([0n, null]);
    expect(filled.claimable).to.be.within(bobs - 2n, bobs);
    expect(filled.claimableAssets).to.be.within(done.assets - 2n, done.assets);
    expect(filled.nextStep).to.match(/^Claim \(prepareClaim\) to be paid 4,9\d\d\.\d+ USDC\.$/);
    const sent = await send(await prepareClaim(vault, { account }), bob);
    expect(sent).to.include({ assets: filled.claimableAssets, shares: filled.claimable, receiver: account });
    expect(await f.world.tokens.USDC.balanceOf(bob)).to.equal(filled.claimableAssets);
  });

  it("gives back what waits, and says how much that is", async () => {
    const f = await fixture();
    const { bob, carol } = { bob: f.world.signers.bob, carol: f.world.signers.stranger };
    const { bobs } = await withBob(f);
    const vault = await connect(f);
    const account = bob.address;
    const cancel = (options = {}) => prepareCancelRequest(vault, { account, ...options });
    await expectRejection(cancel(), "NOTHING_TO_DO");
    await send(await prepareRequestRedeem(vault, { account, shares: bobs }), bob);
    await expectRejection(cancel({ shares: bobs + 1n }), "INSUFFICIENT_SHARES", /wait, fewer than/);
    const part = await send(await cancel({ shares: bobs / 4n, receiver: carol.address }), bob);
    expect([part.shares, await f.vault.balanceOf(carol)]).to.deep.equal([bobs / 4n, bobs / 4n]);
    expect((await send(await cancel(), bob)).shares).to.equal(bobs - bobs / 4n);
    expect((await redemption(vault, account)).pending).to.equal(0n);
  });

  it("lets an operator act for a holder, and nobody else", async () => {
    const f = await fixture();
    const { bob, stranger } = f.world.signers;
    const { bobs } = await withBob(f);
    const vault = await connect(f);
    const account = stranger.address;
    const request = () =>
      prepareRequestRedeem(vault, { account, shares: bobs, owner: bob.address, controller: bob.address });
    const operate = async (approved: boolean) =>
      send(await prepareSetOperator(vault, { account: bob.address, operator: account, approved }), bob);
    const stopped = await expectRejection(send(await request(), stranger), "INSUFFICIENT_ALLOWANCE", /has not allowed/);
    expect(stopped.nextStep).to.include(`Let ${bob.address} send`);
    await operate(true);
    await send(await request(), stranger);
    await operate(false);
    const cancel = prepareCancelRequest(vault, { account, controller: bob.address });
    const refused = await expectRejection(cancel, "CONTRACT_ERROR");
    expect(refused.revert).to.have.property("name", "NotController");
    expect(refused.nextStep).to.match(/setOperator/);
  });

  it("says what is wrong before it sends anything", async () => {
    const f = await fixture();
    const { bob } = f.world.signers;
    const { bobs } = await withBob(f);
    const vault = await connect(f);
    const account = bob.address;
    const request = (shares: bigint, more = {}) => prepareRequestRedeem(vault, { account, shares, ...more });
    await expectRejection(request(bobs + 1n), "INSUFFICIENT_SHARES", /fewer than/);
    await expectRejection(request(0n), "BAD_ARGUMENT");
    await expectRejection(request(1n, { controller: "me" }), "BAD_ARGUMENT", /`controller`/);
    await expectRejection(request(1n, { controller: vault.address }), "BAD_ARGUMENT", /`controller` is the vault/);
    for (const approved of ["false", undefined, 1]) {
      const operator = { account, operator: f.deployment.vault, approved } as unknown as SetOperatorOptions;
      await expectRejection(prepareSetOperator(vault, operator), "BAD_ARGUMENT", /`approved` must be true or false/);
    }
    await send(await request(1n), bob);
    const lost = prepareCancelRequest(vault, { account, receiver: vault.address });
    await expectRejection(lost, "BAD_ARGUMENT", /`receiver` is the vault/);
    const early = await expectRejection(prepareSettle(vault, { account }), "CONTRACT_ERROR", /SettleTooEarly/);
    expect(early.nextStep).to.match(/redemption\(/);
    expect((await redemption(vault, account)).pending).to.equal(1n);
  });
});
