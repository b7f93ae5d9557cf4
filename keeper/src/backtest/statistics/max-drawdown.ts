/**
 * Largest fall of compounded wealth from a peak.
 *
 * @param returns In the order of time
 * @returns Share of the peak, from 0 to 1; 1 where everything was lost on the way
 */
export function maxDrawdown(returns: ArrayLike<number>): number {
  let wealth = 1;
  let peak = 1;
  let worst = 0;
  for (let i = 0; i < returns.length; i++) {
    wealth *= 1 + returns[i]!;
    if (wealth <= 0) return 1;
    peak = Math.max(peak, wealth);
    worst = Math.max(worst, 1 - wealth / peak);
  }
  return worst;
}
