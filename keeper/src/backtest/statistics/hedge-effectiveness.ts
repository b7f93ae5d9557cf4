/** Sum of squares. */
export function sumOfSquares(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return sum;
}

/**
 * Hedge effectiveness: 1 − E[hedged²]/E[unhedged²] (Ederington 1979, about zero instead of the mean).
 *
 * @param hedged P&L of the same hours as `unhedged`
 * @returns 1 = no risk left, 0 = no help; NaN where the unhedged never moved
 */
export function hedgeEffectiveness(hedged: ArrayLike<number>, unhedged: ArrayLike<number>): number {
  if (hedged.length !== unhedged.length) throw new RangeError("hedged and unhedged must be of the same hours");
  return 1 - sumOfSquares(hedged) / sumOfSquares(unhedged);
}
