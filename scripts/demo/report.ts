import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { worstLoss } from "@crosshedge/keeper";
import { type CycleRow, cycleRows } from "./cycles.js";
import { renderHtml } from "./html.js";
import {
  addCosts,
  countByReason,
  cumulativeCosts,
  fairValue,
  growthOf100,
  HOUR,
  hedgeEffectiveness,
  hourlyPnl,
  hourlyReturns,
  oraclePnl,
  rollingVolatility,
  volatility,
} from "./metrics.js";
import type { DemoOptions } from "./options.js";
import {
  type Acceptance,
  type CostParts,
  type HolderTrips,
  type RebalanceRecord,
  type RejectionRecord,
  type RunRecord,
  VAULTS,
  type VaultHour,
  type VaultName,
} from "./record.js";

/** Hours behind each point of the rolling volatility. */
export const ROLLING_WINDOW = 24;

type Series = (number | null)[];
interface StartEnd {
  readonly start: number;
  readonly end: number;
}

/** One value for each hour; the charts' input. */
export interface ReportData {
  readonly times: number[];
  readonly prices: Readonly<Record<string, readonly number[]>>;
  /** USD at fair prices. */
  readonly value: Record<VaultName, number[]>;
  readonly growthOf100: Record<VaultName, number[]>;
  readonly rollingVolatility: Record<VaultName, Series>;
  /** Of the hedged vault, by asset, USD. */
  readonly exposure: Record<string, { before: number[]; after: number[] }>;
  /** Of the hedged vault, by instrument. */
  readonly hedgeRatio: Record<string, Series>;
  readonly pool: { price: number[]; lower: Series; upper: Series };
  readonly costs: Record<keyof CostParts, number[]>;
  readonly rebalances: readonly RebalanceRecord[];
  readonly rejections: readonly RejectionRecord[];
  readonly participants: RunRecord["participants"];
}

/** Of the hedged vault, by the chained hourly returns at fair prices. */
export interface RiskReport {
  /** Largest loss within a day and within a fortnight, shares of its value. */
  readonly worst: { readonly day: number; readonly fortnight: number };
  /** What was published beforehand, and whether the run stayed inside it; null without a parameter file. */
  readonly published: RunRecord["published"];
  readonly inside: boolean | null;
  readonly liquidations: number;
  /** Its NAV, which is net of all claims, was above zero at the end of every hour, at the oracle's prices and at fair ones. */
  readonly solvent: boolean;
  /** Least margin over notional at the end of an hour; null where it never was short. */
  readonly leastMargin: number | null;
}

/** report.json. Costs, counts and share price are the hedged vault's; null where there is too little to measure. */
export interface Report {
  readonly hedgeEffectiveness: number | null;
  readonly hedgeEffectivenessOracle: number | null;
  readonly naive: { readonly hedgeEffectiveness: number | null; readonly rebalances: number; readonly cost: CostParts };
  /** Annualised, 1 = 100% a year. */
  readonly volatility: Record<VaultName, number | null>;
  readonly rebalances: number;
  readonly accepted: Readonly<Record<Acceptance, number>>;
  /** How far the twins' liquidity was from the hedged vault's at most, as a part of it. */
  readonly liquidityGap: { readonly unhedged: number; readonly naive: number };
  readonly rejected: Record<string, number>;
  /** The hedge by where the market stood in its cycle. */
  readonly cycles: readonly CycleRow[];
  /** USD. */
  readonly cost: CostParts;
  readonly risk: RiskReport;
  /** USD a share. */
  readonly sharePrice: StartEnd;
  readonly unhedged: StartEnd;
  readonly holders: HolderTrips;
  readonly seconds: number;
  readonly options: DemoOptions;
  readonly data: ReportData;
}

function checkHours(record: RunRecord): number[] {
  const times = record.hours.hedged.map((hour) => hour.time);
  if (times.length === 0) throw new RangeError("the record has no hours");
  times.slice(1).forEach((time, i) => {
    if (time - times[i]! !== HOUR)
      throw new RangeError(`hour ${i + 1} of the record is not an hour after the one before`);
  });
  for (const vault of VAULTS) {
    const same =
      record.hours[vault].length === times.length && record.hours[vault].every((h, i) => h.time === times[i]);
    if (!same) throw new RangeError(`the ${vault} vault's hours differ from the hedged vault's`);
  }
  return times;
}

function byVault<T>(record: RunRecord, measure: (hours: readonly VaultHour[]) => T): Record<VaultName, T> {
  const { hedged, unhedged, naive } = record.hours;
  return { hedged: measure(hedged), unhedged: measure(unhedged), naive: measure(naive) };
}

/** Every key that occurs in any of the objects, in order of first appearance. */
function keysOf(objects: readonly Readonly<Record<string, number>>[]): string[] {
  return [...new Set(objects.flatMap((object) => Object.keys(object)))];
}

/** At the first and the last hour with good prices; NaN, null in JSON, where there is none. */
function sharePrices(hours: readonly VaultHour[]): StartEnd {
  const known = hours.flatMap(({ sharePrice }) => (sharePrice === null ? [] : [sharePrice]));
  return { start: known[0] ?? Number.NaN, end: known.at(-1) ?? Number.NaN };
}

/** Largest distance of a twin's liquidity from the hedged vault's, as a part of it. */
function liquidityGap(hedged: readonly VaultHour[], twin: readonly VaultHour[]): number {
  return Math.max(0, ...hedged.map(({ fair }, i) => (fair.lp > 0 ? Math.abs(twin[i]!.fair.lp / fair.lp - 1) : 0)));
}

