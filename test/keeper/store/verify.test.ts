import { deflateRawSync } from "node:zlib";
import { expect } from "chai";
import { KeeperError } from "../../../keeper/src/errors.js";
import type { LaneHold, NewAttempt } from "../../../keeper/src/store/journal.js";
import type { Finding, ReceiptFacts } from "../../../keeper/src/store/verify/finding.js";
import { repairJournal } from "../../../keeper/src/store/verify/repair.js";
import { verifyJournal } from "../../../keeper/src/store/verify/verify.js";
import { CHAIN, newIntent, newTick, SIGNER, signed, VAULT } from "./support/rows.js";
import { onEachBackend } from "./support/stores.js";

const BLOCK = { block: 9, block_hash: `0x${"b9".repeat(32)}`, gas_used: "21000", gas_price: "7" };

onEachBackend("journal verify and repair", (bench) => {
  let hold: LaneHold;
  let first: NewAttempt;
  let second: NewAttempt;
  let intentId: number;

  const verify = () => verifyJournal(bench().store.session);
  const words = (findings: readonly Finding[]) => findings.map(({ where, problem }) => `${where}: ${problem}`);
  const attempt = (hash: string, set: object) =>
    bench().store.db.updateTable("attempts").set(set).where("hash", "=", hash).execute();
  const intent = (set: object, id = intentId) =>
    bench().store.db.updateTable("intents").set(set).where("id", "=", id).execute();

  /** An intent that landed for good with the second of its two transactions. */
  beforeEach(async () => {
    const { journal } = bench().store;
    const tick_id = await journal.beginTick(newTick());
    hold = (await journal.takeLane(CHAIN, SIGNER, "me", 60_000))!;
    intentId = (await journal.openIntent(newIntent({ tick_id }))).intent.id;
    first = await signed(intentId, 3);
    second = await signed(intentId, 3, { fee: 2n * 10n ** 10n });
    for (const one of [first, second]) await journal.addAttempt(hold, one);
    await journal.updateAttempt(hold, first.hash, { status: "replaced" });
    await journal.updateAttempt(hold, second.hash, { ...BLOCK, status: "final", succeeded: true });
    await journal.updateIntent(hold, intentId, { status: "final", succeeded: true });
    await journal.releaseLane(hold);
  });

  it("finds nothing wrong with what the keeper writes, settled or not", async () => {
    const { journal } = bench().store;
    const again = (await journal.takeLane(CHAIN, SIGNER, "me", 60_000))!;
    for (const [key, status, own] of [
      ["a", "open", "sent"],
      ["b", "landed", "mined"],
      ["c", "void", "replaced"],
    ] as const) {
      const { id } = (await journal.openIntent(newIntent({ key }))).intent;
      const one = await signed(id, 10 + id);
      await journal.addAttempt(again, one);
      await journal.updateAttempt(again, one.hash, { status: own });
      await journal.updateIntent(again, id, { status });
    }
    const { id } = (await journal.openIntent(newIntent({ key: "cancelled" }))).intent;
    const cancel = await signed(id, 20, { cancels: true });
    await journal.addAttempt(again, cancel);
    await journal.updateAttempt(again, cancel.hash, { status: "final", succeeded: true });
    await journal.updateIntent(again, id, { status: "void" });
    await journal.openIntent(newIntent({ key: "nothing signed" }));
    expect(await verify()).to.deep.equal([]);
    expect(await repairJournal(bench().store)).to.deep.equal({ done: [], left: [] });
  });

  it("finds texts of ticks that were changed, and says that they cannot be rebuilt", async () => {
    const { db } = bench().store;
    for (const set of [
      { inputs: deflateRawSync("{}") },
      { inputs: Uint8Array.of(1, 2) },
      { config: "{}" },
      { decision: "{}" },
    ]) {
      const id = await bench().store.journal.beginTick(newTick());
      await db.updateTable("ticks").set(set).where("id", "=", id).execute();
    }
    expect(words(await verify()).map((text) => text.replace(/tick \d+/, "tick"))).to.deep.equal([
      "tick: Its inputs does not have the hash that was written with it.",
      "tick: Its inputs does not have the hash that was written with it.",
      "tick: Its configuration does not have the hash that was written with it.",
      "tick: Its decision does not have the hash that was written with it.",
    ]);
    const { done, left } = await repairJournal(bench().store);
    expect([done.length, left.length]).to.deep.equal([0, 4]);
    expect(left[0]!.repair).to.match(/^Nothing: it cannot be rebuilt/);
  });

  /** Breaks the journal, finds it, repairs it, and finds nothing more. */
  const mends = (name: string, wreck: () => Promise<unknown>, found: RegExp) =>
    it(`mends ${name}`, async () => {
      const { journal } = bench().store;
      const before = await Promise.all([journal.attempts(intentId), journal.intent(intentId)]);
      await wreck();
      expect(words(await verify()).join("\n")).to.match(found);
      expect((await repairJournal(bench().store)).left).to.deep.equal([]);
      const plain = (value: unknown) => JSON.stringify(value).replace(/"(?:updated_at|note)":[^,}]*,?/g, "");
      const after = await Promise.all([journal.attempts(intentId), journal.intent(intentId)]);
      expect(plain(after)).to.equal(plain(before));
    });
  mends(
    "columns that are not as signed",
    () => attempt(second.hash, { max_fee: "1", nonce: 4 }),
    /nonce, max_fee are not/,
  );
  mends("a nonce that its transactions do not have", () => intent({ nonce: null }), /nonce is null, that of its/);
  mends("an outcome that is not its transaction's", () => intent({ succeeded: false }), /said to have failed/);
  mends(
    "a void intent that is on the chain",
    () => intent({ status: "void", succeeded: null }),
    /is void, and one .* final/,
  );

  it("opens what is settled without reason, so that the keeper looks it up", async () => {
    await attempt(second.hash, { status: "sent" });
    expect(words(await verify())).to.deep.equal([`intent ${intentId}: It is final, and none of its transactions is.`]);
    expect((await repairJournal(bench().store)).left).to.deep.equal([]);
    expect(await bench().store.journal.intent(intentId)).to.include({ status: "open", succeeded: null });

    await intent({ status: "void" });
    expect(words(await verify())).to.deep.equal([
      `intent ${intentId}: It is void, and one of its transactions can still land.`,
    ]);
    await bench().store.journal.openIntent(newIntent());
    const { done, left } = await repairJournal(bench().store);
    expect([done, left.map(({ repair }) => repair)]).to.deep.equal([
      [],
      ["Nothing: another intent has taken its place already."],
    ]);
  });

  it("names what it must not touch: damaged or foreign bytes, another deed, shared nonces and keys", async () => {
    const { db, journal } = bench().store;
    const problem = async (pattern: RegExp, set: () => Promise<unknown>, undo: () => Promise<unknown>) => {
      await set();
      const { done, left } = await repairJournal(bench().store);
      expect(done).to.deep.equal([]);
      expect(words(left).join("\n")).to.match(pattern);
      await undo();
    };
    const raw = (bytes: Uint8Array) => () => attempt(first.hash, { raw: bytes });
    await problem(/signed bytes do not have its hash/, raw(first.raw.slice(1)), raw(first.raw));
    const signer = (value: string) => () => attempt(first.hash, { signer: value });
    await problem(/signed by .* not by 0xa1/, signer(VAULT), signer(SIGNER));
    await problem(
      /does not do what its intent/,
      () => intent({ data: "0x" }),
      () => intent({ data: "0xabcdef" }),
    );
    const other = (await journal.openIntent(newIntent({ key: "other" }))).intent.id;
    await problem(
      /has the nonce 3, and intent/,
      () => intent({ nonce: 3 }, other),
      () => intent({ nonce: null }, other),
    );
    await db.schema.dropIndex("intents_once").execute();
    await problem(
      /for epoch:7 of .*, and so is/,
      () => intent({ key: "epoch:7" }, other),
      () => intent({ key: "other" }, other),
    );
    await problem(
      /More than one .* is final/,
      () => attempt(first.hash, { status: "final" }),
      () => attempt(first.hash, { status: "replaced" }),
    );
    expect(await verify()).to.deep.equal([]);
  });

  it("takes block, gas and outcome from the chain, where it is asked", async () => {
    const onChain: Record<string, ReceiptFacts> = {
      [second.hash]: { block: 9, blockHash: BLOCK.block_hash, succeeded: true, gasUsed: 21_000n, gasPrice: 7n },
    };
    const receiptOf = async (_: number, hash: string) => onChain[hash] ?? null;
    const { store } = bench();
    expect(await verifyJournal(store.session, receiptOf)).to.deep.equal([]);

    await attempt(second.hash, { ...BLOCK, block: 8, gas_used: null });
    expect(words(await verifyJournal(store.session, receiptOf))).to.deep.equal([
      `transaction ${second.hash}: Its block, gas_used are not as on the chain.`,
    ]);
    expect((await repairJournal(store, receiptOf)).left).to.deep.equal([]);
    expect((await store.journal.attempts(intentId))[1]).to.include({ block: 9, gas_used: "21000" });

    // The journal says that neither landed.
    await attempt(second.hash, { status: "replaced", block: null, block_hash: null });
    await intent({ status: "void", succeeded: null });
    expect((await repairJournal(store, receiptOf)).left).to.deep.equal([]);
    expect(await store.journal.intent(intentId)).to.include({ status: "final", succeeded: true });

    const { left } = await repairJournal(store, async () => null);
    expect(left.map(({ problem, repair }) => `${problem} ${repair}`).join()).to.match(
      /no receipt of it.*keeps every receipt/,
    );
  });

  it("leaves a lane alone that a keeper has", async () => {
    await intent({ succeeded: false });
    const { journal } = bench().store;
    await journal.takeLane(CHAIN, SIGNER, "a keeper", 60_000);
    const error = await repairJournal(bench().store).catch((caught: unknown) => caught);
    expect(error)
      .to.be.instanceOf(KeeperError)
      .with.property("message")
      .that.matches(/A keeper signs for .* Stop it/);
    expect(await journal.intent(intentId)).to.include({ succeeded: false });
    expect(await verify()).to.have.length(1);
  });
});
