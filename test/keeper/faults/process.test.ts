import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import type { Step } from "../../../keeper/src/lane/lane.js";
import { StorageError } from "../../../keeper/src/store/storage-error.js";
import { startPostgres } from "../../support/postgres.js";
import type { KeeperChild } from "./support/run-child.js";
import { keeperChild } from "./support/run-child.js";
import { openScene, type Scene } from "./support/scene.js";

describe("faults: the keeper's process, its database and its clock", () => {
  let scene: Scene;
  let folder: string;
  const children: KeeperChild[] = [];
  beforeEach(async () => {
    scene = await openScene(9);
    folder = mkdtempSync(path.join(tmpdir(), "crosshedge-process-"));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.signal("SIGKILL");
    await scene.end();
    rmSync(folder, { recursive: true, force: true });
  });

  const child = async () => {
    const started = await keeperChild();
    children.push(started);
    return started;
  };
  const directory = () => ({ kind: "directory" as const, directory: path.join(folder, "journal") });
  const once = async (store = scene.store) => {
    expect(await scene.chain.epoch()).to.equal(scene.start.epoch + 1);
    await scene.judge({ store });
  };

  for (const step of ["tickWritten", "attemptWritten", "sent"] as const) {
    it(`database gone at "${step}": the tick fails in words, and the next process goes on where it ended`, async () => {
      const postgres = await startPostgres();
      try {
        const storage = { kind: "postgres" as const, url: await postgres.createDatabase() };
        const onStep = (at: Step) => (at === step ? postgres.stop() : undefined);
        const life = await scene.keeper({ storage }, { onStep });
        const error = await life.keeper.tick().then(
          () => null,
          (thrown: unknown) => thrown,
        );
        expect(error).to.be.instanceOf(StorageError);
        await postgres.start();
        const again = await scene.keeper({ storage });
        await again.store.db.updateTable("lanes").set({ expires_at: 0 }).execute();
        await again.ticks(6);
        await once(again.store);
        await again.store.close();
      } finally {
        await postgres.remove();
      }
    });
  }

  for (const step of ["tickWritten", "intentWritten", "signed"] as const) {
    it(`disk full from "${step}" on: what cannot be written down is not sent`, async () => {
      const storage = directory();
      const full = await child();
      full.start({ settings: await scene.settings({ storage }), ticks: 3, fullAt: step });
      await full.ended;
      expect(
        full.words.map(({ word }) => word),
        JSON.stringify(full.words),
      ).to.deep.equal(["ready", "failed"]);
      expect(scene.nodes.flatMap(({ posts }) => posts.flat())).to.not.include("eth_sendRawTransaction");
      const again = await scene.keeper({ storage, clock: (await scene.chain.clock()) + 120_000 });
      await again.ticks(6);
      await once(again.store);
    });
  }

  it("a second process on the directory: it is refused, with the name of the first", async () => {
    const storage = directory();
    const first = await scene.keeper({ storage });
    const second = await child();
    second.start({ settings: await scene.settings({ storage }), ticks: 1 });
    await second.ended;
    expect(JSON.stringify(second.words)).to.include(String(process.pid));
    await first.ticks(5);
    await once(first.store);
  });

  it("SIGTERM in mid-tick: it stops watching, gives the lane back, and the next one goes on at once", async () => {
    const storage = directory();
    const stopped = await child();
    const settings = await scene.settings({ storage, blockEvery: null });
    stopped.start({ settings, ticks: 9, tellAt: "sent" });
    await stopped.said("at");
    stopped.signal("SIGTERM");
    expect(await stopped.ended).to.deep.equal({ code: 0, signal: null });
    expect(stopped.words.at(-1)).to.deep.equal({ word: "done", states: ["inFlight"] });
    const again = await scene.keeper({ storage });
    await again.ticks(5);
    await once(again.store);
  });

  for (const hours of [-3, 3]) {
    it(`a clock ${Math.abs(hours)} hours ${hours < 0 ? "behind" : "ahead"}: deadlines are the chain's, and one plan lands`, async () => {
      const life = await scene.keeper({ ahead: hours * 3_600_000 });
      const now = (await scene.chain.clock()) / 1000;
      const first = await life.keeper.tick();
      expect(first.state).to.equal("landed");
      expect(first.sent!.intent!.deadline).to.be.within(now, now + 700);
      await life.ticks(5);
      await once();
    });
  }
});