function seriesOf(record: RunRecord, times: number[], rebalances: readonly RebalanceRecord[]): ReportData {
  const { hedged } = record.hours;
  const assets = keysOf(hedged.flatMap((hour) => [hour.exposure.before, hour.exposure.after]));
  const instruments = keysOf(hedged.map((hour) => hour.hedgeRatio));
  const costs = cumulativeCosts(rebalances, times);
  const costPart = (part: keyof CostParts) => costs.map((cost) => cost[part]);
  return {
    times,
    prices: record.prices,
    value: byVault(record, (hours) => hours.map(fairValue)),
    growthOf100: byVault(record, growthOf100),
    rollingVolatility: byVault(record, (hours) => rollingVolatility(hours, ROLLING_WINDOW)),
    exposure: Object.fromEntries(
      assets.map((asset) => [
        asset,
        {
          before: hedged.map((hour) => hour.exposure.before[asset] ?? 0),
          after: hedged.map((hour) => hour.exposure.after[asset] ?? 0),
        },
      ]),
    ),
    hedgeRatio: Object.fromEntries(
      instruments.map((name) => [name, hedged.map((hour) => hour.hedgeRatio[name] ?? null)]),
    ),
    pool: {
      price: hedged.map((hour) => hour.price),
      lower: hedged.map((hour) => hour.range?.[0] ?? null),
      upper: hedged.map((hour) => hour.range?.[1] ?? null),
    },
    costs: {
      fees: costPart("fees"),
      impact: costPart("impact"),
      funding: costPart("funding"),
      gas: costPart("gas"),
    },
    rebalances: record.rebalances,
    rejections: record.rejections,
    participants: record.participants,
  };
}

/** A report may be passed on: it names files, not where they lie on this machine. */
function withoutFolders({ prices, params, ...options }: DemoOptions): DemoOptions {
  return {
    ...options,
    report: path.basename(options.report),
    ...(prices !== undefined && { prices: path.basename(prices) }),
    ...(params !== undefined && { params: path.basename(params) }),
  };
}

/** From what a run saw to what it means. Pure. */
export function buildReport(record: RunRecord): Report {
  const times = checkHours(record);
  const { hedged, unhedged, naive } = record.hours;
  const own = record.rebalances.filter((rebalance) => rebalance.vault === "hedged");
  const naives = record.rebalances.filter((rebalance) => rebalance.vault === "naive");
  const total = (vault: VaultName, rebalances: readonly RebalanceRecord[]) =>
    rebalances.reduce((sum, rebalance) => addCosts(sum, rebalance.cost), record.otherCost[vault]);
  const reference = hourlyPnl(unhedged);
  return {
    hedgeEffectiveness: hedgeEffectiveness(hourlyPnl(hedged), reference),
    hedgeEffectivenessOracle: hedgeEffectiveness(...oraclePnl(hedged, unhedged)),
    naive: {
      hedgeEffectiveness: hedgeEffectiveness(hourlyPnl(naive), reference),
      rebalances: naives.length,
      cost: total("naive", naives),
    },
    volatility: byVault(record, (hours) => volatility(hourlyReturns(hours))),
    rebalances: own.length,
    accepted: {
      reduced: own.filter((rebalance) => rebalance.accepted === "reduced").length,
      insideLimits: own.filter((rebalance) => rebalance.accepted === "insideLimits").length,
      withoutGate: own.filter((rebalance) => rebalance.accepted === "withoutGate").length,
    },
    liquidityGap: { unhedged: liquidityGap(hedged, unhedged), naive: liquidityGap(hedged, naive) },
    rejected: countByReason(record.rejections.filter((rejection) => rejection.vault === "hedged")),
    cycles: cycleRows(record),
    cost: total("hedged", own),
    risk: riskOf(record),
    sharePrice: sharePrices(hedged),
    unhedged: sharePrices(unhedged),
    holders: record.holders,
    seconds: record.seconds,
    options: withoutFolders(record.options),
    data: seriesOf(record, times, own),
  };
}

/** What went wrong with the hedged vault at the worst. */
function riskOf({ hours: { hedged }, liquidations, published }: RunRecord): RiskReport {
  const growth = growthOf100(hedged);
  const worst = { day: worstLoss(growth, 24), fortnight: worstLoss(growth, 14 * 24) };
  const navs = hedged.flatMap(({ navOracle }, i) => (i === 0 || navOracle === null ? [] : [navOracle]));
  const margins = hedged.flatMap(({ marginRatio }) => (marginRatio === null ? [] : [marginRatio]));
  return {
    ...{ worst, published, liquidations },
    inside: published && worst.day <= published.day && worst.fortnight <= published.fortnight,
    solvent: navs.every((nav) => nav > 0) && hedged.slice(1).every((hour) => fairValue(hour) > 0),
    leastMargin: margins.length > 0 ? Math.min(...margins) : null,
  };
}

/** Token amounts are whole units of more digits than a number has. */
const bigintAsText = (_key: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);

/** Writes report.json and report.html; returns their paths. */
export function writeReport(report: Report, directory: string): { json: string; html: string } {
  mkdirSync(directory, { recursive: true });
  const json = path.join(directory, "report.json");
  const html = path.join(directory, "report.html");
  writeFileSync(json, `${JSON.stringify(report, bigintAsText, 2)}\n`);
  writeFileSync(html, renderHtml(report));
  return { json, html };
}
