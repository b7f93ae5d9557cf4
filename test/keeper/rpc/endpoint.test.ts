import { setTimeout as wait } from "node:timers/promises";
import { expect } from "chai";
import { Endpoint } from "../../../keeper/src/rpc/endpoint.js";
import { ENDPOINT_DEFAULTS, type EndpointOptions, type PostEvent } from "../../../keeper/src/rpc/endpoint-options.js";
import type { RpcAnswer, RpcRequest } from "../../../keeper/src/rpc/request.js";
import {
  type Answers,
  type FakeNode,
  fakeNode,
  hang,
  hangUp,
  type Misbehaviour,
  NodeError,
  send,
  status,
} from "./support/fake-node.js";

const NUMBER: RpcRequest = { method: "eth_blockNumber", params: [] };
const PRICE: RpcRequest = { method: "eth_gasPrice", params: [] };
const SEND: RpcRequest = { method: "eth_sendRawTransaction", params: ["0x02"] };
const HASH = `0x${"ab".repeat(32)}`;
const KEY = "Eb9WMf1yew7NYpARca-if4NOxMV7LD65";

describe("an endpoint", () => {
  const nodes: FakeNode[] = [];
  const start = async (options: Partial<EndpointOptions> = {}, answers: Answers = {}, path = "") => {
    const node = await fakeNode({ eth_blockNumber: () => "0x10", eth_gasPrice: () => "0x7", ...answers }, path);
    nodes.push(node);
    const endpoint = new Endpoint(0, node.url, { ...ENDPOINT_DEFAULTS, retries: 0, ...options });
    return { node, endpoint };
  };
  const meaningOf = (answer: RpcAnswer | undefined): string => (answer?.ok ? "ok" : (answer?.fault.meaning ?? "none"));
  const meanings = async (endpoint: Endpoint, requests = [NUMBER, PRICE]): Promise<string[]> =>
    (await endpoint.ask(requests, true)).map(meaningOf);

  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.close()));
  });

  it("asks a batch in one POST, and finds the answers by their ids in any order", async () => {
    const { node, endpoint } = await start();
    node.misbehave((response, _, honest) => send(response, [...honest].reverse()));
    const answers = await endpoint.ask([NUMBER, PRICE], true);
    expect(answers).to.deep.equal([
      { ok: true, result: "0x10" },
      { ok: true, result: "0x7" },
    ]);
    expect(node.posts).to.deep.equal([["eth_blockNumber", "eth_gasPrice"]]);
    expect(endpoint.health.stats).to.include({ posts: 1, requests: 2 });
  });

  const WRONG: readonly (readonly [string, Misbehaviour, string])[] = [
    ["502 with a page", status(502, "<html>Bad Gateway</html>"), "unavailable"],
    ["429", status(429, { error: { code: 429, message: "Too Many Requests" } }), "rateLimited"],
    ["401", status(401, "no"), "unauthorized"],
    ["a page of a proxy with status 200", status(200, "<!DOCTYPE html><p>hello"), "garbage"],
    ["JSON that is cut off", (response, _, honest) => send(response, JSON.stringify(honest).slice(0, -9)), "garbage"],
    ["an object of something else", status(200, { hello: 1 }), "garbage"],
    [
      "ids of other questions",
      (response, asked, honest) =>
        send(
          response,
          honest.map((one, i) => ({ ...one, id: asked[i]!.id + 7 })),
        ),
      "garbage",
    ],
    [
      "the same answer twice",
      (response, _, honest) => send(response, [...honest, { ...honest[0]!, result: "0x99" }]),
      "garbage",
    ],
    ["an answer missing", (response, _, honest) => send(response, [honest[1]!]), "garbage"],
    [
      "another version of JSON-RPC",
      (response, _, honest) =>
        send(
          response,
          honest.map((one) => ({ ...one, jsonrpc: "1.0" })),
        ),
      "garbage",
    ],
    [
      "neither result nor error",
      (response, asked) =>
        send(
          response,
          asked.map(({ id }) => ({ jsonrpc: "2.0", id })),
        ),
      "garbage",
    ],
    [
      "one error for the whole batch",
      status(200, { jsonrpc: "2.0", id: null, error: { code: -32005, message: "daily request count exceeded" } }),
      "rateLimited",
    ],
    ["more than it may", status(200, " ".repeat(5_000)), "garbage"],
    ["elsewhere", status(307, "", { location: "http://127.0.0.1:9/" }), "unavailable"],
    ["nothing, ever", hang, "unavailable"],
    ["a closed connection", hangUp, "unavailable"],
  ];
  for (const [what, how, meaning] of WRONG)
    it(`${what} is ${meaning}`, async () => {
      const { node, endpoint } = await start({ timeoutMs: 60, maxAnswerBytes: 4_000 });
      node.misbehave(how);
      expect(await meanings(endpoint)).to.deep.equal([meaning, meaning]);
      node.misbehave(null);
      expect(await meanings(endpoint)).to.deep.equal(["ok", "ok"]);
    });

  it("answers of the wrong form, or to another question, are garbage", async () => {
    const block = { number: "0x10", hash: HASH, parentHash: HASH, timestamp: "0x1" };
    const { endpoint } = await start(
      {},
      {
        eth_gasPrice: () => "7",
        eth_call: () => "0xabc",
        eth_getBlockByHash: () => block,
        eth_getTransactionReceipt: () => ({ transactionHash: HASH, blockHash: HASH, blockNumber: "0x1", logs: null }),
        eth_getLogs: () => [{ address: `0x${"11".repeat(20)}`, topics: [], data: "0x" }],
      },
    );
    const asked: RpcRequest[] = [
      PRICE,
      { method: "eth_call", params: [{}, "latest"] },
      { method: "eth_getBlockByHash", params: [`0x${"cd".repeat(32)}`, false] },
      { method: "eth_getBlockByHash", params: [HASH, false] },
      { method: "eth_getTransactionReceipt", params: [HASH] },
      { method: "eth_getLogs", params: [{ address: `0x${"22".repeat(20)}` }] },
    ];
    expect(await meanings(endpoint, asked)).to.deep.equal([
      "garbage",
      "garbage",
      "garbage",
      "ok",
      "garbage",
      "garbage",
    ]);
  });

  it("repeats what only reads, never what sends", async () => {
    const { node, endpoint } = await start({ retries: 1 });
    node.misbehave(status(502), 1);
    expect(await meanings(endpoint)).to.deep.equal(["ok", "ok"]);
    node.misbehave(status(502), 1);
    expect((await endpoint.ask([SEND], false)).map(meaningOf)).to.deep.equal(["unavailable"]);
    expect(node.posts.flat().filter((method) => method === SEND.method)).to.have.length(1);
    expect(endpoint.health.stats.retries).to.equal(1);
  });

  it("no application error opens the breaker, however often; faults of its own do, and it comes back", async () => {
    const said = [
      "execution reverted",
      "nonce too low",
      "insufficient funds for gas * price + value",
      "header not found",
      "odd",
    ];
    let count = 0;
    const answers = {
      eth_call: () => {
        throw new NodeError(-32000, said[count++ % said.length]!);
      },
    };
    const { node, endpoint } = await start({ breaker: { failures: 2, restMs: 30 } }, answers);
    for (let i = 0; i < 20; i++) await endpoint.ask([{ method: "eth_call", params: [{}, "latest"] }], true);
    expect(endpoint.usable).to.equal(true);
    node.misbehave(status(502));
    await meanings(endpoint);
    expect(endpoint.state).to.equal("unverified");
    await meanings(endpoint);
    expect(endpoint.state).to.equal("open");
    const before = node.posts.length;
    expect(await meanings(endpoint)).to.deep.equal(["unavailable", "unavailable"]);
    expect(node.posts).to.have.length(before);
    node.misbehave(null);
    await wait(35);
    expect(await meanings(endpoint)).to.deep.equal(["ok", "ok"]);
    expect(endpoint.usable).to.equal(true);
  });

  it("leaves a node alone for as long as it asks", async () => {
    let now = 1_000_000;
    const { node, endpoint } = await start({ now: () => now });
    node.misbehave(status(429, "", { "retry-after": "60" }), 1);
    expect(await meanings(endpoint)).to.deep.equal(["rateLimited", "rateLimited"]);
    now += 59_000;
    expect([endpoint.state, await meanings(endpoint)]).to.deep.equal(["resting", ["rateLimited", "rateLimited"]]);
    expect(node.posts).to.have.length(1);
    now += 2_000;
    expect(await meanings(endpoint)).to.deep.equal(["ok", "ok"]);
  });

  it("a node of another chain is left out for good, also one that comes back as another", async () => {
    const { node, endpoint } = await start({ breaker: { failures: 1, restMs: 10 } });
    endpoint.expectChain(1, null);
    expect(await meanings(endpoint)).to.deep.equal(["ok", "ok"]);
    expect(node.posts).to.deep.equal([["eth_chainId", "eth_blockNumber", "eth_gasPrice"]]);
    await meanings(endpoint);
    expect(node.posts[1]).to.deep.equal(["eth_blockNumber", "eth_gasPrice"]);
    node.misbehave(status(502), 1);
    await meanings(endpoint);
    node.answers.eth_chainId = () => "0x5";
    await wait(15);
    expect(await meanings(endpoint)).to.deep.equal(["wrongChain", "wrongChain"]);
    const posts = node.posts.length;
    node.answers.eth_chainId = () => "0x1";
    await wait(15);
    expect([endpoint.state, await meanings(endpoint)]).to.deep.equal(["excluded", ["wrongChain", "wrongChain"]]);
    expect(node.posts).to.have.length(posts);
  });

  it("asks in smaller parts where a batch is too large, and remembers", async () => {
    const { node, endpoint } = await start();
    node.misbehave(status(200, { jsonrpc: "2.0", id: null, error: { code: -32600, message: "batch too large" } }), 1);
    expect(await meanings(endpoint, [NUMBER, PRICE, NUMBER])).to.deep.equal(["ok", "ok", "ok"]);
    await meanings(endpoint, [NUMBER, PRICE, NUMBER]);
    expect(node.posts.map(({ length }) => length)).to.deep.equal([3, 2, 1, 2, 1]);
  });

  it("a head from the future, or far below one told before, is the node's fault", async () => {
    const head = { number: "0x64", hash: HASH, parentHash: HASH, timestamp: "0x3e8" };
    const latest: RpcRequest = { method: "eth_getBlockByNumber", params: ["latest", false] };
    const options = { now: () => 1_000_000, maxAheadSeconds: 60, maxStepBack: 8 };
    const { node, endpoint } = await start(options, { eth_getBlockByNumber: () => head });
    const tell = async (change: object): Promise<string[]> => {
      node.answers.eth_getBlockByNumber = () => ({ ...head, ...change });
      return meanings(endpoint, [latest]);
    };
    expect(await tell({})).to.deep.equal(["ok"]);
    expect(await tell({ number: "0x5c" }), "eight back").to.deep.equal(["ok"]);
    expect(await tell({ number: "0x5b" }), "nine back").to.deep.equal(["garbage"]);
    expect(await tell({ timestamp: "0x424" }), "60 s ahead").to.deep.equal(["ok"]);
    expect(await tell({ timestamp: "0x425" }), "61 s ahead").to.deep.equal(["garbage"]);
  });

  it("never shows its address: not in its name, its faults, its health or its events", async () => {
    const events: PostEvent[] = [];
    const { node, endpoint } = await start({ onPost: (event) => events.push(event) }, {}, `/v2/${KEY}?token=${KEY}`);
    node.misbehave(status(403, { error: { code: -32600, message: `Forbidden: ${KEY} at ${node.url}` } }));
    const answers = await endpoint.ask([NUMBER], true);
    node.misbehave(status(200, `no such key: ${KEY}`));
    answers.concat(await endpoint.ask([NUMBER], true));
    expect(JSON.stringify([answers, endpoint.health, events])).not.to.contain(KEY.slice(4, 14));
    expect(endpoint.name).to.match(/^rpc\[0\] 127\.0\.0\.1:\d+$/);
    expect(events.map(({ endpoint: index, meaning, methods }) => ({ index, meaning, methods }))).to.deep.equal([
      { index: 0, meaning: "unauthorized", methods: ["eth_blockNumber"] },
      { index: 0, meaning: "garbage", methods: ["eth_blockNumber"] },
    ]);
    const hidden = new Endpoint(
      1,
      "https://user:secret-password@nd-0123456789abcdef0123456789.example/x",
      ENDPOINT_DEFAULTS,
    );
    expect(hidden.name).to.equal("rpc[1] *.example");
  });
});
