import type { Cell, Column, ReportTable } from "../export/table.js";
import { mulDiv } from "../math.js";
import type { VaultLayout } from "../state/layout.js";
import { ONE } from "../units.js";
import type { HedgeEffectiveness } from "./effectiveness.js";
import type { Holding } from "./holding/holding.js";
import type { Statement } from "./holding/statementTypes.js";
import { PROFIT_PARTS, type ProfitPart } from "./profit/parts.js";
import type { ProfitReport } from "./profit/types.js";
import type { SharePricePoint } from "./yield/sharePrice.js";
import type { YieldReport } from "./yield/yield.js";

const column = (key: string, title: string, kind: Column["kind"], rest: Partial<Column> = {}): Column => ({
  ...{ key, title, kind },
  ...rest,
});
const FIGURE = column("figure", "", "text");
const PLACE = [column("block", "block", "integer"), column("time", "time", "time")];

/** Share prices, a row a moment. */
export function sharePriceTable(points: readonly SharePricePoint[]): ReportTable {
  return {
    title: "Share price after fees",
    columns: [
      ...PLACE,
      column("share_price", "share price", "usd"),
      column("low", "low", "usd"),
      column("high", "high", "usd"),
      column("nav", "NAV", "usd"),
      column("supply", "shares", "shares"),
      column("source", "source", "text"),
    ],
    rows: points.map(({ blockNumber, timestamp, sharePrice, nav, supplyWithFees, source }) => [
      ...[blockNumber, timestamp, sharePrice?.mid ?? null, sharePrice?.low ?? null, sharePrice?.high ?? null],
      ...[nav?.mid ?? null, supplyWithFees, source],
    ]),
  };
}

/** A yield, a row for each of after and before fees. */
export function yieldTable({ from, to, net, gross, managementFee, performanceFee }: YieldReport): ReportTable {
  return {
    title: "Yield of a share",
    columns: [
      column("basis", "", "text"),
      column("from", "from", "time"),
      column("to", "to", "time"),
      column("total", "total", "ratio"),
      column("simple", "a year, simple", "ratio"),
      column("compounded", "a year, compounded", "ratio"),
      column("management_fee", "management fee", "ratio"),
      column("performance_fee", "performance fee", "ratio"),
    ],
    rows: [
      [
        "after fees",
        from.timestamp,
        to.timestamp,
        net.total,
        net.simple,
        net.compounded,
        managementFee,
        performanceFee,
      ],
      ["before fees", from.timestamp, to.timestamp, gross.total, gross.simple, gross.compounded, 0n, 0n],
    ],
  };
}

/** Where profit came from, a row a figure: NAV before, flows, every part, NAV after, and what the holders had of it. */
export function profitTable(report: ProfitReport): ReportTable {
  const { flows, holders, parts } = report;
  const rows: [string, bigint, string][] = [
    ["navBefore", report.navBefore, "NAV at the beginning"],
    ["deposits", flows.deposits, "came in"],
    ["exits", -flows.exits, "went out in kind"],
    ["settlements", -flows.settlements, "set aside for claims"],
    ...(Object.keys(PROFIT_PARTS) as ProfitPart[]).map((part): [string, bigint, string] => [
      part,
      parts[part],
      PROFIT_PARTS[part],
    ]),
    ["navAfter", report.navAfter, "NAV at the end: the sum of all above"],
    ["profit", report.profit, "the sum of the parts"],
    ["spreadGained", holders.spreadGained, "what flows left to the other holders"],
    ["managementFees", -holders.managementFees, "shares minted for the management fee"],
    ["performanceFees", -holders.performanceFees, "shares minted for the performance fee"],
    ["holdersProfit", holders.profit, "profit and the three above"],
  ];
  return {
    title: `Profit of ${report.vault} from block ${report.from.number} to ${report.to.number}`,
    columns: [FIGURE, column("amount", "amount", "usd"), column("meaning", "meaning", "text")],
    rows,
  };
}

