import type { Cell, ReportTable } from "../export/table.js";
import { type ColumnOf, column, tableOf } from "../export/tableOf.js";
import { mulDiv } from "../math.js";
import type { VaultLayout } from "../state/layout.js";
import { ONE } from "../units.js";
import type { HedgeEffectiveness } from "./effectiveness.js";
import type { Holding } from "./holding/holding.js";
import type { Statement, StatementEnd, StatementLine } from "./holding/statementTypes.js";
import { PROFIT_PARTS, type ProfitPart } from "./profit/parts.js";
import type { ProfitReport } from "./profit/types.js";
import type { SharePricePoint } from "./yield/sharePrice.js";
import type { YieldReport } from "./yield/yield.js";

const PARTS = Object.keys(PROFIT_PARTS) as ProfitPart[];

const place = <R extends { blockNumber: number; timestamp: number }>(): ColumnOf<R>[] => [
  column("integer", "block", "block", ({ blockNumber }) => blockNumber),
  column("time", "time", "time", ({ timestamp }) => timestamp),
];
const period = <R extends { from: { timestamp: number }; to: { timestamp: number } }>(): ColumnOf<R>[] => [
  column("time", "from", "from", ({ from }) => from.timestamp),
  column("time", "to", "to", ({ to }) => to.timestamp),
];

/** Share prices, a row a moment. */
export function sharePriceTable(points: readonly SharePricePoint[]): ReportTable {
  return tableOf("Share price after fees", points, [
    ...place<SharePricePoint>(),
    column("usd", "share_price", "share price", ({ sharePrice }) => sharePrice?.mid ?? null),
    column("usd", "low", "low", ({ sharePrice }) => sharePrice?.low ?? null),
    column("usd", "high", "high", ({ sharePrice }) => sharePrice?.high ?? null),
    column("usd", "nav", "NAV", ({ nav }) => nav?.mid ?? null),
    column("shares", "supply", "shares", ({ supplyWithFees }) => supplyWithFees),
    column("text", "source", "source", ({ source }) => source),
  ]);
}

/** A yield, a row for each of after and before fees. */
export function yieldTable({ from, to, net, gross, managementFee, performanceFee }: YieldReport): ReportTable {
  const rows = [
    { basis: "after fees", from, to, ...net, managementFee, performanceFee },
    { basis: "before fees", from, to, ...gross, managementFee: 0n, performanceFee: 0n },
  ];
  return tableOf("Yield of a share", rows, [
    column("text", "basis", "", ({ basis }) => basis),
    ...period<(typeof rows)[number]>(),
    column("ratio", "total", "total", ({ total }) => total),
    column("ratio", "simple", "a year, simple", ({ simple }) => simple),
    column("ratio", "compounded", "a year, compounded", ({ compounded }) => compounded),
    column("ratio", "management_fee", "management fee", (row) => row.managementFee),
    column("ratio", "performance_fee", "performance fee", (row) => row.performanceFee),
  ]);
}

/** Where profit came from, a row a figure: NAV before, flows, every part, NAV after, and what the holders had of it. */
export function profitTable(report: ProfitReport): ReportTable {
  const { flows, holders, parts } = report;
  const rows: (readonly [figure: string, amount: bigint, meaning: string])[] = [
    ["navBefore", report.navBefore, "NAV at the beginning"],
    ["deposits", flows.deposits, "came in"],
    ["exits", -flows.exits, "went out in kind"],
    ["settlements", -flows.settlements, "set aside for claims"],
    ...PARTS.map((part) => [part, parts[part], PROFIT_PARTS[part]] as const),
    ["navAfter", report.navAfter, "NAV at the end: the sum of all above"],
    ["profit", report.profit, "the sum of the parts"],
    ["spreadGained", holders.spreadGained, "what flows left to the other holders"],
    ["managementFees", -holders.managementFees, "shares minted for the management fee"],
    ["performanceFees", -holders.performanceFees, "shares minted for the performance fee"],
    ["holdersProfit", holders.profit, "profit and the three above"],
  ];
  return tableOf(`Profit of ${report.vault} from block ${report.from.number} to ${report.to.number}`, rows, [
    column("text", "figure", "", ([figure]) => figure),
    column("usd", "amount", "amount", ([, amount]) => amount),
    column("text", "meaning", "meaning", ([, , meaning]) => meaning),
  ]);
}

