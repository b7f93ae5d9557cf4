/** min ½x'Px + q'x + κ'|x−x0| subject to lower ≤ x ≤ upper and Σ use·|x| ≤ gross. */
export interface QuadraticProgram {
  /** Symmetric, positive diagonal. */
  readonly P: readonly (readonly number[])[];
  readonly q: readonly number[];
  readonly x0: readonly number[];
  readonly kappa: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly gross: number;
  /** Part of `gross` that one unit takes, by variable; 1 for all where it is left out. */
  readonly use?: readonly number[];
}

const TOLERANCE = 1e-13;
const MAX_SWEEPS = 20_000;
const BISECTIONS = 100;

/**
 * Solve by coordinate descent: each coordinate exactly, in turn, until none moves. Where the gross cap binds, a multiplier on
 * Σ use·|x| is found by bisection. Deterministic, and exact enough for a handful of instruments.
 */
export function solveQuadraticProgram(program: QuadraticProgram): number[] {
  let best = descend(program, 0, [...program.x0]);
  const grossOf = (x: readonly number[]): number =>
    x.reduce((sum, value, j) => sum + (program.use?.[j] ?? 1) * Math.abs(value), 0);
  if (grossOf(best) <= program.gross) return best;
  let low = 0;
  let high = 1;
  for (best = descend(program, high, best); grossOf(best) > program.gross; best = descend(program, high, best))
    high *= 2;
  for (let i = 0; i < BISECTIONS && high - low > 1e-15 * high; i++) {
    const middle = (low + high) / 2;
    const x = descend(program, middle, best);
    if (grossOf(x) > program.gross) low = middle;
    else {
      high = middle;
      best = x;
    }
  }
  return best;
}

function descend(program: QuadraticProgram, multiplier: number, start: readonly number[]): number[] {
  const { P, q, x0, kappa, lower, upper, use } = program;
  const x = start.map((value, j) => Math.min(Math.max(value, lower[j]!), upper[j]!));
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let moved = 0;
    let scale = 0;
    for (let j = 0; j < x.length; j++) {
      const row = P[j]!;
      let slope = q[j]!;
      for (let i = 0; i < x.length; i++) if (i !== j) slope += row[i]! * x[i]!;
      const free = minimiseOne(row[j]!, slope, x0[j]!, kappa[j]!, multiplier * (use?.[j] ?? 1));
      const next = Math.min(Math.max(free, lower[j]!), upper[j]!);
      moved = Math.max(moved, Math.abs(next - x[j]!));
      scale = Math.max(scale, Math.abs(next));
      x[j] = next;
    }
    if (moved <= TOLERANCE * Math.max(scale, 1e-9)) break;
  }
  return x;
}

/** The minimum over one x of ½ax² + bx + κ|x−x0| + ν|x|, by the sign of its slope between the two kinks. */
function minimiseOne(a: number, b: number, x0: number, kappa: number, nu: number): number {
  const [left, right, atLeft, atRight] = x0 < 0 ? [x0, 0, kappa, nu] : [0, x0, nu, kappa];
  const below = -(b - atLeft - atRight) / a;
  if (below < left) return below;
  const between = -(b + atLeft - atRight) / a;
  if (between <= left) return left;
  if (between < right) return between;
  return Math.max(-(b + atLeft + atRight) / a, right);
}
