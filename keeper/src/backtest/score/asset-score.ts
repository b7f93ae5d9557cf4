import type { Ledger } from "../account/ledger.js";
import type { Books } from "../account/strategies.js";
import { expectedShortfall } from "../statistics/expected-shortfall.js";
import { hedgeEffectiveness } from "../statistics/hedge-effectiveness.js";
import { maxDrawdown } from "../statistics/max-drawdown.js";

/** How well one asset was hedged; shares are of the unhedged. */
export interface Score {
  /** Hedge effectiveness before costs: 1 − E[hedged²]/E[unhedged²], hourly, on the current notional. */
  readonly he: number;
  /** The same after trading cost and funding. */
  readonly heNet: number;
  /** Σ|Δh| a day, the opening trade left out. */
  readonly turnoverPerDay: number;
  /** Share of the hourly expected shortfall (97.5%) that is gone, net. */
  readonly es975Cut: number;
  /** Share of the largest drawdown that is gone, net. */
  readonly maxDrawdownCut: number;
}

/** Scores a hedge by its books. */
export function scoreOf(books: Books, ledger: Ledger): Score {
  const { hours } = books;
  const scored = (series: Float64Array): Float64Array =>
    series.filter((_, hour) => !Number.isNaN(hours.unhedged[hour]!));
  const gross = scored(hours.unhedged);
  const bare = scored(hours.unhedged.map((value, hour) => value - hours.upkeep[hour]!));
  const net = scored(ledger.net);
  const traded = ledger.traded.reduce((sum, value) => sum + value, 0);
  return {
    he: hedgeEffectiveness(scored(ledger.gross), gross),
    heNet: hedgeEffectiveness(net, bare),
    turnoverPerDay: traded / (hours.unhedged.length / 24),
    es975Cut: 1 - expectedShortfall(net) / expectedShortfall(bare),
    maxDrawdownCut: 1 - maxDrawdown(net) / maxDrawdown(bare),
  };
}
