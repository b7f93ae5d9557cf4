import { christoffersenTests, kupiecTest } from "../../../keeper/src/model/margin/exceedance-tests.js";
import type { JudgedWindow } from "./windows.js";

const DAY = 86_400;

/** How often a quantile was exceeded by the windows that begin at one hour of the day, which do not overlap. */
export interface OffsetCoverage {
  /** Hour of the day, UTC. */
  readonly offset: number;
  readonly windows: number;
  readonly exceedances: number;
  /** p-value of Kupiec's test. */
  readonly kupiec: number;
  /** p-value of Christoffersen's test of independence. */
  readonly independence: number;
}

/** Coverage by hour of the day. */
export interface Coverage {
  readonly offsets: readonly OffsetCoverage[];
  /** Mean over all windows of what the quantile asks for, e^q − 1. */
  readonly margin: number;
}

/**
 * Judge windows of 24 hours that begin in a period, both days included.
 *
 * @param which Index of the exceedance among those that the windows know
 */
export function coverageOf(
  windows: readonly JudgedWindow[],
  which: number,
  exceedance: number,
  [from, to]: readonly [string, string],
): Coverage {
  const [first, last] = [Date.parse(from) / 1000, Date.parse(to) / 1000 + DAY];
  const inside = windows.filter(({ time }) => time >= first && time < last);
  const offsets = Array.from({ length: 24 }, (_, offset): OffsetCoverage => {
    const own = inside.filter(({ time }) => time % DAY === offset * 3_600);
    const exceeded = own.map(({ move, quantiles }) => move > quantiles[which]!);
    const exceedances = exceeded.filter(Boolean).length;
    return {
      ...{ offset, windows: own.length, exceedances },
      kupiec: kupiecTest(exceedances, own.length, exceedance).pValue,
      independence: christoffersenTests(exceeded, exceedance).independence.pValue,
    };
  });
  const margin = inside.reduce((sum, { quantiles }) => sum + Math.expm1(quantiles[which]!), 0) / inside.length;
  return { offsets, margin };
}
