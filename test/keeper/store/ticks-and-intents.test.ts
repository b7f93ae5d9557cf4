import { expect } from "chai";
import { CHAIN, newIntent, newTick, SIGNER, VAULT } from "./support/rows.js";
import { onEachBackend } from "./support/stores.js";

const OTHER_VAULT = `0x${"a2".repeat(20)}`;

onEachBackend("the journal of ticks and intents", (bench) => {
  it("gives a tick back as it was written, byte for byte", async () => {
    const { store, clock } = bench();
    const tick = newTick({ inputs: Uint8Array.from({ length: 256 }, (_, byte) => byte) });
    const id = await store.journal.beginTick(tick);
    const found = (await store.journal.tick(id))!;
    const bytes = (row: { readonly inputs?: Uint8Array | null }) => ({ ...row, inputs: [...row.inputs!] });
    expect(bytes(found)).to.deep.equal({ ...bytes(tick), id, ended_at: null, result: null });

    clock.time = 4321;
    await store.journal.endTick(id, { state: "landed" });
    const ended = await store.journal.tick(id);
    expect(ended).to.include({ ended_at: 4321, result: '{"state":"landed"}' });
    expect(await store.journal.tick(id + 1)).to.equal(null);
  });

  it("lists the latest first, by vault and by chain, whatever the case of the address", async () => {
    const { journal } = bench().store;
    const ids: number[] = [];
    for (const vault of [VAULT, OTHER_VAULT, VAULT]) ids.push(await journal.beginTick(newTick({ vault })));
    await journal.beginTick(newTick({ chain_id: 1 }));
    const of = async (where: object, limit = 10) => (await journal.ticks(where, limit)).map(({ id }) => id);
    expect(await of({ chainId: CHAIN, vault: VAULT.toUpperCase().replace("0X", "0x") })).to.deep.equal([
      ids[2],
      ids[0],
    ]);
    expect(await of({ chainId: CHAIN })).to.deep.equal([ids[2], ids[1], ids[0]]);
    expect(await of({}, 1)).to.have.length(1);
  });

  it("forgets the inputs of old ticks and nothing else", async () => {
    const { journal } = bench().store;
    const [old, young] = [
      await journal.beginTick(newTick({ started_at: 10 })),
      await journal.beginTick(newTick({ started_at: 20 })),
    ];
    const other = await journal.beginTick(newTick({ started_at: 10, vault: OTHER_VAULT }));
    const where = { chainId: CHAIN, vault: VAULT };
    expect(await journal.pruneInputs(where, 20)).to.equal(1);
    expect(await journal.pruneInputs(where, 20)).to.equal(0);
    expect((await journal.tick(other))!.inputs, "of a vault that keeps them longer").to.not.equal(null);
    expect(await journal.tick(old)).to.include({ inputs: null, inputs_hash: newTick().inputs_hash });
    expect((await journal.tick(young))!.inputs).to.not.equal(null);
  });

  it("makes the same key twice one intent, until it is void", async () => {
    const { journal } = bench().store;
    const first = await journal.openIntent(newIntent());
    expect(first).to.have.property("created", true);
    expect(first.intent).to.include({
      status: "open",
      nonce: null,
      gas_limit: "2000000",
      notional: 12_345.678,
      urgent: false,
    });
    const again = await journal.openIntent(
      newIntent({ gas_limit: 1n, vault: VAULT.toUpperCase().replace("0X", "0x") }),
    );
    expect(again).to.deep.equal({ intent: first.intent, created: false });

    const hold = (await journal.takeLane(CHAIN, SIGNER, "me", 60_000))!;
    for (const status of ["landed", "final"] as const) {
      await journal.updateIntent(hold, first.intent.id, { status, succeeded: true });
      expect(await journal.openIntent(newIntent()), status).to.have.property("created", false);
    }
    await journal.updateIntent(hold, first.intent.id, { status: "void", note: "cancelled" });
    const second = await journal.openIntent(newIntent());
    expect(second.created).to.equal(true);
    expect(second.intent.id).to.be.greaterThan(first.intent.id);
    expect((await journal.intents({ chainId: CHAIN, vault: VAULT }, 10)).map(({ id }) => id)).to.deep.equal([
      second.intent.id,
      first.intent.id,
    ]);
  });

  it("tells keys of other vaults, chains and names apart", async () => {
    const { journal } = bench().store;
    for (const change of [{}, { vault: OTHER_VAULT }, { chain_id: 1 }, { key: "epoch:8" }]) {
      expect(await journal.openIntent(newIntent(change))).to.have.property("created", true);
    }
  });

  it("lets one of many parallel writers of a key create it, all see the same", async () => {
    const { store, another } = bench();
    const stores = [store, await another(), await another()];
    const all = await Promise.all(Array.from({ length: 30 }, (_, i) => stores[i % 3]!.journal.openIntent(newIntent())));
    expect(all.filter(({ created }) => created)).to.have.length(1);
    expect(new Set(all.map(({ intent }) => intent.id)).size).to.equal(1);
  });

  it("lists what is unsettled of an account, oldest first", async () => {
    const { journal } = bench().store;
    const hold = (await journal.takeLane(CHAIN, SIGNER, "me", 60_000))!;
    const ids: number[] = [];
    for (const status of ["open", "landed", "reverted", "final", "void"] as const) {
      const { intent } = await journal.openIntent(newIntent({ key: status }));
      await journal.updateIntent(hold, intent.id, { status });
      ids.push(intent.id);
    }
    await journal.openIntent(newIntent({ key: "other signer", signer: VAULT }));
    expect((await journal.unsettled(CHAIN, SIGNER)).map(({ id }) => id)).to.deep.equal(ids.slice(0, 3));
    expect(await journal.unsettled(1, SIGNER)).to.deep.equal([]);
  });

  it("refuses what breaks its constraints as the program's mistake, not as a database that is gone", async () => {
    const { journal } = bench().store;
    const failure = await journal.openIntent(newIntent({ tick_id: 999 })).catch((error: Error) => error);
    expect(failure).to.have.property("code", "23503");
  });
});
