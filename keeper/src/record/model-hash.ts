import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { keccak256 } from "ethers";
import { hashOf } from "./canonical-json.js";

const SOURCES = ["model", "plan"];

/** Hash of the code that decides, as this process found it when it first asked: every file of model and plan. */
export const modelHash: () => string = (() => {
  let known: string | undefined;
  return () => {
    known ??= hashOf(SOURCES.flatMap(filesIn));
    return known;
  };
})();

/** Name and hash of each source file of a folder, by name. */
function filesIn(folder: string): [string, string][] {
  const root = fileURLToPath(new URL(`../${folder}`, import.meta.url));
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) =>
    /(?<!\.d)\.[jt]s$/.test(name),
  );
  return names.sort().map((name) => [path.posix.join(folder, name), keccak256(readFileSync(path.join(root, name)))]);
}