/** Profits of periods that follow one another, a row a period. */
export function profitSeriesTable(reports: readonly ProfitReport[]): ReportTable {
  const parts = Object.keys(PROFIT_PARTS) as ProfitPart[];
  return {
    title: "Profit by period",
    columns: [
      column("from", "from", "time"),
      column("to", "to", "time"),
      column("nav_after", "NAV", "usd"),
      column("profit", "profit", "usd"),
      ...parts.map((part) => column(part, part, "usd")),
    ],
    rows: reports.map(({ from, to, navAfter, profit, parts: values }) => [
      ...[from.timestamp, to.timestamp, navAfter, profit],
      ...parts.map((part) => values[part]),
    ]),
  };
}

/** Realised hedge effectiveness, one row. */
export function effectivenessTable(figures: HedgeEffectiveness): ReportTable {
  return {
    title: "Realised hedge effectiveness",
    columns: [
      column("from", "from", "time"),
      column("to", "to", "time"),
      column("effectiveness", "effectiveness", "ratio"),
      column("standard_error", "standard error", "ratio"),
      column("samples", "samples", "integer"),
      column("hedged_deviation", "deviation, hedged", "usd"),
      column("unhedged_deviation", "unhedged", "usd"),
    ],
    rows: [
      [
        ...[figures.from.timestamp, figures.to.timestamp, figures.effectiveness, figures.standardError],
        ...[figures.samples, figures.hedgedDeviation, figures.unhedgedDeviation],
      ],
    ],
  };
}

/** Shares and worth of a holding, a row a figure. */
export function holdingTable(holding: Holding): ReportTable {
  const { usd, ofSupply, inKind, claimableUsd } = holding;
  return {
    title: `Holding of ${holding.account} at block ${holding.block.number}`,
    columns: [
      FIGURE,
      column("shares", "shares", "shares"),
      column("worth", "worth", "usd"),
      column("of", "of all", "ratio"),
    ],
    rows: [
      ["in the account", holding.balance, null, null],
      ["waiting in the queue", holding.pending, null, null],
      ["filled, to be claimed", holding.claimable, claimableUsd, null],
      ["all, at the NAV", holding.balance + holding.pending, usd?.mid ?? null, ofSupply],
      ["all, at the low side of its band", null, usd?.low ?? null, null],
      [
        "shares, by leaving in kind",
        null,
        inKind?.usd ?? null,
        usd && inKind && mulDiv(inKind.usd ?? 0n, ONE, usd.mid),
      ],
    ],
  };
}

/** The lines of a statement, opening and closing included; tokens have a column each. */
export function statementTable(statement: Statement, { assets }: Pick<VaultLayout, "assets">): ReportTable {
  const moved = assets.filter(({ address }) => statement.lines.some(({ tokens }) => tokens[address] !== undefined));
  const none: Cell[] = moved.map(() => null);
  const end = (kind: string, { block, shares, usd, cost }: Statement["opening"]): Cell[] => [
    ...[block.number, block.timestamp, kind, null, null, ...none, usd?.mid ?? null, null, shares, cost, null, null],
  ];
  return {
    title: `Statement of ${statement.account}`,
    columns: [
      ...PLACE,
      column("kind", "", "text"),
      column("shares", "shares", "shares"),
      column("change", "change", "shares"),
      ...moved.map(({ symbol, decimals }) => column(`amount_${symbol}`, symbol, "token", { decimals, unit: symbol })),
      column("worth", "worth", "usd"),
      column("realised", "realised", "usd"),
      column("shares_after", "shares after", "shares"),
      column("cost_after", "cost after", "usd"),
      column("counterparty", "with", "text"),
      column("transaction", "transaction", "text"),
    ],
    rows: [
      end("opening", statement.opening),
      ...statement.lines.map((line): Cell[] => [
        ...[line.blockNumber, line.timestamp, line.kind, line.shares, line.change],
        ...moved.map(({ address }) => line.tokens[address] ?? null),
        ...[line.usd, line.realised, line.sharesAfter, line.costAfter, line.counterparty, line.transactionHash],
      ]),
      end("closing", statement.closing),
    ],
  };
}
