import type { LimitUse } from "../limits/types.js";
import { formatDuration, formatPercent, formatToken, formatUsd, type Ratio18, type Usd18 } from "../units.js";
import { table } from "./table.js";
import type { VaultReport } from "./types.js";

const MAX_TOKEN_DIGITS = 6;

function percent(ratio: Ratio18 | null): string {
  return ratio === null ? "-" : formatPercent(ratio);
}

function usd(value: Usd18 | null, digits = 2): string {
  return value === null ? "-" : formatUsd(value, digits);
}

function band(band: VaultReport["nav"], digits: number): [string, string] {
  return band ? [usd(band.mid, digits), `${usd(band.low, digits)} to ${usd(band.high, digits)}`] : ["-", "-"];
}

function head(report: VaultReport): string {
  const { nav, sharePrice, block } = report;
  const why = report.pricesOk ? "A VENUE DOES NOT ANSWER" : "PRICES ARE BAD";
  return [
    `${report.name} (${report.symbol}) at ${report.vault}`,
    `block ${block.number}, ${new Date(block.timestamp * 1_000).toISOString()}, epoch ${report.epoch}`,
    ...(nav === null ? [`${why}: what depends on it is left out`] : []),
    "",
    table([
      ["", "mid", "band"],
      ["NAV", ...band(nav, 2)],
      ["share price", ...band(sharePrice, 4)],
      ["shares", formatToken(report.totalSupply, 18, 4), ""],
      ["hedge ratio", percent(report.hedgeRatio), ""],
      ["volatility", percent(report.volatility.hedged), `${percent(report.volatility.unhedged)} without hedge`],
      ["of it from gamma", percent(report.volatility.gamma), ""],
      ["variance removed", percent(report.volatility.removed), "by the hedge"],
    ]),
  ].join("\n");
}

function idle({ idle: lines }: VaultReport): string {
  const rows = lines.map(({ symbol, decimals, amount, usd: worth }) => [
    symbol,
    formatToken(amount, decimals, Math.min(decimals, MAX_TOKEN_DIGITS)),
    usd(worth),
  ]);
  return table([["idle", "amount", "value"], ...rows]);
}

function legs({ legs: lines }: VaultReport): string {
  const rows = lines.map(({ venue, isHedge, equity, closeOutCost, marginRatio, address }) => [
    venue,
    isHedge ? "hedge" : "liquidity",
    usd(equity),
    usd(closeOutCost),
    percent(marginRatio),
    address,
  ]);
  return table([["leg", "kind", "equity", "cost to close", "margin", "address"], ...rows]);
}

function exposures({ exposures: lines }: VaultReport): string {
  const rows = lines.map(({ symbol, unhedged, hedge, total, hedgeRatio, ownHedgeRatio }) => [
    symbol,
    formatUsd(unhedged),
    formatUsd(hedge),
    formatUsd(total),
    percent(hedgeRatio),
    percent(ownHedgeRatio),
  ]);
  return table([["exposure", "unhedged", "hedge", "total", "hedge ratio", "of its own"], ...rows]);
}

function time(seconds: number | null): string {
  return seconds === null || seconds === 0 ? "-" : new Date(seconds * 1_000).toISOString();
}

function rules({ mode, fees, queue, lossBudgets, keeper, navTimestamp }: VaultReport): string {
  const budget = ({ spent, capacity }: VaultReport["lossBudgets"]["keeper"]) =>
    `${percent(spent)} of ${percent(capacity)}`;
  const silence = `${keeper.isSilent ? "SILENT" : `silent for ${formatDuration(keeper.silentFor)}`}, deadline ${time(keeper.deadline)}`;
  const open = Object.entries(keeper.open).flatMap(([name, isOpen]) => (isOpen ? [name] : []));
  return table([
    ["rules", "", ""],
    ["mode", mode, ""],
    ["fees", `${percent(fees.management)} a year`, `${percent(fees.performance)} above ${usd(fees.highWaterMark, 4)}`],
    [
      "queue",
      `${formatToken(queue.shares, 18, 4)} shares`,
      `${percent(queue.ofSupply)} of all, since ${time(queue.since)}`,
    ],
    [
      "a settlement now",
      queue.fraction === null ? "-" : `${percent(queue.fraction)} of it`,
      queue.obstacles.join(", ") || `${usd(queue.price, 4)} a share`,
    ],
    ["loss budget spent", budget(lossBudgets.keeper), `${budget(lossBudgets.public)} by others than the keeper`],
    [
      "alarm",
      keeper.alarm.raisedAt === null ? "none" : time(keeper.alarm.raisedAt),
      `${percent(keeper.alarm.volatility)}, trigger ${percent(keeper.alarm.trigger)}`,
    ],
    ["keeper's last sign", time(keeper.lastSign), silence],
    ["open to anybody", open.join(", ") || "-", ""],
    ["NAV of the standard's views", time(navTimestamp), ""],
  ]);
}

function gammas({ greeks, exposures: lines }: VaultReport): string[] {
  if (greeks === null || greeks.gamma.every((row) => row.every((term) => term === 0n))) return [];
  const rows = greeks.gamma.map((row, i) => [lines[i]?.symbol ?? "", ...row.map((term) => usd(term))]);
  return [table([["gamma", ...lines.map(({ symbol }) => symbol)], ...rows])];
}

function limits({ limits: lines, idle: assets }: VaultReport): string {
  const subjectOf = (subject: string | null) => assets.find(({ asset }) => asset === subject)?.symbol ?? subject ?? "";
  const rows = lines.map(({ source, name, subject, kind, unit, limit, used, share, inside }) => [
    `${name}${source === "publicLimits" ? " (public)" : ""}`,
    used === null ? "-" : figure(used, unit),
    `${kind === "most" ? "≤" : "≥"} ${figure(limit, unit)}`,
    percent(share),
    inside === false ? "BROKEN" : "",
    subjectOf(subject),
  ]);
  return table([["limit", "is", "may be", "used", "", "of"], ...rows]);
}

function figure(value: bigint, unit: LimitUse["unit"]): string {
  if (unit === "usd") return usd(value);
  if (unit === "ratio") return percent(value);
  return unit === "seconds" ? formatDuration(Number(value)) : `${value} ${unit}`;
}

/**
 * A report as plain text for a terminal or a log.
 *
 * @example
 * console.log(formatReport(await readReport(vault)));
 */
export function formatReport(report: VaultReport): string {
  const parts = [head, idle, legs, exposures].map((part) => part(report));
  return `${[...parts, ...gammas(report), rules(report), limits(report)].join("\n\n")}\n`;
}
