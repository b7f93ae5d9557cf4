import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { KeeperError } from "../../errors.js";

/** Who has a directory. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly started: string;
  readonly command: string;
}

export interface DirectoryLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/** Names of the lock's files in the directory. */
export const LOCK_FILES = { lock: "lock", owner: "owner.json" } as const;

/**
 * Take a directory for this process alone. SQLite's lock on an empty file is the operating system's: it ends with the process however that
 * ends, so none is ever stale, neither by a crash nor by a reused process id, and containers that share the directory see it too.
 * @throws {KeeperError} another process has it, and which
 */
export function lockDirectory(directory: string): DirectoryLock {
  const owner = path.join(directory, LOCK_FILES.owner);
  const lock = new DatabaseSync(path.join(directory, LOCK_FILES.lock));
  try {
    lock.exec("pragma busy_timeout = 0; pragma journal_mode = memory; begin exclusive");
  } catch (error) {
    lock.close();
    if ((error as { errcode?: unknown }).errcode !== SQLITE_BUSY) throw error;
    throw new KeeperError(
      `The journal's directory ${directory} is in use by ${nameOwner(owner)}.`,
      "Stop that one first, or give this keeper a directory of its own (or Postgres, to run replicas).",
      error,
    );
  }
  const own: Owner = { pid: process.pid, host: hostname(), started: new Date().toISOString(), command: command() };
  writeFileSync(`${owner}.new`, `${JSON.stringify(own)}\n`);
  renameSync(`${owner}.new`, owner);
  return {
    release: () => {
      rmSync(owner, { force: true });
      lock.close();
    },
  };
}

/** What is shown of the command line: the program and its first word, since options may hold addresses with keys. */
function command(): string {
  const [, file = "node", word = ""] = process.argv;
  return [path.basename(file), /^[a-z]+$/.test(word) ? word : ""].filter(Boolean).join(" ");
}

function nameOwner(file: string): string {
  try {
    const { pid, host, started, command } = JSON.parse(readFileSync(file, "utf8")) as Owner;
    return `process ${pid} on ${host} (${command}, since ${started})`;
  } catch {
    return "another process, which has not written down its name yet";
  }
}
