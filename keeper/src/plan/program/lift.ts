import type { ConvexProgram, Row } from "../../model/convex/convex-program.js";
import { type HedgeProgram, inner, type SmoothObjective, smoothObjective, tradingCosts } from "./hedge-program.js";
import { type LimitName, venueWeights } from "./limit-uses.js";
import { asRow, type Linear, largest, negated, plus } from "./linear.js";
import { ranges } from "./range-limits.js";

/** A limit that leaves so many times the size of the positions is none. */
const ENDLESS = 1e9;

/** A row, the limit that it stands for (null where it only defines an absolute value), and its figures in the program's units. */
export interface LiftedRow extends Row {
  readonly limit: LimitName | null;
  /** What one of the row's units is in the limit's. */
  readonly unit: number;
}

/** A hedge program as a convex one: absolute values have variables of their own, figures are of the order of one. */
export interface Lifted {
  readonly convex: Omit<ConvexProgram, "rows"> & { readonly rows: readonly LiftedRow[] };
  readonly start: readonly number[];
  /** USD of position in one unit of a variable. */
  readonly scale: number;
  /** USD of objective in one unit of the convex program's. */
  readonly worth: number;
  /** Instruments behind the first variables. */
  readonly free: readonly number[];
}

/**
 * Write a hedge program as a convex one.
 *
 * @param bounds Positions that each instrument may take, USD; one that may take only one is no variable
 */
