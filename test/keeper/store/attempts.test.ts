import { expect } from "chai";
import type { LaneHold } from "../../../keeper/src/store/journal.js";
import { LaneLostError } from "../../../keeper/src/store/lane-lost-error.js";
import { CHAIN, newIntent, SIGNER, signed, stale, VAULT } from "./support/rows.js";
import { onEachBackend } from "./support/stores.js";

onEachBackend("the journal of signed transactions", (bench) => {
  let hold: LaneHold;
  let intentId: number;

  beforeEach(async () => {
    const { journal } = bench().store;
    // A lane that changed hands once, so that there is an older term.
    await journal.takeLane(CHAIN, SIGNER, "before", 0);
    hold = (await journal.takeLane(CHAIN, SIGNER, "me", 60_000))!;
    intentId = (await journal.openIntent(newIntent())).intent.id;
  });

  const failure = async (work: Promise<unknown>): Promise<Error> => {
    const error = await work.then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(error).to.be.instanceOf(Error);
    return error as Error;
  };

  it("keeps the signed bytes, and writes the nonce into the intent", async () => {
    const { journal } = bench().store;
    const attempt = await signed(intentId, 3);
    await journal.addAttempt(hold, attempt);
    const [found] = await journal.attempts(intentId);
    expect({ ...found, raw: [...found!.raw] }).to.deep.include({
      ...{ hash: attempt.hash, raw: [...attempt.raw], status: "signed", signer: SIGNER, chain_id: CHAIN, nonce: 3 },
      ...{ max_fee: "10000000000", gas_used: null, block: null },
    });
    expect((await journal.intent(intentId))!.nonce).to.equal(3);
  });

  it("takes the same transaction twice for the same one", async () => {
    const { journal } = bench().store;
    const attempt = await signed(intentId, 3);
    await journal.addAttempt(hold, attempt);
    await journal.updateAttempt(hold, attempt.hash, { status: "sent" });
    await journal.addAttempt(hold, attempt);
    expect((await journal.attempts(intentId)).map(({ status }) => status)).to.deep.equal(["sent"]);
  });

  it("lists all of an intent and all of a nonce in the order of their writing", async () => {
    const { journal } = bench().store;
    const other = (await journal.openIntent(newIntent({ key: "poke:1" }))).intent.id;
    const hashes: string[] = [];
    for (const [id, fee] of [
      [intentId, 3n],
      [intentId, 1n],
      [other, 2n],
    ] as const) {
      const attempt = await signed(id, 3, { fee: fee * 10n ** 9n });
      await journal.addAttempt(hold, attempt);
      hashes.push(attempt.hash);
    }
    await journal.addAttempt(hold, await signed(other, 4));
    const of = (attempts: readonly { hash: string }[]) => attempts.map(({ hash }) => hash);
    expect(of(await journal.attempts(intentId))).to.deep.equal(hashes.slice(0, 2));
    expect(of(await journal.attemptsOfNonce(CHAIN, SIGNER, 3))).to.deep.equal(hashes);
  });

  it("writes nothing for a lane that was taken over", async () => {
    const { journal } = bench().store;
    const attempt = await signed(intentId, 3);
    expect(await failure(journal.addAttempt(stale(hold), attempt))).to.be.instanceOf(LaneLostError);
    expect(await journal.attempts(intentId)).to.deep.equal([]);
    expect((await journal.intent(intentId))!.nonce).to.equal(null);

    await journal.addAttempt(hold, attempt);
    const before = [await journal.attempts(intentId), await journal.intent(intentId)];
    expect(await failure(journal.updateAttempt(stale(hold), attempt.hash, { status: "final" }))).to.be.instanceOf(
      LaneLostError,
    );
    expect(await failure(journal.updateIntent(stale(hold), intentId, { status: "void" }))).to.be.instanceOf(
      LaneLostError,
    );
    expect([await journal.attempts(intentId), await journal.intent(intentId)]).to.deep.equal(before);
  });

  it("writes nothing with a hold of another owner, or of a lane that is none", async () => {
    const { journal } = bench().store;
    const attempt = await signed(intentId, 3);
    for (const wrong of [
      { ...hold, owner: "somebody" },
      { ...hold, signer: VAULT },
      { ...hold, chainId: 1 },
    ]) {
      expect(await failure(journal.addAttempt(wrong, attempt))).to.be.instanceOf(LaneLostError);
    }
    expect(await journal.attempts(intentId)).to.deep.equal([]);
  });

  it("writes nothing into an intent of another account", async () => {
    const { journal } = bench().store;
    const theirs = (await journal.openIntent(newIntent({ key: "theirs", signer: VAULT }))).intent.id;
    expect((await failure(journal.addAttempt(hold, await signed(theirs, 3)))).message).to.match(
      /not one of the account/,
    );
    expect((await failure(journal.updateIntent(hold, theirs, { status: "void" }))).message).to.match(
      /not one of the account/,
    );
    expect(await journal.attempts(theirs)).to.deep.equal([]);
    expect(await journal.intent(theirs)).to.include({ nonce: null, status: "open" });
  });

  it("undoes the whole write where a transaction belongs to another intent", async () => {
    const { journal } = bench().store;
    const other = (await journal.openIntent(newIntent({ key: "poke:1" }))).intent.id;
    const attempt = await signed(intentId, 3);
    await journal.addAttempt(hold, attempt);
    expect((await failure(journal.addAttempt(hold, { ...attempt, intent_id: other }))).message).to.match(
      /was signed for intent/,
    );
    expect((await journal.intent(other))!.nonce).to.equal(null);
    expect((await failure(journal.updateAttempt(hold, `0x${"00".repeat(32)}`, {}))).message).to.match(/no transaction/);
  });

  it("adds up what an account has paid for gas, of any size", async () => {
    const { journal } = bench().store;
    const facts = [
      { status: "final", gas_used: 10n ** 20n, gas_price: 10n ** 12n },
      { status: "mined", gas_used: 5n, gas_price: 7n },
      { status: "replaced", gas_used: null, gas_price: null },
    ] as const;
    for (const [i, fact] of facts.entries()) {
      const attempt = await signed(intentId, 3, { fee: BigInt(i + 1) * 10n ** 9n });
      await journal.addAttempt(hold, attempt);
      await journal.updateAttempt(hold, attempt.hash, { ...fact } as never);
    }
    expect(await journal.gasSpent(CHAIN, SIGNER, 0)).to.deep.equal({
      ...{ wei: 10n ** 32n + 35n, transactions: 2, firstAt: bench().clock.time },
    });
    expect(await journal.gasSpent(CHAIN, SIGNER, bench().clock.time + 1)).to.deep.equal({
      wei: 0n,
      transactions: 0,
      firstAt: null,
    });
  });
});
