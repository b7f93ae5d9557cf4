import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { buildSdk } from "../../../scripts/build/sdk/build.js";
import { serveRegistry } from "./registry.js";

const run = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, "../../..");
const NODE = path.join(ROOT, "node_modules/.bin/node");

/** What an outsider has: an empty project, and the package's tarball in it. */
export interface Project {
  /** The package as it was built. */
  readonly built: string;
  readonly folder: string;
  readonly tarball: string;
  /** Runs a command of the shell in the project, and gives what it printed. */
  run(command: string, options?: { node?: string; env?: Record<string, string> }): Promise<string>;
  remove(): void;
}

/** Builds and packs the package, and makes an empty project beside the tarball. */
export async function emptyProject(): Promise<Project> {
  const home = mkdtempSync(path.join(tmpdir(), "crosshedge-package-"));
  const [built, folder] = [path.join(home, "built"), path.join(home, "project")];
  mkdirSync(folder);
  buildSdk(built);
  const packed = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: built });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  const registry = await serveRegistry();
  const env = {
    // Nothing of this repository or of whoever runs it.
    ...{ HOME: home, npm_config_registry: registry.url, npm_config_audit: "false", npm_config_fund: "false" },
    ...{ npm_config_update_notifier: "false", npm_config_cache: path.join(home, "npm-cache") },
  };
  return {
    built,
    folder,
    tarball: path.join(folder, filename),
    async run(command, { node = NODE, env: further } = {}) {
      const PATH = [path.dirname(node), process.env.PATH].join(path.delimiter);
      try {
        const { stdout } = await run("bash", ["-c", command], { cwd: folder, env: { ...env, ...further, PATH } });
        return stdout;
      } catch (caught) {
        const { stdout, stderr } = caught as { stdout: string; stderr: string };
        throw new Error(`${command}\n${stdout}${stderr}`);
      }
    },
    remove() {
      void registry.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Writes a file of the project. */
export function write({ folder }: Project, file: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
}
