import { CrosshedgeError } from "@crosshedge/sdk";
import { expect } from "chai";
import fc from "fast-check";
import { connectProvider } from "../../../keeper/src/cli/connect.js";
import { KeeperError } from "../../../keeper/src/errors.js";
import { classifyRpcError } from "../../../keeper/src/rpc/classify.js";
import { connectChain } from "../../../keeper/src/rpc/connect-chain.js";
import { hashOf } from "./support/fake-chain.js";
import { type FakeNode, fakeNode, status } from "./support/fake-node.js";
import { errorOf, severalNodes } from "./support/several-nodes.js";

const WHO = `0x${"11".repeat(20)}`;
const TX = `0x${"ab".repeat(32)}`;
const DEAD = "http://127.0.0.1:9/v2/Eb9WMf1yew7NYpARca";

describe("connecting to a chain", () => {
  const nodes: FakeNode[] = [];
  const nodeOn = async (chainId: number): Promise<FakeNode> => {
    const node = await fakeNode({ eth_chainId: () => `0x${chainId.toString(16)}`, eth_call: () => "0x01" });
    nodes.push(node);
    return node;
  };
  const logged: string[] = [];
  const note = (details: object, message: string): void => {
    logged.push(`${message} ${JSON.stringify(details)}`);
  };
  const logger = { debug: note, info: note, warn: note, error: note };

  afterEach(async () => {
    logged.length = 0;
    await Promise.all(nodes.splice(0).map((node) => node.close()));
  });

  it("takes the chain that the nodes are on", async () => {
    const provider = await connectChain([(await nodeOn(5)).url, (await nodeOn(5)).url]);
    expect([provider.chainId, (await provider.getNetwork()).chainId, provider.crossChecked]).to.deep.equal([
      5,
      5n,
      true,
    ]);
    provider.destroy();
  });

  it("refuses what cannot work, and says what to do", async () => {
    const [one, other] = [(await nodeOn(1)).url, (await nodeOn(5)).url];
    const bad: readonly (readonly [string[], object, RegExp])[] = [
      [[], {}, /No RPC address.*--rpc/],
      [["ftp://node.example"], {}, /not one of http or https.*--rpc/],
      [["node.example"], {}, /not one of http or https/],
      [[one, one], {}, /given twice/],
      [[one], { agree: 2 }, /2 nodes must agree, but 1/],
      [[one, other], {}, /different chains.*rpc\[0\].*chain 1.*rpc\[1\].*chain 5/],
      [[one, other], { chainId: 1 }, /Of 2 RPC addresses 1 can be on chain 1, and 2 must agree/],
      [[one], { chainId: 7 }, /Of 1 RPC addresses 0/],
    ];
    for (const [urls, options, message] of bad) {
      const error = await errorOf(connectChain(urls, options));
      expect(error, message.source).to.be.instanceOf(KeeperError);
      expect(error.message).to.match(message).and.not.to.contain("http://");
    }
  });

  it("where no node answers, it is the network's fault, for the exit code too", async () => {
    const error = await errorOf(connectChain([DEAD], { retries: 0 }));
    expect(classifyRpcError(error).meaning).to.equal("unavailable");
    expect(error.message).to.contain("rpc[0] 127.0.0.1:9").and.not.to.contain("Eb9W");
    expect(CrosshedgeError.is(await errorOf(connectProvider([DEAD])), "NETWORK")).to.equal(true);
  });

  it("one of another chain is left out of three, and told", async () => {
    const three = [await nodeOn(5), await nodeOn(1), await nodeOn(1)];
    const provider = await connectChain(
      three.map(({ url }) => url),
      { chainId: 1, logger },
    );
    expect(await provider.call({ to: WHO, blockTag: 1 })).to.equal("0x01");
    expect(three.map(({ asked }) => asked.filter(({ method }) => method === "eth_call").length)).to.deep.equal([
      0, 1, 1,
    ]);
    expect(logged).to.have.length(1);
    expect(logged[0]).to.contain("another chain").and.to.contain("rpc[0]").and.to.contain('"chainId":5');
    expect(provider.endpoints[0]!.state).to.equal("excluded");
    provider.destroy();
  });

  it("one that is away at first is used once it is back, and checked then", async () => {
    const [one, late] = [await nodeOn(1), await nodeOn(1)];
    late.misbehave(status(503), 3);
    const options = { logger, lagMs: 1, retries: 0, breaker: { failures: 9, restMs: 1 } };
    const provider = await connectChain([one.url, late.url], options);
    expect(logged[0]).to.contain("does not answer yet");
    expect(classifyRpcError(await errorOf(provider.call({ to: WHO, blockTag: 1 }))).meaning).to.equal("unavailable");
    expect(await provider.call({ to: WHO, blockTag: 1 })).to.equal("0x01");
    expect(late.posts.at(-1)).to.deep.equal(["eth_chainId", "eth_call"]);
    provider.destroy();
  });
});

describe("a node that lies", () => {
  const connect = severalNodes();
  const receipt = {
    transactionHash: TX,
    blockHash: hashOf(10),
    blockNumber: "0xa",
    status: "0x1",
    gasUsed: "0x1",
    logs: [],
  };
  const truth: Readonly<Record<string, readonly [unknown[], unknown]>> = {
    eth_call: [[{ to: WHO }, "0xa"], "0x01"],
    eth_getTransactionCount: [[WHO, "0xa"], "0x3"],
    eth_getTransactionReceipt: [[TX], receipt],
    eth_getBlockByHash: [
      [hashOf(10), false],
      { hash: hashOf(10), parentHash: hashOf(9), number: "0xa", timestamp: "0x1" },
    ],
    eth_getLogs: [[{ blockHash: hashOf(10) }], [{ address: WHO, topics: [], data: "0x", blockHash: hashOf(10) }]],
  };

  it("is outvoted by two, whatever it says", async () => {
    const honest = Object.fromEntries(Object.entries(truth).map(([method, [, result]]) => [method, () => result]));
    const { provider, nodes } = await connect([honest, honest, honest]);
    const lie = fc.oneof(fc.jsonValue(), fc.constantFrom("0x", "0x02", "0x4", null, [], { ...receipt, status: "0x0" }));
    await fc.assert(
      fc.asyncProperty(lie, fc.constantFrom(...Object.keys(truth)), async (said, method) => {
        nodes[0]!.answers[method] = () => said;
        const [params, result] = truth[method]!;
        expect(await provider.send(method, params)).to.deep.equal(result);
      }),
      { numRuns: 60 },
    );
  });

  it("is believed in nothing where only one other is asked", async () => {
    const honest = Object.fromEntries(Object.entries(truth).map(([method, [, result]]) => [method, () => result]));
    const { provider, nodes } = await connect([honest, honest]);
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.constantFrom(...Object.keys(truth)), async (said, method) => {
        nodes[1]!.answers[method] = () => said;
        const [params, result] = truth[method]!;
        const answer: unknown = await provider.send(method, params).catch(() => result);
        expect(answer).to.deep.equal(result);
      }),
      { numRuns: 40 },
    );
  });
});
