import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { KeeperError } from "../../errors.js";

/**
 * Makes a folder, and those that it is in, where they are not there.
 *
 * @throws KeeperError if nothing can be written to it
 */
export function makeFolder(folder: string): void {
  try {
    make(folder);
    if (!statSync(folder).isDirectory()) throw new Error("it is a file");
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new KeeperError(
      `Cannot write to ${folder}: ${(error as Error).message}.`,
      "Name another folder with --out.",
      error,
    );
  }
}

/** One by one: `mkdirSync` with `recursive` does not come back where a parent takes no folders, as /proc. */
function make(folder: string): void {
  if (existsSync(folder)) return;
  make(path.dirname(folder));
  mkdirSync(folder);
}
