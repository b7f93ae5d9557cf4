import { DAY } from "../backtest/time.js";
import { about, type Finding, percentText, roundDown, roundUp } from "./finding.js";
import { quantile } from "./quantile.js";
import type { VaultShape } from "./shape.js";
import type { Walk } from "./walk-types.js";

/** Quantiles and headroom: a limit must hold in markets a little worse than any that are known, or it stops the keeper in them. */
const UPPER = 0.99;
const HEADROOM = 1.1;
/** The gamma part goes with the variance, not with its root: a crisis doubles it at once. */
const GAMMA_HEADROOM = 2;
const LOWER = 0.01;
/** How an asset moves with its hedges changes over the years: the newest one tells. */
const RELATION = 365 * DAY;
/** More than this would ask too much of a hedge whose asset has lost its relation for a while. */
const MOST_HEDGE = 0.15;
/** From the limit on plans to the alarm. */
const ALARM_OVER_LIMIT = 7 / 6;
/** The chain takes no lower alarm. */
const ALARM_FLOOR = 0.05;

/** What the chain accepts a plan by, from what it would have measured of the vault at every grid time. */
export function gateFindings({ hedgeFloor }: VaultShape, { moments }: Walk): Finding[] {
  const hedged = moments.map((moment) => moment.hedged);
  const unhedged = moments.map((moment) => moment.unhedged);
  const gamma = moments.map((moment) => moment.gamma);
  const asked = moments.filter((moment) => moment.unhedged >= hedgeFloor);
  const all = (asked.length > 0 ? asked : moments).map((moment) => moment.removed);
  const newest = asked.filter(({ time }) => time > moments.at(-1)!.time - RELATION);
  const removed = newest.length > 0 ? newest.map((moment) => moment.removed) : all;
  const [high, naked] = [quantile(hedged, UPPER), quantile(unhedged, UPPER)];
  const volatility = roundUp(Math.max(Math.min(high * HEADROOM, naked), high), 0.01);
  const alarm = Math.max(ALARM_FLOOR, roundUp(volatility * ALARM_OVER_LIMIT, 0.01));
  const least = quantile(removed, LOWER);
  const minHedge = Math.max(0, Math.min(MOST_HEDGE, roundDown(least, 0.01)));
  const gammaHigh = quantile(gamma, 0.999);
  const seen = `over ${moments.length} grid times`;
  const capped =
    high * HEADROOM > naked
      ? `, cut to the unhedged vault's ${about(naked)}`
      : `, below the unhedged vault's ${about(naked)}`;
  return [
    {
      parameter: "limits.maxVolatility",
      value: percentText(volatility),
      why: `volatility of the hedged vault as the chain measures it: median ${about(quantile(hedged, 0.5))}, 99% quantile ${about(high)} ${seen}; with a tenth of headroom${capped}`,
    },
    {
      parameter: "publicLimits.alarmVolatility",
      value: percentText(alarm),
      why: `a sixth above what plans may leave: strangers act only where the keeper could not`,
    },
    {
      parameter: "limits.minHedge",
      value: percentText(minHedge),
      why: `the keeper's hedge removed ${about(least)} of the variance or more at 99% of the newest year's grid times, by the chain's measure (median ${about(quantile(removed, 0.5))}; ${about(quantile(all, LOWER))} over all years)${least > MOST_HEDGE ? `; not more than ${about(MOST_HEDGE, 0)}, so that a hedge passes also while its asset has lost its relation` : ", rounded down"}`,
    },
    {
      parameter: "limits.maxGammaVolatility",
      value: percentText(roundUp(gammaHigh * GAMMA_HEADROOM, 0.01)),
      why: `√(gamma part)/NAV: median ${about(quantile(gamma, 0.5))}, 99.9% quantile ${about(gammaHigh)} ${seen}; twice that, since it grows with the variance itself`,
    },
  ];
}
