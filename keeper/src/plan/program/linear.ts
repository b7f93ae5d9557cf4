import type { Row } from "../../model/convex/convex-program.js";

/** Σ value·x over its columns, and a constant. */
export interface Linear {
  readonly terms: readonly (readonly [column: number, value: number])[];
  readonly constant: number;
}

/** The row that keeps the terms, their constant apart, at most at `upper` or exactly there. */
export function asRow({ terms }: Linear, upper: number, equality: boolean): Row {
  return { columns: terms.map(([column]) => column), values: terms.map(([, value]) => value), upper, equality };
}

/** a + weight·b. */
export function plus(a: Linear, b: Linear, weight: number): Linear {
  const values = new Map(a.terms.map(([column, value]) => [column, value]));
  for (const [column, value] of b.terms) values.set(column, (values.get(column) ?? 0) + weight * value);
  return { terms: [...values], constant: a.constant + weight * b.constant };
}

export function negated({ terms, constant }: Linear): Linear {
  return { terms: terms.map(([column, value]) => [column, -value] as const), constant: -constant };
}

/** The largest magnitude; 0 of none. */
export function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
