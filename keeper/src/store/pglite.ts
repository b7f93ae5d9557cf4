import { PGlite } from "@electric-sql/pglite";

/** Whole numbers of 8 bytes are numbers everywhere: none of the journal's is larger than 2^53. */
export const PARSERS: Readonly<Record<number, (text: string) => number>> = { 20: Number };

let shared: Promise<PGlite> | undefined;

/** The Postgres in memory that all memory stores of this process share: opening one takes seconds. */
export function memoryPGlite(): Promise<PGlite> {
  shared ??= PGlite.create({ parsers: PARSERS });
  return shared;
}
