import { CrosshedgeError } from "../../errors/CrosshedgeError.js";
import { noProfit, type ProfitPart, type ProfitParts, totalOf } from "./parts.js";
import { type Benchmarks, segmentBetween } from "./segment.js";
import type { HoldersProfit, ProfitFlows, ProfitReport, ProfitSample, VaultActs } from "./types.js";
import { navAt } from "./worth.js";

/**
 * Splits a vault's profit over samples of it into where it came from.
 *
 * Where the samples lie between the first and the last changes nothing but rounding, as long as there is one right before and one right after
 * each block in which the vault did anything.
 *
 * @param samples Ascending; the first and the last are the ends of the period
 * @param acts What happened after each sample up to the next: one fewer than samples
 * @throws {CrosshedgeError} BAD_ARGUMENT
 */
export function splitProfit(samples: readonly ProfitSample[], acts: readonly VaultActs[]): ProfitReport {
  const [report] = splitProfits(samples, acts, []);
  return report as ProfitReport;
}

/**
 * The same for periods that follow one another.
 *
 * @param cuts Blocks of samples at which a period ends and the next begins
 */
export function splitProfits(
  samples: readonly ProfitSample[],
  acts: readonly VaultActs[],
  cuts: readonly number[],
): ProfitReport[] {
  const first = samples[0];
  if (first === undefined || samples.length < 2 || acts.length !== samples.length - 1) {
    throw new CrosshedgeError(
      "BAD_ARGUMENT",
      "A split needs at least two samples, and what happened between each two.",
    );
  }
  const benchmarks: Benchmarks = new Map();
  const reports: ProfitReport[] = [];
  let sum = new Sum(first);
  for (const [index, after] of samples.slice(1).entries()) {
    const before = samples[index] as ProfitSample;
    if (after.state.block.number <= before.state.block.number) {
      throw new CrosshedgeError("BAD_ARGUMENT", "The samples must be of ascending blocks.");
    }
    sum.add(segmentBetween(before, after, acts[index] as VaultActs, benchmarks));
    if (index < samples.length - 2 && !cuts.includes(after.state.block.number)) continue;
    reports.push(sum.upTo(after));
    sum = new Sum(after);
  }
  return reports;
}

/** Segments of one period, added up. */
class Sum {
  readonly #from: ProfitSample;
  readonly #parts: ProfitParts = noProfit();
  readonly #flows: ProfitFlows = { deposits: 0n, exits: 0n, settlements: 0n };
  readonly #holders: HoldersProfit = { spreadGained: 0n, managementFees: 0n, performanceFees: 0n, profit: 0n };
  readonly #because = new Set<string>();
  #roundings = 0;
  #segments = 0;

  constructor(from: ProfitSample) {
    this.#from = from;
  }

  add({ parts, flows, holders, roundings, because }: ReturnType<typeof segmentBetween>): void {
    addTo(this.#parts, parts);
    addTo(this.#flows, flows);
    addTo(this.#holders, holders);
    this.#roundings += roundings;
    this.#segments++;
    for (const reason of because) this.#because.add(reason);
  }

  upTo(last: ProfitSample): ProfitReport {
    const { state, own } = this.#from;
    return {
      vault: state.address,
      from: state.block,
      to: last.state.block,
      navBefore: navAt(state, own),
      navAfter: navAt(last.state, last.own),
      flows: this.#flows,
      parts: this.#parts,
      profit: totalOf(this.#parts),
      holders: this.#holders,
      roundingBound: BigInt(this.#roundings),
      unattributedBecause: [...this.#because],
      samples: this.#segments + 1,
    };
  }
}

function addTo<T extends Record<ProfitPart, bigint> | ProfitFlows | HoldersProfit>(total: T, part: T): void {
  for (const key of Object.keys(part) as (keyof T)[]) {
    total[key] = ((total[key] as bigint) + (part[key] as bigint)) as T[keyof T];
  }
}
