import { normalCdf } from "../../model/normal.js";
import { varianceOfMean } from "./long-run-variance.js";

export interface DieboldMariano {
  /** Asymptotically standard normal; negative where the first loss is the lower one. Zero where both are the same. */
  readonly statistic: number;
  /** Of both sides. */
  readonly pValue: number;
}

/**
 * Test of equal predictive loss, with a variance that allows for autocorrelation (Diebold & Mariano 1995; Newey & West 1987).
 *
 * @param losses In the order of time, both of the same rows
 * @param lag Last autocovariance that counts
 */
export function dieboldMariano(losses: ArrayLike<number>, others: ArrayLike<number>, lag = 10): DieboldMariano {
  if (losses.length !== others.length) throw new RangeError("the losses must be of the same rows");
  const n = losses.length;
  const differences = Float64Array.from({ length: n }, (_, i) => losses[i]! - others[i]!);
  const mean = differences.reduce((sum, value) => sum + value / n, 0);
  const variance = varianceOfMean(differences, lag);
  if (!(variance > 0)) return { statistic: 0, pValue: 1 };
  const statistic = mean / Math.sqrt(variance);
  return { statistic, pValue: 2 * normalCdf(-Math.abs(statistic)) };
}
