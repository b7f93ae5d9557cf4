/** Asynchronous prices made synchronous: other ways to a realised covariance, to check the engine's own against. */

/** One asset's prices: times ascending, and the log prices at them. */
export interface Series {
  readonly times: readonly number[];
  readonly logs: readonly number[];
}

/** The price in force at a time; NaN before the first. */
export function inForce({ times, logs }: Series, time: number): number {
  const after = times.findIndex((t) => t > time);
  return logs[(after === -1 ? times.length : after) - 1] ?? Number.NaN;
}

/** Each the first time by which every asset has a price after the one before (Barndorff-Nielsen et al. 2011). */
export function refreshTimes(series: readonly Series[]): number[] {
  const times: number[] = [];
  for (let last = Number.NEGATIVE_INFINITY; ; ) {
    const next = Math.max(...series.map((one) => one.times.find((t) => t > last) ?? Number.POSITIVE_INFINITY));
    if (next === Number.POSITIVE_INFINITY) return times;
    times.push(next);
    last = next;
  }
}

/** Returns by interval and asset, of the prices in force. */
export function returnsAt(series: readonly Series[], times: readonly number[]): number[][] {
  return times.slice(1).map((to, k) => series.map((one) => inForce(one, to) - inForce(one, times[k]!)));
}

/** Σ r(t)·r(t−lag)'. */
export function autocovariance(returns: readonly (readonly number[])[], lag = 0): number[][] {
  const size = returns[0]!.length;
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (__, j) => returns.slice(lag).reduce((sum, r, k) => sum + r[i]! * returns[k]![j]!, 0)),
  );
}

/** Multivariate realised kernel with Parzen weights and so many lags (Barndorff-Nielsen et al. 2011), without jittered ends. */
export function realisedKernel(returns: readonly (readonly number[])[], lags: number): number[][] {
  const sum = autocovariance(returns);
  for (let lag = 1; lag <= lags; lag++) {
    const weight = parzen(lag / (lags + 1));
    const gamma = autocovariance(returns, lag);
    sum.forEach((row, i) => {
      row.forEach((_, j) => {
        row[j]! += weight * (gamma[i]![j]! + gamma[j]![i]!);
      });
    });
  }
  return sum;
}

function parzen(x: number): number {
  return x <= 0.5 ? 1 - 6 * x ** 2 + 6 * x ** 3 : 2 * (1 - x) ** 3;
}

/** Hayashi–Yoshida as it is defined: every product of returns whose intervals (from, to] overlap. */
export function overlapCovariance(first: Series, second: Series): number {
  let sum = 0;
  for (let i = 1; i < first.times.length; i++) {
    for (let j = 1; j < second.times.length; j++) {
      const from = Math.max(first.times[i - 1]!, second.times[j - 1]!);
      const to = Math.min(first.times[i]!, second.times[j]!);
      if (from < to) sum += (first.logs[i]! - first.logs[i - 1]!) * (second.logs[j]! - second.logs[j - 1]!);
    }
  }
  return sum;
}
