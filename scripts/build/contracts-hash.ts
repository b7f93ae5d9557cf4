import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

/** SHA-256 (hex) of every source under `contracts/`, names included: what a report about the contracts is stamped with. */
export function contractsHash(): string {
  const hash = createHash("sha256");
  for (const file of globSync("contracts/**/*.sol", { cwd: root }).sort()) {
    hash
      .update(`${file.replaceAll(path.sep, "/")}\0`)
      .update(readFileSync(path.join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}
