import { appendFile, mkdir } from "node:fs/promises";
import path from "node:path";
import { canonicalJson } from "./canonical-json.js";

/** Where records go. */
export interface Recorder {
  write(record: unknown): Promise<void>;
}

/** One line of JSON a record, appended to a file. */
export function fileRecorder(file: string): Recorder {
  return {
    async write(record) {
      await mkdir(path.dirname(file), { recursive: true });
      await appendFile(file, `${canonicalJson(record)}\n`);
    },
  };
}

/** Keeps nothing. */
export const noRecorder: Recorder = { write: () => Promise.resolve() };
