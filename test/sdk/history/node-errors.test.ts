import { expect } from "chai";
import { refusalOf } from "../../../sdk/src/history/nodeErrors.js";
import { AdaptiveSpan } from "../../../sdk/src/history/span.js";

/** What nodes and providers say, whether it lasts, and how many blocks they offer. */
const RANGES: [string, string, number | null, boolean][] = [
  [
    "alchemy",
    "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit on the response size, or you can request any block range with a cap of 10K logs in the response. Based on your parameters and the response size limit, this block range should work: [0x0, 0xd043b8]",
    0xd043b9,
    false,
  ],
  ["alchemy", "Under the Free tier plan, you can make eth_getLogs requests with up to a 10 block range", 10, true],
  ["alchemy", "Log response size exceeded. Please reduce query block range.", null, false],
  ["infura", "query returned more than 10000 results. Try with this block range [0x1, 0x64].", 100, false],
  ["infura", "query returned more than 10000 results", null, false],
  ["infura", "range 1000000 exceeds limit of 10000", 10_000, true],
  ["infura", "query timeout exceeded", null, false],
  ["quicknode", "eth_getLogs and eth_newFilter are limited to a 10,000 blocks range", 10_000, true],
  ["quicknode", "eth_getLogs is limited to a 5 range", 5, true],
  ["ankr", "block range is too wide", null, false],
  ["tenderly", "range 9009594 is bigger than range limit 2000", 2_000, true],
  ["morph", "block range is larger than max block range, block range = 5120, max block range = 5000", 5_000, true],
  ["scroll", "block range is bigger than maxBlockRange", null, false],
  ["avalanche", "requested too many blocks from 50331648 to 51380224, maximum is set to 2048", 2_048, true],
  ["polygon", "block range too large, max range: 10000", 10_000, true],
  ["besu", "Requested range exceeds maximum RPC range limit", null, false],
  ["nitro", "logs matched by query exceeds limit of 10000", null, false],
  ["reth", "query exceeds max results 20000, retry with the range 25766988-25775072", 8_085, false],
  ["bsc", "exceed maximum block range: 5000", 5_000, true],
  ["erigon", "query timed out", null, false],
];

describe("sdk: what nodes say of ranges", () => {
  for (const [who, message, blocks, lasting] of RANGES) {
    it(`${who}: ${message.slice(0, 70)}`, () => {
      const said = { kind: "range", blocks, lasting };
      expect(refusalOf(new Error(message))).to.deep.equal(said);
      // As ethers wraps it.
      expect(refusalOf({ code: "UNKNOWN_ERROR", error: { code: -32_000, message } })).to.deep.equal(said);
      expect(
        refusalOf({ code: "SERVER_ERROR", info: { responseBody: JSON.stringify({ error: { message } }) } }),
      ).to.deep.equal(said);
    });
  }

  it("tells a busy node, one without old states and one that is behind from that", () => {
    for (const text of [
      "rate limit exceeded, max 10 requests per second",
      "Too Many Requests",
      "502 Bad Gateway",
      "socket hang up",
    ]) {
      expect(refusalOf(new Error(text)), text).to.deep.equal({ kind: "busy" });
    }
    expect(refusalOf(new Error("block range extends beyond current head block"))).to.deep.equal({ kind: "busy" });
    expect(refusalOf(new Error("missing trie node 12 (path )"))).to.deep.equal({ kind: "noState" });
    expect(refusalOf(new Error("execution reverted"))).to.deep.equal({ kind: "other" });
  });

  it("grows while answers are few and quick, shrinks where refused, and never exceeds a limit that was told", () => {
    const span = new AdaptiveSpan(100_000);
    const grow = (times: number, logs = 0, ms = 1) => {
      for (let k = 0; k < times; k += 1) span.answered(span.blocks, logs, ms);
      return span.blocks;
    };
    expect([grow(1), grow(1), grow(10)]).to.deep.equal([4_000, 8_000, 100_000]);
    expect(span.refused(100_000, { kind: "range", blocks: null, lasting: false })).to.equal(true);
    expect(span.blocks).to.equal(50_000);
    // Some offer the very range that they refuse.
    span.refused(50_000, { kind: "range", blocks: 50_000, lasting: false });
    expect(span.blocks).to.equal(25_000);
    expect(grow(4)).to.equal(25_000);
    expect(grow(1)).to.equal(50_000);
    expect([grow(3, 5_000), grow(3, 0, 10_000)]).to.deep.equal([50_000, 50_000]);
    span.refused(50_000, { kind: "range", blocks: 500, lasting: true });
    expect(grow(20)).to.equal(500);
    expect(span.refused(1, { kind: "range", blocks: null, lasting: false })).to.equal(false);
  });
});
