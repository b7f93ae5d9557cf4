import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { type ConvexProgram, lagrangianSlope, type PrimalDual, residualOf, rowValue } from "./convex-program.js";
import { polish } from "./polish.js";

const MAX_ITERATIONS = 100;
const PATIENCE = 12;
const ENOUGH = 1e-13;
/** An equality is solved as a row of this slack, which the multiplier takes away. */
const EQUALITY_SLACK = 1e-8;
/** Of several optima the one nearest to where the search starts is found. What the first attempt does not solve is tried with weaker pulls. */
const ATTEMPTS = [
  { pull: 1e-9, enough: 1e-13 },
  { pull: 1e-11, enough: 1e-16 },
  { pull: 1e-13, enough: 1e-19 },
];
const SOLVED = 1e-12;

/**
 * Solve a convex program by a primal-dual interior-point method with predictor and corrector (Mehrotra 1992), then exactly on the rows
 * that bind. Deterministic. Where there are several optima, the one nearest to `start`.
 *
 * @returns The best point found: `residual` says how good it is, and it is not small where no point satisfies all rows
 */
export function solveConvexProgram(program: ConvexProgram, start: readonly number[]): PrimalDual {
  let best: PrimalDual | null = null;
  for (const { pull, enough } of ATTEMPTS) {
    const centre = best?.x ?? start;
    const pulled = {
      P: program.P.map((row, i) => row.map((value, j) => (i === j ? value + pull : value))),
      q: program.q.map((value, i) => value - pull * centre[i]!),
      rows: program.rows,
    };
    const { x, multipliers, slacks } = followCentralPath(pulled, centre, enough);
    const found = polish(program, { x, multipliers, residual: residualOf(program, x, multipliers) }, slacks);
    if (best === null || found.residual < best.residual) best = found;
    if (best.residual <= SOLVED) break;
  }
  return best!;
}

interface Iterate {
  readonly x: number[];
  readonly multipliers: number[];
  readonly slacks: number[];
}

/** @param enough Product of slack and multiplier to stop at */
function followCentralPath(program: ConvexProgram, start: readonly number[], enough: number): Iterate {
  const { rows } = program;
  const inequalities = rows.filter(({ equality }) => !equality).length;
  let now: Iterate = {
    x: [...start],
    multipliers: rows.map(({ equality }) => (equality ? 0 : 1)),
    slacks: rows.map((row) => (row.equality ? 0 : Math.max(1, row.upper - rowValue(row, start)))),
  };
  let best = now;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0, since = 0; i < MAX_ITERATIONS && since < PATIENCE; i++, since++) {
    const { x, multipliers, slacks } = now;
    const slope = lagrangianSlope(program, x, multipliers);
    const gaps = rows.map((row, k) => rowValue(row, x) + slacks[k]! - row.upper);
    const centre = inequalities === 0 ? 0 : dot(multipliers, slacks, rows) / inequalities;
    const distance = Math.max(centre, ...slope.map(Math.abs), ...gaps.map(Math.abs));
    if (!(distance < Number.POSITIVE_INFINITY)) break;
    const merit = Math.max(centre, distance - ENOUGH);
    if (merit < least) [best, least, since] = [now, merit, 0];
    if (distance <= ENOUGH && centre <= enough) break;
    const direction = newton(program, now, slope, gaps);
    const products = multipliers.map((value, k) => value * slacks[k]!);
    const predicted = direction(products);
    const reach = Math.min(1, largestStep(now, predicted, rows));
    const after =
      inequalities === 0
        ? 0
        : rows.reduce(
            (sum, { equality }, k) =>
              equality
                ? sum
                : sum +
                  (multipliers[k]! + reach * predicted.multipliers[k]!) * (slacks[k]! + reach * predicted.slacks[k]!),
            0,
          ) / inequalities;
    const centring = centre > 0 ? (after / centre) ** 3 * centre : 0;
    const step = direction(
      products.map((product, k) => product + predicted.multipliers[k]! * predicted.slacks[k]! - centring),
    );
    const length = Math.min(1, 0.995 * largestStep(now, step, rows));
    now = {
      x: x.map((value, k) => value + length * step.x[k]!),
      multipliers: multipliers.map((value, k) => value + length * step.multipliers[k]!),
      slacks: slacks.map((value, k) => value + length * step.slacks[k]!),
    };
  }
  return best;
}

/** The Newton direction towards given products of slack and multiplier, with one factorisation for all of them. */
function newton(
  { P, rows }: ConvexProgram,
  { multipliers, slacks }: Iterate,
  slope: readonly number[],
  gaps: readonly number[],
): (excess: readonly number[]) => Iterate {
  const size = P.length;
  const weights = rows.map(({ equality }, i) => (equality ? 1 / EQUALITY_SLACK : multipliers[i]! / slacks[i]!));
  const sums = P.map((row) => [...row]);
  for (let i = 0; i < rows.length; i++) {
    const { columns, values } = rows[i]!;
    for (let a = 0; a < columns.length; a++) {
      const row = sums[columns[a]!]!;
      for (let b = 0; b < columns.length; b++) row[columns[b]!]! += weights[i]! * (values[a]! * values[b]!);
    }
  }
  const factor = factorised(new Matrix(sums));
  return (excess) => {
    const constant = rows.map(({ equality }, i) =>
      equality ? gaps[i]! / EQUALITY_SLACK : (multipliers[i]! * gaps[i]! - excess[i]!) / slacks[i]!,
    );
    const right = slope.map((value) => -value);
    for (let i = 0; i < rows.length; i++) {
      const { columns, values } = rows[i]!;
      for (let k = 0; k < columns.length; k++) right[columns[k]!]! -= values[k]! * constant[i]!;
    }
    const x = size === 0 ? [] : factor.solve(Matrix.columnVector(right)).to1DArray();
    const moves = rows.map((row) => rowValue(row, x));
    return {
      x,
      multipliers: constant.map((value, i) => value + weights[i]! * moves[i]!),
      slacks: rows.map(({ equality }, i) => (equality ? 0 : -gaps[i]! - moves[i]!)),
    };
  };
}

/** Rounding can cost a nearly singular system its positive eigenvalues: a growing ridge gives them back. */
function factorised(system: Matrix): CholeskyDecomposition {
  let factor = new CholeskyDecomposition(system);
  for (let ridge = 1e-14; !factor.isPositiveDefinite() && ridge < 1; ridge *= 100) {
    const added = ridge * Math.max(...system.diagonal());
    for (let i = 0; i < system.rows; i++) system.set(i, i, system.get(i, i) + added);
    factor = new CholeskyDecomposition(system);
  }
  return factor;
}

function largestStep(now: Iterate, step: Iterate, rows: ConvexProgram["rows"]): number {
  let length = 1 / 0.995;
  rows.forEach(({ equality }, i) => {
    if (equality) return;
    if (step.slacks[i]! < 0) length = Math.min(length, -now.slacks[i]! / step.slacks[i]!);
    if (step.multipliers[i]! < 0) length = Math.min(length, -now.multipliers[i]! / step.multipliers[i]!);
  });
  return length;
}

function dot(a: readonly number[], b: readonly number[], rows: ConvexProgram["rows"]): number {
  return rows.reduce((sum, { equality }, i) => (equality ? sum : sum + a[i]! * b[i]!), 0);
}
