import { DAY } from "../backtest/time.js";
import type { KeeperConfig } from "../config.js";
import { configuredForecaster } from "../configured-forecaster.js";
import { betas } from "../model/beta.js";
import type { OracleRound } from "../model/rounds.js";
import type { VaultShape } from "./shape.js";

/** What the keeper would have forecast on one day, from what was known before it. */
export interface DayForecast {
  /** Unix seconds. */
  readonly time: number;
  /** By asset, 1.0 = 100%² a year. */
  readonly covariance: readonly (readonly number[])[];
  /** By asset, then hedge: USD of the hedge that moves with one USD of the asset. */
  readonly betas: readonly (readonly number[])[];
}

/** The keeper's own forecast at each midnight of these rounds, by the model that it is configured with. */
export function dayForecasts(
  { assets, hedges }: VaultShape,
  rounds: readonly (readonly OracleRound[])[],
  config: KeeperConfig,
): DayForecast[] {
  const instruments = hedges.map(({ asset }) => asset);
  const stable = assets.map((asset) => asset.stable);
  const forecaster = configuredForecaster(stable, instruments, config);
  const places = rounds.map(() => 0);
  const first = Math.min(...rounds.map(([round]) => round?.updatedAt ?? Number.POSITIVE_INFINITY));
  const last = Math.max(...rounds.map((history) => history.at(-1)?.updatedAt ?? 0));
  const forecasts: DayForecast[] = [];
  for (let time = Math.ceil(first / DAY) * DAY; time <= last; time += DAY) {
    forecaster.add(
      rounds.map((history, i) => {
        const from = places[i]!;
        let to = from;
        while (to < history.length && history[to]!.updatedAt < time) to++;
        places[i] = to;
        return history.slice(from, to);
      }),
    );
    const forecast = forecaster.forecast();
    if (forecast === null) continue;
    const { covariance } = forecast;
    forecasts.push({ time, covariance, betas: betas(covariance, instruments) });
  }
  return forecasts;
}
