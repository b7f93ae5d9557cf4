import { KeeperError } from "../errors.js";

const RESTART = "The process ends with code 75, so that it is started again.";

interface Failing {
  readonly since: number;
  /** When it was told last. */
  readonly last: number;
  readonly why: string;
  /** True if it is told once, and holds until it is over; what is told again and again is over when it is not. */
  readonly lasts: boolean;
}

/** What must not fail for long, and what must not take for ever. Times are milliseconds of the caller's clock. */
export class Vitals {
  readonly #goneMs: number;
  readonly #chains = new Map<string, Failing | null>();
  #database: Failing | null = null;
  readonly #underWay = new Map<symbol, { readonly what: string; readonly until: number }>();

  /** @param goneSeconds How long the database, or every chain, may be away */
  constructor(goneSeconds: number) {
    this.#goneMs = goneSeconds * 1000;
  }

  /** @param why Null where it answered */
  database(now: number, why: string | null): void {
    this.#database = why === null ? null : { since: this.#database?.since ?? now, last: now, why, lasts: true };
  }

  /**
   * @param why Null where it gave a new head
   * @param lasts False for what is told with every look, as long as it is so
   */
  chain(name: string, now: number, why: string | null, lasts = true): void {
    const before = this.#chains.get(name) ?? null;
    const same = before !== null && this.#holds(before, now);
    const since = same ? before.since : now;
    this.#chains.set(name, why === null ? null : { since, last: now, why, lasts: lasts || (same && before.lasts) });
  }

  /** True if a chain has been away for longer than a time. */
  isAway(name: string, now: number, longerThanMs: number): boolean {
    const failing = this.#chains.get(name) ?? null;
    return failing !== null && this.#holds(failing, now) && now - failing.since > longerThanMs;
  }

  #holds({ lasts, last }: Failing, now: number): boolean {
    return lasts || now - last < this.#goneMs / 4;
  }

  /** Something has begun that must end by a time; what comes back says that it did. */
  begin(what: string, until: number): () => void {
    const key = Symbol(what);
    this.#underWay.set(key, { what, until });
    return () => void this.#underWay.delete(key);
  }

  /** Why the process cannot go on; null while it can. */
  verdict(now: number): KeeperError | null {
    const gone = (failing: Failing | null): failing is Failing =>
      failing !== null && this.#holds(failing, now) && now - failing.since > this.#goneMs;
    const minutes = (since: number): number => Math.round((now - since) / 60_000);
    if (gone(this.#database)) {
      const { since, why } = this.#database;
      return new KeeperError(`The database has been away for ${minutes(since)} minutes (${why}).`, RESTART);
    }
    const chains = [...this.#chains.values()];
    if (chains.length > 0 && chains.every(gone)) {
      const { since, why } = chains[0] as Failing;
      return new KeeperError(`No chain has given a new head for ${minutes(since)} minutes (${why}).`, RESTART);
    }
    const hung = [...this.#underWay.values()].find(({ until }) => now > until);
    return hung === undefined ? null : new KeeperError(`${hung.what} has not ended in the time it has.`, RESTART);
  }
}
