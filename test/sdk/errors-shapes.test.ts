import { inspect } from "node:util";
import { CrosshedgeError, decodeError, multicall } from "@crosshedge/sdk";
import { HedgeVault__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { AbiCoder, Interface, type Provider } from "ethers";

const LEG = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const CALLDATA = "0x08c379a0deadbeef";
const builtin = new Interface(["error Error(string)"]);
const vault = HedgeVault__factory.createInterface();
const data = vault.encodeErrorResult("BadPrice");
const hash = `0x${"12".repeat(32)}`;

const WALLETS: Record<string, unknown> = {
  "a node": { code: 3, message: "execution reverted", data },
  MetaMask: { code: -32603, message: "Internal JSON-RPC error.", data: { code: 3, message: "reverted", data } },
  "MetaMask with the original": { code: -32603, data: { originalError: { code: 3, data } } },
  "ethers 6": { code: "CALL_EXCEPTION", data, transaction: { data: CALLDATA } },
  "ethers 6 over a wallet": {
    code: "UNKNOWN_ERROR",
    error: { code: -32603, data: { data } },
    payload: { params: [{ data: CALLDATA }] },
  },
  "ethers 6, HTTP 400": {
    code: "SERVER_ERROR",
    info: { responseBody: JSON.stringify({ jsonrpc: "2.0", id: 1, error: { code: 3, message: "", data } }) },
  },
  "ethers 5": { error: { body: JSON.stringify({ error: { data } }), requestBody: JSON.stringify({ data: CALLDATA }) } },
  "viem, RPC": { name: "CallExecutionError", cause: { name: "RpcRequestError", cause: { data } } },
  "viem, contract": {
    name: "ContractFunctionExecutionError",
    cause: { name: "ContractFunctionRevertedError", data: { errorName: "BadPrice", args: [] }, raw: data },
  },
  Nethermind: { code: -32015, message: "VM execution error.", data: `Reverted ${data}` },
  Ganache: { message: "VM Exception", data: { [hash]: { error: "revert", return: data }, stack: "…" } },
  Hardhat: { message: `reverted with an unrecognized custom error (return data: ${data})` },
};

describe("sdk: errors in every shape", () => {
  for (const [who, caught] of Object.entries(WALLETS)) {
    it(`finds a contract's error in that of ${who}`, () => {
      expect(decodeError(caught).revert, inspect(caught)).to.have.property("name", "BadPrice");
    });
  }

  it("is not caught in circles", () => {
    const caught: Record<string, unknown> = { message: "again" };
    caught.cause = { error: caught };
    expect(decodeError(caught).code).to.equal("UNKNOWN");
  });

  it("tells what a wallet or a node means", () => {
    const meanings: readonly [unknown, string][] = [
      [{ code: 4001 }, "USER_REJECTED"],
      [{ code: "UNKNOWN_ERROR", error: { code: 5000 } }, "USER_REJECTED"],
      [{ message: "MetaMask Tx Signature: User denied transaction signature." }, "USER_REJECTED"],
      [{ code: -32002, message: "Request already pending" }, "WALLET_BUSY"],
      [{ code: 4100 }, "WALLET_BUSY"],
      [{ code: 4902, message: "Unrecognized chain ID" }, "WRONG_CHAIN"],
      [{ code: 5710 }, "WRONG_CHAIN"],
      [{ code: 5760 }, "UNSUPPORTED"],
      [{ code: -32601 }, "UNSUPPORTED"],
      [{ code: -32000, message: "insufficient funds for gas * price + value" }, "INSUFFICIENT_FUNDS"],
      [{ code: -32003, message: "Sender doesn't have enough funds to send tx." }, "INSUFFICIENT_FUNDS"],
      [{ code: -32000, message: "upfront cost exceeds account balance" }, "INSUFFICIENT_FUNDS"],
      [{ code: -32000, message: "nonce too low: next nonce 7, tx nonce 6" }, "NONCE_CONFLICT"],
      [{ code: -32000, message: "replacement transaction underpriced" }, "NONCE_CONFLICT"],
      [{ code: -32000, message: "header not found" }, "NETWORK"],
      [{ code: -32000, message: "missing trie node 12 (path )" }, "READ_FAILED"],
      [{ code: "SERVER_ERROR", info: { responseStatus: "429 Too Many Requests" } }, "NETWORK"],
      [{ code: -32005, message: "limit exceeded" }, "NETWORK"],
    ];
    for (const [caught, code] of meanings) expect(decodeError(caught).code, inspect(caught)).to.equal(code);
  });

  it("knows what tokens say in sentences", () => {
    const says = (text: string) => decodeError({ data: builtin.encodeErrorResult("Error", [text]) });
    expect(says("ERC20: transfer amount exceeds balance").code).to.equal("INSUFFICIENT_BALANCE");
    expect(says("ERC20: insufficient allowance").code).to.equal("INSUFFICIENT_ALLOWANCE");
    expect(says("Dai/insufficient-balance").code).to.equal("INSUFFICIENT_BALANCE");
    expect(says("FiatTokenV2: permit is expired").nextStep).to.match(/new permit/);
    expect(says("Blacklistable: account is blacklisted").shortMessage).to.match(/refuses one of the accounts/);
  });

  it("knows an error of Aave by its number and by its name", () => {
    const named = new Interface(["error HealthFactorLowerThanLiquidationThreshold()"]);
    const byName = decodeError({ data: named.encodeErrorResult("HealthFactorLowerThanLiquidationThreshold") });
    const byNumber = decodeError({ data: builtin.encodeErrorResult("Error", ["35"]) });
    expect([byName.code, byNumber.code]).to.deep.equal(["VENUE_ERROR", "VENUE_ERROR"]);
    for (const { shortMessage, nextStep } of [byName, byNumber]) {
      expect(shortMessage).to.match(/health factor lower than liquidation threshold/);
      expect(nextStep).to.match(/margin/);
    }
  });

  it("opens errors within errors, as deep as they go, and a wrapper that says nothing by itself", () => {
    const wrapped = new Interface(["error WrappedError(address target, bytes4 selector, bytes reason, bytes details)"]);
    const short = vault.encodeErrorResult("TooFewShares", [1n, 2n]);
    const outer = decodeError({ data: wrapped.encodeErrorResult("WrappedError", [LEG, "0x12345678", short, "0x"]) });
    expect([outer.code, outer.revert]).to.deep.include("SLIPPAGE");
    expect(outer.revert).to.have.nested.property("inner.name", "TooFewShares");
    const venue = builtin.encodeErrorResult("Error", ["CH_NEFCM"]);
    const twice = vault.encodeErrorResult("LegUnreachable", [
      LEG,
      vault.encodeErrorResult("LegUnreachable", [LEG, venue]),
    ]);
    expect(decodeError({ data: twice }).shortMessage).to.match(/LegUnreachable.*LegUnreachable.*CH_NEFCM: not enough/);
  });

  it("decodes a failure inside of Multicall3's answer", async () => {
    const answer = AbiCoder.defaultAbiCoder().encode(["tuple(bool,bytes)[]"], [[[false, data]]]);
    const provider = { call: async () => answer } as unknown as Provider;
    const call = { target: LEG, label: "nav()", data: "0x12345678", decode: () => 0n };
    const [outcome] = await multicall({ provider, blockNumber: 1, multicall: LEG }, [call]);
    const error = outcome.ok ? undefined : outcome.error;
    expect(error?.revert).to.have.property("name", "BadPrice");
    expect(error?.shortMessage).to.match(/nav\(\) failed: .*BadPrice.*a price cannot be used now/);
    expect(error?.nextStep).to.match(/feeds/);
  });

  it("keeps node addresses and keys out, with and without a scheme", () => {
    const key = "a1B2c3D4e5F6g7H8i9J0";
    const texts = [
      `request to https://eth.example/v2/${key} failed`,
      `wss://user:${key}@eth.example`,
      `{"url":"https:\\/\\/eth.example\\/v2\\/${key}"}`,
      `could not reach eth-mainnet.example.com/v2/${key}?x=1`,
      `Authorization: Bearer ${key}`,
      `{"apiKey":"${key}"}`,
      `getaddrinfo ENOTFOUND ${key}.quiknode.example`,
    ];
    for (const text of texts) {
      const error = decodeError(Object.assign(new Error(text), { cause: new Error(text) }));
      const made = new CrosshedgeError("NETWORK", text, { nextStep: text, cause: { message: text, url: text } });
      expect(inspect([error, made], { depth: 9, showHidden: true }), text).not.to.include(key);
    }
  });
});
