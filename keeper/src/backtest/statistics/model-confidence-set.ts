import { type BootstrapOptions, stationaryBootstrap } from "./stationary-bootstrap.js";

/**
 * Model confidence set: the models that cannot be told from the best, by elimination with the Tmax statistic (Hansen, Lunde & Nason 2011).
 *
 * @param losses By model, in the order of time, all of the same rows
 * @returns By model: its p-value. The set at confidence 1 − α has those with a p-value of α or more.
 */
export function modelConfidenceSet(losses: readonly ArrayLike<number>[], options: BootstrapOptions): number[] {
  const models = losses.length;
  const rows = losses[0]?.length ?? 0;
  if (losses.some(({ length }) => length !== rows)) throw new RangeError("all losses must be of the same rows");
  const means = losses.map((loss) => dot(loss) / rows);
  // By draw: how far each model's mean loss is from its mean over the sample.
  const deviations: Float64Array[] = [];
  stationaryBootstrap(rows, options, (counts) => {
    deviations.push(Float64Array.from(losses, (loss, m) => dot(loss, counts) / rows - means[m]!));
  });

  const pValues = new Array<number>(models).fill(1);
  let left = losses.map((_, m) => m);
  let highest = 0;
  while (left.length > 1) {
    const average = (of: ArrayLike<number>): number => left.reduce((sum, m) => sum + of[m]!, 0) / left.length;
    const mean = average(means);
    const centres = deviations.map((deviation) => average(deviation));
    const scale = left.map((m) => {
      const squares = deviations.reduce((sum, deviation, b) => sum + (deviation[m]! - centres[b]!) ** 2, 0);
      return Math.sqrt(squares / deviations.length);
    });
    const ratio = (value: number, i: number): number => (scale[i]! > 0 ? value / scale[i]! : 0);
    const statistics = left.map((m, i) => ratio(means[m]! - mean, i));
    const highestStatistic = Math.max(...statistics);
    const beyond = deviations.filter(
      (deviation, b) => Math.max(...left.map((m, i) => ratio(deviation[m]! - centres[b]!, i))) >= highestStatistic,
    ).length;
    highest = Math.max(highest, beyond / deviations.length);
    const worst = left[statistics.indexOf(highestStatistic)]!;
    pValues[worst] = highest;
    left = left.filter((m) => m !== worst);
  }
  return pValues;
}

function dot(values: ArrayLike<number>, weights?: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * (weights === undefined ? 1 : weights[i]!);
  return sum;
}
