import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

export const ROOT = path.resolve(import.meta.dirname, "../../..");
export const OPS = path.join(ROOT, "keeper/ops");

/** A file of keeper/ops. */
export function ops(file: string): string {
  return readFileSync(path.join(OPS, file), "utf8");
}

/** A YAML file of keeper/ops, anchors and merges resolved. */
export function yamlOf<T>(file: string): T {
  return parse(ops(file), { merge: true }) as T;
}
