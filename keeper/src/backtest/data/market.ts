import type { RoundSeries } from "./read-rounds.js";
import type { Table } from "./table.js";

/** Everything a backtest is run on. */
export interface Market {
  /** Spot, hourly closes. */
  readonly prices: Table;
  /** Perps, hourly closes; a hedge without a column here is a spot short. */
  readonly perps?: Table;
  /** Rates settled by the stamp, paid by longs where positive. */
  readonly funding?: Table;
  /** Oracle rounds by asset: where they are given, betas are learnt from nothing else. */
  readonly rounds?: ReadonlyMap<string, RoundSeries>;
}
