/**
 * Mean loss in the worst cases; the case on the edge counts in part (Acerbi & Tasche 2002).
 *
 * @param pnl In any order
 * @param level Confidence, 0.975 = the worst 2.5% of cases
 * @returns Positive where the worst cases lose; NaN without cases
 */
export function expectedShortfall(pnl: ArrayLike<number>, level = 0.975): number {
  const sorted = Float64Array.from(pnl).sort();
  const cases = (1 - level) * sorted.length;
  const whole = Math.min(Math.floor(cases), sorted.length);
  let sum = 0;
  for (let i = 0; i < whole; i++) sum += sorted[i]!;
  if (whole < sorted.length) sum += (cases - whole) * sorted[whole]!;
  return -sum / cases;
}
