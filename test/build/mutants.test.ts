import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { CompileError, Compiler } from "../../scripts/mutate/compiler.js";
import { draw } from "../../scripts/mutate/draw.js";
import { breakSource, faultsOf, killersOf, type Mutant } from "../../scripts/mutate/mutant.js";
import { mutants } from "../mutants/index.js";

const ROOT = path.resolve(import.meta.dirname, "../..");

const sample: Mutant = {
  id: "area/one",
  file: "A.sol",
  find: "a > b",
  replace: "a >= b",
  why: "off by one",
  killers: ["contracts/FeeMath.t.sol", "build/mutants.test.ts: two: parts"],
};

describe("mutants", () => {
  it("are all in their place, with killers that are there", () => {
    expect(faultsOf(mutants, ROOT)).to.deep.equal([]);
  });

  it("break one place, which must be clear", () => {
    expect(breakSource("if (a > b) {}", sample)).to.equal("if (a >= b) {}");
    expect(() => breakSource("a < b", sample)).to.throw("occurs 0 times");
    expect(() => breakSource("a > b; a > b", sample)).to.throw("occurs 2 times");
    const second = { ...sample, after: "function g" };
    expect(breakSource("function f: a > b; function g: a > b", second)).to.equal(
      "function f: a > b; function g: a >= b",
    );
    expect(() => breakSource("a > b; function g", second)).to.throw("does not come after");
  });

  it("are faulty where they are twice there, change nothing, or have no killer", () => {
    const file = "types/Bucket.sol";
    const same = { ...sample, file, find: "amount <= room", replace: "amount <= room", killers: [] };
    expect(faultsOf([same, same], ROOT)).to.include.members([
      "area/one: there are two of it",
      "area/one: changes nothing",
      "area/one: has no killer",
    ]);
    const unknown = { ...sample, file: "None.sol", killers: ["none.test.ts", "build/report.ts"] };
    expect(faultsOf([unknown], ROOT)).to.have.length(3);
  });

  it("name test files and titles", () => {
    expect(killersOf(sample)).to.deep.equal([
      { file: "test/contracts/FeeMath.t.sol" },
      { file: "test/build/mutants.test.ts", title: "two: parts" },
    ]);
  });

  it("are drawn by the seed, each once", () => {
    const ids = (seed: string, count = 10) => draw(mutants, count, seed).map(({ id }) => id);
    expect(ids("a")).to.deep.equal(ids("a"));
    expect(ids("a")).to.not.deep.equal(ids("b"));
    expect(new Set(ids("a")).size).to.equal(10);
    expect(ids("a", mutants.length).sort()).to.deep.equal(mutants.map(({ id }) => id).sort());
  });
});

describe("the compiler of mutants", function () {
  this.timeout(120_000);
  const source = "contracts/types/Bucket.sol";
  const text = readFileSync(path.join(ROOT, source), "utf8");

  it("makes the same code as the build, and refuses what is no contract", () => {
    const compiler = new Compiler(ROOT);
    const targets = compiler.targetsOf(source, "test/contracts/Bucket.t.sol");
    expect(targets.map(({ source: file }) => file)).to.include("test/contracts/Bucket.t.sol");
    const codes = compiler.compile(targets, source, text);
    const built = targets.map(({ artifact }) => JSON.parse(readFileSync(path.join(ROOT, artifact), "utf8")));
    expect(codes.map(({ bytecode }) => bytecode)).to.deep.equal(built.map(({ bytecode }) => bytecode));
    expect(() => compiler.compile(targets, source, text.replace("amount == 0", "amount =="))).to.throw(CompileError);
  });

  it("knows what a test runs: its own code, or every contract that a change reaches", () => {
    const compiler = new Compiler(ROOT);
    const names = (testFile: string) => compiler.targetsOf(source, testFile).map(({ name }) => name);
    expect(names("test/contracts/Bucket.t.sol")).to.not.include("HedgeVault");
    const queue = compiler.targetsOf("contracts/vault/Queue.sol", "test/contracts/Queue.t.sol");
    expect(queue.map(({ name }) => name)).to.have.members(["Queue", "QueueTest"]);
    expect(names("test/integration/limits.test.ts")).to.include.members(["HedgeVault", "Execution", "Rebalancer"]);
    expect(names("test/integration/limits.test.ts")).to.not.include("PriceOracle");
  });
});
