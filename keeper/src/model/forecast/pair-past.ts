/** Days in the windows of the regressors. */
const WINDOWS = [1, 7, 30, 90] as const;
/** The longest of them. */
export const LONGEST_WINDOW = 90;
/** Days that must be known of the longest window. */
const LEAST_DAYS = 80;
/** Correlations are taken to be no further from zero. */
const MAX_CORRELATION = 0.999;

/** One day's realised second moments about zero of an asset and its hedge. */
export interface DayOfPair {
  /** Σ asset². */
  readonly asset: number;
  /** Σ hedge². */
  readonly hedge: number;
  /** Σ asset·hedge. */
  readonly cross: number;
}

/** What a pair did over some days. */
export interface PairState {
  /** Fisher-z of the correlation. */
  readonly z: number;
  readonly beta: number;
}

/** What a pair did over the last 1, 7, 30 and 90 days. */
export interface PairPast {
  /** Fisher-z of the correlation. */
  readonly z: readonly number[];
  readonly beta: readonly number[];
}

/** What a pair did over these days; null if one of the two never moved. */
export function pairState(days: readonly DayOfPair[]): PairState | null {
  let [asset, hedge, cross] = [0, 0, 0];
  for (const day of days) {
    asset += day.asset;
    hedge += day.hedge;
    cross += day.cross;
  }
  if (!(asset > 0 && hedge > 0)) return null;
  const correlation = Math.min(Math.max(cross / Math.sqrt(asset * hedge), -MAX_CORRELATION), MAX_CORRELATION);
  return { z: Math.atanh(correlation), beta: cross / hedge };
}

/**
 * What a pair did over the days known so far.
 *
 * @param days By day number, in order
 * @param today The last day's number
 * @returns Null if too little is known
 */
export function pairPast(days: ReadonlyMap<number, DayOfPair>, today: number): PairPast | null {
  const states: PairState[] = [];
  for (const window of WINDOWS) {
    const known: DayOfPair[] = [];
    for (let day = today - window + 1; day <= today; day++) {
      const of = days.get(day);
      if (of) known.push(of);
    }
    if (window === LONGEST_WINDOW && known.length < LEAST_DAYS) return null;
    const state = pairState(known);
    if (state === null) return null;
    states.push(state);
  }
  return { z: states.map(({ z }) => z), beta: states.map(({ beta }) => beta) };
}
