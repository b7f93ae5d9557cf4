/** Largest integer whose square is at most `value`, which must not be negative. */
export function isqrt(value: bigint): bigint {
  if (value < 2n) return value < 0n ? 0n : value;
  let x = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (x + value / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/** `a·b/c` towards zero; null where `c` is zero. */
export function mulDiv(a: bigint, b: bigint, c: bigint): bigint | null {
  return c === 0n ? null : (a * b) / c;
}

/** The sum of all values. */
export function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

/** `a·b/c` rounded towards plus infinity; `c` must be above zero. */
export function mulDivUp(a: bigint, b: bigint, c: bigint): bigint {
  const product = a * b;
  return product > 0n ? (product + c - 1n) / c : product / c;
}

/** The smaller one. */
export function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The larger one. */
export function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
