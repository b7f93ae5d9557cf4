import { betas } from "../model/beta.js";
import type { StressMarket, StressRange } from "../model/stress/scenario.js";
import { sqrtRatioAtTick } from "../model/tick-math.js";
import { type Book, oracleSqrtPrice } from "../plan/book.js";
import { type ChainCovariance, chainCovariance, covarianceRows } from "../plan/gate.js";
import { isStable, type Situation } from "../plan/situation.js";

/** Annualised covariances by asset, as rows: what the chain measures by, or the keeper's forecast where the chain does not measure. */
export interface BaseCovariance {
  readonly from: "chain" | "forecast";
  readonly matrices: readonly (readonly (readonly number[])[])[];
}

/** What volatilities are measured by; null where nobody knows any. */
export function baseCovariance({ state, forecast }: Situation): BaseCovariance | null {
  const chain = chainCovariance(state);
  if (chain !== null) return { from: "chain", matrices: [covarianceRows(chain.fast), covarianceRows(chain.slow)] };
  return forecast === null ? null : { from: "forecast", matrices: [forecast.covariance] };
}

/** The same as the chain's measure takes it; the larger of the two counts. */
export function asChain(matrices: readonly (readonly (readonly number[])[])[]): ChainCovariance {
  return { fast: matrices[0]!.flat(), slow: matrices.at(-1)!.flat() };
}

/** What scenarios are made for. Betas are the forecast's, else the chain's, else one on the first hedge. */
export function stressMarket(situation: Situation, book: Book): StressMarket {
  const { assets } = situation.state;
  const names = { symbols: assets.map(({ symbol }) => symbol), stable: assets.map(isStable) };
  return marketOf(book, names, betaCovariance(situation));
}

/**
 * The same of any book.
 *
 * @param names By asset
 * @param covariance Annualised, by asset, that betas are taken from; null for a beta of one on the first hedge
 */
export function marketOf(
  book: Book,
  { symbols, stable }: Pick<StressMarket, "symbols" | "stable">,
  covariance: readonly (readonly number[])[] | null,
): StressMarket {
  const hedges = hedgesOf(book).filter((asset) => !stable[asset]);
  const ones = stable.map((one) => hedges.map((_, index) => (index === 0 && !one ? 1 : 0)));
  return {
    symbols,
    stable,
    settlement: book.settlement,
    hedges,
    betas: covariance === null ? ones : betas(covariance, hedges),
    ranges: rangesOf(book),
  };
}

/** The covariance that betas are taken from; null where there is none. */
export function betaCovariance(situation: Situation): readonly (readonly number[])[] | null {
  return situation.forecast?.covariance ?? baseCovariance(situation)?.matrices.at(-1) ?? null;
}

/** Assets that have a market in a hedge leg, ascending. */
function hedgesOf({ hedges }: Book): number[] {
  const markets = Object.values(hedges).flatMap(({ positions }) => positions.map(({ asset }) => asset));
  return [...new Set(markets)].sort((a, b) => a - b);
}

function rangesOf(book: Book): StressRange[] {
  return Object.values(book.pools).flatMap((pool) => {
    if (pool.liquidity === 0n) return [];
    const now = oracleSqrtPrice(book, pool.indices);
    const over = (tick: number): number => (Number(sqrtRatioAtTick(tick)) / Number(now)) ** 2;
    return [{ indices: pool.indices, toLower: over(pool.tickLower), toUpper: over(pool.tickUpper) }];
  });
}
