import { CrosshedgeError, decodeError, multicall } from "@crosshedge/sdk";
import { expect } from "chai";
import { AbiCoder } from "ethers";
import type { ChainProvider } from "../../../keeper/src/rpc/chain-provider.js";
import { classifyRpcError } from "../../../keeper/src/rpc/classify.js";
import { NodesDisagreeError } from "../../../keeper/src/rpc/nodes-disagree-error.js";
import { chainTo, hashOf } from "./support/fake-chain.js";
import { type Answers, NodeError, status } from "./support/fake-node.js";
import { agreedHead, errorOf, severalNodes } from "./support/several-nodes.js";

const WHO = `0x${"11".repeat(20)}`;
const TX = `0x${"ab".repeat(32)}`;
const RECEIPT = {
  ...{ transactionHash: TX, blockHash: hashOf(10), blockNumber: "0xa", transactionIndex: "0x0", status: "0x1" },
  ...{
    from: WHO,
    to: WHO,
    contractAddress: null,
    gasUsed: "0x5208",
    cumulativeGasUsed: "0x5208",
    effectiveGasPrice: "0x7",
  },
  ...{ logs: [], logsBloom: `0x${"00".repeat(256)}`, type: "0x2" },
};
const ERROR_DATA = `0x08c379a0${AbiCoder.defaultAbiCoder().encode(["string"], ["too much"]).slice(2)}`;

