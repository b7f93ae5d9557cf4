/** What a plan was expected to cost and what it did cost, USD. */
export interface CostPair {
  readonly predicted: number;
  readonly realised: number;
}

/** Plans that say as much as the belief that costs are what they are expected to be. */
const PRIOR = 5;
/** How far one plan counts. */
const MOST_OF_ONE = { low: 1 / 5, high: 5 };
/** How far all of them count. */
const BOUNDS = { low: 0.5, high: 3 };
/** As fine as it is told: what is not known better shall not change a plan. */
const STEPS = 100;
/** Costs below this say nothing, USD. */
const LEAST = 0.01;

/**
 * How many times its expected cost a trade shall count, by what the last plans cost: the geometric mean of their ratios, drawn towards 1 as
 * if five more had cost what was expected, within [0.5, 3]. Pure.
 */
export function costFactor(pairs: readonly CostPair[]): number {
  const told = pairs.filter(({ predicted, realised }) => predicted >= LEAST && Number.isFinite(realised));
  const sum = told.reduce((total, { predicted, realised }) => {
    return total + Math.log(clip(realised / predicted, MOST_OF_ONE));
  }, 0);
  return Math.round(clip(Math.exp(sum / (told.length + PRIOR)), BOUNDS) * STEPS) / STEPS;
}

function clip(value: number, { low, high }: { readonly low: number; readonly high: number }): number {
  return Math.min(high, Math.max(low, value));
}
