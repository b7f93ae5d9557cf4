/** A row of a convex program: Σ values·x over its columns is at most `upper`, or exactly that. */
export interface Row {
  readonly columns: readonly number[];
  readonly values: readonly number[];
  readonly upper: number;
  readonly equality: boolean;
}

/** min ½x'Px + q'x subject to rows. Well scaled: figures of the order of one. */
export interface ConvexProgram {
  /** Symmetric, positive semidefinite. */
  readonly P: readonly (readonly number[])[];
  readonly q: readonly number[];
  readonly rows: readonly Row[];
}

/** A point, the multiplier of each row, and how far both are from being optimal. */
export interface PrimalDual {
  readonly x: readonly number[];
  /** Not negative where the row is no equality. */
  readonly multipliers: readonly number[];
  /** Largest violation of the conditions of Karush, Kuhn and Tucker. */
  readonly residual: number;
}

/** Σ values·x of a row. */
export function rowValue({ columns, values }: Row, x: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < columns.length; k++) sum += values[k]! * x[columns[k]!]!;
  return sum;
}

/** Px + q + Σ multiplier·row: the slope of the Lagrangian. */
export function lagrangianSlope(
  { P, q, rows }: ConvexProgram,
  x: readonly number[],
  multipliers: readonly number[],
): number[] {
  const slope = [...q];
  for (let i = 0; i < P.length; i++) {
    const row = P[i]!;
    for (let j = 0; j < row.length; j++) slope[i]! += row[j]! * x[j]!;
  }
  for (let i = 0; i < rows.length; i++) {
    const { columns, values } = rows[i]!;
    for (let k = 0; k < columns.length; k++) slope[columns[k]!]! += values[k]! * multipliers[i]!;
  }
  return slope;
}

/** The largest violation of stationarity, feasibility, sign and complementarity. */
export function residualOf(program: ConvexProgram, x: readonly number[], multipliers: readonly number[]): number {
  let worst = lagrangianSlope(program, x, multipliers).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  program.rows.forEach((row, i) => {
    const slack = row.upper - rowValue(row, x);
    const multiplier = multipliers[i]!;
    const violation = row.equality
      ? Math.abs(slack)
      : Math.max(-slack, -multiplier, Math.min(Math.abs(slack), Math.abs(multiplier)));
    worst = Math.max(worst, violation);
  });
  return worst;
}
