import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { addUp, runnerOf, testFilesUnder } from "../../scripts/build/test-counts.js";

describe("test-counts", () => {
  it("knows a test file's runner by its name", () => {
    expect(runnerOf("a/RiskMath.t.sol")).to.equal("solidity");
    expect(runnerOf("a/report.test.ts")).to.equal("mocha");
    expect(runnerOf("a/helper.ts")).to.equal(undefined);
    expect(runnerOf("a/Mock.sol")).to.equal(undefined);
  });

  it("adds runners up", () => {
    const one = { passed: 3, failed: 1, skipped: 2, notRun: 4 };
    expect(addUp([one, { ...one, failed: 0 }])).to.deep.equal({ passed: 6, failed: 1, skipped: 4, notRun: 8 });
  });

  it("counts a runner that crashed, or that ran nothing, as a failure", () => {
    const good = { passed: 3, failed: 0, skipped: 0, notRun: 0 };
    expect(addUp([good, undefined])).to.include({ passed: 3, failed: 1 });
    expect(addUp([good, { passed: 0, failed: 0, skipped: 5, notRun: 0 }])).to.include({ passed: 3, failed: 1 });
  });

  it("finds test files and leaves helpers out", () => {
    const directory = mkdtempSync(path.join(tmpdir(), "crosshedge-"));
    try {
      mkdirSync(path.join(directory, "inner"));
      for (const name of ["b.test.ts", "helper.ts", "inner/A.t.sol", "inner/Mock.sol"]) {
        writeFileSync(path.join(directory, name), "");
      }
      const found = testFilesUnder(directory).map((file) => path.relative(directory, file));
      expect(found).to.deep.equal(["b.test.ts", "inner/A.t.sol"]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
