import { expect } from "chai";
import type { LaneHold } from "../../../keeper/src/store/journal.js";
import { LaneLostError } from "../../../keeper/src/store/lane-lost-error.js";
import { CHAIN, newIntent, SIGNER, signed, VAULT } from "./support/rows.js";
import { onEachBackend } from "./support/stores.js";

const HOUR = 3_600_000;

onEachBackend("the journal's lanes", (bench, backend) => {
  const take = (owner: string, milliseconds = HOUR) =>
    bench().store.journal.takeLane(CHAIN, SIGNER, owner, milliseconds);
  const lost = async (work: Promise<unknown>): Promise<void> => {
    expect(await work.catch((error: unknown) => error)).to.be.instanceOf(LaneLostError);
  };

  it("belong to one owner, whose own they stay, under the same term", async () => {
    const hold = await take("a");
    expect(hold).to.deep.equal({ chainId: CHAIN, signer: SIGNER, owner: "a", term: 1 });
    expect(await take("b")).to.equal(null);
    expect(await take("a")).to.deep.equal(hold);
  });

  it("are apart by chain and by account", async () => {
    const { journal } = bench().store;
    await take("a");
    expect(await journal.takeLane(1, SIGNER, "b", HOUR)).to.include({ term: 1 });
    expect(await journal.takeLane(CHAIN, VAULT, "b", HOUR)).to.include({ term: 1 });
  });

  it("go to the next one when they expire, under a new term that fences the one before", async () => {
    const { journal } = bench().store;
    const old = (await take("a", 0))!;
    expect(await take("b")).to.include({ owner: "b", term: 2 });
    await lost(journal.renewLane(old, HOUR));
    await journal.releaseLane(old);
    expect(await take("c")).to.equal(null);
    expect(await take("a")).to.equal(null);
  });

  it("are kept by renewing them, and free once given back; the term never falls", async () => {
    const { journal } = bench().store;
    const hold = (await take("a", 0))!;
    await journal.renewLane(hold, HOUR);
    expect(await take("b")).to.equal(null);
    await journal.releaseLane(hold);
    expect(await take("b")).to.include({ term: 2 });
    await lost(journal.renewLane(hold, HOUR));
  });

  it("go to one of many who want them at once", async () => {
    const { store, another } = bench();
    const stores = [store, await another(), await another()];
    const holds = await Promise.all(
      Array.from({ length: 20 }, (_, i) => stores[i % 3]!.journal.takeLane(CHAIN, SIGNER, `owner ${i}`, HOUR)),
    );
    expect(holds.filter((hold) => hold !== null)).to.have.length(1);
  });

  it("let nothing of the old owner in once the new one has them, however close", async () => {
    const { store, another } = bench();
    const old = (await take("old", 0))!;
    const { id } = (await store.journal.openIntent(newIntent())).intent;
    const attempts = await Promise.all(
      Array.from({ length: 12 }, (_, i) => signed(id, 3, { fee: BigInt(i + 1) * 10n ** 9n })),
    );
    const successor = await another();
    const writes = attempts.map((attempt) =>
      store.journal.addAttempt(old, attempt).then(
        () => attempt.hash,
        () => null,
      ),
    );
    const hold = (await successor.journal.takeLane(CHAIN, SIGNER, "new", HOUR)) as LaneHold;
    const seen = (await successor.journal.attempts(id)).map(({ hash }) => hash).sort();
    const written = (await Promise.all(writes)).filter((hash) => hash !== null).sort();
    expect(hold.term).to.equal(2);
    expect(seen, "what the new owner saw at first is all there will be").to.deep.equal(written);
    expect((await successor.journal.attempts(id)).map(({ hash }) => hash).sort()).to.deep.equal(written);
  });

  if (backend === "Postgres") {
    it("go by the server's clock: a replica whose clock is wrong can neither steal nor lose them", async () => {
      const { store, another } = bench();
      const [ahead, behind] = [await another(() => Date.now() + 10 * HOUR), await another(() => 0)];
      expect(await take("a")).to.include({ term: 1 });
      expect(await ahead.journal.takeLane(CHAIN, SIGNER, "ahead", HOUR)).to.equal(null);
      await store.journal.releaseLane((await take("a"))!);
      expect(await behind.journal.takeLane(CHAIN, SIGNER, "behind", HOUR)).to.include({ term: 2 });
      expect(await take("a")).to.equal(null);
    });
  } else {
    it("go by the keeper's own clock", async () => {
      await take("a", 1000);
      bench().clock.time += 999;
      expect(await take("b")).to.equal(null);
      bench().clock.time += 1;
      expect(await take("b")).to.include({ term: 2 });
    });
  }
});

onEachBackend("the journal's replicas", (bench) => {
  it("live as long as they write that they do", async () => {
    const { journal } = bench().store;
    for (const owner of ["b", "a", "b"]) await journal.beat(owner);
    expect(await journal.living(HOUR)).to.deep.equal(["a", "b"]);
    expect(await journal.living(-1)).to.deep.equal([]);
    await journal.leave("b");
    expect(await journal.living(HOUR)).to.deep.equal(["a"]);
  });
});
