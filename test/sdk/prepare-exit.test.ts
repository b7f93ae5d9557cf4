import { decodeError, ONE, prepareExitInKind } from "@crosshedge/sdk";
import { expect } from "chai";
import { setFeed } from "../../scripts/devnet/world.js";
import { hedgedPosition, relative } from "../support/actions.js";
import { connect } from "../support/connect.js";
import { START, vaultWithHistory } from "../support/fixture.js";
import { withBob } from "../support/queue.js";
import { reusable } from "../support/reusable.js";
import { expectCode, expectRejection } from "./support.js";

const fixture = reusable(vaultWithHistory);

describe("sdk: a prepared exit in kind", () => {
  it("says what is paid, what it costs against the NAV, and sets least amounts below it", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const { alice } = f.world.signers;
    const prepared = await prepareExitInKind(await connect(f), { account: alice.address, shares: shares / 2n });
    const { preview, requirements, expiresAt, block } = prepared;
    const usdc = f.world.deployment.tokens.USDC as string;
    expect(preview.amounts[usdc]).to.be.greaterThan(0n);
    expect(preview.minOut[usdc]).to.equal(((preview.amounts[usdc] as bigint) * 99n) / 100n);
    const [nav] = await f.vault.nav();
    expect(relative(preview.atNav as bigint, nav / 2n)).to.be.lessThan(1e-6);
    expect(preview.cost).to.equal((preview.atNav as bigint) - (preview.usd as bigint));
    // Closing half of the shorts: the venue's fee of 0.1% and the impact on some $55,000.
    expect(Number(preview.cost) / Number(ONE)).to.be.within(10, 400);
    expect([preview.givenUp, preview.mustForfeit, preview.fromQueue]).to.deep.equal([[], [], 0n]);
    expect([requirements, expiresAt]).to.deep.equal([[], block.timestamp + 1_200]);
    expect(Object.isFrozen(prepared.build())).to.equal(true);
    const terms = { account: alice.address, shares: shares / 2n, block, minOut: preview.amounts };
    expect((await prepareExitInKind(await connect(f), terms)).preview.minOut).to.deep.equal(preview.amounts);
  });

  it("tells which leg cannot be left, and builds only once the user gives it up", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const account = f.world.signers.alice.address;
    await f.world.perp.markets.ETH.base.pause();
    const vault = await connect(f);
    const leg = await f.perp.getAddress();
    const first = await prepareExitInKind(vault, {
      account,
      shares: shares / 3n,
      minOut: { [vault.layout.settlementToken]: 10n ** 12n },
    });
    expect(first.preview.mustForfeit).to.deep.equal([leg]);
    expect(first.warnings.map(({ code }) => code)).to.include.members(["LEG_UNREACHABLE", "COSTLY_EXIT"]);
    expect(first.warnings[0]?.nextStep).to.include(leg);
    const refusal = expectCode(() => first.build(), "CONTRACT_ERROR", /LegUnreachable.*CH_MNO/);
    expect(refusal.nextStep).to.match(/forfeit/);

    const second = await prepareExitInKind(vault, { account, shares: shares / 3n, forfeit: [leg] });
    expect(second.preview.amounts).to.deep.equal(first.preview.amounts);
    expect(second.preview.mustForfeit).to.deep.equal([]);
    const [held] = await f.vault.portfolio();
    const equity = held.equity[(await f.vault.legs()).indexOf(leg)] as bigint;
    const [given] = second.preview.givenUp;
    expect(first.preview.givenUp).to.deep.equal(second.preview.givenUp);
    expect(given).to.include({ address: leg, kind: "leg" });
    expect(relative(given?.usd as bigint, equity / 3n)).to.be.lessThan(1e-6);
    expect(relative(second.preview.cost as bigint, given?.usd as bigint)).to.be.lessThan(0.01);
    second.build();
  });

  it("tells the last holder, who may give nothing up, what is left to do", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    await f.world.perp.markets.ETH.base.pause();
    const vault = await connect(f);
    const account = f.world.signers.alice.address;
    const refused = await expectRejection(
      prepareExitInKind(vault, { account, shares }),
      "CONTRACT_ERROR",
      /LegUnreachable/,
    );
    expect(refused.nextStep).to.match(/last holder.*Leave with a part/s);
  });

  it("takes what waits in the queue along, its own account's only", async () => {
    const f = await fixture();
    const { bobs } = await withBob(f);
    const { bob, stranger } = f.world.signers;
    await f.vault.connect(bob).requestRedeem((bobs * 3n) / 4n, bob, bob);
    const vault = await connect(f);
    const own = await prepareExitInKind(vault, { account: bob.address, shares: bobs / 2n });
    expect(own.preview.fromQueue).to.equal(bobs / 2n - (await f.vault.balanceOf(bob)));
    expect(own.warnings.map(({ code }) => code)).to.include("LEAVES_QUEUE");
    const others = { account: stranger.address, owner: bob.address };
    await expectRejection(prepareExitInKind(vault, { ...others, shares: bobs / 2n }), "INSUFFICIENT_SHARES", /holds/);
    // An operator of the queue needs an allowance here, too.
    await f.vault.connect(bob).setOperator(stranger, true);
    const part = await prepareExitInKind(vault, { ...others, shares: bobs / 5n, receiver: bob.address });
    const [approval] = part.requirements;
    expect(approval).to.include({
      kind: "approve",
      token: vault.address,
      spender: stranger.address,
      amount: bobs / 5n,
    });
    expect(approval?.kind === "approve" && approval.transactions[0]?.from).to.equal(bob.address);
  });

  it("works at a bad price, and says in tokens what it cannot say in dollars", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    await setFeed(f.world, "USDC", START.USDC * 0.9);
    const account = f.world.signers.alice.address;
    const { preview, warnings } = await prepareExitInKind(await connect(f), { account, shares: shares / 4n });
    expect([preview.usd, preview.atNav, preview.cost]).to.deep.equal([null, null, null]);
    expect(warnings.map(({ code }) => code)).to.include("BAD_PRICE");
    const { alice } = f.world.signers;
    const forfeit = [await f.world.tokens.USDC.getAddress()];
    const without = await prepareExitInKind(await connect(f), { account, shares: shares / 4n, forfeit });
    expect(without.preview.givenUp).to.deep.equal([{ address: forfeit[0], kind: "asset", usd: null }]);
    const { to, data } = without.build();
    await f.world.networkHelpers.time.increase(1_300);
    const late = await alice.call({ to, data }).then(() => null, decodeError);
    expect(late?.revert).to.have.property("name", "TooLate");
  });

  it("refuses what would be a mistake before anything is simulated", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    const vault = await connect(f);
    const account = f.world.signers.alice.address;
    const exit = (rest: object) => prepareExitInKind(vault, { account, shares, ...rest });
    await expectRejection(exit({ shares: 0n }), "BAD_ARGUMENT", /`shares`/);
    await expectRejection(exit({ shares: shares + 1n }), "INSUFFICIENT_SHARES");
    await expectRejection(exit({ forfeit: [account], shares: 1n }), "BAD_ARGUMENT", /no leg and no asset/);
    await expectRejection(exit({ minOut: { [account]: 1n } }), "TOKEN_NOT_IN_BASKET");
    await expectRejection(exit({ minOut: { [vault.layout.settlementToken]: 10n ** 15n } }), "SLIPPAGE", /would pay/);
    const token = vault.layout.settlementToken;
    for (const least of [-1n, 100, 1.5, "100", undefined, 2n ** 256n]) {
      await expectRejection(exit({ minOut: { [token]: least } }), least === 2n ** 256n ? "SLIPPAGE" : "BAD_ARGUMENT");
    }
    await expectRejection(exit({ minOut: { [token]: 1n, [token.toLowerCase()]: 0n } }), "BAD_ARGUMENT", /twice/);
    await expectRejection(exit({ receiver: vault.address }), "BAD_ARGUMENT", /`receiver` is the vault/);
    await expectRejection(exit({ deadline: 1_795_303_344n }), "BAD_ARGUMENT", /of type bigint/);
    await expectRejection(exit({ deadline: 1 }), "CONTRACT_ERROR", /TooLate/);
  });
});
