import { modeRank, type VaultFacts } from "./facts.js";
import type { GaugeSeries } from "./gauge-series.js";
import { chainTime } from "./health.js";
import type { VaultHealth } from "./health-snapshot.js";
import type { BoundedLabel } from "./labels.js";
import type { Metrics } from "./metrics.js";

interface VaultLabels {
  readonly chain: string;
  readonly vault: string;
}

/** What an observation tells; what it does not know goes from the metrics. */
export function showFacts(
  series: GaugeSeries,
  m: Metrics,
  labels: VaultLabels,
  facts: VaultFacts,
  symbols: BoundedLabel,
): void {
  series.set(m.nav, labels, facts.nav);
  series.set(m.sharePrice, labels, facts.sharePrice);
  series.set(m.volatility, labels, facts.volatility);
  series.set(m.varianceRemoved, labels, facts.varianceRemoved);
  series.set(m.volatilityLimit, labels, facts.volatilityLimit);
  series.set(m.marginFloor, labels, facts.marginFloor);
  series.set(m.queueShares, labels, facts.queueShares);
  series.set(m.queueMaxWait, labels, facts.queueMaxWait);
  series.set(m.lossBudget, labels, facts.lossBudgetLeft);
  series.set(m.epoch, labels, facts.epoch);
  series.set(m.mode, labels, modeRank(facts.mode));
  series.set(m.alarm, labels, facts.alarm ? 1 : 0);
  series.set(m.prices, labels, facts.pricesOk ? 1 : 0);
  series.set(m.oracleStep, labels, facts.oracleStep);
  series.set(m.maxSilence, labels, facts.maxSilence);
  for (const { asset, heartbeat } of facts.feeds) {
    series.set(m.feedHeartbeat, { ...labels, asset: symbols.of(asset) }, heartbeat);
  }
  for (const [symbol, ratio] of Object.entries(facts.hedgeRatios)) {
    series.set(m.hedgeRatio, { ...labels, instrument: symbols.of(symbol) }, ratio);
  }
  for (const [leg, ratio] of Object.entries(facts.margins)) {
    series.set(m.marginRatio, { ...labels, leg: symbols.of(leg) }, ratio);
  }
  series.sweep();
}

/** What grows older by itself. */
export function showAges(
  series: GaugeSeries,
  m: Metrics,
  labels: VaultLabels,
  health: VaultHealth,
  now: number,
  symbols: BoundedLabel,
): void {
  const { since, attemptAt, endedAt, openSince, unsent, facts } = health;
  series.set(m.tickAge, labels, (now - (endedAt ?? since)) / 1000);
  series.set(m.attemptAge, labels, (now - (attemptAt ?? since)) / 1000);
  series.set(m.openAge, labels, openSince === null ? 0 : (now - openSince) / 1000);
  series.set(m.unsentAge, labels, unsent === null ? 0 : (now - unsent.since) / 1000);
  if (facts === null) return;
  const time = chainTime(now, health);
  series.set(m.oracleAge, labels, time - facts.oracleAt);
  series.set(m.queueWait, labels, facts.queueSince > 0 ? time - facts.queueSince : 0);
  series.set(m.silence, labels, time - facts.lastSign);
  for (const { asset, updatedAt } of facts.feeds) {
    const label = { ...labels, asset: symbols.of(asset) };
    series.set(m.feedAge, label, updatedAt === null ? null : time - updatedAt);
  }
}
