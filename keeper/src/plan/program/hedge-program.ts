/** Something that can be held against the exposures: a market of a hedge leg, or an option. */
export interface HedgeInstrument {
  /** For the reasons. */
  readonly name: string;
  /** Exposure that one USD of it brings, USD by factor. */
  readonly loading: readonly number[];
  /** Held now, USD, negative when short. */
  readonly current: number;
  /** Which positions are allowed. */
  readonly side: "short" | "long" | "both";
  /** Largest |position|, USD; none where it is left out. */
  readonly cap?: number;
  /** True where it cannot be traded now, and stays as it is. */
  readonly fixed?: boolean;
  /** What one USD of trade costs, USD. */
  readonly cost?: number;
  /** Time over which the cost of a trade is spread, years; the program's horizon where it is left out. */
  readonly costHorizon?: number;
  /** Expected carry of one USD held, USD a year, positive where longs pay. */
  readonly funding?: number;
  /** Margin that one USD held takes, USD. */
  readonly margin?: number;
  /** Where that margin must lie, if venues have limits of their own. */
  readonly venue?: string;
  /** Gamma of one USD held. */
  readonly gamma?: number;
  /** Vega of one USD held. */
  readonly vega?: number;
}

/** A sensitivity that the hedge must keep between two figures. */
export interface SensitivityLimit {
  /** Of everything but the instruments. */
  readonly own: number;
  readonly lower?: number;
  readonly upper?: number;
}

/** What the hedge must keep to. What is left out does not limit. */
export interface HedgeLimits {
  /** Σ margin·|h|, USD. */
  readonly margin?: number;
  /** Σ margin·|h| of the instruments at one venue, USD by venue: what lies elsewhere is no margin there. */
  readonly venues?: Readonly<Record<string, number>>;
  /** Σ|h|, USD: equity times the largest leverage. */
  readonly gross?: number;
  /** Σ|h − current|, USD. */
  readonly turnover?: number;
  /** |Σ (d + Bh)|, USD. */
  readonly netExposure?: number;
  readonly gamma?: SensitivityLimit;
  readonly vega?: SensitivityLimit;
}

/**
 * min ½γτ(d+Bh)'Σ(d+Bh) + κ'|h−h0| + ½(h−h0)'Λ(h−h0) + τf'h over the positions h that keep all limits.
 *
 * κ is each instrument's cost, spread over its own horizon: cost·τ/costHorizon.
 */
export interface HedgeProgram {
  /** d: exposures without any instrument, USD by factor. */
  readonly exposure: readonly number[];
  /** Σ: annualised covariance of the factors' returns, positive semidefinite. */
  readonly covariance: readonly (readonly number[])[];
  /** γ: how much yearly carry one USD² of yearly variance is worth, twice. Per USD. */
  readonly aversion: number;
  /** τ: years. */
  readonly horizon: number;
  readonly instruments: readonly HedgeInstrument[];
  /** Λ: impact of trades on what they pay, USD per USD², by instrument, positive semidefinite; none where it is left out. */
  readonly impact?: readonly (readonly number[])[];
  readonly limits: HedgeLimits;
}

/** A limit, or one instrument's own. */
export type LimitKind = keyof HedgeLimits | "cap" | "side";

/** The smooth part of the objective in the positions: ½h'Ph + q'h. */
export interface SmoothObjective {
  readonly P: readonly (readonly number[])[];
  readonly q: readonly number[];
}

/** P = γτB'ΣB + Λ and q = γτB'Σd + τf − Λh0. */
export function smoothObjective(program: HedgeProgram): SmoothObjective {
  const { exposure, covariance, aversion, horizon, instruments, impact } = program;
  const weight = aversion * horizon;
  const pulls = instruments.map(({ loading }) =>
    covariance.map((row) => row.reduce((sum, value, k) => sum + value * loading[k]!, 0)),
  );
  const P = instruments.map(() => instruments.map(() => 0));
  instruments.forEach(({ loading }, i) => {
    for (let j = 0; j <= i; j++) {
      const own = impact === undefined ? 0 : (impact[i]![j]! + impact[j]![i]!) / 2;
      const value = weight * inner(pulls[j]!, loading) + own;
      P[i]![j] = value;
      P[j]![i] = value;
    }
  });
  const q = instruments.map(({ funding = 0 }, i) => {
    const resisted =
      impact === undefined
        ? 0
        : inner(
            impact[i]!,
            instruments.map(({ current }) => current),
          );
    return weight * inner(pulls[i]!, exposure) + horizon * funding - resisted;
  });
  return { P, q };
}

/** κ: what one USD of trade costs in the objective, by instrument. */
export function tradingCosts({ instruments, horizon }: HedgeProgram): number[] {
  return instruments.map(({ cost = 0, costHorizon = horizon }) => (cost === 0 ? 0 : (cost * horizon) / costHorizon));
}

/** The positions that an instrument's side and cap allow, USD. */
export function boundsOf({ side, cap = Number.POSITIVE_INFINITY, fixed, current }: HedgeInstrument): [number, number] {
  if (fixed) return [current, current];
  return [side === "long" ? 0 : -cap, side === "short" ? 0 : cap];
}

/** Annual variance of the exposures with these positions, USD². */
export function varianceWith({ exposure, covariance, instruments }: HedgeProgram, hedge: readonly number[]): number {
  const total = exposure.map((value, k) =>
    instruments.reduce((sum, { loading }, j) => sum + loading[k]! * hedge[j]!, value),
  );
  return inner(
    total,
    covariance.map((row) => inner(row, total)),
  );
}

export function inner(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
