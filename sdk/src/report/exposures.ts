import { mulDiv, sum } from "../math.js";
import type { AssetState } from "../state/types.js";
import { ONE, type Ratio18 } from "../units.js";
import type { ExposureLine } from "./types.js";

/** Exposures by asset, and the hedge ratio over all of them but stables. */
export function toExposures(assets: readonly AssetState[]): { exposures: ExposureLine[]; hedgeRatio: Ratio18 | null } {
  const lines = assets.map(({ address, symbol, feed, exposure, hedgeExposure }) => ({
    asset: address,
    symbol,
    isStable: feed.stableBand > 0n,
    total: exposure,
    hedge: hedgeExposure,
    unhedged: exposure - hedgeExposure,
  }));
  const risky = lines.filter(({ isStable }) => !isStable);
  const hedged = sum(risky.map(({ unhedged }) => unhedged));
  const exposures = lines.map((line) => ({
    ...line,
    hedgeRatio: line.isStable ? null : mulDiv(-line.hedge, ONE, hedged),
    ownHedgeRatio: line.isStable ? null : mulDiv(-line.hedge, ONE, line.unhedged),
  }));
  return { exposures, hedgeRatio: mulDiv(-sum(risky.map(({ hedge }) => hedge)), ONE, hedged) };
}
