import { readFileSync } from "node:fs";
import path from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { expect } from "chai";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { bundle } from "./bundle.js";
import { type Project, write } from "./project.js";

const ROOT = path.resolve(import.meta.dirname, "../../..");
/** What runs here: Node 24, and the machine's own where it is another. */
const NODES = [path.join(ROOT, "node_modules/.bin/node"), "/usr/bin/node"];

type Limits = Record<string, { readonly code: string; readonly most: number }>;
export const LIMITS = JSON.parse(readFileSync(path.join(ROOT, "sdk/size-limits.json"), "utf8")) as Limits;

/** Where the rest of what is known of errors is added. */
const SIDE_EFFECTS = ["./esm/errors/allErrors.js", "./cjs/errors/allErrors.js"];

/** What holds of the tarball and of a project in which it is installed. */
export function describePublished(project: () => Project): void {
  it("is packed as publint wants it", async () => {
    const { messages, pkg } = await publint({ pkgDir: project().built, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).to.deep.equal([]);
  });

  it("has types that tell the truth to every resolver", async () => {
    const result = await checkPackage(createPackageFromTarballData(readFileSync(project().tarball)));
    if (!result.types) throw new Error("no types");
    expect(result.problems).to.deep.equal([]);
    expect(Object.keys(result.entrypoints)).to.deep.equal([".", "./contracts", "./package.json"]);
  });

  it("names nothing of the workspace in its manifest", () => {
    const manifest = JSON.parse(readFileSync(path.join(project().built, "package.json"), "utf8")) as object;
    expect(manifest).to.not.have.any.keys("private", "devDependencies", "dependencies", "scripts", "workspaces");
    expect(manifest).to.deep.include({ name: "@crosshedge/sdk", license: "MIT", type: "module" });
    expect(manifest).to.have.property("sideEffects").that.deep.equals(SIDE_EFFECTS);
    expect(readFileSync(path.join(project().built, "README.md"), "utf8")).to.not.match(/\]\(\.\.?\//);
  });

  for (const node of NODES) {
    it(`is imported and required under ${node === NODES[0] ? "Node 24" : "the machine's Node"}`, async function () {
      const version = await project()
        .run("node --version", { node })
        .catch(() => "");
      if (Number(version.match(/^v(\d+)/)?.[1] ?? 0) < 20) this.skip();
      write(project(), "both.mjs", BOTH);
      expect(JSON.parse(await project().run("node both.mjs", { node }))).to.deep.equal({
        same: true,
        copies: true,
        recognised: [true, true],
        code: "BAD_ARGUMENT",
        plans: ["TooLate", "TooLate"],
        contracts: true,
      });
    });
  }

  for (const [name, { code, most }] of Object.entries(LIMITS)) {
    it(`keeps to the limit of its size: ${name}`, async () => {
      const { size, text, packages } = await bundle(code, project().folder, { external: ["ethers"] });
      expect(size).to.be.at.most(most);
      expect(packages).to.deep.equal(["@crosshedge/sdk"]);
      expect(text).to.not.match(/\bnode:|\brequire\(/);
    });
  }

  it("explains whatever a call can meet to all that sends, simulates or decodes, and what a view can meet to the core", async () => {
    const knows = async (code: string) => {
      const { text } = await bundle(code, project().folder, { external: ["ethers"] });
      return ["another plan landed first", "a price cannot be used now"].map((meaning) => text.includes(meaning));
    };
    for (const name of [
      "decodeError",
      "decodeRevert",
      "send",
      "sendCalls",
      "prepareClaim",
      "simulateCalls",
      "readSettlement",
    ]) {
      expect(await knows(`export { ${name} } from "@crosshedge/sdk";`), name).to.deep.equal([true, true]);
    }
    expect(await knows(LIMITS["read-only core"]?.code ?? "")).to.deep.equal([false, true]);
  });

  it("has no dependency but ethers anywhere, and nothing of Node", async () => {
    const all = "export * from '@crosshedge/sdk'; export * as contracts from '@crosshedge/sdk/contracts';";
    const { packages, imports, text } = await bundle(all, project().folder, { external: ["ethers"] });
    expect(packages).to.deep.equal(["@crosshedge/sdk"]);
    expect(imports).to.deep.equal(["ethers"]);
    expect(text).to.not.match(/\bnode:|\bprocess\.(env|versions)|\bBuffer\b/);
  });
}

/** Both copies in one process, and what one makes of the other's error. */
const BOTH = `
import { createRequire } from "node:module";
import * as esm from "@crosshedge/sdk";
import * as contracts from "@crosshedge/sdk/contracts";
const require = createRequire(import.meta.url);
const cjs = require("@crosshedge/sdk");
const thrownBy = ({ parseToken }) => { try { parseToken("many", 6); } catch (error) { return error; } };
const [one, other] = [thrownBy(esm), thrownBy(cjs)];
console.log(JSON.stringify({
  same: Object.keys(esm).sort().join() === Object.keys(cjs).sort().join(),
  copies: esm.CrosshedgeError !== cjs.CrosshedgeError && !(other instanceof esm.CrosshedgeError),
  recognised: [esm.CrosshedgeError.is(other, other.code), cjs.CrosshedgeError.is(one, one.code)],
  code: other.code,
  plans: [esm, cjs].map(({ decodeRevert }) => decodeRevert("0x388b0173" + "00".repeat(64)).name),
  contracts: Object.keys(contracts).sort().join() === Object.keys(require("@crosshedge/sdk/contracts")).sort().join(),
}));
`;
