import { CrosshedgeError, decodeError } from "@crosshedge/sdk";
import { expect } from "chai";
import { type HDNodeWallet, parseEther, type TransactionRequest, Wallet } from "ethers";
import { network } from "hardhat";
import type { ChainProvider } from "../../../keeper/src/rpc/chain-provider.js";
import { classifyRpcError } from "../../../keeper/src/rpc/classify.js";
import { connectChain } from "../../../keeper/src/rpc/connect-chain.js";
import type { Meaning } from "../../../keeper/src/rpc/fault.js";
import { publicRoute, type RpcSender } from "../../../keeper/src/rpc/route.js";
import { type Served, serve } from "../../../scripts/devnet/serve.js";
import { agreedHead, errorOf } from "./support/several-nodes.js";

/** Reverts with 0xdeadbeef. */
const REVERTS = "0x63deadbeef5f526004601cfd";
const GWEI = 10n ** 9n;

interface Chain extends RpcSender {
  readonly chainId: number;
}

/** What the chain says to each, in an order in which each is provoked. */
async function provoke(chain: Chain, wallet: HDNodeWallet | Wallet): Promise<Record<string, string>> {
  const fees = { type: 2, gasLimit: 21_000, maxFeePerGas: 10n * GWEI, maxPriorityFeePerGas: GWEI };
  const plain = { ...fees, chainId: chain.chainId, to: wallet.address };
  const route = publicRoute(chain);
  const said: Record<string, string> = {};
  const send = async (name: string, change: TransactionRequest): Promise<void> => {
    const raw = await wallet.signTransaction({ ...plain, nonce: 1, ...change });
    said[name] = await route.send(raw, null).then(
      ({ alreadyKnown }) => (alreadyKnown ? "alreadyKnown" : "taken"),
      (error: unknown) => classifyRpcError(error).meaning,
    );
  };
  await send("the first", { nonce: 0 });
  await send("a used nonce", { nonce: 0, value: 1n });
  await send("a nonce after a gap, while every transaction is mined at once", { nonce: 9 });
  await send("more than it has", { value: parseEther("10000000") });
  await send("too little gas", { gasLimit: 100 });
  await send("more gas than a transaction may", { gasLimit: 10 ** 9 });
  await send("a fee below the base fee", { maxFeePerGas: 1n, maxPriorityFeePerGas: 1n });
  await send("another chain", { chainId: 5 });
  await chain.send("evm_setAutomine", [false]);
  await send("one that waits", {});
  await send("the same again", {});
  await send("a replacement that pays hardly more", { maxFeePerGas: 10n * GWEI + 1n });
  await send("a replacement that pays enough", { maxFeePerGas: 12n * GWEI, maxPriorityFeePerGas: 2n * GWEI });
  await chain.send("evm_mine", []);
  await chain.send("evm_setAutomine", [true]);
  return said;
}

const EXPECTED: Readonly<Record<string, Meaning | "taken">> = {
  "the first": "taken",
  "a used nonce": "nonceTooLow",
  "a nonce after a gap, while every transaction is mined at once": "nonceTooHigh",
  "more than it has": "insufficientFunds",
  "too little gas": "gasLimit",
  "more gas than a transaction may": "gasLimit",
  "a fee below the base fee": "feeTooLow",
  "another chain": "wrongChain",
  "one that waits": "taken",
  "the same again": "alreadyKnown",
  "a replacement that pays hardly more": "underpricedReplacement",
  "a replacement that pays enough": "taken",
};

/** Of the default accounts of Hardhat's chains. */
const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

describe("Hardhat's chain, really provoked", () => {
  let served: Served;
  let provider: ChainProvider;

  before(async () => {
    served = await serve(0);
    // The same chain by two names, so that there is something to agree on.
    provider = await connectChain([served.url, served.url.replace("127.0.0.1", "localhost")]);
  });
  after(async () => {
    provider.destroy();
    await served.close();
  });

  it("in the process", async () => {
    const { ethers, networkConfig } = await network.create({ network: "world" });
    const chain = {
      chainId: networkConfig.chainId!,
      send: (method: string, params: unknown[]) => ethers.provider.send(method, params),
    };
    expect(await provoke(chain, new Wallet(KEY))).to.deep.equal(EXPECTED);
    const refused = await errorOf(ethers.provider.call({ data: REVERTS }));
    expect(classifyRpcError(refused)).to.include({ meaning: "revert", data: "0xdeadbeef" });
    const block = (await ethers.provider.getBlock("latest"))!.hash!;
    expect(await ethers.provider.call({ to: KEY.slice(0, 42), blockTag: block })).to.equal("0x");
  });

  it("behind JSON-RPC, through the provider", async () => {
    const one = await connectChain([served.url]);
    expect(await provoke(one, new Wallet(KEY))).to.deep.equal(EXPECTED);
    one.destroy();
    const refused = await errorOf(provider.call({ data: REVERTS }));
    expect(classifyRpcError(refused)).to.include({ meaning: "revert", data: "0xdeadbeef" });
    expect(decodeError(refused).revert).to.deep.include({ kind: "unknown", data: "0xdeadbeef" });
    expect(classifyRpcError(await errorOf(provider.send("eth_simulateV1", []))).meaning).to.equal("unsupported");
  });

  it("reads pinned to a block's hash, and says that a block that was left is stale", async () => {
    const wallet = new Wallet(KEY, provider);
    const before = (await provider.getBlock("latest"))!;
    const snapshot = await provider.send("evm_snapshot", []);
    const sent = await wallet.sendTransaction({ to: wallet.address, value: 1n });
    const receipt = (await sent.wait())!;
    expect(receipt.status).to.equal(1);
    const nonce = (block: string): Promise<number> => provider.getTransactionCount(wallet.address, block);
    expect((await nonce(receipt.blockHash)) - (await nonce(before.hash!))).to.equal(1);
    await provider.send("evm_revert", [snapshot]);
    await provider.send("evm_mine", []);
    const error = await errorOf(nonce(receipt.blockHash));
    expect(classifyRpcError(error).meaning).to.equal("staleBlock");
    expect(CrosshedgeError.is(decodeError(error), "NETWORK")).to.equal(true);
    expect((await agreedHead(provider)).parentHash).to.equal(before.hash);
  });
});
