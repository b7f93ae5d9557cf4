/** Log prices of one series at the times of its ticks, seconds. */
export interface Ticks {
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** Refresh times: each is the first by which every series has ticked since the one before. */
export function refreshTimes(series: readonly Ticks[]): number[] {
  const times: number[] = [];
  for (let last = Number.NEGATIVE_INFINITY; ; ) {
    const next = series.map(({ times }) => times.find((time) => time > last));
    if (next.some((time) => time === undefined)) return times;
    last = Math.max(...(next as number[]));
    times.push(last);
  }
}

/** Multivariate realised kernel with Parzen weights on refresh times (Barndorff-Nielsen et al. 2011); bandwidth 0 is realised covariance. */
export function realisedKernel(series: readonly Ticks[], bandwidth: number): number[][] {
  const inForce = ({ times, values }: Ticks, time: number): number => values[times.findLastIndex((t) => t <= time)]!;
  const prices = refreshTimes(series).map((time) => series.map((ticks) => inForce(ticks, time)));
  const returns = prices.slice(1).map((row, k) => row.map((value, i) => value - prices[k]![i]!));
  return series.map((_, i) =>
    series.map((_, j) => {
      const lagged = (lag: number): number =>
        returns.reduce((sum, row, k) => (k < lag ? sum : sum + row[i]! * returns[k - lag]![j]!), 0);
      const leading = (lag: number): number =>
        returns.reduce((sum, row, k) => (k < lag ? sum : sum + row[j]! * returns[k - lag]![i]!), 0);
      let sum = lagged(0);
      for (let lag = 1; lag <= bandwidth; lag++) sum += parzen(lag / (bandwidth + 1)) * (lagged(lag) + leading(lag));
      return sum;
    }),
  );
}

function parzen(x: number): number {
  return x <= 0.5 ? 1 - 6 * x * x + 6 * x ** 3 : 2 * (1 - x) ** 3;
}
