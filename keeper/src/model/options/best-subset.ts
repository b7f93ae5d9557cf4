import { Matrix, solve } from "ml-matrix";

/** min ½n'Cn − g'n over n ≥ 0 with costs'n ≤ budget. */
export interface BudgetProgram {
  /** C: symmetric, positive semidefinite. */
  readonly curve: readonly (readonly number[])[];
  /** g. */
  readonly pull: readonly number[];
  /** Above zero. */
  readonly costs: readonly number[];
  readonly budget: number;
}

/** Which variables are above zero, and how far. */
export interface Subset {
  readonly members: readonly number[];
  /** By member. */
  readonly sizes: readonly number[];
  /** ½n'Cn − g'n, never above zero. */
  readonly objective: number;
}

/**
 * The optimum with at most so many variables above zero: every subset in closed form, with and without the budget. It is exact, since the
 * optimum over any variables is one where some of them are above zero and the others are not there.
 *
 * @param items Variables that may be above zero
 * @param most 1 to 3
 */
export function bestSubset(program: BudgetProgram, items: readonly number[], most: number): Subset {
  let best: Subset = { members: [], sizes: [], objective: 0 };
  for (const members of subsetsOf(items, most)) {
    const found = optimumOf(program, members);
    if (found !== null && found.objective < best.objective * (1 + 1e-9) - Number.MIN_VALUE) best = found;
  }
  return best;
}

function* subsetsOf(items: readonly number[], most: number): Generator<number[]> {
  for (const [a, first] of items.entries()) {
    yield [first];
    if (most < 2) continue;
    for (const [b, second] of items.slice(a + 1).entries()) {
      yield [first, second];
      if (most < 3) continue;
      for (const third of items.slice(a + b + 2)) yield [first, second, third];
    }
  }
}

/** The optimum with all of these above zero; null where there is none. */
function optimumOf({ curve, pull, costs, budget }: BudgetProgram, members: readonly number[]): Subset | null {
  const block = members.map((i) => members.map((j) => curve[i]![j]! * (i === j ? 1 + 1e-12 : 1)));
  const cost = members.map((j) => costs[j]!);
  const right = members.map((j) => pull[j]!);
  const free = solved(block, right);
  const paid = free?.reduce((sum, size, i) => sum + size * cost[i]!, 0) ?? Number.POSITIVE_INFINITY;
  const onBudget = (): number[] | undefined =>
    solved([...block.map((row, i) => [...row, cost[i]!]), [...cost, 0]], [...right, budget])?.slice(0, members.length);
  const sizes = free !== null && paid <= budget ? free : onBudget();
  if (sizes === undefined || !sizes.every((size) => size > 0)) return null;
  const objective = sizes.reduce((sum, size, a) => {
    const curved = sizes.reduce((total, other, b) => total + block[a]![b]! * other, 0);
    return sum + size * (curved / 2 - right[a]!);
  }, 0);
  return { members, sizes, objective };
}

function solved(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  try {
    const x = solve(new Matrix(matrix.map((row) => [...row])), Matrix.columnVector([...right])).to1DArray();
    return x.every(Number.isFinite) ? x : null;
  } catch {
    return null;
  }
}
