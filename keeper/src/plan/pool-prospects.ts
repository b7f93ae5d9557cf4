import type { KeeperConfig } from "../config.js";
import { betas } from "../model/beta.js";
import { bandTurnoverCost, type LiquidityIncome } from "../model/collateral/net-income.js";
import { type PoolRisk, poolCovariance, ratioCovariance } from "../model/collateral/pool-risk.js";
import { amountsForLiquidity } from "../model/liquidity-math.js";
import { breakEvenFeeApr } from "../model/lvr.js";
import { sqrtRatioAtTick } from "../model/tick-math.js";
import { type Book, oracleSqrtPrice, worth } from "./book.js";
import { driftVolatility } from "./drift.js";
import { bandHalfWidth } from "./no-trade-band.js";
import { rangeAround } from "./range.js";
import { isStable, type Situation } from "./situation.js";
import { costShare } from "./trade.js";

const YEAR = 365 * 86_400;
const LIQUIDITY_UNIT = 10n ** 24n;

/** What a dollar in a leg's pool is worth having; `income` is null where its fees are not known yet. */
export interface PoolProspect {
  readonly leg: string;
  readonly risk: PoolRisk;
  readonly income: LiquidityIncome | null;
}

/** The prospects of all pools for a range around the oracle's price, and the covariance of a dollar in each after its hedge. */
export interface PoolProspects {
  readonly pools: readonly PoolProspect[];
  readonly covariance: readonly (readonly number[])[];
}

/**
 * What the forecast says of the vault's pools.
 *
 * @param covariance By asset
 * @param size Of each position, USD: that much liquidity shares the pool's fees
 */
export function poolProspects(
  situation: Situation,
  book: Book,
  covariance: readonly (readonly number[])[],
  size: number,
  config: KeeperConfig,
): PoolProspects {
  const { state, pools } = situation;
  const stable = state.assets.map(isStable);
  const markets = marketsByAsset(situation, book, config);
  const hedges = [...markets.keys()];
  const ratios = betas(covariance, hedges);
  const { rangeFactor } = config.liquidity;
  const prospects = Object.entries(book.pools).map(([leg, { indices }]): PoolProspect => {
    const [i, j] = indices;
    // In the middle of [P/r, P·r] half of the value is in each token, and c = P²·V'' is −1/(4(1 − r^−½)) of it.
    const exposure = stable.map((isCash, asset): number => (!isCash && (asset === i || asset === j) ? 0.5 : 0));
    const c = -1 / (4 * (1 - 1 / Math.sqrt(rangeFactor)));
    const risk = { exposure, gamma: { c, i, j } };
    const feeRate = pools[leg]!.feeRate;
    if (feeRate === null) return { leg, risk, income: null };
    const volatility = Math.sqrt(Math.max(0, ratioCovariance(risk.gamma, risk.gamma, covariance)));
    const costs = hedges.map((hedge, h) => {
      const beta = ratios.map((row) => row[h]!);
      const short = exposure.reduce((sum, usd, asset) => sum + usd * beta[asset]!, 0);
      const { kappa, rate } = markets.get(hedge)!;
      const nu = driftVolatility(exposure, [risk.gamma], beta, hedge, covariance);
      const sigma = Math.sqrt(covariance[hedge]![hedge]!);
      const band = { kappa, nu, gamma: config.hedge.riskAversion, sigma };
      return { carry: short * rate, rehedging: bandTurnoverCost(kappa, nu, bandHalfWidth(band)) };
    });
    return {
      ...{ leg, risk },
      income: {
        fees: feeRate * liquidityPerUsd(situation, book, leg, config) * dilution(situation, book, leg, size, config),
        lvr: breakEvenFeeApr(rangeFactor, volatility),
        carry: costs.reduce((sum, { carry }) => sum + carry, 0),
        rehedging: costs.reduce((sum, { rehedging }) => sum + rehedging, 0),
      },
    };
  });
  const horizon = Number(state.limits.horizon) / YEAR;
  return {
    pools: prospects,
    covariance: poolCovariance(
      prospects.map(({ risk }) => risk),
      covariance,
      hedges,
      horizon,
    ),
  };
}

/** What trading and holding one dollar of short costs, by the asset that it shorts: at the cheapest venue that can be traded. */
function marketsByAsset(
  { funding, state }: Situation,
  book: Book,
  { hedge }: KeeperConfig,
): Map<number, { kappa: number; rate: number }> {
  const found = new Map<number, { kappa: number; rate: number }>();
  if (hedge.policy === "none") return found;
  const nav = Number(state.portfolio.nav) / 1e18;
  for (const [leg, { positions }] of Object.entries(book.hedges)) {
    for (const { market, asset, quote } of positions) {
      if (quote === null) continue;
      const kappa = costShare(quote, Math.max(1, hedge.minTrade * nav));
      const rate = funding[leg]?.[market]?.rate ?? 0;
      const known = found.get(asset);
      if (known === undefined || kappa < known.kappa) found.set(asset, { kappa, rate });
    }
  }
  return found;
}

/** Units of liquidity that a dollar makes in a range around the oracle's price. */
function liquidityPerUsd({ state, pools }: Situation, book: Book, leg: string, { liquidity }: KeeperConfig): number {
  const { indices } = book.pools[leg]!;
  const oracle = oracleSqrtPrice(book, indices);
  const range = rangeAround(oracle, liquidity.rangeFactor, pools[leg]!.tickSpacing, Number(state.limits.minRangeWidth));
  const [lower, upper] = [sqrtRatioAtTick(range.tickLower), sqrtRatioAtTick(range.tickUpper)];
  const { amount0, amount1 } = amountsForLiquidity(oracle, lower, upper, LIQUIDITY_UNIT, false);
  const usd = Number(worth(book, indices[0], amount0) + worth(book, indices[1], amount1)) / 1e18;
  return Number(LIQUIDITY_UNIT) / usd;
}

/** Part of the fees of a unit of liquidity that is left once the vault's position has that size instead of its own. */
function dilution(situation: Situation, book: Book, leg: string, size: number, config: KeeperConfig): number {
  const { sqrtPriceX96, tickLower, tickUpper, liquidity, poolLiquidity } = book.pools[leg]!;
  const inRange = sqrtPriceX96 >= sqrtRatioAtTick(tickLower) && sqrtPriceX96 < sqrtRatioAtTick(tickUpper);
  const others = Number(inRange ? poolLiquidity - liquidity : poolLiquidity);
  const all = others + size * liquidityPerUsd(situation, book, leg, config);
  return all > 0 ? Number(poolLiquidity) / all : 0;
}
