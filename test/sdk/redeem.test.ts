import { CrosshedgeVault, formatReport, readReport } from "@crosshedge/sdk";
import { expect } from "chai";
import { type Fixture, vaultWithHistory } from "../support/fixture.js";
import { newRounds, settle, withBob } from "../support/queue.js";
import { reusable } from "../support/reusable.js";
import { expectRejection } from "./support.js";

type Signer = Fixture["world"]["signers"]["alice"];
const fixture = reusable(vaultWithHistory);

function connect(f: Fixture, signer: Signer): Promise<CrosshedgeVault> {
  return CrosshedgeVault.connect({
    address: f.deployment.vault,
    signer,
    multicall: f.world.deployment.multicall,
  });
}

describe("sdk: redemptions", () => {
  it("takes a holder from the request to the money, and says the next step at each stage", async () => {
    const f = await fixture();
    const { bob } = f.world.signers;
    const { bobs } = await withBob(f);
    const vault = await connect(f, bob);
    expect((await vault.redemption()).nextStep).to.match(/requestRedeem\(\) joins the queue/);
    const asked = await vault.requestRedeem({ shares: bobs });
    expect([asked.shares, asked.controller]).to.deep.equal([bobs, bob.address]);
    expect(await f.vault.balanceOf(bob)).to.equal(0n);

    const waiting = await vault.redemption();
    const now = await f.world.networkHelpers.time.latest();
    expect(waiting).to.include({ pending: bobs, claimable: 0n, claimableAssets: 0n, waitingSince: now });
    expect(waiting.anybodyMaySettleAt).to.equal(now + Number((await f.vault.settings()).maxWait));
    expect(waiting.nextStep).to.match(/^Wait for the keeper to settle; anybody may after 20/);
    const report = await readReport(vault);
    expect([report.queue.shares, report.queue.since]).to.deep.equal([bobs, now]);
    expect(formatReport(report)).to.match(/queue +[\d,.]+ shares/);
    await expectRejection(vault.claim(), "NOTHING_TO_DO");

    await newRounds(f);
    const done = await settle(f);
    const filled = await vault.redemption();
    expect([filled.pending, filled.waitingSince]).to.deep.equal([0n, null]);
    expect(filled.claimable).to.be.within(bobs - 2n, bobs);
    expect(filled.claimableAssets).to.be.within(done.assets - 2n, done.assets);
    expect(filled.nextStep).to.match(/^Call claim\(\) to be paid 4,9\d\d\.\d+ USDC\.$/);
    const receipt = await vault.claim();
    expect(receipt).to.include({ assets: filled.claimableAssets, shares: filled.claimable, receiver: bob.address });
    expect(await f.world.tokens.USDC.balanceOf(bob)).to.equal(filled.claimableAssets);
  });

  it("gives back what waits, and says how much that is", async () => {
    const f = await fixture();
    const { bob, carol } = { bob: f.world.signers.bob, carol: f.world.signers.stranger };
    const { bobs } = await withBob(f);
    const vault = await connect(f, bob);
    await expectRejection(vault.cancelRedeemRequest(), "NOTHING_TO_DO");
    await vault.requestRedeem({ shares: bobs });
    await expectRejection(vault.cancelRedeemRequest({ shares: bobs + 1n }), "INSUFFICIENT_SHARES", /wait, fewer than/);
    const part = await vault.cancelRedeemRequest({ shares: bobs / 4n, receiver: carol.address });
    expect([part.shares, await f.vault.balanceOf(carol)]).to.deep.equal([bobs / 4n, bobs / 4n]);
    expect((await vault.cancelRedeemRequest()).shares).to.equal(bobs - bobs / 4n);
    expect((await vault.redemption()).pending).to.equal(0n);
  });

  it("lets an operator act for a holder, and nobody else", async () => {
    const f = await fixture();
    const { bob, stranger } = f.world.signers;
    const { bobs } = await withBob(f);
    const [own, other] = [await connect(f, bob), await connect(f, stranger)];
    const forBob = { shares: bobs, owner: bob.address, controller: bob.address };
    await expectRejection(other.requestRedeem(forBob), "INSUFFICIENT_ALLOWANCE");
    await own.setOperator(stranger.address, true);
    await other.requestRedeem(forBob);
    await own.setOperator(stranger.address, false);
    const refused = await expectRejection(other.cancelRedeemRequest({ controller: bob.address }), "CONTRACT_ERROR");
    expect(refused.revert).to.have.property("name", "NotController");
    expect(refused.nextStep).to.match(/setOperator/);
  });

  it("says what is wrong before it sends anything", async () => {
    const f = await fixture();
    const { bob } = f.world.signers;
    const { bobs } = await withBob(f);
    const vault = await connect(f, bob);
    const nonce = await bob.getNonce();
    await expectRejection(vault.requestRedeem({ shares: bobs + 1n }), "INSUFFICIENT_SHARES", /to redeem/);
    await expectRejection(vault.requestRedeem({ shares: 0n }), "BAD_ARGUMENT");
    await expectRejection(vault.requestRedeem({ shares: 1n, controller: "me" }), "BAD_ARGUMENT", /`controller`/);
    await vault.requestRedeem({ shares: 1n });
    const early = await expectRejection(vault.settle(), "CONTRACT_ERROR", /SettleTooEarly/);
    expect(early.nextStep).to.match(/redemption\(\)/);
    const reader = await CrosshedgeVault.connect({ address: f.deployment.vault, provider: f.world.ethers.provider });
    await expectRejection(reader.claim(), "SIGNER_REQUIRED");
    await expectRejection(reader.redemption(), "SIGNER_REQUIRED");
    expect((await reader.redemption(bob.address)).pending).to.equal(1n);
    expect(await bob.getNonce()).to.equal(nonce + 1);
  });
});
