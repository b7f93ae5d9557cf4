import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { testFilesUnder } from "../../scripts/build/test-counts.js";
import { faultsOf } from "../../scripts/coverage/judge.js";
import { Kept } from "../../scripts/coverage/kept.js";
import { addTrace, coverageOf, type Lines, percentDown } from "../../scripts/coverage/lines.js";
import { partsOfAllTests } from "../../scripts/coverage/run.js";

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

  it("runs each test once, but those of the build", () => {
    const root = path.resolve(import.meta.dirname, "../..");
    const all = testFilesUnder(path.join(root, "test")).map((file) => path.relative(root, file));
    const measured = partsOfAllTests().flatMap(({ files }) => files);
    expect(measured).to.have.members(all.filter((file) => !file.startsWith("test/build/")));
    expect(new Set(measured).size).to.equal(measured.length);
  });

  it("keeps what a part ran until its tests or the sources change", () => {
    const root = mkdtempSync(path.join(tmpdir(), "crosshedge-kept-"));
    const write = (file: string, text: string) => {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    };
    const [one, two] = ["one", "two"].map((name) => ({ runner: "mocha" as const, files: [`test/${name}.test.ts`] }));
    const run = { passed: 1, failures: [], trace: "TN:" };
    const known = (fresh = false) => {
      const kept = new Kept({ fresh, root });
      return [one!, two!].map((part) => kept.of(part) !== undefined);
    };
    const measureAll = () => {
      for (const part of [one!, two!]) new Kept({ fresh: false, root }).add(part, run);
    };
    try {
      for (const file of ["contracts/A.sol", "test/support/a.ts", "test/one.test.ts", "test/two.test.ts"])
        write(file, "1");
      expect(known()).to.deep.equal([false, false]);
      measureAll();
      expect(new Kept({ fresh: false, root }).of(one!)).to.deep.equal(run);
      write("test/coverage.ts", "2");
      expect(known()).to.deep.equal([true, true]);
      write("test/one.test.ts", "2");
      expect(known()).to.deep.equal([false, true]);
      for (const file of ["contracts/A.sol", "test/support/a.ts"]) {
        measureAll();
        expect(known()).to.deep.equal([true, true]);
        write(file, "2");
        expect(known()).to.deep.equal([false, false]);
      }
      const early = new Kept({ fresh: false, root });
      expect(early.of(one!)).to.equal(undefined);
      write("test/one.test.ts", "3");
      early.add(one!, run);
      expect(known()).to.deep.equal([false, false]);
      measureAll();
      expect(known(true)).to.deep.equal([false, false]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
