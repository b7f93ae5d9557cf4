import type { PgBoss } from "pg-boss";
import type { Intervals } from "./intervals.js";

/** A vault whose tick this process has been given. */
export interface TickJob {
  readonly id: string;
  readonly vault: string;
}

/** Jobs that ended are of no use: what a tick did is in the journal. */
const KEPT_SECONDS = 60;
const WITHOUT_END = 1_000_000;

/** The ticks of one lane that are to be made, in the database: at most one of a vault at a time, waiting or under way. */
export class TickQueue {
  readonly #boss: PgBoss;
  readonly #name: string;
  readonly #intervals: Intervals;

  constructor(boss: PgBoss, { chainId, signer }: { chainId: number; signer: string }, intervals: Intervals) {
    this.#boss = boss;
    this.#name = `ticks-${chainId}-${signer.toLowerCase()}`;
    this.#intervals = intervals;
  }

  /** Begin anew: what is in the queue is of a replica that had the lane before, and is over. */
  async restart(): Promise<void> {
    const { retrySeconds, retryMaxSeconds, tickTimeoutSeconds, hungSeconds } = this.#intervals;
    const options = {
      retryLimit: WITHOUT_END,
      retryDelay: retrySeconds,
      retryBackoff: true,
      retryDelayMax: Math.max(retrySeconds, retryMaxSeconds),
      expireInSeconds: Math.min(86_399, Math.ceil(tickTimeoutSeconds + hungSeconds)),
      deleteAfterSeconds: KEPT_SECONDS,
    };
    await this.#boss.createQueue(this.#name, { policy: "exclusive", ...options });
    await this.#boss.updateQueue(this.#name, options);
    await this.#boss.deleteAllJobs(this.#name);
  }

  /** Have these ticked; those that wait or run already are left as they are. */
  async add(vaults: readonly string[]): Promise<void> {
    const jobs = vaults.map((vault) => ({ singletonKey: vault, data: { vault } }));
    await this.#boss.insert(this.#name, jobs);
  }

  /** Up to so many that are to be ticked now, longest waiting first. */
  async take(most: number): Promise<TickJob[]> {
    const jobs = await this.#boss.fetch<{ vault: string }>(this.#name, { batchSize: most });
    return jobs.map(({ id, data }) => ({ id, vault: data.vault }));
  }

  async done(jobs: readonly TickJob[]): Promise<void> {
    if (jobs.length > 0) await this.#boss.complete(this.#name, ids(jobs));
  }

  /** They come again after a pause that doubles, with some chance in it, each time. */
  async failed(jobs: readonly TickJob[]): Promise<void> {
    if (jobs.length > 0) await this.#boss.fail(this.#name, ids(jobs));
  }
}

function ids(jobs: readonly TickJob[]): string[] {
  return jobs.map(({ id }) => id);
}
