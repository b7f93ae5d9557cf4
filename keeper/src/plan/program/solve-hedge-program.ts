import { KeeperError } from "../../errors.js";
import { solveConvexProgram } from "../../model/convex/interior-point.js";
import { checkProgram, checkScale } from "./check-program.js";
import { describeSolution } from "./describe-solution.js";
import { boundsOf, type HedgeProgram, inner, smoothObjective, varianceWith } from "./hedge-program.js";
import type { BindingLimit, HedgeSolution } from "./hedge-solution.js";
import { explainInfeasible } from "./infeasible.js";
import { type Lifted, lift, scaleOf } from "./lift.js";
import { excess, type LimitName, type LimitUse, limitUses, venueWeights } from "./limit-uses.js";
import { slopesAt, unused } from "./slopes.js";

/** A hedge program whose optimum was not found although its limits can be kept. */
export class UnsolvedHedgeError extends KeeperError {}

/** Relative: positions this near to a kink are meant to be on it. */
const SNAP = 1e-10;
/** Relative: how far a limit may be overdrawn by rounding. */
const FEASIBLE = 1e-8;
/** Relative: the largest violation of the optimality conditions. */
const OPTIMAL = 1e-6;

/**
 * The best positions, with the reasons for them.
 *
 * @throws {@link HedgeProgramError} where a figure is missing, not finite or of the wrong sign
 * @throws {@link InfeasibleHedgeError} where no positions keep all limits
 * @throws {@link UnsolvedHedgeError} where the optimum was not found
 */
export function solveHedgeProgram(given: HedgeProgram): HedgeSolution {
  checkProgram(given);
  checkScale(given);
  const program = withoutDust(given);
  const bounds = exhausted(program);
  const lifted = lift(program, bounds);
  const { x, multipliers } = solveConvexProgram(lifted.convex, lifted.start);
  const positions = snapped(program, bounds, lifted, x);
  const uses = limitUses(program, positions);
  const broken = uses.filter((use) => excess(use) > FEASIBLE * magnitude(use, lifted.scale));
  if (broken.length > 0) throw explainInfeasible(program) ?? unsolved("a limit would be broken");
  const prices = pricesOf(program, positions, uses, lifted, multipliers);
  const slopes = slopesAt(program, positions, uses, prices);
  const left = unused(program, positions, slopes);
  const residual = (Math.max(0, ...left) * lifted.scale) / lifted.worth;
  if (!(residual <= OPTIMAL)) throw explainInfeasible(program) ?? unsolved(`the residual is ${residual}`);

  const small = (1e-9 * lifted.worth) / lifted.scale;
  const binding = uses.flatMap((use, i): BindingLimit[] => {
    const price = use.limit.instrument === undefined ? prices[i]! : ownPrice(use, slopes[use.limit.instrument]!);
    if (price <= small || excess(use) < -1e-7 * magnitude(use, lifted.scale)) return [];
    const { instrument } = use.limit;
    const name = instrument === undefined ? {} : { name: program.instruments[instrument]!.name };
    return [{ ...use.limit, ...name, allowed: use.allowed, price }];
  });
  const resting = program.instruments.flatMap(({ name, fixed, current }, j) => {
    const { left: down, right: up } = slopes[j]!;
    return !fixed && positions[j] === current && down < -small && up > small ? [name] : [];
  });
  const solution = {
    positions,
    variance: {
      unhedged: varianceWith(
        program,
        positions.map(() => 0),
      ),
      before: varianceWith(
        program,
        program.instruments.map(({ current }) => current),
      ),
      after: varianceWith(program, positions),
    },
    cost: costOf(program, positions),
    ...{ binding, resting, residual },
  };
  return { ...solution, reasons: describeSolution(program, solution) };
}

/** What is so near to zero or a bound that no figure tells them apart, is there: two kinks in one place have one slope each. */
function withoutDust(program: HedgeProgram): HedgeProgram {
  const near = SNAP * scaleOf(program, smoothObjective(program));
  const instruments = program.instruments.map((one) => {
    if (one.fixed) return one;
    const place = [0, ...boundsOf(one)].find((point) => Math.abs(one.current - point) <= near);
    return place === undefined ? one : { ...one, current: place };
  });
  return { ...program, instruments };
}

