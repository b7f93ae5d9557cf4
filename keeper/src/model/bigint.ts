/** The smaller of two. */
export function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The larger of two. */
export function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** The magnitude. */
export function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** The nearest value between two bounds. */
export function clamp(value: bigint, low: bigint, high: bigint): bigint {
  return max(low, min(value, high));
}
