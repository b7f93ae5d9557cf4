/** Logarithms and exponentials in integers, to 60 digits: what the chain's own are measured against. */

const DIGITS = 60n;
/** 1.0 */
export const UNIT = 10n ** DIGITS;

/** 2·atanh(z) = ln((1 + z)/(1 − z)), by its series; |z| ≤ 1/3. */
function twiceAtanh(z: bigint): bigint {
  const square = (z * z) / UNIT;
  let sum = 0n;
  let power = z;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += power / k;
    power = (power * square) / UNIT;
  }
  return 2n * sum;
}

export const LN2 = twiceAtanh(UNIT / 3n);

/** ln of a positive integer. */
export function ln(value: bigint): bigint {
  const bits = BigInt(value.toString(2).length - 1);
  // value = 2^bits·m, 1 ≤ m < 2
  const m = (value * UNIT) >> bits;
  return bits * LN2 + twiceAtanh(((m - UNIT) * UNIT) / (m + UNIT));
}

/** 2^(−numerator/denominator). */
export function halved(numerator: bigint, denominator: bigint): bigint {
  const whole = numerator / denominator;
  const x = (LN2 * (numerator % denominator)) / denominator;
  let sum = 0n;
  let term = UNIT;
  for (let k = 1n; term !== 0n; k++) {
    sum += term;
    term = (-term * x) / UNIT / k;
  }
  return sum >> whole;
}
