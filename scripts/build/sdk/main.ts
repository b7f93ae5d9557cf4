/** `npm run build:sdk`: `@crosshedge/sdk` as it is published, in `sdk/dist`; `npm pack ./sdk/dist` makes its tarball. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { buildSdk } from "./build.js";
import { CompileError } from "./compile.js";
import { KNOWN_DEPLOYMENTS_FILE, knownDeploymentsSource } from "./known.js";

new Command("build:sdk")
  .description("@crosshedge/sdk as it is published, in sdk/dist; npm pack ./sdk/dist makes its tarball.")
  .allowExcessArguments(false)
  .parse();

const root = path.resolve(import.meta.dirname, "../../..");
const out = path.join(root, "sdk/dist");
try {
  const known = knownDeploymentsSource(path.join(root, "deployments"));
  writeFileSync(path.join(root, "sdk/src", KNOWN_DEPLOYMENTS_FILE), known);
  buildSdk(out);
  console.log(path.relative(process.cwd(), out));
} catch (error) {
  console.error(error instanceof CompileError ? error.message : error);
  process.exitCode = 1;
}
