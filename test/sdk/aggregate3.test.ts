import { expect } from "chai";
import { getAddress, Interface, zeroPadValue } from "ethers";
import fc from "fast-check";
import { decodeAggregate3, encodeAggregate3 } from "../../sdk/src/read/aggregate3.js";

const ABI = new Interface([
  "function aggregate3((address target, bool allowFailure, bytes callData)[] calls) payable returns ((bool success, bytes returnData)[] returnData)",
]);
const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString("hex")}`;
const bytes = fc.uint8Array({ maxLength: 150 }).map(hex);
const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((raw) => getAddress(hex(raw)));

describe("sdk: many calls as one", () => {
  it("are written as ethers writes them", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ target: address, data: bytes })), (calls) => {
        const rows = calls.map(({ target, data }) => [target, true, data]);
        expect(encodeAggregate3(calls)).to.equal(ABI.encodeFunctionData("aggregate3", [rows]));
      }),
    );
  });

  it("are answered as ethers reads it, and a cut answer is an error", () => {
    const answers = fc.array(fc.record({ success: fc.boolean(), returnData: bytes }), { minLength: 1 });
    fc.assert(
      fc.property(answers, fc.nat(), (given, cut) => {
        const text = ABI.encodeFunctionResult("aggregate3", [given]);
        expect(decodeAggregate3(text, given.length)).to.deep.equal(given);
        // The last answer's padding is not needed.
        const needed = text.length - 2 * 31;
        const start = text.slice(0, 2 + (cut % (needed - 2)));
        expect(() => decodeAggregate3(start, given.length)).to.throw("cannot be read");
      }),
    );
  });

  it("need addresses, and as many answers as there are calls", () => {
    expect(() => encodeAggregate3([{ target: "0x12", data: "0x" }])).to.throw("0x12 is not an address");
    const one = ABI.encodeFunctionResult("aggregate3", [[[true, "0x"]]]);
    expect(() => decodeAggregate3(one, 2)).to.throw("cannot be read");
    expect(() => decodeAggregate3(`${zeroPadValue("0xff", 32)}`, 1)).to.throw("cannot be read");
    expect(() => decodeAggregate3("no hex", 1)).to.throw("cannot be read");
  });
});
