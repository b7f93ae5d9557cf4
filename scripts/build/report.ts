import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { contractsHash } from "./contracts-hash.js";

const folder = path.resolve(import.meta.dirname, "../../test/reports");

/** What was measured of the contracts, in `test/reports/<name>.json`; `stamp` is the hash of the contracts that it was measured of. */
export type Report<T> = { stamp: string } & T;

export type ReportName = "gas" | "mutation" | "coverage" | "soak";

export function writeReport<T extends object>(name: ReportName, content: T): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.json`);
  writeFileSync(file, `${JSON.stringify({ stamp: contractsHash(), ...content }, null, 2)}\n`);
  return file;
}

export function readReport<T extends object>(name: ReportName): Report<T> {
  return JSON.parse(readFileSync(path.join(folder, `${name}.json`), "utf8")) as Report<T>;
}