export function lift(program: HedgeProgram, bounds: readonly (readonly [number, number])[]): Lifted {
  const { instruments, limits } = program;
  const current = instruments.map((one) => one.current);
  const smooth = smoothObjective(program);
  const scale = scaleOf(program, smooth);
  const free = instruments.flatMap((_, j) => (bounds[j]![0] < bounds[j]![1] ? [j] : []));
  const { P, q } = reduced(smooth, free, bounds);
  const costs = tradingCosts(program);
  const slopes = smooth.q.map((value, j) => value + inner(smooth.P[j]!, current));
  const curvature = largest(smooth.P.map((row, j) => row[j]!)) * scale * scale;
  const worth = Math.max(curvature, largest(slopes) * scale) || largest(costs) * scale || 1;
  const objective = free.map((_, a) => (q[a]! * scale) / worth);
  const start = free.map((j) => current[j]! / scale);
  const rows: LiftedRow[] = [];
  const made = new Map<string, number>();

  const position = (j: number): Linear => {
    const column = free.indexOf(j);
    return column < 0 ? { terms: [], constant: bounds[j]![0] / scale } : { terms: [[column, 1]], constant: 0 };
  };
  /** |h_j − centre| from above: linear where its sign is known, else a variable that two rows hold above it. */
  const distance = (j: number, centre: number): Linear => {
    const at = position(j);
    const [lower, upper] = bounds[j]!;
    const offset = at.constant - centre / scale;
    if (at.terms.length === 0) return { terms: [], constant: Math.abs(offset) };
    if (lower >= centre) return { terms: at.terms, constant: offset };
    if (upper <= centre) return { terms: at.terms.map(([column, value]) => [column, -value]), constant: -offset };
    const key = `${j}:${centre}`;
    let column = made.get(key);
    if (column === undefined) {
      column = start.push(Math.abs(start[at.terms[0]![0]]! + offset)) - 1;
      objective.push(0);
      made.set(key, column);
      for (const sign of [1, -1]) {
        const terms = [...at.terms.map(([c, v]) => [c, sign * v] as const), [column, -1] as const];
        rows.push({ ...asRow({ terms, constant: 0 }, -sign * offset, false), limit: null, unit: 1 });
      }
    }
    return { terms: [[column, 1]], constant: 0 };
  };
  const add = (limit: LimitName, { terms, constant }: Linear, upper: number, unit: number, equality = false): void => {
    const size = largest(terms.map(([, value]) => value));
    if (upper === Number.POSITIVE_INFINITY || size === 0) return;
    const room = (upper / unit - constant) / size;
    if (room > ENDLESS && !equality) return;
    const scaled = terms.map(([column, value]) => [column, value / size] as const);
    rows.push({ ...asRow({ terms: scaled, constant: 0 }, room, equality), limit, unit: unit * size });
  };

  for (const j of free) {
    const { side } = instruments[j]!;
    const [lower, upper] = bounds[j]!;
    const at = position(j);
    add({ kind: side === "short" ? "side" : "cap", instrument: j, bound: "upper" }, at, upper, scale);
    add({ kind: side === "long" ? "side" : "cap", instrument: j, bound: "lower" }, negated(at), -lower, scale);
    if (costs[j]! > 0) {
      for (const [column, value] of distance(j, current[j]!).terms)
        objective[column]! += (value * costs[j]! * scale) / worth;
    }
  }
  const sumOf = (weights: readonly number[], part: (j: number) => Linear): Linear =>
    weights.reduce<Linear>((sum, weight, j) => (weight === 0 ? sum : plus(sum, part(j), weight)), {
      terms: [],
      constant: 0,
    });
  const ones = instruments.map(() => 1);
  const size = (j: number): Linear => distance(j, 0);
  if (limits.margin !== undefined) {
    const weights = instruments.map(({ margin = 0 }) => margin);
    add({ kind: "margin", bound: "upper" }, sumOf(weights, size), limits.margin, scale);
  }
  for (const [venue, most] of Object.entries(limits.venues ?? {})) {
    add({ kind: "venues", bound: "upper", venue }, sumOf(venueWeights(program, venue), size), most, scale);
  }
  if (limits.gross !== undefined) add({ kind: "gross", bound: "upper" }, sumOf(ones, size), limits.gross, scale);
  if (limits.turnover !== undefined) {
    const moved = sumOf(ones, (j) => distance(j, current[j]!));
    add({ kind: "turnover", bound: "upper" }, moved, limits.turnover, scale);
  }
  for (const { kind, own, weights, lower, upper } of ranges(program)) {
    const total = plus(sumOf(weights, position), { terms: [], constant: own / scale }, 1);
    if (lower === upper) {
      add({ kind, bound: "upper" }, total, upper, scale, true);
      continue;
    }
    add({ kind, bound: "upper" }, total, upper, scale);
    add({ kind, bound: "lower" }, negated(total), -lower, scale);
  }
  const unit = (scale * scale) / worth;
  const P2 = start.map((_, a) => start.map((_, b) => (a < free.length && b < free.length ? P[a]![b]! * unit : 0)));
  return { convex: { P: P2, q: objective, rows }, start, scale, worth, free };
}

/** The size that positions will have: of what is there, and of each instrument's optimum if it stood alone. */
export function scaleOf({ exposure, instruments }: HedgeProgram, { P, q }: SmoothObjective): number {
  const alone = instruments.map(({ cap = Number.POSITIVE_INFINITY }, j) =>
    P[j]![j]! > 0 ? Math.min(cap, Math.abs(q[j]!) / P[j]![j]!) : 0,
  );
  const caps = instruments.map(({ cap = 0 }) => cap).filter(Number.isFinite);
  return largest([...exposure, ...instruments.map(({ current }) => current), ...alone]) || largest(caps) || 1;
}

/** The objective in the free positions, with the others where they stand. */
function reduced(
  { P, q }: SmoothObjective,
  free: readonly number[],
  bounds: readonly (readonly [number, number])[],
): SmoothObjective {
  const held = bounds.map(([lower], j) => (free.includes(j) ? 0 : lower));
  return {
    P: free.map((i) => free.map((j) => P[i]![j]!)),
    q: free.map((i) => held.reduce((sum, value, j) => (value === 0 ? sum : sum + P[i]![j]! * value), q[i]!)),
  };
}
