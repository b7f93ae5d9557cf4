import { setImmediate as turn } from "node:timers/promises";
import { decodeError } from "@crosshedge/sdk";
import { expect } from "chai";
import { keccak256 } from "ethers";
import { classifyRpcError } from "../../../keeper/src/rpc/classify.js";
import { publicRoute, relayRoute } from "../../../keeper/src/rpc/route.js";
import { type FakeNode, fakeNode, NodeError, status } from "./support/fake-node.js";
import { errorOf, severalNodes } from "./support/several-nodes.js";

const RAW = "0x02aa";
const HASH = keccak256(RAW);
const OTHER = `0x${"ab".repeat(32)}`;

const refuse = (message: string) => () => {
  throw new NodeError(-32000, message);
};

describe("sending", () => {
  const connect = severalNodes();
  const send = (...each: (() => unknown)[]) =>
    connect(
      each.map((eth_sendRawTransaction) => ({ eth_sendRawTransaction })),
      { retries: 1 },
    );

  it("goes to all nodes, and one that takes it or knows it is enough", async () => {
    const taken = await send(
      () => HASH,
      refuse("txpool is full"),
      () => HASH,
    );
    expect(await taken.provider.broadcast(RAW)).to.include({ hash: HASH, alreadyKnown: false });
    while (taken.nodes.some(({ posts }) => posts.length === 0)) await turn();
    expect(
      taken.nodes.map(({ asked }) => asked.filter(({ method }) => method === "eth_sendRawTransaction").length),
    ).to.deep.equal([1, 1, 1]);
    const known = await send(refuse("nonce too low"), refuse("already known"));
    expect(await known.provider.broadcast(RAW)).to.deep.include({ hash: HASH, alreadyKnown: true });
  });

  it("does not wait for a node that is slow", async () => {
    const { provider, nodes } = await send(
      () => HASH,
      () => HASH,
    );
    nodes[0]!.misbehave(() => undefined);
    expect((await provider.broadcast(RAW)).takenBy).to.deep.equal([provider.endpoints[1]!.name]);
  });

  it("throws what says most where none takes it, and does not repeat it", async () => {
    const { provider, nodes } = await send(refuse("internal error"), refuse("nonce too low"));
    const error = await errorOf(provider.broadcast(RAW));
    expect(classifyRpcError(error).meaning).to.equal("nonceTooLow");
    expect(decodeError(error).code).to.equal("NONCE_CONFLICT");
    expect(nodes.map(({ posts }) => posts.length)).to.deep.equal([1, 1]);
    for (const node of nodes) node.misbehave(status(502));
    expect(classifyRpcError(await errorOf(provider.broadcast(RAW))).meaning).to.equal("unavailable");
    expect(nodes.map(({ posts }) => posts.length)).to.deep.equal([2, 2]);
  });

  it("does not believe a node that tells another hash", async () => {
    const { provider } = await send(() => OTHER, refuse("odd"));
    expect(classifyRpcError(await errorOf(provider.broadcast(RAW))).meaning).to.equal("unknown");
    const honest = await send(
      () => OTHER,
      () => HASH,
    );
    expect((await honest.provider.broadcast(RAW)).takenBy).to.deep.equal([honest.provider.endpoints[1]!.name]);
  });

  it("a method that may change something goes to one node, once", async () => {
    const { provider, nodes } = await connect([{ evm_mine: () => "0x0" }, { evm_mine: () => "0x0" }], { retries: 1 });
    await provider.send("evm_mine", []);
    expect(nodes.map(({ posts }) => posts.flat().filter((method) => method === "evm_mine").length)).to.deep.equal([
      1, 0,
    ]);
    nodes[0]!.misbehave(status(502));
    await errorOf(provider.send("evm_mine", []));
    expect(nodes.map(({ posts }) => posts.length)).to.deep.equal([2, 0]);
  });
});

describe("routes", () => {
  const connect = severalNodes();
  const relays: FakeNode[] = [];
  const relay = async (method: "eth_sendPrivateTransaction" | "eth_sendRawTransaction", answer: () => unknown) => {
    const node = await fakeNode({ [method]: answer });
    relays.push(node);
    return { node, route: relayRoute({ name: "quiet", url: node.url, method, expiresBlocks: 25 }) };
  };

  afterEach(async () => {
    await Promise.all(relays.splice(0).map((node) => node.close()));
  });

  it("in public: through the nodes, or through any provider; known is taken", async () => {
    const { provider } = await connect([{ eth_sendRawTransaction: () => HASH }]);
    const route = publicRoute(provider);
    expect(route).to.include({ name: "public", expiresBlocks: null, publicAfterExpiry: false });
    expect((await route.send(RAW, null)).hash).to.equal(HASH);
    const other = publicRoute({ send: async () => Promise.reject(new NodeError(-32000, "already known")) });
    expect(await other.send(RAW, null)).to.include({ hash: HASH, alreadyKnown: true });
    const refused = publicRoute({ send: async () => Promise.reject(new NodeError(-32000, "nonce too low")) });
    expect(classifyRpcError(await errorOf(refused.send(RAW, null))).meaning).to.equal("nonceTooLow");
  });

  it("a private relay is told the last block, and nobody else hears of it", async () => {
    const { node, route } = await relay("eth_sendPrivateTransaction", () => HASH);
    expect(route).to.include({ name: "quiet", expiresBlocks: 25, publicAfterExpiry: false });
    expect(await route.send(RAW, 125)).to.deep.equal({ hash: HASH, alreadyKnown: false, takenBy: ["quiet"] });
    expect(node.asked.map(({ method, params }) => ({ method, params }))).to.deep.equal([
      { method: "eth_sendPrivateTransaction", params: [{ tx: RAW, maxBlockNumber: "0x7d" }] },
    ]);
  });

  it("a relay without blocks takes the plain transaction; its refusals have a meaning, and are not repeated", async () => {
    const { node, route } = await relay("eth_sendRawTransaction", () => HASH);
    await route.send(RAW, 125);
    expect(node.asked[0]!.params).to.deep.equal([RAW]);
    node.answers.eth_sendRawTransaction = refuse("nonce too low");
    expect(classifyRpcError(await errorOf(route.send(RAW, 125))).meaning).to.equal("nonceTooLow");
    node.answers.eth_sendRawTransaction = () => OTHER;
    expect(classifyRpcError(await errorOf(route.send(RAW, 125))).meaning).to.equal("garbage");
    node.misbehave(status(502));
    const lost = await errorOf(route.send(RAW, 125));
    expect(classifyRpcError(lost).meaning).to.equal("unavailable");
    expect(lost.message).to.contain("relay quiet").and.not.to.contain(node.url);
    expect(node.posts).to.have.length(4);
  });
});
