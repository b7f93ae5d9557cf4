import type { Market } from "../data/market.js";
import type { Inputs, Settings } from "../options.js";
import { runBacktest } from "../run/run-backtest.js";
import type { Summary } from "../score/summary.js";

/** What a worker gets: the market is shared memory. */
export interface PointJob {
  readonly market: Market;
  readonly inputs: Inputs;
  readonly settings: Settings;
}

/** One point's backtest, in a worker. */
export async function pointJob({ market, inputs, settings }: PointJob): Promise<Summary> {
  return (await runBacktest(market, inputs, settings, { threads: 0 })).scores.summary;
}
