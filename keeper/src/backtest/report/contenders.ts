import type { Ledger } from "../account/ledger.js";
import type { Books } from "../account/strategies.js";
import { NAIVE } from "../learn/registry.js";

/** What every chart and table of the report compares. */
export interface Contender {
  readonly name: string;
  readonly color: string;
  readonly dash?: string;
  readonly ledger: (books: Books) => Ledger;
}

/** The method that is meant, then the naive hedge, then the two that need hindsight. */
export function contenders(chosen: string): Contender[] {
  const method = { name: chosen, color: "var(--hedged)", ledger: (books: Books) => books.methods[chosen]! };
  const naive = { name: NAIVE, color: "var(--naive)", dash: "3 2", ledger: (books: Books) => books.methods[NAIVE]! };
  return [
    ...(chosen === NAIVE ? [] : [method]),
    naive,
    { name: "hindsight-static", color: "var(--c)", dash: "8 3", ledger: (books) => books.static },
    { name: "daily oracle", color: "var(--e)", dash: "1 3", ledger: (books) => books.oracle },
  ];
}
