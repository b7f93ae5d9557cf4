import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { contractsHash } from "../build/contracts-hash.js";
import type { Mutant } from "./mutant.js";
import type { Judged } from "./run.js";

const FILE = path.resolve(import.meta.dirname, "../../cache/mutation.json");

/** A kill of these contracts by a mutant of exactly this wording. */
type Kill = { readonly by: string; readonly seconds: number };

const digest = (mutant: Mutant): string => createHash("sha256").update(JSON.stringify(mutant)).digest("hex");

/** The kills of earlier runs, which need not be seen again while the contracts are the same. */
export class Kept {
  readonly #kills: Record<string, Kill>;

  constructor({ fresh }: { fresh: boolean }) {
    const stored = fresh || !existsSync(FILE) ? undefined : JSON.parse(readFileSync(FILE, "utf8"));
    this.#kills = stored?.stamp === contractsHash() ? stored.kills : {};
  }

  of(mutant: Mutant): Judged | undefined {
    const kill = this.#kills[digest(mutant)];
    return kill && { mutant, kind: "killed", ...kill };
  }

  /** Keeps it on disk at once, so that nothing is lost when the run is cut short. */
  add(judged: Judged): void {
    if (judged.kind !== "killed") return;
    this.#kills[digest(judged.mutant)] = { by: judged.by, seconds: judged.seconds };
    mkdirSync(path.dirname(FILE), { recursive: true });
    writeFileSync(FILE, JSON.stringify({ stamp: contractsHash(), kills: this.#kills }));
  }
}
