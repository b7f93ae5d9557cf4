import type { KeeperConfig } from "../config.js";
import { betas } from "../model/beta.js";
import type { Forecast } from "../model/forecaster.js";
import type { Book } from "./book.js";
import { cyclesOf } from "./cycles.js";
import { unhedgedExposure } from "./hedge.js";
import { isStable, type Situation } from "./situation.js";

/** What a plan does otherwise in a crash, in dry markets, and while an asset may no longer move with its hedges. */
export interface Precautions {
  /** Factor on the margin buffers, 1 or more. */
  readonly marginBuffer: number;
  /** The guards' part of it: shorts of what may no longer move with them are cut for it, a crash cuts none. */
  readonly guardBuffer: number;
  /** True where the sum of the shorts must not grow but with what is to be hedged. */
  readonly frozen: boolean;
  /** True where no liquidity is added and no range is made anew. */
  readonly noNewLiquidity: boolean;
  /** In words. */
  readonly reasons: readonly string[];
}

/**
 * Margin buffers in a crash, over the usual. What a short of ETH and BTC stood to lose within a day, in 99% of cases, was 1.5 times as much in
 * crashes as at calm times from 2019 to March 2021, and 1.9 times from then to August 2024.
 */
const CRASH_MARGIN = 1.5;

const percent = (value: number): string => `${(value * 100).toFixed(0)}%`;

/**
 * What the market and the guards of the assets that the vault is exposed to ask for. A crash asks for wider margin and no new liquidity: what
 * ranges lose grows with the variance, which was five times the calm one in the day ahead. Dry markets ask for no new liquidity, which would
 * need a hedge that they do not take; that is prudence, as no depths of the past are known to measure it on. Where the policy follows no model there is nothing to be cautious about.
 */
export function precautionsFor(situation: Situation, config: KeeperConfig): Precautions {
  const { forecast } = situation;
  const none = { marginBuffer: 1, guardBuffer: 1, frozen: false, noNewLiquidity: false, reasons: [] };
  if (forecast === null || config.hedge.policy !== "minVariance") return none;
  const { market, liquidity, words } = cyclesOf(situation);
  const guarded = guardPrecautions(situation, forecast, config);
  const crash = market?.regime === "crash";
  const dry = liquidity === "dry";
  const reasons: string[] = [];
  if (crash) {
    reasons.push(`${words[0]}: margin is ${CRASH_MARGIN} times as wide, and no liquidity is added`);
  }
  if (dry) {
    reasons.push(`${words[1]}: no liquidity is added`);
  }
  return {
    marginBuffer: Math.max(crash ? CRASH_MARGIN : 1, guarded.marginBuffer),
    guardBuffer: guarded.marginBuffer,
    frozen: guarded.frozen,
    noNewLiquidity: crash || dry,
    reasons: [...reasons, ...guarded.reasons],
  };
}

/**
 * The widest of the margin buffers of the guards of exposed assets, and a freeze where one of them freezes. Exposed means in a pool that the vault
 * provides liquidity to, or held by more than the smallest trade.
 */
function guardPrecautions(
  { state }: Situation,
  forecast: Forecast,
  { hedge }: KeeperConfig,
): Pick<Precautions, "marginBuffer" | "frozen" | "reasons"> {
  const pooled = state.legs.flatMap((leg) => (leg.kind === "liquidity" ? leg.indices : []));
  const exposure = unhedgedExposure(state.portfolio, state.assets.map(isStable));
  const least = (hedge.minTrade * Number(state.portfolio.nav)) / 1e18;
  const alarmed = forecast.guards.flatMap((guard, asset) => {
    const exposed = pooled.includes(asset) || Math.abs(exposure[asset]!) > least;
    return exposed && guard?.state?.alarmed ? [{ guard, belief: guard.state.belief, asset }] : [];
  });
  const frozen = ({ guard }: (typeof alarmed)[number]): boolean => guard.most !== null;
  return {
    marginBuffer: Math.max(1, ...alarmed.map(({ guard }) => guard.marginBuffer)),
    frozen: alarmed.some(frozen),
    reasons: alarmed.map((one) => {
      const { guard, belief, asset } = one;
      const growth = frozen(one) ? ", and shorts do not grow but with what they hedge" : "";
      return `${state.assets[asset]!.symbol} may no longer move with its hedges (${percent(belief.holds)} that it does): ${percent(guard.cut)} of its hedge is cut, margin is ${guard.marginBuffer} times as wide${growth}`;
    }),
  };
}

/** The configuration with wider margin buffers. Low, target and high keep their order. */
export function withMarginBuffer(config: KeeperConfig, factor: number): KeeperConfig {
  const { low, target, high } = config.margin;
  return { ...config, margin: { ...config.margin, low: low * factor, target: target * factor, high: high * factor } };
}

/**
 * The most that the shorts may add up to while they are frozen, USD: what is held, or what the forecast's betas ask for against today's
 * exposures if that is more. A guard keeps the betas from adding up to more than at its alarm, so that this grows only with what is to be
 * hedged, and a vault that begins during an alarm is not left without a hedge. It bounds hedges by the chain's matrices too, which no guard has
 * cut.
 */
export function frozenGross(book: Book, exposure: readonly number[], { covariance, hedges }: Forecast): number {
  const held = Object.values(book.hedges).flatMap(({ positions }) =>
    positions.map(({ asset, size }) => Math.abs(Number((size * book.prices[asset]!) / 10n ** 18n)) / 1e18),
  );
  const ratios = betas(covariance, hedges);
  const asked = hedges.map((_, j) =>
    Math.max(
      0,
      exposure.reduce((sum, usd, asset) => sum + usd * ratios[asset]![j]!, 0),
    ),
  );
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return Math.max(sum(held), sum(asked));
}
