import { closeSync, fsyncSync, openSync } from "node:fs";
import type { PGliteOptions } from "@electric-sql/pglite";
import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";

/** The parts of PGlite's file system that are not in its types. */
interface EmscriptenModule {
  readonly FS: { readonly ErrnoError: new (errno: number) => Error };
  readonly NODEFS: {
    readonly stream_ops: { fsync?: (stream: { readonly nfd?: number; readonly node: unknown }) => number };
    realPath(node: unknown): string;
    convertNodeCode(error: unknown): number;
  };
}

/**
 * PGlite's files in a directory, flushed. As it comes, PGlite never calls fsync: it starts Postgres with -F, and its file system has no such
 * call, so what it has committed outlives a killed process but not a power cut. Here Postgres asks for it, and gets it: one fsync a commit.
 */
class DurableNodeFS extends NodeFS {
  override async init(...[pg, options]: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
    const { emscriptenOpts } = await super.init(pg, options);
    const withFsync = (module: unknown): void => addFsync(module as EmscriptenModule);
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), withFsync] } };
  }
}

function addFsync({ FS, NODEFS }: EmscriptenModule): void {
  NODEFS.stream_ops.fsync = ({ nfd, node }) => {
    try {
      if (nfd !== undefined) fsyncSync(nfd);
      else fsyncDirectory(NODEFS.realPath(node));
      return 0;
    } catch (error) {
      throw new FS.ErrnoError(NODEFS.convertNodeCode(error));
    }
  };
}

function fsyncDirectory(directory: string): void {
  const opened = openSync(directory, "r");
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** Options of a PGlite in a directory whose commits are on the disk when they resolve. */
export function durableOptions(directory: string): PGliteOptions {
  // Its default, fdatasync, is an empty function in PGlite's build.
  const startParams = [...PGlite.defaultStartParams.filter((option) => option !== "-F"), "-c", "wal_sync_method=fsync"];
  return { fs: new DurableNodeFS(directory), startParams, relaxedDurability: false };
}
