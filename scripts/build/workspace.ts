import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

/** What a build writes; a workspace that is built afresh goes without. */
const BUILD_RESULTS = ["artifacts", "sdk/src/generated", "scripts/devnet/generated"];
/** What no test reads. */
const LEFT_OUT = [".git", "cache", "coverage", "report"];

/** Hard links, not symbolic ones: what runs in the workspace must find its packages inside of it. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkSync(source, target);
  }
}

const open = new Set<string>();
const removeAll = (): void => {
  for (const workspace of open) removeWorkspace(workspace);
};

/** Where hard links to the packages are possible: the system's folder for what is temporary, or the tree's own. */
function home(): string {
  if (statSync(tmpdir()).dev === statSync(root).dev) return tmpdir();
  const own = path.join(root, "cache");
  mkdirSync(own, { recursive: true });
  return own;
}

/**
 * A copy of the project to change and to run at will; the packages are linked. It is gone when this process ends.
 * @param options.built With what the last build wrote
 */
export function createWorkspace({ built }: { built: boolean }): string {
  const workspace = mkdtempSync(path.join(home(), "crosshedge-"));
  if (open.size === 0) process.once("exit", removeAll);
  open.add(workspace);
  const leftOut = new Set([...LEFT_OUT, ...(built ? [] : BUILD_RESULTS)].map((place) => path.join(root, place)));
  cpSync(root, workspace, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !leftOut.has(source) && path.basename(source) !== "node_modules",
  });
  for (const place of ["", "keeper", "sdk"]) {
    const packages = path.join(root, place, "node_modules");
    if (existsSync(packages)) linkTree(packages, path.join(workspace, place, "node_modules"));
  }
  mkdirSync(path.join(workspace, "tmp"));
  return workspace;
}

/** Lets a signal end this process in order, so that its workspaces are removed; `before` may keep what was measured. */
export function exitOnSignals(before: () => void = () => {}): void {
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
    process.once(signal, () => {
      before();
      process.exit(code);
    });
  }
}

export function removeWorkspace(workspace: string): void {
  rmSync(workspace, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  open.delete(workspace);
}

/** The environment of what runs in a workspace: its temporary files are inside too. */
export function environmentOf(workspace: string): NodeJS.ProcessEnv {
  return { ...process.env, TMPDIR: path.join(workspace, "tmp"), INIT_CWD: workspace };
}
