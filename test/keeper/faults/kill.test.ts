import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { STEPS, type Step } from "../../../keeper/src/lane/lane.js";
import { openStore } from "../../../keeper/src/store/open-store.js";
import { sharedPostgres } from "../../support/postgres.js";
import { keeperChild } from "./support/run-child.js";
import { openScene, type Scene } from "./support/scene.js";

/** Ticks until what a first plan does is final. */
const TICKS = 5;
/** Looks until a block comes: long enough for a replacement. */
const SLOW = 4;
/** Where something is written down that nothing has come of yet. */
const ON_POSTGRES: readonly Step[] = ["tickWritten", "intentWritten", "attemptWritten", "sent", "minedWritten"];

describe("faults: kill -9 at every step of a tick, and start again", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "crosshedge-kill-"));
  const template = path.join(folder, "template");
  let scene: Scene;
  let next = keeperChild();

  before(async () => {
    await (await openStore({ kind: "directory", directory: template })).close();
  });
  beforeEach(async () => {
    scene = await openScene(1);
  });
  afterEach(() => scene.end());
  after(async () => {
    (await next).signal("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  for (const step of STEPS) {
    it(`${step}: one epoch step, nothing orphaned, with a journal in a directory`, async () => {
      const directory = path.join(folder, step);
      cpSync(template, directory, { recursive: true });
      const storage = { kind: "directory" as const, directory };
      const child = await next;
      next = keeperChild();
      const settings = await scene.settings({ storage, blockEvery: SLOW });
      child.start({ settings, ticks: TICKS, dieAt: step });
      expect(await child.ended, JSON.stringify(child.words)).to.include({ signal: "SIGKILL" });

      // The dead one's lease is over.
      const clock = (await scene.chain.clock()) + 120_000;
      const again = await scene.keeper({ storage, blockEvery: SLOW, clock });
      await again.ticks(TICKS);
      expect(await scene.chain.epoch()).to.equal(scene.start.epoch + 1);
      await scene.judge({ store: again.store });
    });
  }

  for (const step of ON_POSTGRES) {
    it(`${step}: the same on Postgres`, async () => {
      const url = await (await sharedPostgres()).createDatabase();
      const storage = { kind: "postgres" as const, url };
      const child = await next;
      next = keeperChild();
      child.start({ settings: await scene.settings({ storage, blockEvery: SLOW }), ticks: TICKS, dieAt: step });
      expect(await child.ended, JSON.stringify(child.words)).to.include({ signal: "SIGKILL" });

      const again = await scene.keeper({ storage, blockEvery: SLOW });
      await again.store.db.updateTable("lanes").set({ expires_at: 0 }).execute();
      await again.ticks(TICKS);
      expect(await scene.chain.epoch()).to.equal(scene.start.epoch + 1);
      await scene.judge({ store: again.store });
    });
  }
});
