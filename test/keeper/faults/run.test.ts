import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { openStore, type Store } from "../../../keeper/src/store/open-store.js";
import { sharedPostgres } from "../../support/postgres.js";
import { keyOf } from "./support/chain.js";
import type { Rule } from "./support/rpc-proxy.js";
import { openScene, type Scene } from "./support/scene.js";

const SEND = "eth_sendRawTransaction";
const COMMAND = path.resolve(import.meta.dirname, "../../../keeper/bin/crosshedge.js");
/** So that nothing has to be waited for: seconds. */
const QUICK = { stopSeconds: 1, soonSeconds: 0.1, waitSeconds: 0.1 };

describe("faults: `crosshedge run` as a process of its own", () => {
  let scene: Scene;
  let store: Store;
  let url: string;
  beforeEach(async () => {
    scene = await openScene(10);
    url = await (await sharedPostgres()).createDatabase();
    store = await openStore({ kind: "postgres", url });
  });
  afterEach(async () => {
    await store.close();
    await scene.end();
  });

  const run = () => {
    const { chain, nodes } = scene;
    const nodeFlags = nodes.flatMap((node) => ["--rpc", node.url]);
    const where = [...nodeFlags, "--vault", chain.fixture.deployment.vault, "--multicall", chain.multicall];
    const settings = {
      ...Object.fromEntries(Object.entries(QUICK).map(([name, value]) => [`intervals.${name}`, value])),
      ...{ "chains.0.pollSeconds": 0.1, "chains.0.lane.pollMilliseconds": 50, "chains.0.lane.finality": 2 },
      "keeper.execution.gasLimit": 15_000_000,
    };
    const set = Object.entries(settings).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
    const child = spawn(process.execPath, [COMMAND, "run", ...where, ...set, "--storage", url], {
      env: { ...process.env, CROSSHEDGE_KEY: keyOf("keeper") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = Promise.all([text(child.stdout), text(child.stderr)]).then((parts) => parts.join(""));
    const ended = once(child, "exit").then(async ([code, signal]) => ({ code, signal, said: await said }));
    return { child, ended };
  };
  /** Resolves when a node is given a transaction. */
  const sent = () =>
    new Promise<void>((resolve) => {
      const content: Rule["content"] = async ({ method, params }, forward) => {
        const answer = await forward(method, params);
        resolve();
        return answer;
      };
      scene.nodes[0]!.rule({ name: "sent", methods: [SEND], times: 1, content });
    });
  const attempts = () => store.db.selectFrom("attempts").selectAll().orderBy("sequence").execute();

  it("SIGTERM in mid-tick: exit 0 with all of it written down, and the next process goes on", async () => {
    const first = run();
    await Promise.race([sent(), first.ended]);
    first.child.kill("SIGTERM");
    const { code, signal, said } = await first.ended;
    expect([code, signal], said).to.deep.equal([0, null]);
    expect(said).to.include("stopped");
    const [plan, ...others] = await attempts();
    expect(others).to.deep.equal([]);
    expect(plan!.status).to.be.oneOf(["signed", "sent"]);
    const lanes = await store.db.selectFrom("lanes").select("expires_at").execute();
    expect(lanes, "the lane is free").to.deep.equal([{ expires_at: 0 }]);

    const second = run();
    const settled = async () => (await attempts())[0]!.status === "final";
    // The process decides when it looks: blocks come as on any chain.
    for (let over = false; !over && second.child.exitCode === null; over = await settled()) {
      await sleep(200);
      await scene.chain.mine(1);
    }
    second.child.kill("SIGTERM");
    const end = await second.ended;
    expect([end.code, end.signal], end.said).to.deep.equal([0, null]);

    const rest = await scene.keeper({ storage: { kind: "postgres", url } });
    await rest.ticks(6);
    expect((await attempts())[0]).to.include({ hash: plan!.hash, status: "final" });
    expect(await scene.chain.epoch()).to.equal(scene.start.epoch + 1);
    await scene.judge({ store });
  });
});
