import { CrosshedgeError } from "@crosshedge/sdk";
import { KeeperError } from "../errors.js";
import type { Keeper } from "../keeper.js";
import type { TickHint } from "../tick.js";
import type { Intervals } from "./intervals.js";
import type { Vitals } from "./vitals.js";

type Patience = Pick<Intervals, "tickTimeoutSeconds" | "stopSeconds" | "hungSeconds">;

/** Ticks of vaults, each within the time that it has. */
export class TickRunner {
  readonly #intervals: Patience;
  readonly #vitals: Vitals;
  readonly #now: () => number;
  /** Ticks that have not ended, by vault. */
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(intervals: Patience, vitals: Vitals, now: () => number) {
    this.#intervals = intervals;
    this.#vitals = vitals;
    this.#now = now;
  }

  /**
   * One tick. It is told to end when its time is over, and given up if it does not.
   * @throws {KeeperError} it was given up, or the one before was and is still under way
   */
  async run(name: string, keeper: Promise<Keeper>, { signal, ...hint }: TickHint & { signal: AbortSignal }) {
    if (this.#underWay.has(name)) {
      throw new KeeperError(`The tick of ${name} that was given up is still under way.`, "It is not ticked meanwhile.");
    }
    const { tickTimeoutSeconds, stopSeconds, hungSeconds } = this.#intervals;
    const limit = new AbortController();
    const work = keeper.then((one) => one.tick({ ...hint, signal: AbortSignal.any([signal, limit.signal]) }));
    const patience = (tickTimeoutSeconds + stopSeconds) * 1000;
    const ended = this.#vitals.begin(`The tick of ${name}`, this.#now() + patience + hungSeconds * 1000);
    const settled = work
      .catch(() => undefined)
      .finally(() => {
        ended();
        this.#underWay.delete(name);
      });
    this.#underWay.set(name, settled);
    const timers: NodeJS.Timeout[] = [setTimeout(() => limit.abort(), tickTimeoutSeconds * 1000)];
    const givenUp = new Promise<never>((_, reject) => {
      const error = new KeeperError(
        `The tick of ${name} took longer than ${tickTimeoutSeconds} s and did not end when told to.`,
        "Other vaults go on; if it does not end, the process is started again.",
      );
      timers.push(setTimeout(() => reject(error), patience));
    });
    try {
      return await Promise.race([work, givenUp]);
    } finally {
      for (const timer of timers) clearTimeout(timer);
    }
  }
}

/** A word for what went wrong. */
export function failureCode(error: unknown): string {
  if (CrosshedgeError.is(error)) return error.code;
  return error instanceof Error ? error.constructor.name.replace(/Error$/, "") || "Error" : "unknown";
}
