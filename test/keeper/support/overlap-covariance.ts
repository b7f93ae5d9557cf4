import { inForce, type Ticks } from "./realised-kernel.js";

/** Hayashi–Yoshida as it is defined: every product of returns whose intervals (from, to] overlap. */
export function overlapCovariance(first: Ticks, second: Ticks): number {
  let sum = 0;
  for (let i = 1; i < first.times.length; i++) {
    for (let j = 1; j < second.times.length; j++) {
      const from = Math.max(first.times[i - 1]!, second.times[j - 1]!);
      const to = Math.min(first.times[i]!, second.times[j]!);
      if (from >= to) continue;
      sum += (first.values[i]! - first.values[i - 1]!) * (second.values[j]! - second.values[j - 1]!);
    }
  }
  return sum;
}

/** Realised covariance of the log prices in force at the times of a grid. */
export function previousTickCovariance(first: Ticks, second: Ticks, grid: readonly number[]): number {
  const [x, y] = [first, second].map((ticks) => grid.map((time) => inForce(ticks, time)));
  return grid.slice(1).reduce((sum, _, k) => sum + (x![k + 1]! - x![k]!) * (y![k + 1]! - y![k]!), 0);
}
