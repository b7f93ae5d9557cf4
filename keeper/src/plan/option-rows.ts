import { optionGreeks } from "../model/options/black-scholes.js";
import type { PairSensitivity } from "./own-sensitivities.js";
import type { HedgeInstrument, HedgeLimits } from "./program/hedge-program.js";
import type { OptionMarket } from "./situation.js";

/** What options could do about a vault's gamma and vega. */
export interface OptionInputs {
  readonly options: readonly OptionMarket[];
  readonly gammas: readonly PairSensitivity[];
  readonly vegas: readonly PairSensitivity[];
  readonly covariance: readonly (readonly number[])[];
  /** USD by asset. */
  readonly prices: readonly number[];
  /** Unix seconds. */
  readonly now: number;
  /** Least gamma and vega, USD, below zero; null for no limit. */
  readonly least: { readonly gamma: number | null; readonly vega: number | null };
  readonly symbols: readonly string[];
}

/** Options as instruments of the hedge program, the limits that they make reachable, and what to say about it. */
export interface OptionRows {
  /** By instrument. */
  readonly markets: readonly OptionMarket[];
  readonly instruments: readonly HedgeInstrument[];
  readonly limits: Pick<HedgeLimits, "gamma" | "vega">;
  readonly notes: readonly string[];
}

const YEAR = 365 * 86_400;
/** Part of what can be reached that is asked for: rounding must not make a limit one that cannot be kept. */
const REACH = 1 - 1e-6;
const usd = (value: number): string => `${value < 0 ? "-" : ""}$${Math.abs(value).toFixed(0)}`;

/**
 * Options and the limits on gamma and vega. A position in an option is in USD of its value: it costs half its spread to trade, spread over
 * its life, its theta to hold (what its gamma earns is not counted, as what the liquidity's gamma loses is not: options are bought for a
 * limit, or where their delta alone is worth that), and its price in capital. Against the gamma of another asset it counts as its equivalent
 * β²S_A²Γ_A does, of which the part ρ² can be removed: the options on the asset with the largest ρ² are used. A limit below what they
 * reach is drawn at what they reach, and said.
 */
export function optionRows(inputs: OptionInputs): OptionRows {
  const { options, gammas, vegas, covariance, now, least, symbols } = inputs;
  const live = options.filter(({ expiry }) => expiry > now);
  const reachOf = (asset: number): number => creditOf(gammas, asset, covariance, "gamma").reach;
  const vegaReach = (asset: number): number => creditOf(vegas, asset, covariance, "vega").reach;
  const assets = [...new Set(live.map(({ asset }) => asset))];
  const asset = assets.sort((p, q) => reachOf(q) - reachOf(p) || vegaReach(q) - vegaReach(p))[0];
  const credits = {
    gamma: asset === undefined ? NONE : creditOf(gammas, asset, covariance, "gamma"),
    vega: asset === undefined ? NONE : creditOf(vegas, asset, covariance, "vega"),
  };
  const markets = live.filter((one) => one.asset === asset);
  const notes: string[] = [];
  const limitOf = (kind: "gamma" | "vega", sensitivities: readonly PairSensitivity[]) => {
    const lower = least[kind];
    if (lower === null) return {};
    const own = sensitivities.reduce((sum, one) => sum + one.usd, 0);
    const name = kind === "gamma" ? "hedge.maxGamma" : "hedge.maxVega";
    if (own < lower && markets.length === 0) {
      notes.push(
        `a ${kind} of ${usd(own)} breaks ${name}'s ${usd(lower)}, and nothing that can be traded has any: less liquidity or a wider range has less`,
      );
      return {};
    }
    const reached = own * (1 - REACH * credits[kind].reach);
    if (lower <= reached) return { [kind]: { own, lower } };
    notes.push(
      `options on ${symbols[asset!]} reach ${(100 * credits[kind].reach).toFixed(0)}% of a ${kind} of ${usd(own)}: it stays at ${usd(reached)}, beyond ${name}'s ${usd(lower)}`,
    );
    return { [kind]: { own, lower: reached } };
  };
  const limits = { ...limitOf("gamma", gammas), ...limitOf("vega", vegas) };
  return { markets, instruments: markets.map((one) => instrumentOf(one, inputs, credits)), limits, notes };
}

function instrumentOf(
  option: OptionMarket,
  { covariance, prices, now }: OptionInputs,
  credits: Record<"gamma" | "vega", Credit>,
): HedgeInstrument {
  const { asset, name, expiry, volatility, held, quote } = option;
  const spot = prices[asset]!;
  const time = (expiry - now) / YEAR;
  const greeks = optionGreeks({ ...option, time }, { spot, volatility });
  const price = quote === null ? greeks.price : (quote.bid + quote.ask) / 2;
  return {
    ...{ name, side: "long", fixed: quote === null, current: held * price, margin: 1 },
    loading: covariance.map((_, index) => (index === asset ? (spot * greeks.delta) / price : 0)),
    ...{ cost: quote === null ? 0 : (quote.ask - quote.bid) / 2 / price, costHorizon: time },
    funding: -greeks.theta / price,
    gamma: (credits.gamma.factor * spot * spot * greeks.gamma) / price,
    vega: (credits.vega.factor * greeks.vega) / price,
  };
}

/** What an option's sensitivity counts against those of pools. */
interface Credit {
  /** Largest share of them that it can remove. */
  readonly reach: number;
  /** What one USD of its own counts. */
  readonly factor: number;
}

const NONE: Credit = { reach: 0, factor: 0 };

/**
 * With β and ρ of a pool's ratio on the asset, β²·c of an option's gamma moves as a pool's c does as far as they correlate; of vegas, whose
 * volatilities are taken to move in proportion, it is ρ²·σ_ratio/σ_asset. That much counts as ρ² of the pool's.
 */
function creditOf(
  own: readonly PairSensitivity[],
  asset: number,
  covariance: readonly (readonly number[])[],
  kind: "gamma" | "vega",
): Credit {
  let [total, removed, equivalent] = [0, 0, 0];
  const variance = covariance[asset]![asset]!;
  for (const { pair, usd: amount } of own) {
    const [i, j] = pair;
    const ratio = covariance[i]![i]! + covariance[j]![j]! - 2 * covariance[i]![j]!;
    const shared = covariance[asset]![i]! - covariance[asset]![j]!;
    if (!(ratio > 0 && variance > 0)) continue;
    const rho2 = Math.min(1, (shared * shared) / (ratio * variance));
    const size = Math.abs(amount);
    total += size;
    removed += rho2 * size;
    equivalent += rho2 * size * (kind === "gamma" ? ratio / variance : Math.sqrt(ratio / variance));
  }
  return equivalent > 0 ? { reach: removed / total, factor: removed / equivalent } : NONE;
}
