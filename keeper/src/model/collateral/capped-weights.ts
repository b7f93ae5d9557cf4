/**
 * Weights with none above its cap: what is above goes to the others in proportion, as far as theirs allow. Adds up to less than 1 only where
 * all caps do.
 *
 * @param weights 0 or more, adding up to 1 or to 0
 * @param caps 0 or more, by weight
 */
export function cappedWeights(weights: readonly number[], caps: readonly number[]): number[] {
  const capped = weights.map(() => false);
  for (;;) {
    const fixed = caps.reduce((sum, cap, i) => (capped[i] ? sum + cap : sum), 0);
    const free = weights.reduce((sum, weight, i) => (capped[i] ? sum : sum + weight), 0);
    const scale = free > 0 ? Math.max(0, 1 - fixed) / free : 0;
    const next = weights.map((weight, i) => (capped[i] ? caps[i]! : weight * scale));
    const over = next.findIndex((weight, i) => !capped[i] && weight > caps[i]!);
    if (over === -1) return next;
    next.forEach((weight, i) => {
      if (weight > caps[i]!) capped[i] = true;
    });
  }
}