describe("a provider over several nodes", () => {
  const connect = severalNodes();
  const callOf = (...results: unknown[]): Answers[] => results.map((result) => ({ eth_call: () => result }));
  const call = (provider: ChainProvider, blockTag: string | number = 10): Promise<string> =>
    provider.call({ to: WHO, data: "0x1234", blockTag });

  it("what is read together costs one POST to each of two nodes, however many are given", async () => {
    const answers: Answers = {
      eth_call: () => "0x01",
      eth_getTransactionCount: () => "0x3",
      eth_getBalance: () => "0x9",
    };
    const { provider, nodes: asked } = await connect([answers, answers, answers]);
    const [value, nonce, balance] = await Promise.all([
      call(provider),
      provider.getTransactionCount(WHO),
      provider.getBalance(WHO),
    ]);
    expect([value, nonce, balance]).to.deep.equal(["0x01", 3, 9n]);
    expect(asked.map(({ posts }) => posts.length)).to.deep.equal([1, 1, 0]);
    expect(provider.crossChecked).to.equal(true);
  });

  it("bytes of a call that differ are an error of their own, after one more try", async () => {
    const { provider, nodes: asked } = await connect(callOf("0x01", "0x02"));
    const error = await errorOf(call(provider));
    expect(NodesDisagreeError.is(error)).to.equal(true);
    expect(error.message).to.contain("eth_call").and.to.contain("rpc[0]").and.to.contain("rpc[1]");
    expect(error.message).not.to.contain("http");
    expect(asked.map(({ posts }) => posts.length)).to.deep.equal([2, 2]);
    expect(provider.endpoints.map(({ stats }) => stats.disagreements)).to.deep.equal([1, 1]);
    const decoded = decodeError(error);
    expect(decoded.code).to.equal("NETWORK");
    expect(NodesDisagreeError.is(decoded), "through the SDK").to.equal(true);
  });

  it("a split nonce, a receipt that one lacks and one that differs are refused", async () => {
    const differ: readonly (readonly [string, unknown, unknown])[] = [
      ["eth_getTransactionCount", "0x3", "0x4"],
      ["eth_getTransactionReceipt", RECEIPT, null],
      ["eth_getTransactionReceipt", RECEIPT, { ...RECEIPT, status: "0x0" }],
      ["eth_getTransactionReceipt", RECEIPT, { ...RECEIPT, blockHash: hashOf(10, "b") }],
    ];
    for (const [method, one, other] of differ) {
      const { provider } = await connect([{ [method]: () => one }, { [method]: () => other }]);
      const asked =
        method === "eth_getTransactionCount" ? provider.getTransactionCount(WHO) : provider.getTransactionReceipt(TX);
      expect(NodesDisagreeError.is(await errorOf(asked)), method).to.equal(true);
    }
    const spelling = { ...RECEIPT, blockHash: RECEIPT.blockHash.toUpperCase().replace("0X", "0x"), extra: 1 };
    const { provider } = await connect([
      { eth_getTransactionReceipt: () => RECEIPT },
      { eth_getTransactionReceipt: () => spelling },
    ]);
    expect((await provider.getTransactionReceipt(TX))?.status).to.equal(1);
  });

  it("a node that is only late is asked again, about the block that both know", async () => {
    let late = 0;
    const balance = (_: string, block: string) => (block === "latest" ? ++late && "0x1" : "0x9");
    const { provider, nodes: asked } = await connect([
      { eth_getBalance: () => "0x9" },
      { ...chainTo(18), eth_getBalance: balance },
    ]);
    expect(await provider.getBalance(WHO)).to.equal(9n);
    expect(late).to.equal(1);
    expect(
      asked[0]!.asked.filter(({ method }) => method === "eth_getBalance").map(({ params }) => params[1]),
    ).to.deep.equal(["latest", "0x12"]);
  });

  it("two of three carry the day, and the third is counted", async () => {
    const { provider } = await connect(callOf("0x02", "0x01", "0x01"));
    expect(await call(provider)).to.equal("0x01");
    expect(provider.endpoints.map(({ stats }) => stats.disagreements)).to.deep.equal([1, 0, 0]);
    const split = await connect(callOf("0x01", "0x02", "0x03"));
    expect(NodesDisagreeError.is(await errorOf(call(split.provider)))).to.equal(true);
  });

  it("asks those last that were outvoted, or are far behind", async () => {
    const liar = await connect(callOf("0x02", "0x01", "0x01"));
    await call(liar.provider);
    for (const { posts } of liar.nodes) posts.length = 0;
    await call(liar.provider);
    expect(liar.nodes.map(({ posts }) => posts.length)).to.deep.equal([0, 1, 1]);
    const frozen = await connect([chainTo(10), chainTo(20), chainTo(20)]);
    await agreedHead(frozen.provider);
    for (const { posts } of frozen.nodes) posts.length = 0;
    expect((await agreedHead(frozen.provider)).number).to.equal(20);
    expect(frozen.nodes.map(({ posts }) => posts.length)).to.deep.equal([0, 1, 1]);
  });

  it("one of two that is away: nothing is believed; a third one stands in", async () => {
    const two = await connect(callOf("0x01", "0x01"));
    two.nodes[1]!.misbehave(status(502));
    const error = await errorOf(call(two.provider));
    expect(classifyRpcError(error).meaning).to.equal("unavailable");
    expect(decodeError(error).code).to.equal("NETWORK");
    expect(error.message).to.contain("rpc[1]").and.not.to.contain("rpc[0]");
    const three = await connect(callOf("0x01", "0x01", "0x01"));
    three.nodes[1]!.misbehave(status(502));
    expect(await call(three.provider)).to.equal("0x01");
  });

  it("with one node it works, and says that nothing is checked", async () => {
    const { provider } = await connect(callOf("0x01"));
    expect([await call(provider), provider.crossChecked]).to.deep.equal(["0x01", false]);
    expect((await agreedHead(provider)).number).to.equal(20);
  });

  it("gas may differ: the larger counts, as does a nonce with what waits; of tips the smaller, since one node could ask for all", async () => {
    const answers = (gas: string): Answers => ({
      eth_estimateGas: () => gas,
      eth_maxPriorityFeePerGas: () => gas,
      eth_getTransactionCount: () => gas,
      eth_feeHistory: () => ({ oldestBlock: "0x1", baseFeePerGas: ["0x1", gas], gasUsedRatio: [0.5] }),
    });
    const { provider } = await connect([answers("0x64"), answers("0xc8")]);
    expect(await provider.estimateGas({ to: WHO, from: WHO })).to.equal(200n);
    expect(await provider.send("eth_maxPriorityFeePerGas", [])).to.equal("0x64");
    expect(await provider.getTransactionCount(WHO, "pending")).to.equal(200);
    expect((await provider.send("eth_feeHistory", ["0x1", "latest", []])).baseFeePerGas[1]).to.equal("0xc8");
  });

  it("one of three that guesses wildly is outvoted, and asked for only where the others are apart", async () => {
    const of = (gas: string, pending: string): Answers => ({
      eth_estimateGas: () => gas,
      eth_getTransactionCount: () => pending,
    });
    const honest = of("0x64", "0x3");
    for (const liar of [of("0xffffffffffff", "0x9"), of("0x1", "0x0")]) {
      for (const place of [0, 1]) {
        const { provider } = await connect([honest, honest].toSpliced(place, 0, liar));
        expect(await provider.estimateGas({ to: WHO, from: WHO })).to.equal(100n);
        expect(await provider.getTransactionCount(WHO, "pending")).to.equal(3);
      }
    }
    const { provider, nodes: asked } = await connect([honest, of("0x78", "0x3"), honest]);
    expect(await provider.estimateGas({ to: WHO, from: WHO })).to.equal(120n);
    expect(await provider.getTransactionCount(WHO, "pending")).to.equal(3);
    expect(asked[2]!.posts).to.have.length(0);
  });

  it("a guess of a node that is away is asked of the third", async () => {
    const estimate = (gas: string): Answers => ({ eth_estimateGas: () => gas });
    const { provider, nodes: asked } = await connect([estimate("0x64"), estimate("0x64"), estimate("0x6e")]);
    asked[0]!.misbehave(status(502));
    expect(await provider.estimateGas({ to: WHO, from: WHO })).to.equal(110n);
  });

  it("a revert can be decoded, whichever form it came in, and whether or not both nodes tell the data", async () => {
    const geth = () => {
      throw new NodeError(3, "execution reverted: too much", ERROR_DATA);
    };
    const nethermind = () => {
      throw new NodeError(-32015, "VM execution error.", `Reverted ${ERROR_DATA}`);
    };
    const silent = () => {
      throw new NodeError(-32000, "execution reverted");
    };
    for (const pair of [
      [geth, nethermind],
      [silent, nethermind],
      [geth, silent],
    ]) {
      const { provider } = await connect(pair.map((eth_call) => ({ eth_call })));
      const { revert } = decodeError(await errorOf(call(provider)));
      expect(revert).to.deep.include({ kind: "message", message: "too much" });
    }
  });

  it("an error of a call that is no revert is none for the SDK either", async () => {
    const gone = () => {
      throw new NodeError(-32000, "header not found");
    };
    const { provider } = await connect([{ eth_call: gone }, { eth_call: gone }]);
    const at = { provider, blockNumber: 10 };
    const read = { target: WHO, data: "0x", label: "a read", decode: (bytes: string) => bytes };
    const error = await errorOf(multicall(at, [read]));
    expect(CrosshedgeError.is(error, "NETWORK")).to.equal(true);
    expect(classifyRpcError(error).meaning).to.equal("staleBlock");
    const poor = () => {
      throw new NodeError(-32000, "err: insufficient funds for gas * price + value: have 0 want 100");
    };
    const { provider: other } = await connect([{ eth_call: poor }, { eth_call: poor }]);
    expect(decodeError(await errorOf(call(other))).code).to.equal("INSUFFICIENT_FUNDS");
  });

  it("a block's hash as tag goes out by EIP-1898", async () => {
    const seen: unknown[] = [];
    const note = (_: unknown, tag: unknown): string => {
      seen.push(tag);
      return "0x01";
    };
    const { provider } = await connect([{ eth_call: note, eth_getTransactionCount: note }]);
    const block = hashOf(10);
    await call(provider, block);
    await provider.getTransactionCount(WHO, block);
    await call(provider, 10);
    const pinned = { blockHash: block, requireCanonical: true };
    expect(seen).to.deep.equal([pinned, pinned, "0xa"]);
  });

  it("an unsettled transaction need not be known to both", async () => {
    const waiting = { hash: TX, blockHash: null, nonce: "0x1" };
    const { provider } = await connect([
      { eth_getTransactionByHash: () => null },
      { eth_getTransactionByHash: () => waiting },
    ]);
    expect(await provider.send("eth_getTransactionByHash", [TX])).to.deep.equal(waiting);
  });
});
