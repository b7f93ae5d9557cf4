import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runnerOf } from "../build/test-counts.js";
import type { Part, PartRun } from "./run.js";

const project = path.resolve(import.meta.dirname, "../..");

/** What tests run on; the tests themselves are looked at part by part. */
const SOURCES = [
  "contracts/**",
  "hardhat.config.ts",
  "{keeper,sdk}/src/**",
  "package-lock.json",
  "scripts/**",
  "test/**",
];
/** What is generated, and what no measured test reads. */
const LEFT_OUT =
  /(^|\/)(generated|node_modules)\/|^scripts\/(coverage|mutate)\/|^test\/(build|mutants|reports)\/|^test\/coverage\.ts$/;

/** What earlier runs measured: it need not be measured again while neither the sources nor the part's own tests have changed. */
export class Kept {
  readonly #root: string;
  readonly #folder: string;
  readonly #stamp: string;
  readonly #places = new Map<Part, string>();

  constructor({ fresh, root = project }: { fresh: boolean; root?: string }) {
    this.#root = root;
    this.#folder = path.join(root, "cache/coverage");
    this.#stamp = this.#digest(sourcesOf(root));
    if (fresh) rmSync(this.#folder, { recursive: true, force: true });
  }

  of(part: Part): PartRun | undefined {
    const file = this.#placeOf(part);
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
  }

  /** Keeps it on disk at once, so that a run that is cut short loses little. Ask `of` before the run: the tests may change during it. */
  add(part: Part, run: PartRun): void {
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(this.#placeOf(part), JSON.stringify(run));
  }

  #placeOf(part: Part): string {
    const { runner, files } = part;
    const known = this.#places.get(part);
    const place = known ?? path.join(this.#folder, `${this.#digest(files, `${this.#stamp} ${runner}`)}.json`);
    this.#places.set(part, place);
    return place;
  }

  #digest(files: readonly string[], start = ""): string {
    const hash = createHash("sha256").update(start);
    for (const file of files)
      hash
        .update(`${file}\0`)
        .update(readFileSync(path.join(this.#root, file)))
        .update("\0");
    return hash.digest("hex");
  }
}

function sourcesOf(root: string): string[] {
  const found = globSync(SOURCES, { cwd: root, withFileTypes: true }).filter((entry) => entry.isFile());
  return found
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"))
    .filter((file) => runnerOf(file) === undefined && !LEFT_OUT.test(file))
    .sort();
}
