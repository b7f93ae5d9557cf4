import { expect } from "chai";
import { faultsOf } from "../../scripts/coverage/judge.js";
import { addTrace, coverageOf, type Lines, percentDown } from "../../scripts/coverage/lines.js";

const SOURCE = `contract A {
    function f() external {
        one();
        two();
    }

    constructor() {
        three();
    }
}`;
const trace = (...rows: string[]) => ["TN:", "SF:contracts/A.sol", ...rows, "LH:0", "LF:0", "end_of_record"].join("\n");

describe("coverage", () => {
  const lines: Lines = new Map();
  addTrace(lines, trace("DA:3,1", "DA:4,0", "DA:8,0"));
  addTrace(lines, trace("DA:3,0", "DA:4,0", "DA:8,0"));
  const covered = coverageOf("contracts/A.sol", lines.get("contracts/A.sol")!, SOURCE);
  const reasons = { "contracts/A.sol": { "f: two();": "never", "constructor: three();": "never" } };

  it("adds up runs: a line that one of them ran is covered", () => {
    expect(covered).to.deep.include({ lines: 3, hit: 1, percent: 33.33 });
    const more: Lines = new Map(lines);
    addTrace(more, trace("DA:4,2"));
    expect(coverageOf("contracts/A.sol", more.get("contracts/A.sol")!, SOURCE).hit).to.equal(2);
    expect(percentDown(99_999, 100_000)).to.equal(99.99);
  });

  it("names gaps by function and text, not by number", () => {
    const gaps = coverageOf(
      "contracts/A.sol",
      new Map([
        [3, true],
        [4, false],
        [8, false],
      ]),
      SOURCE,
    ).gaps;
    expect(gaps.map(({ place }) => place)).to.deep.equal(["f: two();", "constructor: three();"]);
    const shifted = coverageOf("contracts/A.sol", new Map([[5, false]]), `\n${SOURCE}`).gaps;
    expect(shifted.map(({ place }) => place)).to.deep.equal(["f: two();"]);
  });

  it("asks a reason for each gap, and a gap for each reason", () => {
    const file = {
      ...covered,
      gaps: [
        { line: 4, place: "f: two();" },
        { line: 8, place: "constructor: three();" },
      ],
    };
    expect(faultsOf([file], reasons)).to.deep.equal([]);
    expect(faultsOf([file], {})).to.have.length(2);
    expect(faultsOf([{ ...file, gaps: [] }], reasons)).to.have.length(2);
    expect(faultsOf([], reasons)).to.have.length(2);
  });
});
