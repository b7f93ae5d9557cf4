import path from "node:path";
import { expect } from "chai";
import { dealOut } from "../../scripts/build/deal-out.js";
import { testFilesUnder } from "../../scripts/build/test-counts.js";
import { keptWeights, weigher } from "../../scripts/build/weights.js";

const root = path.resolve(import.meta.dirname, "../..");
const own = path.join(import.meta.dirname, "weights.test.ts");
const other = path.join(import.meta.dirname, "deal-out.test.ts");

describe("weights of test files", () => {
  it("are what a file took, and for a new file its size at the rate of the others", () => {
    const bySize = weigher([own, other], {});
    const weigh = weigher([own, other], { "test/build/deal-out.test.ts": 3 * bySize(other) });
    expect(weigh(other)).to.equal(3 * bySize(other));
    expect(weigh(own)).to.be.closeTo(3 * bySize(own), 1e-6);
  });

  it("deal the Mocha tests out to processes that have the same to do", () => {
    const files = testFilesUnder(path.join(root, "test")).filter((file) => file.endsWith(".test.ts"));
    const weigh = weigher(files, keptWeights());
    const sums = dealOut(files, 3, weigh).map((hand) => hand.reduce((sum, file) => sum + weigh(file), 0));
    expect(Math.max(...sums) / Math.min(...sums)).to.be.closeTo(1, 0.01);
  });
});
