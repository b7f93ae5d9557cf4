/** Where the covariance oracle stands on its grid, unix seconds. */
export interface Grid {
  readonly cursor: number;
  readonly step: number;
}

/** Grid times that are due before a time, unix seconds. */
export function dueTimes({ cursor, step }: Grid, now: number): number[] {
  const count = Math.max(0, Math.ceil((now - cursor) / step) - 1);
  return Array.from({ length: count }, (_, k) => cursor + (k + 1) * step);
}
