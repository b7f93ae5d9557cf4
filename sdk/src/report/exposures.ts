import { mulDiv, sum } from "../math.js";
import type { VaultState } from "../state/types.js";
import { ONE, type Ratio18 } from "../units.js";
import type { ExposureLine } from "./types.js";

/** Exposures by asset, and the hedge ratio over all of them but stables. */
export interface Exposures {
  /** Empty while prices are bad. */
  exposures: ExposureLine[];
  /** −hedge exposure over hedged exposure, all assets but stables; null where nothing is hedged. */
  hedgeRatio: Ratio18 | null;
}

/**
 * What moves the vault by asset, with and without its hedge legs, and how much of it is hedged.
 *
 * @example
 * const { exposures, hedgeRatio } = exposuresOf(await vault.readState());
 */
export function exposuresOf({ assets, nav }: Pick<VaultState, "assets" | "nav">): Exposures {
  const lines = (nav.ok ? assets : []).map(({ address, symbol, feed, exposure, hedgeExposure }) => ({
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
