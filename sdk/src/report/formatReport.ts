import { formatPercent, formatToken, formatUsd, type Ratio18, type Usd18 } from "../units.js";
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
  return [
    `${report.name} (${report.symbol}) at ${report.vault}`,
    `block ${block.number}, ${new Date(block.timestamp * 1_000).toISOString()}, epoch ${report.epoch}`,
    ...(report.pricesOk ? [] : ["PRICES ARE BAD: what depends on them is left out"]),
    "",
    table([
      ["", "mid", "band"],
      ["NAV", ...band(nav, 2)],
      ["share price", ...band(sharePrice, 4)],
      ["shares", formatToken(report.totalSupply, 18, 4), ""],
      ["hedge ratio", percent(report.hedgeRatio), ""],
      ["volatility", percent(report.volatility.hedged), `${percent(report.volatility.unhedged)} without hedge`],
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

function rules({ mode, fees, queue, lossBudgets, alarmAt, lastSign, navTimestamp }: VaultReport): string {
  const budget = ({ spent, capacity }: VaultReport["lossBudgets"]["keeper"]) =>
    `${percent(spent)} of ${percent(capacity)}`;
  return table([
    ["rules", "", ""],
    ["mode", mode, ""],
    ["fees", `${percent(fees.management)} a year`, `${percent(fees.performance)} above ${usd(fees.highWaterMark, 4)}`],
    [
      "queue",
      `${formatToken(queue.shares, 18, 4)} shares`,
      `${percent(queue.ofSupply)} of all, since ${time(queue.since)}`,
    ],
    ["loss budget spent", budget(lossBudgets.keeper), `${budget(lossBudgets.public)} by others than the keeper`],
    ["alarm", alarmAt === null ? "none" : time(alarmAt), ""],
    ["keeper's last sign", time(lastSign), ""],
    ["NAV of the standard's views", time(navTimestamp), ""],
  ]);
}

/**
 * A report as plain text for a terminal or a log.
 *
 * @example
 * console.log(formatReport(await vault.report()));
 */
export function formatReport(report: VaultReport): string {
  return `${[head(report), idle(report), legs(report), exposures(report), rules(report)].join("\n\n")}\n`;
}
