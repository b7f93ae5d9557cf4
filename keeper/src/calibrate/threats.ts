import type { KeeperConfig } from "../config.js";
import type { Situation } from "../plan/situation.js";
import type { PriceHistory } from "../stress/price-history.js";
import type { ReplayResult } from "../stress/replay.js";
import { replaysOf } from "../stress/replays.js";
import { runGroups, worstScenario } from "../stress/run-groups.js";
import { LIQUIDATION_PENALTY, type StressBase } from "../stress/run-scenario.js";
import { marketOf } from "../stress/stress-market.js";
import type { StressOptions, WorstCase as WorstOutcome } from "../stress/stress-report.js";
import { stressVault } from "../stress/stress-vault.js";
import { type DeployedVault, type Deployment, deployedVault, type Place } from "./deployed-vault.js";
import type { History } from "./history.js";
import type { VaultShape } from "./shape.js";
import { DAY_HOURS, FORTNIGHT_HOURS, type Threat, worstLoss } from "./worst-case.js";

const PLACES: Readonly<Record<Place, string>> = {
  centre: "fully deployed, the price at the centre of its range",
  lower: "fully deployed, the price at the lower edge of its range",
  upper: "fully deployed, the price at the upper edge of its range",
};

/** What is known where threats are weighed. */
export interface ThreatInputs {
  readonly shape: VaultShape;
  /** Of which the events are replayed. */
  readonly history: History;
  /** The keeper's, with the margin that it will keep. */
  readonly config: KeeperConfig;
  /** Until a margin top-up has landed. */
  readonly latencyHours: number;
}

/**
 * What the stress scenarios take from a vault as its parameters deploy it, with the price at the centre and at both edges of its range; and what
 * the known events within the history would have taken from it had nothing but margin been moved. Gaps through the range are from its centre: one
 * from edge to edge would be a jump by the square of the range's factor.
 */
export function deployedThreats(inputs: ThreatInputs, deployment: Deployment): Threat[] {
  const { shape, history } = inputs;
  const prices = pricesOf(shape, history);
  const options = optionsOf(inputs);
  return (Object.keys(PLACES) as Place[]).flatMap((place) => {
    const vault = deployedVault(shape, deployment, place);
    const base = baseOf(shape, vault, place);
    const scenario = worstScenario(runGroups(base, prices).groups);
    const { replays } = replaysOf(base, options, { covariance: vault.forecast.covariance, reserved: 0n });
    return threatsOf(scenario, replays, PLACES[place]);
  });
}

/**
 * The same of a vault on-chain, with what it holds now.
 *
 * @throws KeeperError where one of its prices is not usable
 */
export function standingThreats(inputs: ThreatInputs, situation: Situation): Threat[] {
  const { worst, replays } = stressVault(situation, optionsOf(inputs));
  return threatsOf(worst.scenario, replays, "with what the vault holds now");
}

function optionsOf({ shape, history, config, latencyHours }: ThreatInputs): StressOptions {
  return { config, prices: pricesOf(shape, history), topUpLatency: latencyHours, maintenance: shape.maintenance };
}

function threatsOf(scenario: WorstOutcome | null, replays: readonly ReplayResult[], where: string): Threat[] {
  return [
    ...(scenario === null
      ? []
      : [{ name: `the scenario "${scenario.name}", ${where}`, day: scenario.loss, fortnight: scenario.loss }]),
    ...replays.map(({ name, path }) => {
      const nav = path.hedged.map((gained) => 1 + gained);
      const [day, fortnight] = [worstLoss(nav, DAY_HOURS), worstLoss(nav, FORTNIGHT_HOURS)];
      return { name: `${name} without a trade, ${where}`, day, fortnight };
    }),
  ];
}

function baseOf(shape: VaultShape, { book, forecast }: DeployedVault, place: Place): StressBase {
  const { assets, maintenance, horizon, hedgeFloor } = shape;
  const names = { symbols: assets.map(({ symbol }) => symbol), stable: assets.map(({ stable }) => stable) };
  const market = marketOf(book, names, forecast.covariance);
  return {
    ...{ book, market: place === "centre" ? market : { ...market, ranges: [] } },
    covariance: { from: "forecast", matrices: [forecast.covariance] },
    terms: Object.keys(book.hedges).map((leg) => ({ leg, venue: leg, maintenance, told: true })),
    limits: { horizon: BigInt(horizon), hedgeFloor: BigInt(Math.round(hedgeFloor * 1e18)) },
    liquidationPenalty: LIQUIDATION_PENALTY,
  };
}

/** The history as the stress test reads it: nothing after its end. */
function pricesOf({ assets }: VaultShape, { start, rows, prices }: History): PriceHistory {
  return {
    tables: [
      { grid: { start, length: rows }, columns: new Map(assets.map(({ series }, i) => [series, prices[i]!] as const)) },
    ],
    columns: Object.fromEntries(assets.map(({ symbol, series }) => [symbol, series])),
  };
}
