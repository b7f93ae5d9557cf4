import { deltaGammaVariance } from "../model/covariance-oracle.js";
import type { ChainMoment } from "./chain-moments.js";
import type { VaultShape } from "./shape.js";
import type { WalkMoment } from "./walk-types.js";

/** What a vault holds: USD by asset without shorts, and by hedge, negative; the pool's dollar gamma. */
interface Held {
  readonly shape: VaultShape;
  readonly value: number;
  readonly own: readonly number[];
  readonly shorts: readonly number[];
  /** Where the shorts would be without a band. */
  readonly targets: readonly number[];
  readonly c: number;
}

/** The vault by the Rebalancer's measure, the larger variance under the oracle's two matrices, in shares of its NAV. */
export function measureMoment(moment: ChainMoment, { shape, value, own, shorts, targets, c }: Held): WalkMoment {
  const { assets, pool, hedges, horizon } = shape;
  const gammas = c === 0 ? [] : [{ c, i: pool.asset, j: pool.quote }];
  const withShorts = (usd: readonly number[]): number[] => {
    const result = [...own];
    hedges.forEach(({ asset }, j) => {
      result[asset]! += usd[j]!;
    });
    return result;
  };
  const after = withShorts(shorts);
  const variance = (exposure: readonly number[]) => {
    const fast = deltaGammaVariance(moment.fast, exposure, gammas, horizon);
    const slow = deltaGammaVariance(moment.slow, exposure, gammas, horizon);
    return slow.total > fast.total ? slow : fast;
  };
  const [hedged, unhedged] = [variance(after), variance(own)];
  const volatile = (exposure: readonly number[]): number[] => exposure.filter((_, asset) => !assets[asset]!.stable);
  const sum = (values: readonly number[]): number => values.reduce((total, usd) => total + Math.abs(usd), 0);
  return {
    time: moment.time,
    hedged: Math.sqrt(hedged.total) / value,
    unhedged: Math.sqrt(unhedged.total) / value,
    gamma: Math.sqrt(hedged.gammaPart) / value,
    removed: unhedged.total > 0 ? 1 - variance(withShorts(targets)).total / unhedged.total : 0,
    gross: sum(shorts) / value,
    largest: Math.max(0, ...volatile(after).map(Math.abs)) / value,
    exposure: sum(volatile(own)) / value,
  };
}