/** The bounds of each position; where a total limit leaves no room at all, the one point that it leaves. */
function exhausted(program: HedgeProgram): [number, number][] {
  const { instruments, limits } = program;
  let bounds = instruments.map(boundsOf);
  const ones = instruments.map(() => 1);
  const totals = [
    { limit: limits.margin, weights: instruments.map(({ margin = 0 }) => margin), fromNow: false },
    ...Object.entries(limits.venues ?? {}).map(([venue, limit]) => {
      return { limit, weights: venueWeights(program, venue), fromNow: false };
    }),
    { limit: limits.gross, weights: ones, fromNow: false },
    { limit: limits.turnover, weights: ones, fromNow: true },
  ];
  for (const { limit, weights, fromNow } of totals) {
    if (limit === undefined) continue;
    const centres = instruments.map(({ current }) => (fromNow ? current : 0));
    const nearest = bounds.map(([lower, upper], j) => Math.min(Math.max(centres[j]!, lower), upper));
    const least = nearest.reduce((sum, value, j) => sum + weights[j]! * Math.abs(value - centres[j]!), 0);
    const scale = Math.max(limit, least, ...instruments.map(({ current }, j) => weights[j]! * Math.abs(current)));
    if (limit - least > 1e-12 * scale) continue;
    bounds = bounds.map((bound, j) => (weights[j]! > 0 ? [nearest[j]!, nearest[j]!] : bound));
  }
  return bounds;
}

/** The positions, exactly on the kink or the bound that they are meant to be on. */
function snapped(
  { instruments }: HedgeProgram,
  bounds: readonly (readonly [number, number])[],
  { free, scale }: Lifted,
  x: readonly number[],
): number[] {
  return instruments.map(({ current }, j) => {
    const [lower, upper] = bounds[j]!;
    const column = free.indexOf(j);
    const value = column < 0 ? lower : Math.min(Math.max(x[column]! * scale, lower), upper);
    const kink = [current, lower, upper, 0].find((point) => Math.abs(value - point) <= SNAP * scale);
    return (kink !== undefined && kink >= lower && kink <= upper ? kink : value) || 0;
  });
}

/** What each limit's price is, USD of objective per unit; those of the instruments' own limits follow from the slopes. */
function pricesOf(
  program: HedgeProgram,
  positions: readonly number[],
  uses: readonly LimitUse[],
  { convex, worth, free }: Lifted,
  multipliers: readonly number[],
): number[] {
  const prices = uses.map(({ limit }) =>
    convex.rows.reduce((sum, row, i) => {
      if (row.limit === null || !sameFigure(row.limit, limit)) return sum;
      const price = (multipliers[i]! * worth) / row.unit;
      if (row.equality) return sum + Math.max(0, limit.bound === "upper" ? price : -price);
      return row.limit.bound === limit.bound ? sum + Math.max(0, price) : sum;
    }, 0),
  );
  // Where a limit leaves no room, its price is the least one that makes staying there optimal.
  uses.forEach((use, i) => {
    const stuck = use.weights.every((weight, j) => weight === 0 || !free.includes(j));
    if (use.of === "position" || excess(use) < 0 || !stuck) return;
    const gains = unused(program, positions, slopesAt(program, positions, uses, prices));
    use.weights.forEach((weight, j) => {
      if (weight > 0 && !free.includes(j)) prices[i] = Math.max(prices[i]!, gains[j]! / weight);
    });
  });
  return prices;
}

/** Two bounds of one figure are one. */
function sameFigure(a: LimitName, b: LimitName): boolean {
  return a.kind === b.kind && a.instrument === b.instrument && a.venue === b.venue;
}

function ownPrice({ limit }: { limit: LimitName }, { left, right }: { left: number; right: number }): number {
  return Math.max(0, limit.bound === "upper" ? -right : left);
}

function costOf({ instruments, impact, horizon }: HedgeProgram, positions: readonly number[]): HedgeSolution["cost"] {
  const trades = instruments.map(({ current }, j) => positions[j]! - current);
  const pushed = impact?.map((row) => inner(row, trades)) ?? [];
  return {
    trading: instruments.reduce((sum, { cost = 0 }, j) => sum + cost * Math.abs(trades[j]!), 0),
    impact: impact === undefined ? 0 : inner(trades, pushed) / 2,
    funding: instruments.reduce((sum, { funding = 0 }, j) => sum + horizon * funding * positions[j]!, 0),
  };
}

/** What a figure of this limit is large or small against. */
function magnitude({ weights, allowed, limit }: LimitUse, scale: number): number {
  const unit = Math.max(...weights.map(Math.abs)) * scale;
  return limit.instrument === undefined ? Math.max(unit, Math.abs(allowed)) : unit;
}

function unsolved(why: string): UnsolvedHedgeError {
  return new UnsolvedHedgeError(`The best hedge was not found: ${why}.`, "Use limits and costs of comparable size.");
}
