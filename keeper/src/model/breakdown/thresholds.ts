/** The three statistics that can raise an alarm. */
export interface Statistics {
  readonly fisher: number;
  readonly correlationCusum: number;
  readonly betaCusum: number;
}

/** Mean days from calm to a false alarm that each has to itself: 1/720 + 1/720 + 1/360 = 1/180. */
export const FALSE_ALARM_DAYS: Statistics = { fisher: 720, correlationCusum: 720, betaCusum: 360 };

/** Reference correlations at which the thresholds were found. */
export const CALIBRATED_AT = [0.3, 0.45, 0.6, 0.75, 0.9] as const;

/** By reference correlation; found with `npm run calibrate:detectors -- --thresholds` (seed 1, 400 paths of 720 d). */
const THRESHOLDS: readonly Statistics[] = [
  { fisher: 4.28, correlationCusum: 15.9, betaCusum: 10.92 },
  { fisher: 4.84, correlationCusum: 27.94, betaCusum: 13.09 },
  { fisher: 5.47, correlationCusum: 38.41, betaCusum: 12.96 },
  { fisher: 6.22, correlationCusum: 41.57, betaCusum: 11.1 },
  { fisher: 7.5, correlationCusum: 31.92, betaCusum: 9 },
];

/** Thresholds at a reference correlation: between those calibrated by straight lines, beyond them the nearest. */
export function thresholdsAt(reference: number): Statistics {
  const above = CALIBRATED_AT.findIndex((correlation) => correlation >= reference);
  if (above === 0) return THRESHOLDS[0]!;
  if (above < 0) return THRESHOLDS.at(-1)!;
  const [from, to] = [CALIBRATED_AT[above - 1]!, CALIBRATED_AT[above]!];
  const share = (reference - from) / (to - from);
  const [low, high] = [THRESHOLDS[above - 1]!, THRESHOLDS[above]!];
  return {
    fisher: low.fisher + share * (high.fisher - low.fisher),
    correlationCusum: low.correlationCusum + share * (high.correlationCusum - low.correlationCusum),
    betaCusum: low.betaCusum + share * (high.betaCusum - low.betaCusum),
  };
}
