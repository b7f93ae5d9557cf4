import type { Report } from "./report.js";

const percent = (value: number | null): string => (value === null ? "n/a" : `${(100 * value).toFixed(1)}%`);
const share = (value: number | null): string => (value === null ? "n/a" : value.toFixed(3));
const usd = (value: number): string => `$${Math.round(value).toLocaleString("en-US")}`;

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
  );
}

/** What a run comes to, in a few lines for a terminal. */
export function summarise(report: Report): string {
  const last = (values: readonly number[]): number => values.at(-1) ?? 0;
  const { value } = report.data;
  const { hedged, unhedged, naive } = report.volatility;
  const rejected = Object.entries(report.rejected).map(([reason, count]) => `${count} × ${reason}`);
  const { inKind, queue } = report.holders;
  const { fees, impact, funding, gas } = report.cost;
  return [
    "",
    ...table([
      ["", "hedged", "unhedged", "naive 1:1"],
      ["value at the end", usd(last(value.hedged)), usd(last(value.unhedged)), usd(last(value.naive))],
      ["volatility, annualised", percent(hedged), percent(unhedged), percent(naive)],
      ["hedge effectiveness, fair", share(report.hedgeEffectiveness), "–", share(report.naive.hedgeEffectiveness)],
      ["hedge effectiveness, oracle", share(report.hedgeEffectivenessOracle), "–", "–"],
    ]),
    "",
    `${report.rebalances} rebalances: ${report.accepted.reduced} reduced the variance, ${report.accepted.insideLimits} were inside limits and hedged` +
      (report.accepted.withoutGate > 0 ? `, ${report.accepted.withoutGate} only added margin or reduced` : "") +
      `; refused: ${rejected.length > 0 ? rejected.join(", ") : "none"}`,
    `liquidity of the twins within ${percent(Math.max(report.liquidityGap.unhedged, report.liquidityGap.naive))} of the hedged vault's`,
    `cost: fees ${usd(fees)}, impact ${usd(impact)}, funding ${usd(funding)}, gas ${usd(gas)} (paid by the keeper, not by the vault)`,
    `Alice put in ${usd(inKind.deposited)} and left in kind with ${usd(inKind.received)}, of shares worth ${usd(inKind.worth)}`,
    `Dave's part of ${usd(queue.deposited)} left through the queue with ${usd(queue.received)} in ${queue.hours} hours, of shares worth ${usd(queue.worth)}` +
      (queue.filled < 1 ? ` (${percent(queue.filled)} filled, the rest cancelled)` : ""),
  ].join("\n");
}
