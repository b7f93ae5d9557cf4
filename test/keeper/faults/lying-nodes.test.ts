import { HedgeVault__factory, PerpV2Leg__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { NodesDisagreeError } from "../../../keeper/src/rpc/nodes-disagree-error.js";
import {
  countOff,
  frozenHead,
  inventedReceipt,
  noReceipt,
  ownFork,
  readAs,
  recoded,
} from "./support/content-faults.js";
import type { Life } from "./support/life.js";
import type { Rule } from "./support/rpc-proxy.js";
import { openScene, type Scene } from "./support/scene.js";

type Values = unknown[];
const SEND = "eth_sendRawTransaction";

describe("faults: nodes that say what is not so", () => {
  let scene: Scene;
  let life: Life;
  beforeEach(async () => {
    scene = await openScene(5);
    life = await scene.keeper();
  });
  afterEach(() => scene.end());

  const error = (tick: Promise<unknown>): Promise<unknown> =>
    tick.then(
      () => null,
      (thrown: unknown) => thrown,
    );
  const sends = () => scene.nodes.flatMap(({ posts }) => posts.flat()).filter((method) => method === SEND).length;
  /** Ticks that may fail, then honest nodes: the plan has landed once. */
  const survives = async (ticks: number) => {
    for (let tick = 0; tick < ticks; tick += 1) {
      await life.keeper.tick().catch(() => undefined);
      await life.blocks(1);
    }
    expect(scene.nodes.flatMap(({ injected }) => injected)).to.have.length.above(0);
    for (const node of scene.nodes) node.clear();
    await life.ticks(6);
    expect(await scene.chain.epoch()).to.equal(scene.start.epoch + 1);
    await scene.judge();
  };

  it("a position that one node reads as 0 is not hedged a second time", async () => {
    await life.ticks(3);
    const { perp } = scene.chain.fixture;
    const calls = PerpV2Leg__factory.createInterface();
    const nothing = ([value]: Values): Values => [(value as Values).map((part) => zeroed(part))];
    const change = recoded(calls, "measure", nothing);
    const content = readAs(String(perp.target), calls.getFunction("measure").selector, change);
    scene.nodes[1]!.rule({ name: "position read as 0", methods: ["eth_call"], content });
    const before = sends();
    expect(NodesDisagreeError.is(await error(life.keeper.tick()))).to.equal(true);
    expect(sends()).to.equal(before);
    await survives(1);
  });

  it("a price that one node changed by one per cent is not traded on", async () => {
    const { vault } = scene.chain.fixture;
    const calls = HedgeVault__factory.createInterface();
    const lower = ([held, snapshot]: Values): Values => {
      const [mid, ...rest] = snapshot as [bigint[], ...Values];
      return [held, [mid.map((price) => (price * 99n) / 100n), ...rest]];
    };
    const change = recoded(calls, "portfolio", lower);
    const content = readAs(String(vault.target), calls.getFunction("portfolio").selector, change);
    const rule = { name: "price changed", methods: ["eth_call"], content };
    scene.nodes[1]!.rule(rule);
    expect(NodesDisagreeError.is(await error(life.keeper.tick()))).to.equal(true);
    expect(sends()).to.equal(0);
    await survives(1);
  });

  it("state of both nodes from before a plan that is final, and a new process: it is not sent again", async () => {
    const before = await scene.chain.request<string>("eth_blockNumber");
    await life.ticks(6);
    const plans = () => scene.store.db.selectFrom("attempts").selectAll().execute();
    const once = await plans();
    expect(once.map(({ status }) => status)).to.deep.equal(["final"]);
    const methods = ["eth_blockNumber", "eth_getBlockByNumber", "eth_getBlockByHash", "eth_call", "eth_getLogs"];
    scene.everywhere({ name: "old state", methods, content: frozenHead(before) });
    const restarted = await scene.keeper({ owner: "test-1" });
    const again = await restarted.keeper.tick();
    expect([again.kind, again.state]).to.deep.equal(["rebalance", "landed"]);
    expect(await plans()).to.deep.equal(once);
    await survives(1);
  });

  const lies: readonly (readonly [what: string, rule: Omit<Rule, "name">, who: "one" | "both"])[] = [
    ["a frozen head of one node", { content: frozenHead() }, "one"],
    ["a frozen head of both nodes", { content: frozenHead() }, "both"],
    ["a head on a fork of its own", { content: ownFork() }, "one"],
    ["a nonce that is higher at one node", { methods: ["eth_getTransactionCount"], content: countOff(3) }, "one"],
    ["a nonce that is lower at one node", { methods: ["eth_getTransactionCount"], content: countOff(-1) }, "one"],
    ["receipts withheld by one node", { methods: ["eth_getTransactionReceipt"], content: noReceipt }, "one"],
    ["receipts withheld by both nodes", { methods: ["eth_getTransactionReceipt"], content: noReceipt }, "both"],
    [
      "receipts invented by one node",
      { methods: ["eth_getTransactionReceipt"], content: inventedReceipt(true) },
      "one",
    ],
    [
      "failures invented by one node",
      { methods: ["eth_getTransactionReceipt"], content: inventedReceipt(false) },
      "one",
    ],
  ];
  for (const [what, rule, who] of lies) {
    it(`${what}: one plan lands, no nonce is lost`, async () => {
      if (who === "both") scene.everywhere({ name: what, ...rule });
      else scene.nodes[1]!.rule({ name: what, ...rule });
      await survives(3);
    });
  }
});

/** The same shape with every number zero. */
function zeroed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(zeroed);
  return typeof value === "bigint" ? 0n : value;
}
