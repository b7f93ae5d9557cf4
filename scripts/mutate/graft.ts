import { globSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Code, Target } from "./compiler.js";

/** Code ends with a hash of the sources (53 bytes), which differs with any change. */
const METADATA_DIGITS = 106;
const withoutMetadata = (code: string): string => code.slice(0, -METADATA_DIGITS);

/** Puts code into the artifacts and generated factories of a built project, where the tests find it, and takes it out again. */
export class Graft {
  readonly #root: string;
  readonly #factories = new Map<string, string>();
  readonly #originals = new Map<string, string>();

  constructor(root: string) {
    this.#root = root;
    const places = ["sdk/src/generated/factories/**/*__factory.ts", "scripts/devnet/generated/own/**/*__factory.ts"];
    for (const file of globSync(places, { cwd: root })) {
      this.#factories.set(path.basename(file, "__factory.ts"), file);
    }
  }

  #change(file: string, by: (text: string) => string): void {
    const full = path.join(this.#root, file);
    const text = readFileSync(full, "utf8");
    if (!this.#originals.has(full)) this.#originals.set(full, text);
    writeFileSync(full, by(text));
  }

  /** @returns Whether the code does anything different from before. */
  insert(target: Target, code: Code): boolean {
    let before = "";
    this.#change(target.artifact, (text) => {
      const artifact = JSON.parse(text) as Code;
      before = artifact.bytecode;
      return JSON.stringify({ ...artifact, ...code }, null, 2);
    });
    const factory = this.#factories.get(target.name);
    if (factory !== undefined) this.#change(factory, (text) => text.replace(before, () => code.bytecode));
    return withoutMetadata(before) !== withoutMetadata(code.bytecode);
  }

  restore(): void {
    for (const [file, text] of this.#originals) writeFileSync(file, text);
    this.#originals.clear();
  }
}
