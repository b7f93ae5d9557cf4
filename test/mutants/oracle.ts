import type { Mutant } from "../../scripts/mutate/mutant.js";

export const oracle: Mutant[] = [];
