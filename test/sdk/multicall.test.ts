import { Batch, erc20, interfaceCall, multicall, pinBlock, type ReadPoint } from "@crosshedge/sdk";
import { expect } from "chai";
import { Interface, JsonRpcProvider } from "ethers";
import { network } from "hardhat";
import { MockMulticall3__factory, TestToken__factory } from "../../scripts/devnet/generated/own/index.js";
import { expectRejection } from "./support.js";

const NOBODY = "0x000000000000000000000000000000000000dEaD";
const OTHER = new Interface([
  "function nothing() view returns (uint256)",
  "function symbol() view returns (uint256, string)",
]);

describe("sdk: multicall", () => {
  async function start() {
    const { ethers, networkHelpers } = await network.create("world");
    const [signer] = await ethers.getSigners();
    if (signer === undefined) throw new Error("no signer");
    const token = await new TestToken__factory(signer).deploy("Token", "TKN", 8);
    const aggregator = await (await new MockMulticall3__factory(signer).deploy()).getAddress();
    const calls: unknown[] = [];
    const provider = new Proxy(ethers.provider, {
      get(target, key) {
        if (key === "call") calls.push(key);
        const value = Reflect.get(target, key) as unknown;
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const address = await token.getAddress();
    return { provider, calls, signer, token, address, aggregator, networkHelpers };
  }

  for (const through of ["Multicall3", "parallel calls"] as const) {
    it(`reads typed values and keeps failures apart through ${through}`, async () => {
      const { provider, calls, address, aggregator, signer } = await start();
      const { number: blockNumber } = await pinBlock(provider);
      const at: ReadPoint = { provider, blockNumber, multicall: through === "Multicall3" ? aggregator : undefined };
      const [symbol, balance, missing, noCode, misread] = await multicall(at, [
        erc20.symbol(address),
        erc20.balanceOf(address, signer.address),
        interfaceCall<bigint>(OTHER, address, "nothing"),
        erc20.decimals(NOBODY),
        interfaceCall<bigint>(OTHER, address, "symbol"),
      ]);
      expect(symbol).to.deep.equal({ ok: true, value: "TKN" });
      expect(balance).to.deep.equal({ ok: true, value: 0n });
      for (const outcome of [missing, noCode, misread])
        expect(outcome).to.have.nested.property("error.code", "READ_FAILED");
      expect(calls.length).to.equal(through === "Multicall3" ? 1 : 5);
    });

    it(`reads everything at the pinned block through ${through}`, async () => {
      const { provider, token, address, aggregator, signer } = await start();
      const { number: blockNumber } = await pinBlock(provider);
      await token.mint(signer, 5n);
      const multicallAddress = through === "Multicall3" ? aggregator : undefined;
      const [before] = await multicall({ provider, blockNumber, multicall: multicallAddress }, [
        erc20.totalSupply(address),
      ]);
      const [after] = await multicall({ provider, blockNumber: blockNumber + 1, multicall: multicallAddress }, [
        erc20.totalSupply(address),
      ]);
      expect([before, after]).to.deep.equal([
        { ok: true, value: 0n },
        { ok: true, value: 5n },
      ]);
    });
  }

  it("decodes why a call failed", async () => {
    const { provider, address, aggregator } = await start();
    const abi = new Interface(["function transfer(address to, uint256 amount) returns (bool)"]);
    const at = { provider, blockNumber: await provider.getBlockNumber(), multicall: aggregator };
    const [outcome] = await multicall(at, [interfaceCall<boolean>(abi, address, "transfer", NOBODY, 9n)]);
    expect(outcome).to.have.nested.property("error.revert.name", "ERC20InsufficientBalance");
    expect(outcome)
      .to.have.nested.property("error.shortMessage")
      .that.matches(/^transfer\(\) of 0x.*failed/);
  });

  it("collects reads of any shape in a batch, and says when one is read too early", async () => {
    const { provider, address, aggregator } = await start();
    const batch = new Batch({ provider, blockNumber: await provider.getBlockNumber(), multicall: aggregator });
    const symbol = batch.add(erc20.symbol(address));
    const missing = batch.add(erc20.decimals(NOBODY));
    expect(() => symbol.value()).to.throw(/before its batch was sent/);
    await batch.send();
    expect([symbol.value(), missing.orNull()]).to.deep.equal(["TKN", null]);
    expect(() => missing.value()).to.throw(/decimals\(\) of 0x/);
  });

  it("says that the Multicall3 is not there, and that a node is not", async () => {
    const { provider, address } = await start();
    const at = { provider, blockNumber: await provider.getBlockNumber(), multicall: NOBODY };
    await expectRejection(multicall(at, [erc20.symbol(address)]), "BAD_ARGUMENT", /no Multicall3/);
    const dead = new JsonRpcProvider("http://127.0.0.1:9/SECRET", 1, { staticNetwork: true });
    const error = await expectRejection(
      multicall({ provider: dead, blockNumber: 1 }, [erc20.symbol(address)]),
      "NETWORK",
    );
    expect(error.message + String(error.cause)).not.to.include("SECRET");
    dead.destroy();
  });

  it("resolves a tag to one block, and names a block that does not exist", async () => {
    const { provider } = await start();
    const block = await pinBlock(provider, "latest");
    expect(await pinBlock(provider, block.number)).to.deep.equal(block);
    await expectRejection(pinBlock(provider, 10_000_000), "READ_FAILED");
  });
});
