import type { CostParts, RebalanceRecord, VaultHour } from "./record.js";

export const HOUR = 3600;
const HOURS_A_YEAR = 8760;

/** What the vault is worth at the path's prices, USD. */
export function fairValue({ fair }: VaultHour): number {
  return fair.lp + fair.idle + fair.hedge;
}

/** Hourly profit and loss, USD, without what came in or went out; one shorter than the hours. */
export function hourlyPnl(hours: readonly VaultHour[]): number[] {
  return hours.slice(1).map((hour, i) => fairValue(hour) - fairValue(hours[i]!) - hour.flow);
}

/**
 * Hourly P&L over the value it was earned on. Flows count as arriving at the start of the hour, so that a deposit into an
 * empty vault has a value to be measured against.
 */
export function hourlyReturns(hours: readonly VaultHour[]): number[] {
  return hourlyPnl(hours).map((pnl, i) => {
    const base = fairValue(hours[i]!) + Math.max(0, hours[i + 1]!.flow);
    return base > 0 ? pnl / base : 0;
  });
}

/** Hourly P&L of two vaults by the chain's own NAV, over the hours in which both have one at either end. */
export function oraclePnl(a: readonly VaultHour[], b: readonly VaultHour[]): [number[], number[]] {
  const good = (i: number) =>
    [a[i - 1], a[i], b[i - 1], b[i]].every((hour) => hour !== undefined && hour.navOracle !== null);
  const change = (hours: readonly VaultHour[], i: number) =>
    hours[i]!.navOracle! - hours[i - 1]!.navOracle! - hours[i]!.flow;
  const hours = a.map((_, i) => i).filter((i) => i > 0 && good(i));
  return [hours.map((i) => change(a, i)), hours.map((i) => change(b, i))];
}

/** Sample variance; NaN for fewer than two values. */
export function variance(values: readonly number[]): number {
  if (values.length < 2) return Number.NaN;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

/** 1 − Var(hedged) / Var(unhedged); null where the unhedged P&L does not vary. */
export function hedgeEffectiveness(hedged: readonly number[], unhedged: readonly number[]): number | null {
  if (hedged.length !== unhedged.length) throw new RangeError("hedged and unhedged P&L must cover the same hours");
  const reference = variance(unhedged);
  return reference > 0 ? 1 - variance(hedged) / reference : null;
}

/** Annualised volatility of hourly returns, 1 = 100% a year; null for fewer than two returns. */
export function volatility(returns: readonly number[]): number | null {
  const perHour = variance(returns);
  return Number.isNaN(perHour) ? null : Math.sqrt(perHour * HOURS_A_YEAR);
}

/** Volatility over the last `window` returns, one entry for each hour; null until the window is full. */
export function rollingVolatility(hours: readonly VaultHour[], window: number): (number | null)[] {
  const returns = hourlyReturns(hours);
  return hours.map((_, i) => (i < window ? null : volatility(returns.slice(i - window, i))));
}

/** What 100 USD at the start became, hour by hour: the chained hourly returns. */
export function growthOf100(hours: readonly VaultHour[]): number[] {
  let value = 100;
  return [value, ...hourlyReturns(hours).map((change) => (value *= 1 + change))].slice(0, hours.length);
}

export function addCosts(a: CostParts, b: CostParts): CostParts {
  return {
    fees: a.fees + b.fees,
    impact: a.impact + b.impact,
    funding: a.funding + b.funding,
    gas: a.gas + b.gas,
  };
}

export const NO_COST: CostParts = { fees: 0, impact: 0, funding: 0, gas: 0 };

/** Costs up to and including each time. */
export function cumulativeCosts(rebalances: readonly RebalanceRecord[], times: readonly number[]): CostParts[] {
  const sorted = [...rebalances].sort((a, b) => a.time - b.time);
  let next = 0;
  let sum = NO_COST;
  return times.map((time) => {
    for (; next < sorted.length && sorted[next]!.time <= time; next++) sum = addCosts(sum, sorted[next]!.cost);
    return sum;
  });
}

/** How often each reason occurs, the most frequent first. */
export function countByReason(rejections: readonly { readonly reason: string }[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { reason } of rejections) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)));
}
