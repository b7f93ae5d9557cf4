import { alignColumns, percent, plain } from "../../report/index.js";
import type { Summary } from "../score/summary.js";
import { nameOf, type PointResult } from "./run-sweep.js";

const HEADER = ["point", "method", "HE", "net", "beyond naive", "of static", "turnover/d", "ES cut", "worst"];

/** Added where some point has margin accounts: liquidations of all assets, top-ups of one. */
const MARGIN_HEADER = ["liquidations", "top-ups", "margin"];

/** A sweep's results as a table of text, the best first: the default method of each point. */
export function sweepTable(results: readonly PointResult[]): string {
  const margined = results.some(({ summary }) => summary.margin !== undefined);
  const rows = [...results]
    .map(({ point, summary }) => ({ point, summary, score: summary.pooled[summary.default]! }))
    .sort((a, b) => b.score.heNet - a.score.heNet)
    .map(({ point, summary, score }) => [
      nameOf(point),
      summary.default,
      percent(score.he, 2),
      percent(score.heNet, 2),
      plain(score.beyondNaive.mean * 100),
      percent(score.he / summary.static.he),
      plain(score.turnoverPerDay, 3),
      percent(score.es975Cut),
      percent(score.worstHe),
      ...(margined ? marginCells(summary.margin) : []),
    ]);
  return alignColumns([[...HEADER, ...(margined ? MARGIN_HEADER : [])], ...rows]);
}

function marginCells(margin: Summary["margin"]): string[] {
  if (margin === undefined) return MARGIN_HEADER.map(() => "");
  const liquidations = Object.values(margin.assets).reduce((sum, one) => sum + one.liquidations, 0);
  return [plain(liquidations, 0), plain(margin.mean.topUps, 1), percent(margin.mean.meanMargin)];
}
