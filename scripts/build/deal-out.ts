/**
 * Deals things out to so many hands, each to the one that has least so far: the same each time, the largest first.
 *
 * @param weigh What a thing weighs
 * @returns By hand, each in the order given
 */
export function dealOut<T>(things: readonly T[], count: number, weigh: (thing: T) => number): T[][] {
  const dealt = Array.from({ length: count }, () => ({ weight: 0, indices: [] as number[] }));
  const weights = things.map(weigh);
  const order = weights.map((_, index) => index).sort((a, b) => weights[b]! - weights[a]! || a - b);
  for (const index of order) {
    const lightest = dealt.reduce((least, hand) => (hand.weight < least.weight ? hand : least));
    lightest.indices.push(index);
    lightest.weight += weights[index]!;
  }
  return dealt.map(({ indices }) => indices.sort((a, b) => a - b).map((index) => things[index]!));
}
