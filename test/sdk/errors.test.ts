import { inspect } from "node:util";
import { decodeError, decodeRevert } from "@crosshedge/sdk";
import { HedgeVault__factory, Rebalancer__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { Interface, makeError } from "ethers";

const LEG = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const builtin = new Interface(["error Error(string)", "error Panic(uint256)"]);
const vault = HedgeVault__factory.createInterface();
const message = (text: string) => builtin.encodeErrorResult("Error", [text]);

describe("sdk: errors", () => {
  it("decodes custom errors of several contracts, with their arguments", () => {
    const data = Rebalancer__factory.createInterface().encodeErrorResult("WrongEpoch", [7n, 6n]);
    const error = decodeError(
      makeError("call reverted", "CALL_EXCEPTION", {
        data,
        action: "call",
        reason: null,
        transaction: { to: null, data: "0x12345678" },
        invocation: null,
        revert: null,
      }),
    );
    expect(error.code).to.equal("CONTRACT_ERROR");
    expect(error.revert).to.deep.include({ kind: "custom", name: "WrongEpoch", args: { expected: 7n, given: 6n } });
    expect(error.shortMessage).to.equal(
      "The call reverted: WrongEpoch(expected: 7, given: 6): another plan landed first.",
    );
  });

  it("decodes the venue's reason inside LegUnreachable", () => {
    const data = vault.encodeErrorResult("LegUnreachable", [LEG, message("CH_NEFCM")]);
    const { revert, shortMessage, nextStep } = decodeError({ data });
    expect(revert).to.have.nested.property("inner.message", "CH_NEFCM");
    expect(shortMessage).to.match(/LegUnreachable.*because of CH_NEFCM: not enough free collateral to reduce/);
    expect(shortMessage).to.not.match(/reason:|0x08c379a0/);
    expect(nextStep).to.match(/forfeit/);
    const dark = decodeError({
      data: vault.encodeErrorResult("LegUnreachable", [LEG, `0xdeadbeef${"01".repeat(64)}`]),
    });
    expect(dark.shortMessage).to.contain(`LegUnreachable(leg: ${LEG}, reason: 0xdeadbeef…)`);
  });

  it("explains the codes of Perp v2 and Uniswap v3, and panics", () => {
    expect(decodeError({ data: message("CH_NEFCI") }).code).to.equal("VENUE_ERROR");
    expect(decodeError({ data: message("V_GTSTBC") }).shortMessage).to.match(/deposit cap/);
    expect(decodeError({ data: message("something else") }).code).to.equal("REVERTED");
    const panic = decodeError({ data: builtin.encodeErrorResult("Panic", [0x12]) });
    expect([panic.code, panic.shortMessage]).to.deep.equal(["PANIC", "The call reverted: division by zero."]);
  });

  it("gives the same code to the same thing, whether the SDK or the contract noticed", () => {
    expect(decodeError({ data: vault.encodeErrorResult("TooFewShares", [1n, 2n]) }).code).to.equal("SLIPPAGE");
    expect(decodeError({ data: vault.encodeErrorResult("NotInBasket", [LEG]) }).code).to.equal("TOKEN_NOT_IN_BASKET");
  });

  it("finds the data wherever nodes put it, and never takes calldata for it", () => {
    const data = vault.encodeErrorResult("BadPrice");
    const shapes = [
      { error: { data } },
      { info: { error: { code: 3, data: { data } }, payload: { params: [{ data: message("calldata") }] } } },
      { cause: { cause: { data } } },
      { message: `reverted with an unrecognized custom error (return data: ${data})` },
    ];
    for (const shape of shapes) expect(decodeError(shape).revert, inspect(shape)).to.have.property("name", "BadPrice");
    expect(decodeError({ transaction: { data } }).revert).to.equal(undefined);
    expect(decodeError({ message: "execution reverted: EX_OPLAS" }).code).to.equal("VENUE_ERROR");
    // Aave's codes are numbers.
    const aave = decodeError({ message: "execution reverted: 36" });
    expect(aave.code).to.equal("VENUE_ERROR");
    expect(aave.shortMessage).to.match(/36: collateral cannot cover new borrow/);
    expect(aave.nextStep).to.match(/margin/);
  });

  it("survives data that is cut off, unknown or empty", () => {
    expect(decodeRevert("0x")).to.deep.equal({ kind: "empty" });
    expect(decodeRevert("0xdeadbeef00").kind).to.equal("unknown");
    expect(decodeRevert(vault.encodeErrorResult("TooFewShares", [1n, 2n]).slice(0, 20)).kind).to.equal("unknown");
    expect(decodeError(undefined).code).to.equal("UNKNOWN");
    expect(decodeError("text").code).to.equal("UNKNOWN");
  });

  it("classifies wallets and nodes", () => {
    expect(decodeError({ code: 4001, message: "denied" }).code).to.equal("USER_REJECTED");
    for (const code of [4901, 4902, 5710]) expect(decodeError({ code }).code).to.equal("WRONG_CHAIN");
    for (const code of [4200, 5700, 5760, -32601]) expect(decodeError({ code }).code).to.equal("UNSUPPORTED");
    expect(decodeError({ code: "INSUFFICIENT_FUNDS" }).code).to.equal("INSUFFICIENT_FUNDS");
    expect(decodeError({ error: { code: "ECONNREFUSED" } }).code).to.equal("NETWORK");
  });

  it("keeps node URLs out of everything that is printed", () => {
    const url = "https://eth.example/v2/SECRET-KEY";
    const caught = Object.assign(new Error(`request to ${url} failed`), {
      code: "SERVER_ERROR",
      request: { url },
      cause: new Error(url),
    });
    const error = decodeError(caught);
    for (const text of [error.message, inspect(error, { depth: 9, showHidden: true }), String(error.cause)]) {
      expect(text).not.to.include("SECRET");
    }
    expect((error.cause as Error).message).to.equal("request to <url> failed");
  });
});
