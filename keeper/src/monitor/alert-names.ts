export type Severity = "critical" | "warning" | "info";

/** What is alerted, by Prometheus' rules (keeper/ops/alerts.yml) and by webhooks under the same names, each with a heading in docs/operations.md. */
export const ALERTS = {
  CrosshedgeTickStale: "critical",
  CrosshedgeHeadStale: "critical",
  CrosshedgeOracleStale: "critical",
  CrosshedgeFeedLate: "warning",
  CrosshedgePricesBad: "critical",
  CrosshedgeLaneFree: "critical",
  CrosshedgeGasRunwayShort: "critical",
  CrosshedgeDatabaseNotWritten: "critical",
  CrosshedgeSilent: "critical",
  CrosshedgeMarginLow: "critical",
  CrosshedgeVolatilityHigh: "warning",
  CrosshedgeLossBudgetLow: "warning",
  CrosshedgeQueueWaiting: "warning",
  CrosshedgeAlarmRaised: "critical",
  CrosshedgeModeRestricted: "warning",
  CrosshedgeRefused: "warning",
  CrosshedgeIntentOpen: "warning",
  CrosshedgeNotSent: "warning",
  CrosshedgePaused: "info",
  CrosshedgeCostAboveFee: "info",
} as const satisfies Record<string, Severity>;
export type AlertName = keyof typeof ALERTS;

/** Where the operator reads what an alert means and what to do. */
export function runbookOf(name: string): string {
  return `docs/operations.md#${name.toLowerCase()}`;
}
