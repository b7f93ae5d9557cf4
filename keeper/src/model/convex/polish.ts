import { LuDecomposition, Matrix } from "ml-matrix";
import { type ConvexProgram, lagrangianSlope, type PrimalDual, residualOf, rowValue } from "./convex-program.js";

const ROUNDS = 8;
const REFINEMENTS = 12;
/** Keeps the system regular where rows depend on one another or the optimum is not unique; refinement takes its effect away. */
const REGULARISER = 1e-8;
const GOOD = 1e-14;
const WRONG_SIGN = 1e-12;

/**
 * Make a nearly optimal point exact: guess which rows bind, solve for them as equalities, and mend the guess by what contradicts it.
 *
 * @param slacks By row, as the nearly optimal point has them
 * @returns The best of all points seen, the given one included
 */
export function polish(program: ConvexProgram, point: PrimalDual, slacks: readonly number[]): PrimalDual {
  const { rows } = program;
  let best = point;
  let binding = rows.map(({ equality }, i) => equality || point.multipliers[i]! > slacks[i]!);
  let from = point;
  for (let round = 0; round < ROUNDS && best.residual > GOOD; round++) {
    const solved = solveBinding(program, from, binding);
    if (solved === null) break;
    if (solved.residual < best.residual) best = solved;
    const mended = binding.map((binds, i) => {
      const row = rows[i]!;
      if (row.equality) return true;
      return binds ? solved.multipliers[i]! >= -WRONG_SIGN : rowValue(row, solved.x) > row.upper + WRONG_SIGN;
    });
    if (mended.every((binds, i) => binds === binding[i])) break;
    binding = mended;
    from = solved;
  }
  return best;
}

/** The optimum where exactly these rows bind; null where it cannot be computed. */
function solveBinding(program: ConvexProgram, from: PrimalDual, binding: readonly boolean[]): PrimalDual | null {
  const { P, rows } = program;
  const size = P.length;
  const chosen = rows.flatMap((_, i) => (binding[i] ? [i] : []));
  const total = size + chosen.length;
  if (total === 0) return null;
  const system = Matrix.zeros(total, total);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) system.set(i, j, P[i]![j]! + (i === j ? REGULARISER : 0));
  }
  chosen.forEach((index, k) => {
    const { columns, values } = rows[index]!;
    columns.forEach((column, c) => {
      system.set(column, size + k, values[c]!);
      system.set(size + k, column, values[c]!);
    });
    system.set(size + k, size + k, -REGULARISER);
  });
  const factor = new LuDecomposition(system);
  if (factor.isSingular()) return null;
  let x = [...from.x];
  let multipliers = from.multipliers.map((value, i) => (binding[i] ? value : 0));
  let residual = residualOf(program, x, multipliers);
  let still = 0;
  for (let i = 0; i < REFINEMENTS && still < 3; i++, still++) {
    const slope = lagrangianSlope(program, x, multipliers);
    const right = [...slope, ...chosen.map((k) => rowValue(rows[k]!, x) - rows[k]!.upper)].map((value) => -value);
    const step = factor.solve(Matrix.columnVector(right)).to1DArray();
    if (!step.every(Number.isFinite)) return null;
    const next = x.map((value, k) => value + step[k]!);
    const prices = [...multipliers];
    chosen.forEach((index, k) => {
      prices[index]! += step[size + k]!;
    });
    const moved = residualOf(program, next, prices);
    if (moved < residual || i < 2) {
      if (moved < 0.5 * residual) still = 0;
      [x, multipliers, residual] = [next, prices, moved];
    } else break;
  }
  return { x, multipliers, residual };
}
