/** What an hour of holding the asset and its hedges did. */
export interface HourlyReturns {
  /** End of the hour, unix seconds. */
  readonly time: number;
  readonly asset: number;
  readonly hedges: readonly number[];
}

/**
 * 1 − Σ(hedged return)² / Σ(unhedged return)², by the hour, with betas that are set anew once a day before its first
 * hour.
 *
 * @param betasAt Betas from what was known before a time
 */
export function hedgeEffectiveness(
  hours: readonly HourlyReturns[],
  betasAt: (time: number) => readonly number[],
): number {
  let [hedged, unhedged] = [0, 0];
  let betas: readonly number[] = [];
  for (const [k, { time, asset, hedges }] of hours.entries()) {
    if (k % 24 === 0) betas = betasAt(time - 3600);
    hedged += hedges.reduce((sum, move, j) => sum - betas[j]! * move, asset) ** 2;
    unhedged += asset ** 2;
  }
  return 1 - hedged / unhedged;
}
