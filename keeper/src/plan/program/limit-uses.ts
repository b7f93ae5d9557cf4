import { boundsOf, type HedgeProgram, type LimitKind } from "./hedge-program.js";
import { ranges } from "./range-limits.js";

/** Which limit is meant; an instrument's own with its index. */
export interface LimitName {
  readonly kind: LimitKind;
  readonly bound: "lower" | "upper";
  readonly instrument?: number;
  /** Whose limit on margin. */
  readonly venue?: string;
}

/** How much of a limit positions use. */
export interface LimitUse {
  readonly limit: LimitName;
  readonly used: number;
  /** The limit keeps `used` at most here where its bound is upper, at least here where it is lower. */
  readonly allowed: number;
  /** By instrument: what a dollar of |position|, of |trade| or of position uses. */
  readonly weights: readonly number[];
  /** What the weights count. */
  readonly of: "size" | "trade" | "position";
}

/** Every limit of a program that positions can break, with what they use of it. */
export function limitUses(program: HedgeProgram, hedge: readonly number[]): LimitUse[] {
  const { instruments, limits } = program;
  const uses: LimitUse[] = [];
  const sum = (weights: readonly number[], value: (j: number) => number): number =>
    weights.reduce((total, weight, j) => total + weight * value(j), 0);
  const size = (j: number): number => Math.abs(hedge[j]!);
  const trade = (j: number): number => Math.abs(hedge[j]! - instruments[j]!.current);
  const ones = instruments.map(() => 1);
  const margins = instruments.map(({ margin = 0 }) => margin);
  const totals = [
    { kind: "margin", of: "size", weights: margins, value: size },
    { kind: "gross", of: "size", weights: ones, value: size },
    { kind: "turnover", of: "trade", weights: ones, value: trade },
  ] as const;
  for (const { kind, of, weights, value } of totals) {
    const allowed = limits[kind];
    if (allowed !== undefined && allowed < Number.POSITIVE_INFINITY) {
      uses.push({ limit: { kind, bound: "upper" }, used: sum(weights, value), allowed, weights, of });
    }
  }
  for (const [venue, allowed] of Object.entries(limits.venues ?? {})) {
    const weights = venueWeights(program, venue);
    const limit = { kind: "venues", bound: "upper", venue } as const;
    uses.push({ limit, used: sum(weights, size), allowed, weights, of: "size" });
  }
  for (const { kind, own, weights, lower, upper } of ranges(program)) {
    const used = own + sum(weights, (j) => hedge[j]!);
    if (upper < Number.POSITIVE_INFINITY) {
      uses.push({ limit: { kind, bound: "upper" }, used, allowed: upper, weights, of: "position" });
    }
    if (lower > Number.NEGATIVE_INFINITY) {
      uses.push({ limit: { kind, bound: "lower" }, used, allowed: lower, weights, of: "position" });
    }
  }
  instruments.forEach((instrument, j) => {
    if (instrument.fixed) return;
    const [lower, upper] = boundsOf(instrument);
    const weights = instruments.map((_, i) => (i === j ? 1 : 0));
    const used = hedge[j]!;
    if (upper < Number.POSITIVE_INFINITY) {
      const kind = instrument.side === "short" ? "side" : "cap";
      uses.push({ limit: { kind, bound: "upper", instrument: j }, used, allowed: upper, weights, of: "position" });
    }
    if (lower > Number.NEGATIVE_INFINITY) {
      const kind = instrument.side === "long" ? "side" : "cap";
      uses.push({ limit: { kind, bound: "lower", instrument: j }, used, allowed: lower, weights, of: "position" });
    }
  });
  return uses;
}

/** What a dollar of each instrument takes of a venue's margin. */
export function venueWeights({ instruments }: HedgeProgram, venue: string): number[] {
  return instruments.map((one) => (one.venue === venue ? (one.margin ?? 0) : 0));
}

/** By how much a limit is broken, in its own units; not positive where it is kept. */
export function excess({ limit, used, allowed }: LimitUse): number {
  return limit.bound === "upper" ? used - allowed : allowed - used;
}
