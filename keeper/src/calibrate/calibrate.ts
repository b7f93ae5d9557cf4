import { HOUR } from "../backtest/time.js";
import type { KeeperConfig, KeeperConfigInput } from "../config.js";
import { KeeperError } from "../errors.js";
import { parseConfig } from "../parse-config.js";
import type { Situation } from "../plan/situation.js";
import { capFindings, hedgePerExposure } from "./caps.js";
import { chainMoments } from "./chain-moments.js";
import { feedRounds } from "./feed-rounds.js";
import type { Finding } from "./finding.js";
import { dayForecasts } from "./forecasts.js";
import { gateFindings } from "./gate-limits.js";
import { haircutFindings } from "./haircuts.js";
import { chooseSampling, oracleParams } from "./half-lives.js";
import type { History } from "./history.js";
import { marginFindings } from "./margin-need.js";
import { RANGE_FACTORS, rangeFindings } from "./range.js";
import { RISK_AVERSIONS, riskPriceFindings } from "./risk-price.js";
import type { VaultShape } from "./shape.js";
import { deployedThreats, standingThreats } from "./threats.js";
import { floorFindings, quietVariances, varianceFloors } from "./variance-floors.js";
import { walkVault } from "./vault-walk.js";
import type { Walk, WalkChoices } from "./walk-types.js";
import { type WorstCase, worstCaseOf } from "./worst-case.js";

/** What is assumed where prices do not tell. */
export interface Assumptions {
  /** Hours until a margin top-up has landed. */
  readonly latencyHours: number;
  /** Fees a year, share of the value of a position of the keeper's present factor; left out where unknown. */
  readonly fees?: number;
  /** The vault on-chain, for what may happen to what it holds; left out where it holds nothing. */
  readonly standing?: Situation;
}

/** A vault's parameters with their reasons. */
export interface Calibration {
  readonly findings: readonly Finding[];
  readonly worstCase: WorstCase;
  /** The last walk: with everything as it was chosen. */
  readonly walk: Walk;
}

/** Parts of the work, for progress. */
export const STAGES = 4 + RANGE_FACTORS.length + RISK_AVERSIONS.length;

/**
 * Derives a vault's parameters from the history of its assets. Deterministic: no clock, no randomness.
 *
 * @param base The keeper's configuration for everything that is not derived
 * @param onStage Called after each of STAGES
 * @throws KeeperError where the history does not suffice
 */
export function calibrate(
  shape: VaultShape,
  history: History,
  assumed: Assumptions,
  base: KeeperConfigInput = {},
  onStage: (name: string) => void = () => {},
): Calibration {
  const config = parseConfig(base);
  const rounds = shape.assets.map((asset, i) => feedRounds(history.prices[i]!, history.start, asset));
  const quiet = quietVariances(shape, history);
  const { sampling, findings: sampled } = chooseSampling(shape, history, rounds, quiet);
  onStage("half-lives");
  const floors = varianceFloors(shape, quiet, sampling.gridStep);
  const end = history.start + history.rows * HOUR;
  const moments = chainMoments(oracleParams(shape, floors, sampling, history.start), rounds, end);
  onStage("the chain's covariance");
  const forecasts = dayForecasts(shape, rounds, withGrid(config, sampling.gridStep));
  onStage("the keeper's forecasts");
  if (moments.length === 0 || forecasts.length === 0) {
    throw new KeeperError(
      "The prices have too many gaps to be measured on.",
      "Give prices that are known by the hour.",
    );
  }
  const { ratios, findings: margin } = marginFindings(shape, history, assumed.latencyHours);
  const inputs = { shape, history, forecasts, moments };
  const choices: WalkChoices = {
    rangeFactor: config.liquidity.rangeFactor,
    recentreAt: config.liquidity.recentreAt,
    maxShare: config.liquidity.maxShare,
    riskAversion: config.hedge.riskAversion,
    marginTarget: ratios.target,
    marginLow: ratios.low,
    hedgePerExposure: hedgePerExposure(shape, forecasts),
  };
  const walked = <T>(values: readonly T[], choose: (value: T) => Partial<WalkChoices>, name: string): Walk[] =>
    values.map((value) => {
      const walk = walkVault(inputs, { ...choices, ...choose(value) });
      onStage(`${name} ${value}`);
      return walk;
    });
  const factors = walked(RANGE_FACTORS, (rangeFactor) => ({ rangeFactor }), "range factor");
  const range = rangeFindings(shape, factors, assumed.fees, config.liquidity.rangeFactor);
  const placed = { ...choices, rangeFactor: range.factor };
  const bands = walked(
    RISK_AVERSIONS,
    (riskAversion) => ({ riskAversion, rangeFactor: range.factor }),
    "risk aversion",
  );
  const price = riskPriceFindings(bands);
  const chosen = { ...placed, riskAversion: price.aversion };
  const walk = walkVault(inputs, chosen);
  onStage("limits");
  const deployment = {
    ...{ choices: chosen, share: walk.share, forecasts },
    prices: history.known.map((series) => series.at(-1)!),
  };
  const { low, target, high } = ratios;
  const threatened = {
    ...{ shape, history, latencyHours: assumed.latencyHours },
    config: { ...config, margin: { ...config.margin, low, target, high } },
  };
  const threats = [
    ...deployedThreats(threatened, deployment),
    ...(assumed.standing === undefined ? [] : standingThreats(threatened, assumed.standing)),
  ];
  return {
    findings: [
      ...floorFindings(shape, quiet, sampling.gridStep),
      ...sampled,
      ...gateFindings(shape, walk),
      ...margin,
      ...capFindings(shape, walk, chosen),
      ...haircutFindings(shape, history),
      ...range.findings,
      ...price.findings,
    ],
    worstCase: worstCaseOf(walk, threats),
    walk,
  };
}

/** The keeper's model with the chain's grid step. */
function withGrid(config: KeeperConfig, gridStep: number): KeeperConfig {
  return { ...config, model: { ...config.model, gridHours: gridStep / HOUR } };
}
