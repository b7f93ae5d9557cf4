import { once } from "node:events";
import { expect } from "chai";
import type { PgBoss } from "pg-boss";
import { silentLogger } from "../../../keeper/src/logger.js";
import { openQueue } from "../../../keeper/src/store/queue.js";
import { newTick } from "./support/rows.js";
import { onEachBackend } from "./support/stores.js";

const NAME = "ticks";
const KEY = { singletonKey: "31337:0xa1" };

onEachBackend("the queue beside the journal", (bench, backend) => {
  let queue: PgBoss;
  beforeEach(async () => {
    queue = await openQueue(bench().store, silentLogger);
    await queue.createQueue(NAME, { policy: "exclusive" });
  });
  afterEach(() => queue.stop({ graceful: false }));

  it("holds one job a key, waiting or at work, and takes the next once it is done", async () => {
    expect(await queue.send(NAME, { n: 1 }, KEY)).to.be.a("string");
    expect(await queue.send(NAME, { n: 2 }, KEY)).to.equal(null);
    expect(await queue.send(NAME, { n: 3 }, { singletonKey: "31337:0xa2" })).to.be.a("string");
    const jobs = await queue.fetch<{ n: number }>(NAME, { batchSize: 10 });
    expect(jobs.map(({ data }) => data.n).sort()).to.deep.equal([1, 3]);
    expect(await queue.send(NAME, { n: 4 }, KEY), "at work").to.equal(null);
    await queue.complete(
      NAME,
      jobs.map(({ id }) => id),
    );
    expect(await queue.send(NAME, { n: 5 }, KEY)).to.be.a("string");
  });

  it("gives a job to one of its workers, while the journal is written to", async () => {
    const { store, another } = bench();
    const second = backend === "Postgres" ? await openQueue(await another(), silentLogger) : queue;
    const keys = Array.from({ length: 20 }, (_, i) => `${i}`);
    const seen: string[] = [];
    const done = new Promise<void>((resolve) => {
      for (const one of [queue, second]) {
        void one.work<{ key: string }>(NAME, { pollingIntervalSeconds: 0.5, batchSize: 5 }, async (jobs) => {
          for (const { data } of jobs) {
            await store.journal.beginTick(newTick());
            seen.push(data.key);
          }
          if (seen.length >= keys.length) resolve();
        });
      }
    });
    await Promise.all(keys.map((key) => queue.send(NAME, { key }, { singletonKey: key })));
    await done;
    if (second !== queue) await second.stop({ graceful: true });
    expect(seen.sort()).to.deep.equal(keys.sort());
    expect(await store.journal.ticks({}, 100)).to.have.length(keys.length);
  });

  it("goes away with the store in memory, and outlives it on a server", async () => {
    const { another } = bench();
    await queue.send(NAME, {}, KEY);
    const stopped = once(queue, "stopped");
    await queue.stop({ graceful: true });
    await stopped;
    const again = await openQueue(await another(), silentLogger);
    expect(await again.send(NAME, {}, KEY)).to.equal(null);
    await again.stop({ graceful: false });
  });
});
