import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";

interface Bootstrap {
  whyInstall(root: string): string | undefined;
  whyBuild(root: string, hash: string): string | undefined;
  sourcesHash(root: string): string;
}
/** Plain JavaScript without types: it runs before TypeScript is installed. */
const { whyInstall, whyBuild, sourcesHash }: Bootstrap = await import(
  new URL("../../scripts/build/bootstrap.mjs", import.meta.url).href
);

describe("bootstrap", () => {
  let root = "";
  const write = (file: string, content: unknown) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), typeof content === "string" ? content : JSON.stringify(content));
  };
  const mocha = { "node_modules/mocha": { version: "1.0.0", integrity: "x" } };

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "crosshedge-"));
    const elsewhere = { "node_modules/only-mac": { version: "1.0.0", optional: true } };
    write("package-lock.json", { packages: { "": {}, sdk: { version: "0.1.0" }, ...mocha, ...elsewhere } });
    write("node_modules/.package-lock.json", { packages: mocha });
    write("node_modules/.bin/node", "");
    write("node_modules/@nomicfoundation/edr-linux-x64-gnu/package.json", "{}");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("is content with what the lockfile says, less other platforms' packages", () => {
    expect(whyInstall(root)).to.equal(undefined);
  });

  it("installs after a fresh clone, and again after an interrupted install", () => {
    rmSync(path.join(root, "node_modules/.package-lock.json"));
    expect(whyInstall(root)).to.include("not installed");
  });

  it("installs when a package is missing or of another version", () => {
    write("node_modules/.package-lock.json", { packages: {} });
    expect(whyInstall(root)).to.include("mocha");
    write("node_modules/.package-lock.json", {
      packages: { "node_modules/mocha": { version: "2.0.0", integrity: "x" } },
    });
    expect(whyInstall(root)).to.include("mocha");
  });

  it("installs when Node 24 or Hardhat's native package was left out", () => {
    rmSync(path.join(root, "node_modules/.bin/node"));
    expect(whyInstall(root)).to.include("Node 24");
    write("node_modules/.bin/node", "");
    rmSync(path.join(root, "node_modules/@nomicfoundation"), { recursive: true });
    expect(whyInstall(root)).to.include("native");
  });

  it("builds when a result is missing or a source changed", () => {
    write("contracts/A.sol", "contract A {}");
    const hash = sourcesHash(root);
    expect(whyBuild(root, hash)).to.include("artifacts");
    const types = ["sdk/src/generated/index.ts", "sdk/src/generated/abi.ts", "scripts/devnet/generated/index.ts"];
    for (const file of ["artifacts/x", ...types]) write(file, "");
    expect(whyBuild(root, hash)).to.include("changed");
    write("cache/bootstrap.json", { sources: hash });
    expect(whyBuild(root, hash)).to.equal(undefined);
    write("contracts/A.sol", "contract A { }");
    expect(whyBuild(root, sourcesHash(root))).to.include("changed");
  });
});