/** Profits of periods that follow one another, a row a period. */
export function profitSeriesTable(reports: readonly ProfitReport[]): ReportTable {
  return tableOf("Profit by period", reports, [
    ...period<ProfitReport>(),
    column("usd", "nav_after", "NAV", ({ navAfter }) => navAfter),
    column("usd", "profit", "profit", ({ profit }) => profit),
    ...PARTS.map((part) => column("usd", part, part, ({ parts }: ProfitReport) => parts[part])),
  ]);
}

/** Realised hedge effectiveness, one row. */
export function effectivenessTable(figures: HedgeEffectiveness): ReportTable {
  return tableOf(
    "Realised hedge effectiveness",
    [figures],
    [
      ...period<HedgeEffectiveness>(),
      column("ratio", "effectiveness", "effectiveness", ({ effectiveness }) => effectiveness),
      column("ratio", "standard_error", "standard error", ({ standardError }) => standardError),
      column("integer", "samples", "samples", ({ samples }) => samples),
      column("usd", "hedged_deviation", "deviation, hedged", ({ hedgedDeviation }) => hedgedDeviation),
      column("usd", "unhedged_deviation", "unhedged", ({ unhedgedDeviation }) => unhedgedDeviation),
    ],
  );
}

/** Shares and worth of a holding, a row a figure. */
export function holdingTable(holding: Holding): ReportTable {
  const { usd, ofSupply, inKind, claimableUsd } = holding;
  const ofNav = usd && inKind && mulDiv(inKind.usd ?? 0n, ONE, usd.mid);
  const rows: (readonly [figure: string, shares: Cell, worth: Cell, ofAll: Cell])[] = [
    ["in the account", holding.balance, null, null],
    ["waiting in the queue", holding.pending, null, null],
    ["filled, to be claimed", holding.claimable, claimableUsd, null],
    ["all, at the NAV", holding.balance + holding.pending, usd?.mid ?? null, ofSupply],
    ["all, at the low side of its band", null, usd?.low ?? null, null],
    ["shares, by leaving in kind", null, inKind?.usd ?? null, ofNav],
  ];
  return tableOf(`Holding of ${holding.account} at block ${holding.block.number}`, rows, [
    column("text", "figure", "", ([figure]) => figure),
    column("shares", "shares", "shares", ([, shares]) => shares),
    column("usd", "worth", "worth", ([, , worth]) => worth),
    column("ratio", "of", "of all", ([, , , ofAll]) => ofAll),
  ]);
}

type StatementRow = Pick<StatementLine, "blockNumber" | "timestamp" | "usd" | "sharesAfter" | "costAfter"> & {
  kind: string;
  line?: StatementLine;
};

const endRow = (kind: string, { block, usd, shares, cost }: StatementEnd): StatementRow => ({
  ...{ kind, blockNumber: block.number, timestamp: block.timestamp },
  ...{ usd: usd?.mid ?? null, sharesAfter: shares, costAfter: cost },
});

/** The lines of a statement, opening and closing included; tokens have a column each. */
export function statementTable(statement: Statement, { assets }: Pick<VaultLayout, "assets">): ReportTable {
  const { account, lines, opening, closing } = statement;
  const moved = assets.filter(({ address }) => lines.some(({ tokens }) => tokens[address] !== undefined));
  const rows = [
    endRow("opening", opening),
    ...lines.map((line): StatementRow => ({ ...line, line })),
    endRow("closing", closing),
  ];
  return tableOf(`Statement of ${account}`, rows, [
    ...place<StatementRow>(),
    column("text", "kind", "", ({ kind }) => kind),
    column("shares", "shares", "shares", ({ line }) => line?.shares ?? null),
    column("shares", "change", "change", ({ line }) => line?.change ?? null),
    ...moved.map(({ address, symbol, decimals }) => ({
      ...column("token", `amount_${symbol}`, symbol, ({ line }: StatementRow) => line?.tokens[address] ?? null),
      ...{ decimals, unit: symbol },
    })),
    column("usd", "worth", "worth", ({ usd }) => usd),
    column("usd", "realised", "realised", ({ line }) => line?.realised ?? null),
    column("shares", "shares_after", "shares after", ({ sharesAfter }) => sharesAfter),
    column("usd", "cost_after", "cost after", ({ costAfter }) => costAfter),
    column("text", "counterparty", "with", ({ line }) => line?.counterparty ?? null),
    column("text", "transaction", "transaction", ({ line }) => line?.transactionHash ?? null),
  ]);
}
