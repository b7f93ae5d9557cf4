import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";

const root = path.resolve(import.meta.dirname, "../../..");
/** Market data lies beside the project, not in it. */
const shared = path.resolve(root, process.env.CROSSHEDGE_SHARED ?? "../shared");

/** Why a test that needs these files cannot run here, or undefined if it can. */
export function missingData(...names: readonly string[]): string | undefined {
  const absent = names.filter((name) => !existsSync(path.join(shared, "data", name)));
  return absent.length === 0
    ? undefined
    : `no ${absent.join(", ")} in ../shared/data; set CROSSHEDGE_SHARED to the folder that holds data/`;
}

/** The rows of a gzipped CSV file, by column name. */
export function readRows(name: string): Record<string, string>[] {
  const text = gunzipSync(readFileSync(path.join(shared, "data", name)));
  return parse(text, { columns: true, skip_empty_lines: true }) as Record<string, string>[];
}

/** Where a file of the shared data lies. */
export function sharedFile(name: string): string {
  return path.join(shared, "data", name);
}
