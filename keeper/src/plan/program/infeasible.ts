import { KeeperError } from "../../errors.js";
import type { Row } from "../../model/convex/convex-program.js";
import { solveConvexProgram } from "../../model/convex/interior-point.js";
import { describeLimit } from "./describe-solution.js";
import { boundsOf, type HedgeProgram } from "./hedge-program.js";
import { type LiftedRow, lift } from "./lift.js";
import { type LimitName, limitUses } from "./limit-uses.js";

/** A limit that contradicts others. */
export interface Contradiction extends LimitName {
  readonly allowed: number;
  /** What it would have to allow, with the others as they are, for them to be kept together. */
  readonly needed: number;
}

/** No positions keep all limits. */
export class InfeasibleHedgeError extends KeeperError {
  /** A least set of limits that contradict each other: without any one of them the others can be kept. */
  readonly limits: readonly Contradiction[];

  constructor(message: string, nextStep: string, limits: readonly Contradiction[]) {
    super(message, nextStep);
    this.limits = limits;
  }
}

/** Relative: a smaller relaxation is rounding. */
const TOLERANCE = 1e-9;

/** Which limits contradict each other and by how much; null where all can be kept. */
export function explainInfeasible(program: HedgeProgram): InfeasibleHedgeError | null {
  const rows = limitRows(program);
  const named = rows.rows.filter((row): row is NamedRow => row.limit !== null);
  const constant = impossible(program);
  let suspects: NamedRow[] = named;
  if (constant.length === 0) {
    const all = leastRelaxation(rows, named, named);
    if (all.sum <= TOLERANCE) return null;
    const contradict = (some: readonly NamedRow[]): boolean => leastRelaxation(rows, some, some).sum > TOLERANCE;
    const priced = named.filter((_, i) => all.prices[i]! > TOLERANCE);
    if (contradict(priced)) suspects = priced;
    for (const row of suspects) {
      const others = suspects.filter((one) => one !== row);
      if (contradict(others)) suspects = others;
    }
  }
  const limits =
    constant.length > 0
      ? constant
      : suspects.map((row): Contradiction => {
          const { allowed } = limitUses(
            program,
            program.instruments.map(() => 0),
          ).find((use) => same(use.limit, row.limit))!;
          const more = leastRelaxation(rows, suspects, [row]).shifts[0]! * row.unit;
          return { ...row.limit, allowed, needed: row.limit.bound === "upper" ? allowed + more : allowed - more };
        });
  const list = limits.map((limit) => describeLimit(program, limit, limit.allowed));
  const ways = limits.map((limit) => describeLimit(program, limit, limit.needed));
  const what =
    limits.length === 1
      ? `${list[0]} cannot be kept: what cannot be traded breaks it alone.`
      : `These limits cannot be kept together: ${joined(list, "and")}.`;
  return new InfeasibleHedgeError(what, `It would take ${joined(ways, "or")}.`, limits);
}

type NamedRow = LiftedRow & { readonly limit: LimitName };

interface LimitRows {
  readonly rows: readonly LiftedRow[];
  readonly start: readonly number[];
}

/** All rows of a program, the instruments' own limits among them, with variables that no bound is built into. */
function limitRows(program: HedgeProgram): LimitRows {
  const { instruments } = program;
  const open = instruments.map((one): [number, number] =>
    one.fixed ? [one.current, one.current] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  );
  const { convex, start, scale, free } = lift(program, open);
  const own = limitUses(
    program,
    instruments.map(() => 0),
  ).flatMap(({ limit, allowed }): LiftedRow[] => {
    if (limit.instrument === undefined) return [];
    const sign = limit.bound === "upper" ? 1 : -1;
    const columns = [free.indexOf(limit.instrument)];
    return [{ columns, values: [sign], upper: (sign * allowed) / scale, equality: false, limit, unit: scale }];
  });
  return { rows: [...convex.rows, ...own], start };
}

/** Limits that the fixed instruments break with no others in play: no row has a variable. */
function impossible(program: HedgeProgram): Contradiction[] {
  const held = program.instruments.map(({ fixed, current }) => (fixed ? current : 0));
  const movable = program.instruments.map((one) => {
    const [lower, upper] = boundsOf(one);
    return lower < upper;
  });
  return limitUses(program, held).flatMap(({ limit, used, allowed, weights }) => {
    if (limit.instrument !== undefined || weights.some((weight, j) => weight !== 0 && movable[j])) return [];
    const over = limit.bound === "upper" ? used - allowed : allowed - used;
    return over > TOLERANCE * Math.max(Math.abs(used), Math.abs(allowed)) ? [{ ...limit, allowed, needed: used }] : [];
  });
}

/**
 * The least sum of what elastic limits must give way, in units of their rows, for the limits in force to be kept together.
 *
 * @param inForce Limits that count; the others are left out
 * @param elastic Those of them that can give way
 * @returns The sum, and by elastic limit its price (none where it has no part in it) and how far its row is moved
 */
function leastRelaxation(
  { rows, start }: LimitRows,
  inForce: readonly NamedRow[],
  elastic: readonly NamedRow[],
): { readonly sum: number; readonly prices: readonly number[]; readonly shifts: readonly number[] } {
  let size = start.length;
  const costs: number[] = start.map(() => 0);
  const begin = [...start];
  const used: Row[] = [];
  const at = new Map<LiftedRow, number>();
  const own = new Map<LiftedRow, readonly number[]>();
  for (const row of rows) {
    if (row.limit !== null && !inForce.includes(row as NamedRow)) continue;
    if (row.limit === null || !elastic.includes(row as NamedRow)) {
      used.push(row);
      continue;
    }
    const directions = row.equality ? [-1, 1] : [-1];
    const columns = [...row.columns];
    const values = [...row.values];
    for (const direction of directions) {
      costs.push(1);
      begin.push(1);
      columns.push(size);
      values.push(direction);
      used.push({ columns: [size], values: [-1], upper: 0, equality: false });
      size++;
    }
    own.set(row, columns.slice(row.columns.length));
    at.set(row, used.push({ ...row, columns, values }) - 1);
  }
  const P = costs.map(() => costs.map(() => 0));
  const { x, multipliers } = solveConvexProgram({ P, q: costs, rows: used }, begin);
  return {
    sum: costs.reduce((sum, cost, i) => sum + cost * x[i]!, 0),
    prices: elastic.map((row) => Math.abs(multipliers[at.get(row)!]!)),
    // An equality gives way upwards by its first variable and downwards by its second.
    shifts: elastic.map((row) => {
      const [up, down] = own.get(row)!;
      return x[up!]! - (down === undefined ? 0 : x[down]!);
    }),
  };
}

function same(a: LimitName, b: LimitName): boolean {
  return a.kind === b.kind && a.bound === b.bound && a.instrument === b.instrument && a.venue === b.venue;
}

function joined(parts: readonly string[], word: "and" | "or"): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} ${word} ${parts.at(-1)}`;
}
