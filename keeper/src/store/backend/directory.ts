import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { KeeperError } from "../../errors.js";
import { type Backend, SCHEMA } from "./backend.js";
import { LOCK_FILES, lockDirectory } from "./directory-lock.js";
import { durableOptions } from "./durable-node-fs.js";
import { openEmbedded } from "./embedded.js";

const POSTGRES = "postgres";
/** Written once Postgres has made its files: without it, whatever is there was cut off and holds nothing. */
const READY = "ready";
const OWN_FILES: readonly string[] = [...Object.values(LOCK_FILES), `${LOCK_FILES.owner}.new`, POSTGRES, READY];

/**
 * Embedded Postgres in a directory that this process has to itself.
 * @throws {KeeperError} another process has it, it is something else's directory, or it cannot be written
 */
export async function openDirectory(directory: string): Promise<Backend> {
  prepare(directory);
  const lock = tryWriting(directory, () => lockDirectory(directory));
  try {
    const [postgres, ready] = [path.join(directory, POSTGRES), path.join(directory, READY)];
    const fresh = !existsSync(ready);
    if (fresh) tryWriting(directory, () => rmSync(postgres, { recursive: true, force: true }));
    const { newKysely, plain, close } = await openEmbedded(durableOptions(postgres)).catch((error: unknown) => {
      throw cannotOpen(directory, error);
    });
    if (fresh) tryWriting(directory, () => writeFileSync(ready, ""));
    return {
      ...{ kysely: newKysely(), schema: SCHEMA, leaseClock: "own", plain },
      close: () => close().finally(() => lock.release()),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The directory exists, and holds nothing else. */
function prepare(directory: string): void {
  tryWriting(directory, () =>
    mkdirSync(directory, { recursive: !existsSync(path.dirname(directory)) || existsSync(directory), mode: 0o700 }),
  );
  const foreign = readdirSync(directory).find((name) => !OWN_FILES.includes(name));
  if (foreign === undefined) return;
  throw new KeeperError(
    `${directory} is no journal: it holds ${foreign}.`,
    "Name an empty directory, or the one the keeper used before.",
  );
}

function cannotOpen(directory: string, error: unknown): KeeperError {
  const { bavail, bsize } = statfsSync(directory);
  return new KeeperError(
    `The journal in ${directory} cannot be opened, with ${Math.floor((bavail * bsize) / 2 ** 20)} MiB free: ${(error as Error).message}.`,
    "Make room if that is less than 64 MiB; otherwise restore the directory from a backup.",
    error,
  );
}

function tryWriting<T>(directory: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof KeeperError) throw error;
    throw new KeeperError(
      `The journal cannot be written in ${directory}: ${(error as Error).message}.`,
      "Name a directory on a local disk that this user may write, with room on it.",
      error,
    );
  }
}
