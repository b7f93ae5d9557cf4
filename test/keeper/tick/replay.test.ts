import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { openStore, type Store } from "@crosshedge/keeper";
import { expect } from "chai";
import { explainTick } from "../../../keeper/src/explain/explain.js";
import { type ReplayReport, replayTick } from "../../../keeper/src/explain/replay.js";
import { changedParts } from "../../../keeper/src/record/tick-row.js";
import type { Journal } from "../../../keeper/src/store/journal.js";
import { laneOf } from "../../../scripts/devnet/keeper-parts.js";
import { deposited, keeperOf } from "./support.js";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** The keeper's replay with one line of its sources changed. */
async function replayOf(folder: string, file: string, line: RegExp, other: string): Promise<typeof replayTick> {
  const copy = path.join(folder, "keeper");
  mkdirSync(copy, { recursive: true });
  cpSync(path.join(ROOT, "keeper/src"), path.join(copy, "src"), { recursive: true });
  writeFileSync(path.join(copy, "package.json"), '{ "type": "module" }');
  symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  symlinkSync(path.join(ROOT, "keeper/node_modules"), path.join(copy, "node_modules"));
  const target = path.join(copy, "src", file);
  const text = readFileSync(target, "utf8");
  expect(text).to.match(line);
  writeFileSync(target, text.replace(line, other));
  const module = (await import(pathToFileURL(path.join(copy, "src/explain/replay.ts")).href)) as {
    replayTick: typeof replayTick;
  };
  return module.replayTick;
}

describe("keeper: what was decided", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "crosshedge-replay-"));
  const directory = path.join(folder, "journal");
  let store: Store;
  let plan: number;

  before(async () => {
    const f = await deposited();
    store = await openStore({ kind: "directory", directory });
    const { journal } = store;
    const { keeper } = await keeperOf(f, {}, { journal, lane: await laneOf(f.world, "keeper", journal) });
    const { ticks, decisionHash } = await keeper.pass();
    const [event] = await f.rebalancer.queryFilter(f.rebalancer.filters.Rebalanced());
    expect(event!.args.decisionHash).to.equal(decisionHash);
    plan = ticks.find(({ kind }) => kind === "rebalance")!.id;
    // As after a restart.
    await store.close();
    store = await openStore({ kind: "directory", directory });
  });

  after(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const same = ({ identical, differences, modelChanged, hash, storedHash }: ReplayReport) => {
    expect(differences).to.deep.equal([]);
    expect([identical, modelChanged, hash === storedHash]).to.deep.equal([true, false, true]);
  };

  it("is decided again byte for byte from what is kept, also after the journal was closed", async () => {
    const ids = (await store.journal.ticks({}, 10)).map(({ id }) => id);
    expect(ids.length).to.be.at.least(2);
    for (const id of ids) same(await replayTick(store.journal, id));
  });

  it("is decided otherwise by other code, and replay says where", async () => {
    const other = await replayOf(folder, "plan/no-trade-band.ts", /\(3 \* /, "(300 * ");
    const report = await other(store.journal, plan);
    expect(report.identical).to.equal(false);
    expect(report.modelChanged).to.equal(true);
    expect(report.hash).to.not.equal(report.storedHash);
    expect(report.differences.join("\n")).to.match(/decision\.plan\..* was .*, and is /);
  });

  it("is not what its hashes say once somebody has touched it, and is refused once it was pruned", async () => {
    const tick = (await store.journal.tick(plan))!;
    expect(changedParts(tick)).to.deep.equal([]);
    expect(changedParts({ ...tick, config: tick.config.replace("0.4", "0.5") })).to.have.length(1);
    const touched: Journal = {
      ...store.journal,
      tick: async () => ({ ...tick, decision: tick.decision.replace("add", "odd") }),
    };
    expect((await replayTick(touched, plan)).identical).to.equal(false);
    const pruned: Journal = { ...store.journal, tick: async () => ({ ...tick, inputs: null }) };
    const refusal = await replayTick(pruned, plan).catch((error: Error) => error.message);
    expect(refusal).to.include("not kept any more");
    expect(await explainTick(pruned, plan)).to.include("its inputs are not kept any more");
  });

  it("is explained: seen, decided and why, orders, transaction, predicted and realised", async () => {
    const text = await explainTick(store.journal, plan);
    for (const words of [
      /rebalance \(plan\.marginAdd, plan\.liquidity, plan\.hedge\)/,
      /NAV \$200,000\.00, mode Normal, volatility \d+\.\d+% by the chain/,
      /short \d+\.\d+ WETH \(add to the WETH short/,
      /0x[0-9a-f]{64}: final, nonce \d+/,
      /cost: \$\d+\.\d+ → \$\d+\.\d+/,
      /variance removed: 7\d\.\d+% → 7\d\.\d+%/,
    ]) {
      expect(text).to.match(words);
    }
    const missing = await explainTick(store.journal, 10_000).catch((error: Error) => error.message);
    expect(missing).to.include("no tick 10000");
  });
});
