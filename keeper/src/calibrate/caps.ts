import { edgeValues } from "../model/lp-greeks.js";
import { about, type Finding, percentText, roundUp } from "./finding.js";
import type { DayForecast } from "./forecasts.js";
import { quantile } from "./quantile.js";
import type { VaultShape } from "./shape.js";
import type { Walk, WalkChoices } from "./walk-types.js";

const HEADROOM = 1.1;
/** The chain's ceilings. */
const GROSS_CEILING = 3;
const ASSET_CEILING = 3;
/** What one venue may hold at the most where it may fail, share of NAV, unless the margin for a full hedge is more. */
export const MOST_VENUE = 0.6;

/** Dollars of short that a dollar of the pool's assets needed, the 99.5% quantile: what the split between pool and margin reckons with. */
export function hedgePerExposure({ assets, pool }: VaultShape, forecasts: readonly DayForecast[]): number {
  const risky = [pool.asset, pool.quote].filter((asset) => !assets[asset]!.stable);
  const needed = forecasts.map(({ betas }) =>
    Math.max(...risky.map((asset) => betas[asset]!.reduce((sum, beta) => sum + Math.max(0, beta), 0))),
  );
  return roundUp(quantile(needed, 0.995), 0.05);
}

/** Caps on shorts, assets and venues, from the most that the hedge needed where the position's exposure is greatest. */
export function capFindings({ assets, pool }: VaultShape, walk: Walk, choices: WalkChoices): Finding[] {
  const edges = edgeValues(choices.rangeFactor);
  const atEdge = walk.share * Math.max(edges.lower, assets[pool.quote]!.stable ? 0 : edges.upper);
  const gross = Math.max(...walk.moments.map((moment) => moment.gross));
  const largest = Math.max(...walk.moments.map((moment) => moment.largest));
  const needed = Math.max(gross, atEdge * choices.hedgePerExposure);
  const maxGross = Math.min(GROSS_CEILING, roundUp(needed * HEADROOM, 0.05));
  const asset = Math.max(largest, atEdge);
  const margin = needed * choices.marginTarget;
  const venue = Math.min(1, roundUp(Math.min(Math.max(margin * HEADROOM, 0.05), MOST_VENUE), 0.05));
  return [
    {
      parameter: "keeper.margin.hedgePerExposure",
      value: choices.hedgePerExposure,
      why: "the betas of the pool's asset on all hedges together, 99.5% quantile over the days, rounded up",
    },
    {
      parameter: "limits.maxGross",
      value: percentText(maxGross),
      why: `the shorts were ${about(gross)} of NAV at the most; at the worse edge of the range ${about(atEdge)} of NAV is exposed and needs ${about(atEdge * choices.hedgePerExposure)}; a tenth of headroom`,
    },
    {
      parameter: "limits.maxAsset",
      value: percentText(Math.min(ASSET_CEILING, roundUp(asset * HEADROOM, 0.05))),
      why: `exposure to one asset was ${about(largest)} of NAV at the most, and is ${about(atEdge)} at the worse edge of the range; a tenth of headroom`,
    },
    {
      parameter: "limits.maxVenue",
      value: percentText(venue),
      why: `what a failing venue may take: margin at its target for shorts of ${about(needed)} of NAV is ${about(margin)}; a tenth of headroom, not more than ${about(MOST_VENUE, 0)}`,
    },
  ];
}
