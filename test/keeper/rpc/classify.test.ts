import { CrosshedgeError, decodeError } from "@crosshedge/sdk";
import { expect } from "chai";
import { makeError } from "ethers";
import { classifyRpcError } from "../../../keeper/src/rpc/classify.js";
import { isAnswer, isEndpointFault, MEANINGS, type Meaning } from "../../../keeper/src/rpc/fault.js";
import { RpcError } from "../../../keeper/src/rpc/rpc-error.js";
import { CORPUS, type Said } from "./corpus.js";

/** How libraries hand on what a node said. */
const WRAPPED: Readonly<Record<string, (said: Said) => unknown>> = {
  "as it came": ({ client: _, ...error }) => error,
  "wrapped by ethers, as it could not be understood": ({ client: _, ...error }) =>
    makeError("could not coalesce error", "UNKNOWN_ERROR", {
      error,
      payload: { method: "eth_call", params: ["nonce too low"] },
    } as never),
  "under info.error": ({ client: _, ...error }) =>
    Object.assign(new Error("missing revert data"), { code: "CALL_EXCEPTION", info: { error } }),
  "under error.error": ({ client: _, ...error }) => ({
    reason: "processing response error",
    code: "SERVER_ERROR",
    error: { error },
  }),
  "as the cause of a cause": ({ client: _, ...error }) =>
    new Error("it failed", { cause: new Error("inner", { cause: error }) }),
  "as JSON in the body of an answer": ({ client: _, status, ...error }) => ({
    code: "SERVER_ERROR",
    message: "server response",
    info: { responseBody: JSON.stringify({ jsonrpc: "2.0", id: 1, error }), responseStatus: `${status ?? 200} said` },
  }),
};

describe("errors of nodes by what they mean", () => {
  it(`${CORPUS.length} sentences of nodes and providers, wrapped in six ways`, () => {
    const wrong: string[] = [];
    for (const { said, meaning } of CORPUS)
      for (const [how, wrap] of Object.entries(WRAPPED)) {
        const fault = classifyRpcError(wrap(said));
        if (fault.meaning !== meaning)
          wrong.push(`${said.client}: ${said.message} (${how}) is ${fault.meaning}, not ${meaning}`);
      }
    expect(wrong, wrong.join("\n")).to.deep.equal([]);
    expect(CORPUS.length).to.be.at.least(90);
    expect(new Set(CORPUS.map(({ meaning }) => meaning)).size).to.equal(MEANINGS.length);
  });

  it("nothing that an application did wrong counts against an endpoint", () => {
    const ofTheEndpoint: readonly Meaning[] = ["rateLimited", "unauthorized", "unavailable", "garbage", "wrongChain"];
    expect(MEANINGS.filter(isEndpointFault)).to.have.members(ofTheEndpoint);
    for (const meaning of [
      "revert",
      "nonceTooLow",
      "insufficientFunds",
      "alreadyKnown",
      "staleBlock",
      "unknown",
    ] as const)
      expect(isEndpointFault(meaning), meaning).to.equal(false);
    expect(MEANINGS.filter((meaning) => isAnswer(meaning) && isEndpointFault(meaning))).to.deep.equal([]);
  });

  it("keeps the data of a revert, and how long to wait", () => {
    const nethermind = classifyRpcError({ code: -32015, message: "VM execution error.", data: "Reverted 0x7A933234" });
    expect(nethermind).to.include({ meaning: "revert", data: "0x7a933234", code: -32015 });
    const infura = classifyRpcError({
      code: -32005,
      message: "project ID request rate exceeded",
      data: { backoff_seconds: 30 },
    });
    expect(infura).to.include({ meaning: "rateLimited", retryAfterMs: 30_000 });
  });

  it("faults of the way: sockets, time, text that is not JSON", () => {
    const refused = new TypeError("fetch failed", {
      cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }),
    });
    const reset = Object.assign(new Error(""), { code: "UND_ERR_SOCKET" });
    const late = new DOMException("The operation was aborted due to timeout", "TimeoutError");
    for (const error of [refused, reset, late, makeError("request timeout", "TIMEOUT", {} as never)])
      expect(classifyRpcError(error).meaning).to.equal("unavailable");
    expect(classifyRpcError(new SyntaxError("bad")).meaning).to.equal("garbage");
    expect(classifyRpcError({ status: 500 }).meaning).to.equal("unavailable");
    expect(classifyRpcError({ status: 400 }).meaning).to.equal("invalid");
  });

  it("never throws, and never repeats an address", () => {
    const circle: Record<string, unknown> = { message: "round" };
    circle.cause = circle;
    for (const odd of [undefined, null, 7, "", "nonce too low", [], circle, new Proxy({}, {})]) classifyRpcError(odd);
    expect(classifyRpcError("nonce too low").meaning).to.equal("nonceTooLow");
    expect(classifyRpcError(circle).meaning).to.equal("unknown");
    const { message } = classifyRpcError(new Error("request to https://node.example/v2/secret-key failed"));
    expect(message).not.to.contain("secret");
  });

  it("keeps its meaning for the SDK and through it", () => {
    const cases: readonly (readonly [Meaning, string])[] = [
      ["nonceTooLow", "NONCE_CONFLICT"],
      ["underpricedReplacement", "NONCE_CONFLICT"],
      ["insufficientFunds", "INSUFFICIENT_FUNDS"],
      ["unavailable", "NETWORK"],
      ["rateLimited", "NETWORK"],
      ["staleBlock", "NETWORK"],
      ["unsupported", "UNSUPPORTED"],
    ];
    for (const [meaning, code] of cases) {
      const said = CORPUS.find((row) => row.meaning === meaning)!.said;
      const error = new RpcError(classifyRpcError(said), ["rpc[0] node.example"]);
      const decoded = decodeError(error);
      expect(CrosshedgeError.is(decoded) && decoded.code, meaning).to.equal(code);
      expect(classifyRpcError(error)).to.equal(error.fault);
      expect(classifyRpcError(decoded).meaning).to.equal(meaning);
    }
  });
});
