import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { openStore } from "../../../keeper/src/store/open-store.js";
import { startWriter } from "./support/processes.js";
import { newTick } from "./support/rows.js";

/** Of 512 bytes: enough for Postgres to start with, and for some hundred ticks. */
const BLOCKS = 17_500;

describe("a disk that is full", function () {
  this.timeout(90_000);
  let directory: string;
  before(async () => {
    directory = mkdtempSync(path.join(tmpdir(), "crosshedge-full-"));
    await (await openStore({ kind: "directory", directory })).close();
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  it("ends the writing by name, and loses nothing that was said to be written", async () => {
    // The system refuses to let any file grow further, as a full disk does.
    const writer = startWriter(directory, 5000, `ulimit -f ${BLOCKS};`);
    const { error, message } = await writer.until((word) => word.error !== undefined || word.done === true);
    expect(error).to.equal("StorageError");
    expect(message).to.match(/The disk of the journal is full: .*Make room/);
    if (writer.process.exitCode === null) await once(writer.process, "exit");

    const store = await openStore({ kind: "directory", directory });
    const reported = writer.said.flatMap(({ id }) => id ?? []);
    const ids = (await store.journal.ticks({}, 10_000)).map(({ id }) => id);
    expect(reported).to.have.length.greaterThan(20);
    expect(ids).to.include.members(reported);
    await store.journal.beginTick(newTick());
    await store.close();
  });
});
