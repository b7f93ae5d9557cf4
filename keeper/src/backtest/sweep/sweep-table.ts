import { alignColumns, percent, plain } from "../../report/index.js";
import { nameOf, type PointResult } from "./run-sweep.js";

const HEADER = ["point", "method", "HE", "net", "beyond naive", "of static", "turnover/d", "ES cut", "worst"];

/** A sweep's results as a table of text, the best first: the default method of each point. */
export function sweepTable(results: readonly PointResult[]): string {
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
    ]);
  return alignColumns([HEADER, ...rows]);
}
