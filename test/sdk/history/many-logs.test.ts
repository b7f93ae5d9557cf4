import { expect } from "chai";
import { type Provider, ZeroHash } from "ethers";
import { readLogs } from "../../../sdk/src/history/readLogs.js";

const ADDRESS = `0x${"1".repeat(40)}`;
/** More than a function takes arguments. */
const MANY = 140_000;

/** A node that gives as many logs of one block as are there. */
class MockNode {
  async send(): Promise<unknown> {
    const log = { address: ADDRESS, topics: [], data: "0x", blockNumber: "0x1", blockHash: ZeroHash };
    const place = { transactionHash: ZeroHash, transactionIndex: "0x0" };
    return Array.from({ length: MANY }, (_, k) => ({ ...log, ...place, logIndex: `0x${k.toString(16)}` }));
  }
}

describe("sdk: logs", () => {
  it("are read however many come at once", async () => {
    const provider = new MockNode() as unknown as Provider;
    const logs = await readLogs(provider, { addresses: [ADDRESS], topics: [] }, { from: 1, to: 1 });
    expect([logs.length, logs.at(-1)?.logIndex]).to.deep.equal([MANY, MANY - 1]);
  });
});
