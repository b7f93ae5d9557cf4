import { solveConvexProgram } from "../convex/interior-point.js";
import { nelderMead } from "./nelder-mead.js";
import { type Svi, sviVariance, worstButterfly, worstCalendar } from "./svi.js";

/** What a slice is fitted to. */
export interface VariancePoint {
  /** ln(K/F). */
  readonly k: number;
  /** σ²T. */
  readonly variance: number;
  /** Of its squared residual. */
  readonly weight: number;
}

/** Fewer points tell no skew. */
export const POINTS_FOR_SKEW = 5;
/** What g and the variance between slices shall be above zero: a search leaves no limit exactly kept. */
const [BUTTERFLY_MARGIN, CALENDAR_MARGIN] = [1e-4, 1e-6];
const PENALTY = 1e3;
const ATTEMPTS = 5;
/** Precision of the mean square of relative residuals in variance. */
const SEARCH = { evaluations: 250, precision: 1e-13 };
const TANGENTS = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16];

/**
 * The slice nearest to the points in weighted least squares among those without butterfly arbitrage in the wings (slopes of at most 2: Lee
 * 2004). For each m and σ the rest is a convex program (Zeliade 2009); m and σ are searched, and pay for g below zero and for variance below
 * the earlier slice.
 *
 * @param points At least one; fewer than five give a flat slice
 * @param earlier The slice of the expiry before, null for the first
 */
export function fitSvi(points: readonly VariancePoint[], earlier: Svi | null): Svi {
  const scale = Math.max(...points.map(({ variance }) => variance));
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  const scaled = points.map(({ k, variance, weight }) => ({ k, variance: variance / scale, weight: weight / total }));
  const flat = scaled.reduce((sum, { variance, weight }) => sum + weight * variance, 0);
  if (points.length < POINTS_FOR_SKEW) return { a: flat * scale, b: 0, rho: 0, m: 0, sigma: 0.1 };
  const ks = points.map(({ k }) => k);
  const [from, to] = [Math.min(...ks), Math.max(...ks)];
  const width = to - from;
  const slice = ([m, logSigma]: readonly number[]): Svi => inner(scaled, m!, Math.exp(logSigma!), scale);
  const objective = (x: readonly number[]): number => {
    const [m, logSigma] = x as [number, number];
    const fitted = slice(x);
    const miss = scaled.reduce((sum, { k, variance, weight }) => {
      const off = sviVariance(fitted, k) / scale - variance;
      return sum + weight * off * off;
    }, 0);
    const butterfly = Math.max(0, BUTTERFLY_MARGIN - worstButterfly(fitted).value);
    const calendar = earlier === null ? 0 : Math.max(0, CALENDAR_MARGIN - worstCalendar(earlier, fitted).value / scale);
    // Outside of these no quote tells m or σ.
    const outside = Math.max(
      0,
      from - width - m,
      m - to - width,
      Math.log(width / 100) - logSigma,
      logSigma - Math.log(4 * width),
    );
    const cost = miss + PENALTY * (butterfly * butterfly + calendar * calendar) + outside * outside;
    return Number.isNaN(cost) ? Number.POSITIVE_INFINITY : cost;
  };
  const starts = [0.25, 0.5, 0.75].flatMap((share) =>
    [0.05, 0.2, 0.8].map((part) => [from + share * width, Math.log(part * width)]),
  );
  const ranked = starts.map((x) => ({ x, value: objective(x) })).sort((p, q) => p.value - q.value);
  let best: { readonly x: readonly number[]; readonly value: number } | null = null;
  for (const { x } of ranked.slice(0, ATTEMPTS)) {
    const found = nelderMead(objective, x, [width / 8, 0.4], SEARCH);
    // A search may end just beyond a limit that one from elsewhere keeps.
    if (admissible(slice(found.x), earlier)) return slice(found.x);
    if (best === null || found.value < best.value) best = found;
  }
  return slice(best!.x);
}

/** True where a slice admits neither a butterfly nor a calendar spread. */
function admissible(slice: Svi, earlier: Svi | null): boolean {
  return worstButterfly(slice).value >= 0 && (earlier === null || worstCalendar(earlier, slice).value >= -1e-9);
}

/**
 * a, b and ρ at given m and σ: w = a + d·y + c·√(y² + 1) with y = (k − m)/σ is linear in a, c = bσ and d = ρbσ; |d| ≤ c, c + |d| ≤ 2σ
 * and a least variance a + √(c² − d²) ≥ 0 (by tangents: √(pq) is the least of (tp + q/t)/2) are what they may be.
 */
function inner(points: readonly VariancePoint[], m: number, sigma: number, scale: number): Svi {
  const P = [0, 1, 2].map(() => [0, 0, 0]);
  const q = [0, 0, 0];
  for (const { k, variance, weight } of points) {
    const y = (k - m) / sigma;
    const basis = [1, Math.hypot(y, 1), y];
    basis.forEach((left, i) => {
      q[i]! -= weight * left * variance;
      basis.forEach((right, j) => {
        P[i]![j]! += weight * (left * right);
      });
    });
  }
  const row = (columns: number[], values: number[], upper: number) => ({ columns, values, upper, equality: false });
  const steepest = (2 * sigma) / scale;
  const rows = [
    ...TANGENTS.map((t) => row([0, 1, 2], [-1, -(t + 1 / t) / 2, -(1 / t - t) / 2], 0)),
    row([1, 2], [-1, 1], 0),
    row([1, 2], [-1, -1], 0),
    row([1, 2], [1, 1], steepest),
    row([1, 2], [1, -1], steepest),
  ];
  const { x } = solveConvexProgram({ P, q, rows }, [0.5, Math.min(0.1, steepest / 4), 0]);
  const [a, c, d] = x as [number, number, number];
  return { a: a * scale, b: (Math.max(0, c) * scale) / sigma, rho: c > 0 ? d / c : 0, m, sigma };
}
