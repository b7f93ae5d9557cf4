import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Inputs } from "../options.js";

const SOURCES = path.resolve(import.meta.dirname, "../..");

/** What a result depends on: the data, the options, and this program's own sources. Results of one fingerprint are the same. */
export function fingerprint(inputs: Inputs, options: unknown): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).sort()) {
    if (name.endsWith(".ts"))
      hash
        .update(name)
        .update("\0")
        .update(readFileSync(path.join(SOURCES, name)));
  }
  const { prices, perps, funding, rounds, ...rest } = inputs;
  for (const [name, file] of Object.entries({ prices, perps, funding, ...rounds })) {
    if (file !== undefined) hash.update(name).update("\0").update(readFileSync(file));
  }
  return hash
    .update(JSON.stringify([rest, options]))
    .digest("hex")
    .slice(0, 16);
}
