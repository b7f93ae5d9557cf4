import type { HedgeProgram } from "./hedge-program.js";

/** What is linear in the positions and limited on two sides. */
export interface RangeLimit {
  readonly kind: "netExposure" | "gamma" | "vega";
  readonly own: number;
  /** By instrument. */
  readonly weights: readonly number[];
  readonly lower: number;
  readonly upper: number;
}

/** The two-sided limits of a program. */
export function ranges({ limits, instruments, exposure }: HedgeProgram): RangeLimit[] {
  const found: RangeLimit[] = [];
  if (limits.netExposure !== undefined) {
    const weights = instruments.map(({ loading }) => loading.reduce((sum, value) => sum + value, 0));
    const own = exposure.reduce((sum, value) => sum + value, 0);
    found.push({ kind: "netExposure", own, weights, lower: -limits.netExposure, upper: limits.netExposure });
  }
  for (const kind of ["gamma", "vega"] as const) {
    const limit = limits[kind];
    if (limit === undefined) continue;
    const { own, lower = Number.NEGATIVE_INFINITY, upper = Number.POSITIVE_INFINITY } = limit;
    found.push({ kind, own, weights: instruments.map((one) => one[kind] ?? 0), lower, upper });
  }
  return found;
}
