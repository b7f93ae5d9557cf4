import { once } from "node:events";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { KeeperError } from "../../../keeper/src/errors.js";
import { openStore, type Store } from "../../../keeper/src/store/open-store.js";
import { startWriter, type Writer } from "./support/processes.js";
import { newTick } from "./support/rows.js";

describe("the embedded journal's directory", function () {
  this.timeout(60_000);
  let home: string;
  let store: Store | undefined;
  let writer: Writer | undefined;
  /** A journal that is made once: making one takes seconds. */
  let directory: string;

  const open = async (where = directory): Promise<Store> => {
    store = await openStore({ kind: "directory", directory: where });
    return store;
  };
  const refusal = async (where: string): Promise<string> => {
    const error = await open(where).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(KeeperError);
    return (error as Error).message;
  };

  before(async () => {
    home = fs.mkdtempSync(path.join(tmpdir(), "crosshedge-store-"));
    directory = path.join(home, "a", "journal");
    await (await open()).close();
    store = undefined;
  });
  afterEach(async () => {
    await store?.close();
    store = undefined;
    if (writer !== undefined && writer.process.exitCode === null && writer.process.signalCode === null) {
      writer.process.kill("SIGKILL");
      await once(writer.process, "exit");
    }
    writer = undefined;
  });
  after(() => fs.rmSync(home, { recursive: true, force: true }));

  it("flushes each write to the disk before it resolves", async () => {
    const { journal } = await open();
    const original = fs.fsyncSync;
    let flushes = 0;
    fs.fsyncSync = (file) => {
      flushes++;
      original(file);
    };
    syncBuiltinESMExports();
    try {
      for (let i = 1; i <= 5; i++) {
        await journal.beginTick(newTick());
        expect(flushes).to.be.at.least(i);
      }
    } finally {
      fs.fsyncSync = original;
      syncBuiltinESMExports();
    }
  });

  it("is one process's alone: a second one is told who has it, and the first goes on", async () => {
    writer = startWriter(directory);
    await writer.until(({ open: opened }) => opened === true);
    const message = await refusal(directory);
    expect(message).to.contain(`process ${writer.process.pid} on `).and.contain("writer.ts");
    expect(message).to.match(/since 20\d\d-.*Stop that one first/);
    const { id } = await writer.until((word) => word.id !== undefined);
    await writer.until((word) => word.id === id! + 3);

    writer.process.stdin.end();
    await once(writer.process, "exit");
    const { journal } = await open();
    const last = writer.said.at(-1)!.id!;
    expect(await journal.tick(last)).to.include({ id: last });
  });

  it("is not opened twice by one process either", async () => {
    const first = await open();
    expect(await refusal(directory)).to.contain(`process ${process.pid} on `);
    store = first;
    await first.journal.beginTick(newTick());
  });

  it("keeps all that was said to be written when the process is killed in mid-write, and is free at once", async () => {
    writer = startWriter(directory);
    const { id: first = 0 } = await writer.until((word) => word.id !== undefined);
    await writer.until((word) => word.id! >= first + 20);
    writer.process.kill("SIGKILL");
    await once(writer.process, "close");
    const reported = writer.said.flatMap(({ id }) => id ?? []);
    const { journal } = await open();
    const ids = (await journal.ticks({}, 10_000)).map(({ id }) => id);
    expect(reported).to.have.length.greaterThan(20);
    expect(ids).to.include.members(reported);
    const found = (await journal.tick(reported.at(-1)!))!;
    expect(found.config).to.have.length(4000);
  });

  it("does not believe a dead owner's name, though another process has its number now", async () => {
    fs.writeFileSync(path.join(directory, "owner.json"), JSON.stringify({ pid: 1, host: "here", command: "init" }));
    await (await open()).journal.beginTick(newTick());
  });

  it("begins anew where the first start was cut off before there was a journal", async () => {
    const cut = path.join(home, "cut");
    fs.mkdirSync(path.join(cut, "postgres/base"), { recursive: true });
    fs.writeFileSync(path.join(cut, "postgres/PG_VERSION"), "18\n");
    await (await open(cut)).journal.beginTick(newTick());
  });

  it("is not taken for one where something else lies, and is left alone", async () => {
    const other = path.join(home, "other");
    fs.mkdirSync(other);
    fs.writeFileSync(path.join(other, "thesis.txt"), "2020");
    expect(await refusal(other)).to.match(/is no journal: it holds thesis.txt.*Name an empty directory/);
    expect(fs.readdirSync(other)).to.deep.equal(["thesis.txt"]);
  });

  it("is refused where it cannot be written", async () => {
    const file = path.join(home, "file");
    fs.writeFileSync(file, "");
    expect(await refusal(file)).to.match(/cannot be written.*Name a directory on a local disk/);
    expect(await refusal(path.join(file, "below"))).to.match(/cannot be written/);
  });
});
