import { createHash } from "node:crypto";
import type { Mutant } from "./mutant.js";

/** So many of the list, in an order that the seed alone decides. */
export function draw(mutants: readonly Mutant[], count: number, seed: string): Mutant[] {
  const rank = ({ id }: Mutant) => createHash("sha256").update(`${seed}\0${id}`).digest("hex");
  const ranked = mutants.map((mutant) => ({ mutant, rank: rank(mutant) }));
  return ranked
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant);
}
