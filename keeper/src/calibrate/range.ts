import { breakEvenFeeApr } from "../model/lvr.js";
import { about, type Finding, roundDown } from "./finding.js";
import type { VaultShape } from "./shape.js";
import type { Walk } from "./walk-types.js";

/** Half-widths that are tried: the range is price/factor to price·factor. */
export const RANGE_FACTORS = [1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.4, 1.5, 1.75, 2];
/** The chain takes no narrower least width. */
const RANGE_WIDTH_FLOOR = 20;
/** Where no fees are given: a pool that is worth being in pays so much of what its liquidity loses. */
const FEES_PER_LOSS = 1.25;
/** Share of the new ranges that the loss budget may leave unpaid. */
const UNPAID = 0.01;
const TICK_BASE = Math.log(1.0001);

/** A factor's year, shares of the position's value. */
interface Year {
  readonly factor: number;
  readonly fees: number;
  readonly costs: number;
  /** Of the NAV. */
  readonly net: number;
  /** Share of its new ranges that the loss budget did not pay for. */
  readonly unpaid: number;
}

/**
 * The range's width. Fees and the loss versus rebalancing both grow with concentration, as 1/(1 − r^(−½)) (Milionis et al. 2022); what new ranges and
 * the hedge cost grows faster. The width chosen is the one that left most, the least allowed that where fees covered everything.
 *
 * @param walks The vault with each of RANGE_FACTORS
 * @param given Fees a year of a position with the reference factor, or undefined for FEES_PER_LOSS of the measured loss
 * @param reference Factor that the keeper has now
 */
export function rangeFindings(
  { pool, lossBudget }: VaultShape,
  walks: readonly Walk[],
  given: number | undefined,
  reference: number,
): { readonly factor: number; readonly findings: readonly Finding[] } {
  // Concentration relative to the full range: the volatility cancels out.
  const concentration = (factor: number): number => breakEvenFeeApr(factor, 1);
  const nearest = RANGE_FACTORS.reduce(
    (best, f, i) => (Math.abs(f - reference) < Math.abs(RANGE_FACTORS[best]! - reference) ? i : best),
    0,
  );
  const lost = walks[nearest]!.cost.lvr;
  const assumed =
    given === undefined
      ? { apr: FEES_PER_LOSS * lost, factor: RANGE_FACTORS[nearest]! }
      : { apr: given, factor: reference };
  const years = RANGE_FACTORS.map((factor, i): Year => {
    const { cost, share, recentres, unpaid } = walks[i]!;
    const fees = (assumed.apr * concentration(factor)) / concentration(assumed.factor);
    const costs = cost.lvr + cost.recentring + cost.hedging;
    return { factor, fees, costs, net: share * (fees - costs), unpaid: recentres === 0 ? 0 : unpaid / recentres };
  });
  const payable = years.filter(({ unpaid }) => unpaid <= UNPAID);
  const allowed = payable.length > 0 ? payable : years.slice(-1);
  const best = allowed.reduce((most, year) => (year.net > most.net ? year : most));
  const narrowest = allowed.find(({ net }) => net >= 0) ?? best;
  const width = Math.max(RANGE_WIDTH_FLOOR, roundDown((2 * Math.log(narrowest.factor)) / TICK_BASE, pool.tickSpacing));
  const source =
    given === undefined
      ? `no --fee-apr is given: ${FEES_PER_LOSS} times the loss versus rebalancing measured at ${assumed.factor}, ${about(assumed.apr, 0)} a year`
      : `${about(given, 0)} a year at ${reference}, as given`;
  const table = years
    .map(({ factor, fees, costs, unpaid }) => `${factor}: ${about(fees, 0)} − ${about(costs, 0)} (${about(unpaid, 0)})`)
    .join(", ");
  const ends = `Fees assumed: ${source}. A year's fees less costs by factor, and the new ranges that the loss budget of ${about(lossBudget)} left unpaid: ${table}`;
  const note = best.net < 0 ? "; at no width do these fees cover the costs, and the least loss was taken" : "";
  return {
    factor: best.factor,
    findings: [
      {
        parameter: "keeper.liquidity.rangeFactor",
        value: best.factor,
        why: `of the factors that the loss budget pays for it left most, ${about(best.net)} of NAV a year after what new ranges, the hedge and the loss versus rebalancing cost${note}. ${ends}`,
      },
      {
        parameter: "limits.minRangeWidth",
        value: width,
        why: `factor ${narrowest.factor}: the narrowest of those tried that the loss budget pays for and whose fees covered its costs; down to the pool's spacing of ${pool.tickSpacing}`,
      },
    ],
  };
}
