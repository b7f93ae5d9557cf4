import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { compile } from "./compile.js";
import { KNOWN_DEPLOYMENTS_FILE, knownDeploymentsSource } from "./known.js";
import { COMMONJS, foldersOf, manifestOf, moduleOf, type Source } from "./manifest.js";

const root = path.resolve(import.meta.dirname, "../../..");

function writeJson(file: string, content: object): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

/** The package's text without links into the repository, which is not there where the package is. */
function withoutRepository(markdown: string): string {
  return markdown.replace(/\[([^\]]+)\]\((?!https?:|#)[^)]*\)/g, "$1");
}

/**
 * Makes `@crosshedge/sdk` as it is published: ESM, CommonJS, types of both, manifest, README and license.
 *
 * @param out A folder that is emptied first
 * @param deployments Whose `<chainId>.json` the package knows
 */
export function buildSdk(out: string, deployments = path.join(root, "deployments")): void {
  const sdk = path.join(root, "sdk");
  const source = JSON.parse(readFileSync(path.join(sdk, "package.json"), "utf8")) as Source;
  rmSync(out, { recursive: true, force: true });
  compile(
    path.join(sdk, "src"),
    Object.values(source.exports).map((entry) => `${moduleOf(entry)}.ts`),
    out,
    { [KNOWN_DEPLOYMENTS_FILE]: knownDeploymentsSource(deployments) },
  );
  writeJson(path.join(out, "package.json"), manifestOf(source));
  writeJson(path.join(out, "cjs/package.json"), COMMONJS);
  for (const [folder, manifest] of Object.entries(foldersOf(source))) {
    writeJson(path.join(out, folder, "package.json"), manifest);
  }
  writeFileSync(path.join(out, "README.md"), withoutRepository(readFileSync(path.join(sdk, "README.md"), "utf8")));
  copyFileSync(path.join(root, "LICENSE"), path.join(out, "LICENSE"));
}
