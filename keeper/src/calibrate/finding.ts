/** One derived parameter, as the file has it, and the reason for its value. */
export interface Finding {
  /** Path in the parameter file, such as `limits.maxVolatility`. */
  readonly parameter: string;
  /** In the textual units of the deployment, or a number for the keeper. */
  readonly value: string | number;
  /** What was measured, which quantile, and which bound made it so. */
  readonly why: string;
}

const tidy = (value: number): number => Number(value.toPrecision(12));

/** The least multiple of `step` that is not below the value. */
export function roundUp(value: number, step: number): number {
  return tidy(Math.ceil(tidy(value / step)) * step);
}

/** The largest multiple of `step` that is not above the value. */
export function roundDown(value: number, step: number): number {
  return tidy(Math.floor(tidy(value / step)) * step);
}

/** 0.155 -> "15.5%": a share or a volatility as the deployment reads it. */
export function percentText(share: number): string {
  return `${tidy(share * 100)}%`;
}

/** 0.1234 -> "12.3%": the same for a reason, rounded. */
export function about(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)}%`;
}

/** 0.25 -> "0.25 years". */
export function yearsText(years: number): string {
  return `${tidy(years)} years`;
}

/** Whole hours as "8h", whole days as "30d". */
export function durationText(seconds: number): string {
  const hours = Math.round(seconds / 3_600);
  return hours % 24 === 0 ? `${hours / 24}d` : `${hours}h`;
}
