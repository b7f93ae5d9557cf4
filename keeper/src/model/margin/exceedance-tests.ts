import { KeeperError } from "../../errors.js";
import { normalCdf } from "../normal.js";

/** A likelihood-ratio test. */
export interface TestResult {
  /** Asymptotically chi-squared. */
  readonly statistic: number;
  readonly pValue: number;
}

/** Tests of a quantile by when it was exceeded. */
export interface ChristoffersenTests {
  /** That an exceedance says nothing of the next window; one degree of freedom. */
  readonly independence: TestResult;
  /** That, and that they are as many as they should be; two degrees of freedom. */
  readonly conditional: TestResult;
}

/**
 * That a quantile is exceeded as often as it says, too seldom being as wrong as too often (Kupiec 1995): LR = −2·ln[(1−p)^(n−x)·p^x] +
 * 2·ln[(1−x/n)^(n−x)·(x/n)^x], one degree of freedom.
 *
 * @param exceedances x
 * @param windows n, which do not overlap
 * @param probability p
 * @throws KeeperError if these are no counts, or p is not between 0 and 1
 */
export function kupiecTest(exceedances: number, windows: number, probability: number): TestResult {
  if (!(windows >= 1 && exceedances >= 0 && exceedances <= windows && probability > 0 && probability < 1)) {
    throw new KeeperError(
      `${exceedances} of ${windows} windows exceed a quantile of ${probability}.`,
      "Give counts, at least one window, and a probability between 0 and 1.",
    );
  }
  const statistic =
    2 * (logLikelihood(exceedances, windows, exceedances / windows) - logLikelihood(exceedances, windows, probability));
  return oneDegree(Math.max(0, statistic));
}

/**
 * That exceedances do not come together (Christoffersen 1998).
 *
 * @param exceeded By window, in the order of time
 * @throws KeeperError for fewer than two windows
 */
export function christoffersenTests(exceeded: readonly boolean[], probability: number): ChristoffersenTests {
  if (exceeded.length < 2) {
    throw new KeeperError(`${exceeded.length} windows cannot follow each other.`, "Give at least two.");
  }
  const after = { calm: { windows: 0, hits: 0 }, hit: { windows: 0, hits: 0 } };
  for (let i = 1; i < exceeded.length; i++) {
    const from = exceeded[i - 1] ? after.hit : after.calm;
    from.windows++;
    if (exceeded[i]) from.hits++;
  }
  const { calm, hit } = after;
  const [hits, windows] = [calm.hits + hit.hits, calm.windows + hit.windows];
  const own = ({ windows: n, hits: x }: typeof calm): number => (n === 0 ? 0 : logLikelihood(x, n, x / n));
  const independence = oneDegree(
    Math.max(0, 2 * (own(calm) + own(hit) - logLikelihood(hits, windows, hits / windows))),
  );
  const count = exceeded.filter(Boolean).length;
  const statistic = independence.statistic + kupiecTest(count, exceeded.length, probability).statistic;
  return { independence, conditional: { statistic, pValue: Math.exp(-statistic / 2) } };
}

/** Of x hits among n at a probability; 0·ln 0 is 0. */
function logLikelihood(hits: number, count: number, probability: number): number {
  const part = (k: number, share: number): number => (k === 0 ? 0 : k * Math.log(share));
  return part(hits, probability) + part(count - hits, 1 - probability);
}

/** Chi-squared of one degree: the square of a standard normal. */
function oneDegree(statistic: number): TestResult {
  return { statistic, pValue: 2 * normalCdf(-Math.sqrt(statistic)) };
}
