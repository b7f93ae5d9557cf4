import { expect } from "chai";
import { Wallet } from "ethers";
import { connectChain } from "../../../keeper/src/rpc/connect-chain.js";
import { isEndpointFault } from "../../../keeper/src/rpc/fault.js";
import { keyOf } from "./support/chain.js";
import { says } from "./support/content-faults.js";
import type { Life } from "./support/life.js";
import { type Rule, type TransportFault, transport } from "./support/rpc-proxy.js";
import { openScene, type Scene } from "./support/scene.js";

describe("faults: nodes that fail", () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await openScene(6);
  });
  afterEach(() => scene.end());

  /** Ticks that may fail, then nodes that work: the plan has landed once. */
  const survives = async (life: Life, ticks: number) => {
    for (let tick = 0; tick < ticks; tick += 1) {
      await life.keeper.tick().catch(() => undefined);
      await life.blocks(1);
    }
    expect(scene.nodes.flatMap(({ injected }) => injected)).to.have.length.above(0);
    for (const node of scene.nodes) node.clear();
    const again = await scene.keeper({ owner: "test-1" });
    await again.ticks(6);
    expect(await scene.chain.epoch()).to.equal(scene.start.epoch + 1);
    await scene.judge();
  };

  const failures: readonly (readonly [what: string, fault: TransportFault])[] = [
    ["429 with Retry-After", transport.tooMany(1)],
    ["502 with a page of HTML", transport.badGateway()],
    ["garbage", transport.garbage()],
    ["truncated JSON", transport.truncated()],
    ["swapped ids", transport.swappedIds()],
    ["a lost answer", transport.answerLost()],
    ["a broken connection", transport.disconnect()],
  ];
  for (const [what, fault] of failures) {
    it(`${what} at every third POST of either node: one plan lands, nothing is sent twice`, async () => {
      const life = await scene.keeper({ owner: "test-1" });
      scene.everywhere({ name: what, probability: 1 / 3, transport: fault });
      await survives(life, 4);
    });
  }

  it("a node that hangs: the tick ends in time, and nothing was sent", async () => {
    const life = await scene.keeper({ owner: "test-1", timeoutMs: 300 });
    scene.nodes[1]!.rule({ name: "hang", transport: transport.hang() });
    const error = await life.keeper.tick().then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(String(error)).to.match(/NETWORK|No answer/);
    expect(await scene.store.db.selectFrom("attempts").selectAll().execute()).to.deep.equal([]);
    await survives(life, 0);
  });

  it("a node of another chain is left out, and where two must agree nothing starts", async () => {
    const wrong: Rule = { name: "wrong chain", methods: ["eth_chainId"], content: () => ({ result: "0xa" }) };
    scene.nodes[1]!.rule(wrong);
    const urls = scene.nodes.map(({ url }) => url);
    const error = await connectChain(urls, { chainId: 31337 }).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(String(error)).to.include("chain 31337");
    const third = await scene.chain.endpoint(7);
    const life = await scene.keeper({ urls: [...urls, third.url] });
    expect(life.provider.endpoints.map(({ state }) => state)).to.deep.equal(["healthy", "excluded", "healthy"]);
    const [first] = await life.ticks(4);
    expect(first!.state).to.equal("landed");
    expect(scene.nodes[1]!.posts.flat()).to.not.include("eth_sendRawTransaction");
    await scene.judge();
  });

  const application: readonly (readonly [words: string, code?: number, data?: string])[] = [
    ["execution reverted", 3, "0x08c379a0"],
    ["insufficient funds for gas * price + value"],
    ["nonce too low"],
    ["replacement transaction underpriced"],
    ["max fee per gas less than block base fee"],
    ["invalid argument 0: json: cannot unmarshal", -32_602],
    ["exceeds block gas limit"],
  ];
  it("application errors pause no endpoint", async () => {
    const life = await scene.keeper({ owner: "test-1" });
    const { provider, lane } = life;
    const call = { from: lane.signer, to: scene.chain.fixture.deployment.vault, data: "0x" };
    const fees = { maxFeePerGas: 1n, maxPriorityFeePerGas: 1n, gasLimit: 21_000n };
    const raw = await new Wallet(keyOf("keeper")).signTransaction({ ...fees, type: 2, chainId: 31337, nonce: 9_999 });
    const questions: readonly (() => Promise<unknown>)[] = [
      () => provider.call(call),
      () => provider.broadcast(raw),
      () => provider.estimateGas(call),
      () => provider.getTransactionCount(lane.signer),
    ];
    const methods = ["eth_call", "eth_sendRawTransaction", "eth_estimateGas", "eth_getTransactionCount"];
    for (const [words, code, data] of application) {
      const back = scene.everywhere({ name: words, methods, content: says(words, code, data) });
      await life.keeper.tick().catch(() => undefined);
      // A row of posts that hold nothing else: more than a breaker takes of a node's own faults.
      for (let time = 0; time < 5; time += 1) for (const ask of questions) await ask().catch(() => undefined);
      back();
      for (const { state, lastFault } of life.provider.endpoints) {
        expect(state, `${words}: ${lastFault?.meaning}`).to.equal("healthy");
        expect(lastFault === null || !isEndpointFault(lastFault.meaning), words).to.equal(true);
      }
    }
    await survives(life, 0);
  });
});
