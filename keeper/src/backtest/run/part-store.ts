import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { deserialize, serialize } from "node:v8";

/** Finished parts of a run on disk, so that nothing that was done is lost. */
export interface PartStore<T> {
  /** undefined where the part is not there. */
  read(name: string): T | undefined;
  write(name: string, part: T): void;
  /** Forget all parts. */
  clear(): void;
}

/**
 * A store in a folder of its own.
 *
 * @param folder Is made where needed
 */
export function partStore<T>(folder: string): PartStore<T> {
  const fileOf = (name: string): string => path.join(folder, `${encodeURIComponent(name)}.part`);
  return {
    read(name) {
      try {
        return deserialize(readFileSync(fileOf(name))) as T;
      } catch {
        return undefined; // not there, or cut off
      }
    },
    write(name, part) {
      mkdirSync(folder, { recursive: true });
      writeWhole(fileOf(name), serialize(part));
    },
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Writes a file such that it is whole, or as it was before. */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const draft = `${file}.new`;
  writeFileSync(draft, content);
  renameSync(draft, file);
}
