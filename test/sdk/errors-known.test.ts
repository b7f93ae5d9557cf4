import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { expect } from "chai";
import { ErrorFragment, Interface, type InterfaceAbi } from "ethers";
import { READ_ADVICE } from "../../sdk/src/errors/advice/reads.js";
import "../../sdk/src/errors/allErrors.js";
import { ERROR_CODES } from "../../sdk/src/errors/codes.js";
import { type Advice, knownErrors, messageAdvice } from "../../sdk/src/errors/knowledge.js";
import { errorsOfViews } from "./view-errors.js";

const root = path.resolve(import.meta.dirname, "../..");
const resolve = createRequire(import.meta.url).resolve;
const packageOf = (name: string) => path.dirname(resolve(`${name}/package.json`));

function filesUnder(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ending))
    .map((file) => path.join(folder, file));
}

/** Custom errors by selector in the ABIs of artifacts. */
function errorsIn(files: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of files) {
    const { abi } = JSON.parse(readFileSync(file, "utf8")) as { abi?: InterfaceAbi };
    if (Array.isArray(abi)) new Interface(abi).forEachError(({ selector, name }) => found.set(selector, name));
  }
  return found;
}

/** What sources may revert with as text: the last argument of `require` and that of `revert`. */
function messagesIn(folders: readonly string[]): Set<string> {
  const sources = folders.flatMap((folder) => filesUnder(folder, ".sol")).map((file) => readFileSync(file, "utf8"));
  const reverts = /(?:require\([^;]*?|revert\(\s*)(?:"([^"]+)"|'((?:[^'\\]|\\.)+)')\s*\)\s*;/g;
  return new Set(
    sources.flatMap((source) => [...source.matchAll(reverts)].map(([, a = "", b = ""]) => (a || b).replace("\\", ""))),
  );
}

function expectAdvice(advice: Advice | undefined, name: string): void {
  expect(advice, `${name} is not known`).not.to.equal(undefined);
  expect(advice?.meaning, name).to.match(/[a-z]{2}/);
  expect(advice?.nextStep, name).to.match(/^[A-Z].*\.$/);
  expect(ERROR_CODES, name).to.have.property(advice?.code ?? "");
}

function expectErrors(found: ReadonlyMap<string, string>, least: number): void {
  expect(found.size).to.be.at.least(least);
  for (const [selector, name] of found) {
    expect(knownErrors().get(selector)?.fragment.name, `${name} is not decoded`).to.equal(name);
    expectAdvice(knownErrors().get(selector), name);
  }
}

describe("sdk: known errors", () => {
  it("are all that our contracts and the libraries in them can raise", () => {
    expectErrors(errorsIn(filesUnder(path.join(root, "artifacts/contracts"), ".json")), 150);
  });

  it("are to begin with all that a view of our contracts can reach, and no others", () => {
    const reached = errorsOfViews(path.join(root, "artifacts"));
    // Of Uniswap's tick mathematics: a pool's own tick is always one.
    expect([...reached].find(([selector, name]) => name === "InvalidTick" && reached.delete(selector))).to.have.length(
      2,
    );
    const fragments = Object.keys(READ_ADVICE).map((signature) => ErrorFragment.from(`error ${signature}`));
    const known = new Map(fragments.map(({ selector, name }) => [selector, name]));
    expect(reached.size).to.be.at.least(15);
    expect([...known].sort()).to.deep.equal([...reached].sort());
  });

  it("are no others than contracts of ours, tokens, roles and venues have", () => {
    const own = errorsIn(filesUnder(path.join(root, "artifacts/contracts"), ".json"));
    const openZeppelin = errorsIn(filesUnder(path.join(packageOf("@openzeppelin/contracts"), "build"), ".json"));
    for (const [selector, { fragment, code }] of knownErrors()) {
      if (code === "VENUE_ERROR") continue;
      expect(own.has(selector) || openZeppelin.has(selector), `${fragment.format()} is nobody's`).to.equal(true);
    }
  });

  it("are all of OpenZeppelin's that tokens, permits and roles raise", () => {
    const build = path.join(packageOf("@openzeppelin/contracts"), "build/contracts");
    const names = ["ERC20", "ERC20Permit", "SafeERC20", "Address", "AccessManager", "AccessManaged", "Clones", "ECDSA"];
    const others = ["Nonces", "ReentrancyGuard", "SafeCast", "EIP712", "Initializable"];
    const files = [...names, ...others].map((name) => path.join(build, `${name}.json`));
    expectErrors(errorsIn(files), 35);
  });

  it("are all of the venues' artifacts", () => {
    const packages = ["@perp/curie-contract", "@perp/perp-oracle-contract", "@uniswap/v3-core", "@aave/core-v3"];
    const artifacts = packages.flatMap((name) => filesUnder(path.join(packageOf(name), "artifacts"), ".json"));
    const parsed = artifacts.filter((file) => !file.endsWith(".dbg.json"));
    expect(parsed.length).to.be.greaterThan(100);
    expectErrors(errorsIn(parsed), 0);
  });

  it("have among them every code of Perp v2, of its price feeds, of Uniswap v3 and of their libraries", () => {
    const found = messagesIn([
      path.join(packageOf("@perp/curie-contract"), "contracts"),
      path.join(packageOf("@perp/perp-oracle-contract"), "contracts"),
      path.join(packageOf("@uniswap/v3-core"), "contracts"),
      path.join(packageOf("@aave/core-v3"), "contracts/dependencies"),
    ]);
    expect(found.size).to.be.greaterThan(150);
    for (const message of found) expectAdvice(messageAdvice(message), message);
  });

  it("have among them what Uniswap's pools say in places that are no plain require", () => {
    for (const code of ["AS", "LOK", "SPL", "TF", "M0", "M1", "IIA", "TLU", "TLM", "TUM", "STF"]) {
      expectAdvice(messageAdvice(code), code);
      expect(messageAdvice(code)?.meaning.length, code).to.be.greaterThan(8);
    }
  });

  it("have among them every number of Aave v3, and the custom error that took its place", () => {
    const source = readFileSync(
      path.join(packageOf("@aave/core-v3"), "contracts/protocol/libraries/helpers/Errors.sol"),
      "utf8",
    );
    const constants = [...source.matchAll(/constant (\w+) = '(\d+)'/g)];
    expect(constants).to.have.length.greaterThan(80);
    const custom = new Set([...knownErrors().values()].map(({ fragment }) => fragment.name.toLowerCase()));
    for (const [, name = "", code = ""] of constants) {
      const advice = messageAdvice(code);
      expectAdvice(advice, code);
      const plain = name.replaceAll("_", "").toLowerCase();
      if (advice?.meaning.startsWith("a check of") === true) continue;
      expect(advice?.meaning.replaceAll(" ", ""), code).to.equal(plain);
      expect(custom.has(plain), name).to.equal(true);
    }
    // Those that a leg meets have words of their own.
    for (const code of [26, 27, 28, 29, 30, 32, 35, 36, 39, 43, 50, 51, 53, 57, 59, 60, 89]) {
      expect(messageAdvice(String(code))?.meaning, String(code)).not.to.match(/^a check of/);
    }
  });
});
