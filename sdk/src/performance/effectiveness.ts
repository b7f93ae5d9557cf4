import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decoded } from "../errors/decoded.js";
import { isqrt } from "../math.js";
import type { PinnedBlock } from "../read/block.js";
import { ONE, type Ratio18, type Usd18 } from "../units.js";
import type { CrosshedgeVault } from "../vault.js";
import { readBlocksAt } from "./blocksAt.js";
import { HEDGE_PARTS } from "./profit/parts.js";
import { type ProfitOptions, readProfits } from "./profit/readProfit.js";
import type { ProfitReport } from "./profit/types.js";

/** Profit and loss of one interval, flows left out. */
export interface PnlSample {
  from: PinnedBlock;
  to: PinnedBlock;
  hedged: Usd18;
  /** Without the hedges' price moves, funding, fees, slippage and penalties. */
  unhedged: Usd18;
}

/** How much of the variance of a vault's P&L its hedge removed. */
export interface HedgeEffectiveness {
  /** 1 − Var(hedged P&L) / Var(unhedged P&L); negative where the hedge added variance. */
  effectiveness: Ratio18;
  /** By the jackknife, samples taken for independent. */
  standardError: Ratio18;
  /** Intervals that it is from. */
  samples: number;
  /** Standard deviation of an interval's P&L. */
  hedgedDeviation: Usd18;
  unhedgedDeviation: Usd18;
  from: PinnedBlock;
  to: PinnedBlock;
}

/** A day of hours. */
const MIN_SAMPLES = 24;
const HOUR = 3_600;

/** The P&L of a period by a split of its profit. */
export function pnlOf({ from, to, profit, parts }: ProfitReport): PnlSample {
  return { from, to, hedged: profit, unhedged: HEDGE_PARTS.reduce((rest, part) => rest - parts[part], profit) };
}

/**
 * Realised hedge effectiveness of P&L samples of equal length.
 *
 * @param minSamples 24 by default, at least 3
 * @throws {CrosshedgeError} NOT_ENOUGH_DATA for too few samples, or where the unhedged P&L never varied
 */
export function effectivenessOf(samples: readonly PnlSample[], minSamples = MIN_SAMPLES): HedgeEffectiveness {
  const least = Math.max(3, minSamples);
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || samples.length < least) throw tooFew(samples.length, least);
  const hedged = new Moments(samples.map((sample) => sample.hedged));
  const unhedged = new Moments(samples.map((sample) => sample.unhedged));
  if (unhedged.spread() === 0n) {
    throw new CrosshedgeError(
      "NOT_ENOUGH_DATA",
      "The unhedged profit and loss never varied: there was nothing to hedge.",
    );
  }
  const without = samples.flatMap((_, k) => {
    const reference = unhedged.spread(k);
    return reference === 0n ? [] : [ONE - (hedged.spread(k) * ONE) / reference];
  });
  const n = BigInt(without.length);
  const mean = without.reduce((sum, value) => sum + value, 0n) / n;
  const squares = without.reduce((sum, value) => sum + (value - mean) ** 2n, 0n);
  return {
    effectiveness: ONE - (hedged.spread() * ONE) / unhedged.spread(),
    standardError: isqrt((squares * (n - 1n)) / n),
    samples: samples.length,
    hedgedDeviation: hedged.deviation(),
    unhedgedDeviation: unhedged.deviation(),
    from: first.from,
    to: last.to,
  };
}

function tooFew(samples: number, least: number): CrosshedgeError {
  const short = `There are ${samples} samples of profit and loss, fewer than the ${least} that an effectiveness needs.`;
  return new CrosshedgeError("NOT_ENOUGH_DATA", short, { nextStep: "Take a longer period or shorter intervals." });
}

/** Exact sums of a series. */
class Moments {
  readonly #values: readonly bigint[];
  readonly #sum: bigint;
  readonly #squares: bigint;

  constructor(values: readonly bigint[]) {
    this.#values = values;
    this.#sum = values.reduce((sum, value) => sum + value, 0n);
    this.#squares = values.reduce((sum, value) => sum + value * value, 0n);
  }

  /** n²·variance, or (n − 1)²·variance without one of the values, divided by n or n − 1 where variances are compared. */
  spread(without?: number): bigint {
    const left = without === undefined ? 0n : (this.#values[without] as bigint);
    const n = BigInt(this.#values.length) - (without === undefined ? 0n : 1n);
    return n * (this.#squares - left * left) - (this.#sum - left) ** 2n;
  }

  /** Sample standard deviation. */
  deviation(): bigint {
    const n = BigInt(this.#values.length);
    return isqrt(this.spread() / (n * (n - 1n)));
  }
}

/** Which period, in which intervals. */
export interface EffectivenessOptions extends ProfitOptions {
  /** Seconds, an hour by default. */
  every?: number;
  minSamples?: number;
}

/**
 * Realised hedge effectiveness of a vault over a period, hourly, at the oracle's prices or at `pricesAt`.
 *
 * @throws {CrosshedgeError} NOT_ENOUGH_DATA, and what {@link readProfits} throws
 * @example
 * const { effectiveness, standardError } = await readHedgeEffectiveness(vault, { from, to });
 */
export async function readHedgeEffectiveness(
  vault: CrosshedgeVault,
  { every = HOUR, minSamples = MIN_SAMPLES, ...options }: EffectivenessOptions,
): Promise<HedgeEffectiveness> {
  return decoded(async () => {
    if (!(every > 0)) throw new CrosshedgeError("BAD_ARGUMENT", "`every` must be above 0 seconds.");
    const blocks = await readBlocksAt(vault, { ...options, every });
    const [first, last] = [blocks[0]?.number ?? options.from, blocks.at(-1)?.number ?? options.to];
    const least = Math.max(3, minSamples);
    if (blocks.length <= least) throw tooFew(blocks.length - 1, least);
    const cuts = blocks.slice(1, -1).map(({ number }) => number);
    const reports = await readProfits(vault, { ...options, from: first, to: last, cuts });
    return effectivenessOf(reports.map(pnlOf), minSamples);
  });
}
