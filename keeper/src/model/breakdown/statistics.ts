import { Cusum } from "./cusum.js";
import { fisherStatistic } from "./fisher.js";
import { brokenCorrelation, correlationLogRatio } from "./lr-cusum.js";
import { ReferenceCorrelation } from "./reference-correlation.js";
import { ResidualRatio } from "./residual-ratio.js";
import { type Statistics, thresholdsAt } from "./thresholds.js";
import { WindowCorrelation } from "./window-correlation.js";

/** Window of the Fisher statistic, hours. */
const WINDOW = 48;
/** What is left of the beta in the break that the beta's sum looks for. */
const WEAKER = 0.25;
/** Below this reference there is no relation that could break. */
const LEAST_REFERENCE = 0.1;

/** What an hour says about the relation. */
export interface Measured {
  /** ρ0 */
  readonly reference: number;
  readonly statistics: Statistics;
  /** Statistics over their thresholds: at one or above, an alarm. */
  readonly levels: Statistics;
}

/** The statistics of breaks, hour by hour, from standardised returns. */
export class BreakStatistics {
  readonly #reference = new ReferenceCorrelation();
  readonly #window = new WindowCorrelation(WINDOW);
  #ratio = new ResidualRatio();
  #correlationCusum = new Cusum();
  #betaCusum = new Cusum();
  readonly #thresholds: (reference: number) => Statistics;

  constructor(thresholds = thresholdsAt) {
    this.#thresholds = thresholds;
  }

  /** @returns Null while there is no reference, or none that could break: sums begin anew after that */
  next(asset: number, hedge: number): Measured | null {
    const reference = this.#reference.next(asset, hedge);
    this.#window.add(asset, hedge);
    if (reference === null || reference < LEAST_REFERENCE) {
      this.#ratio = new ResidualRatio();
      this.#correlationCusum = new Cusum();
      this.#betaCusum = new Cusum();
      return null;
    }
    const estimate = this.#window.correlation;
    const most = this.#thresholds(reference);
    const correlationRatio = correlationLogRatio(asset, hedge, reference, brokenCorrelation(reference));
    const betaRatio = this.#ratio.next(asset, hedge, reference, WEAKER * reference);
    const statistics = {
      fisher: estimate === null ? 0 : fisherStatistic(reference, estimate, WINDOW),
      correlationCusum: this.#correlationCusum.add(correlationRatio, most.correlationCusum),
      betaCusum: this.#betaCusum.add(betaRatio, most.betaCusum),
    };
    const levels = {
      fisher: statistics.fisher / most.fisher,
      correlationCusum: statistics.correlationCusum / most.correlationCusum,
      betaCusum: statistics.betaCusum / most.betaCusum,
    };
    return { reference, statistics, levels };
  }
}
