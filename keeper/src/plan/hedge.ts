import type { KeeperConfig } from "../config.js";
import { betas } from "../model/beta.js";
import { type Book, perpEquity } from "./book.js";
import { driftVolatility, gammasInUsd } from "./drift.js";
import type { Measured } from "./measure-book.js";
import { type Instrument, minVarianceHedge } from "./min-variance.js";
import { bandHalfWidth, insideBand } from "./no-trade-band.js";

/** A market of a hedge leg, with its position in dollars. */
export interface Market {
  readonly leg: string;
  readonly market: string;
  readonly asset: number;
  /** Base tokens, 1e18, negative for a short. */
  readonly size: bigint;
  /** USD, negative for a short. */
  readonly current: number;
}

/** Where the hedge shall go. */
export interface HedgeTarget extends Market {
  /** USD, never positive. */
  readonly target: number;
}

/** What the hedge is chosen from. */
export interface HedgeInputs {
  readonly book: Book;
  readonly measured: Measured;
  /** By asset: exposure to it needs no hedge. */
  readonly stable: readonly boolean[];
  readonly covariance: readonly (readonly number[])[] | null;
  /** Largest sum of shorts, USD. */
  readonly gross: number;
  /** False to go to the optimum itself. */
  readonly banded: boolean;
  /** The naive policy's asset. */
  readonly naiveAsset: number;
}

/** Every market of every hedge leg. */
export function marketsOf(book: Book): Market[] {
  return Object.entries(book.perps).flatMap(([leg, perp]) =>
    perp.positions.map(({ market, asset, size }) => ({
      leg,
      market,
      asset,
      size,
      current: Number((size * book.prices[asset]!) / 10n ** 18n) / 1e18,
    })),
  );
}

/** Exposures without the hedge, USD by asset; stables count as cash. */
export function unhedgedExposure(measured: Measured, stable: readonly boolean[]): number[] {
  return measured.exposure.map((value, asset) =>
    stable[asset] ? 0 : Number(value - measured.hedgeExposure[asset]!) / 1e18,
  );
}

/** The shorts that the configured policy wants. */
export function hedgeTargets(inputs: HedgeInputs, config: KeeperConfig): HedgeTarget[] {
  const markets = marketsOf(inputs.book);
  const exposure = unhedgedExposure(inputs.measured, inputs.stable);
  switch (config.hedge.policy) {
    case "none":
      return markets.map((market) => ({ ...market, target: 0 }));
    case "naive":
      return naiveTargets(markets, exposure, inputs, config);
    case "minVariance":
      return minVarianceTargets(markets, exposure, inputs, config);
  }
}

function naiveTargets(markets: Market[], exposure: number[], inputs: HedgeInputs, config: KeeperConfig): HedgeTarget[] {
  const total = Math.min(
    inputs.gross,
    Math.max(
      0,
      exposure.reduce((sum, usd) => sum + usd, 0),
    ),
  );
  const chosen = markets.find(({ asset }) => asset === inputs.naiveAsset);
  return markets.map((market) => {
    if (market !== chosen) return { ...market, target: 0 };
    const halfWidth = inputs.banded ? config.hedge.naiveBand * total : 0;
    return { ...market, target: insideBand(market.current, -total, halfWidth, "centre") };
  });
}

function minVarianceTargets(
  markets: Market[],
  exposure: number[],
  inputs: HedgeInputs,
  config: KeeperConfig,
): HedgeTarget[] {
  const { covariance, gross, measured, banded } = inputs;
  if (covariance === null) return markets.map((market) => ({ ...market, target: market.current }));
  const nav = Number(measured.nav) / 1e18;
  const gammas = gammasInUsd(measured.gammas);
  const assets = [...new Set(markets.map(({ asset }) => asset))];
  const ratios = betas(covariance, assets);
  const { tradeCost: kappa, riskAversion: gamma } = config.hedge;
  const bands = assets.map((asset, column) => {
    const beta = ratios.map((row) => row[column]!);
    const nu = driftVolatility(exposure, gammas, beta, asset, covariance) / nav;
    return banded ? nav * bandHalfWidth({ kappa, nu, gamma, sigma: Math.sqrt(covariance[asset]![asset]!) }) : 0;
  });
  const instruments: Instrument[] = markets.map(({ asset, current }) => ({
    asset,
    current,
    band: bands[assets.indexOf(asset)]!,
    cap: gross,
  }));
  const hedge = minVarianceHedge({ exposure, covariance, instruments, gross, aversion: gamma / nav });
  return markets.map((market, index) => ({ ...market, target: hedge[index]! }));
}

/** Own capital of all hedge legs and the settlement tokens at hand, USD. */
export function capitalFor(book: Book): number {
  const equity = Object.values(book.perps).reduce((sum, perp) => sum + perpEquity(book, perp).equity, 0n);
  const scale = 10n ** BigInt(18 - book.decimals[book.settlement]!);
  return Number(equity + book.idle[book.settlement]! * scale) / 1e18;
}
