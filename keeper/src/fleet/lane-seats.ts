import type { Logger } from "../logger.js";
import type { Monitor } from "../monitor/monitor.js";
import type { Journal, LaneHold } from "../store/journal.js";
import { LaneLostError } from "../store/lane-lost-error.js";
import { givesLane, wantsLane } from "./lane-share.js";

/** An account on a chain. */
export interface LaneKey {
  readonly chainId: number;
  readonly signer: string;
}

/** What is told of a lane when its holder changes. */
export interface Seat extends LaneKey {
  /** It may be worked from now on. */
  taken(hold: LaneHold): Promise<void>;
  /** It is somebody else's, or about to be: when this resolves nothing is done in it any more. */
  left(why: string): Promise<void>;
  /** False while it could not be worked: another replica shall have it. */
  fit(): boolean;
}

interface Standing {
  readonly seat: Seat;
  hold: LaneHold | null;
  renewedAt: number;
  /** Rounds since it last tried to take a lane that others have to take. */
  waited: number;
}

export interface LaneSeatsOptions {
  readonly journal: Pick<Journal, "takeLane" | "renewLane" | "releaseLane" | "beat" | "living" | "leave">;
  /** Unique name of this process. */
  readonly replica: string;
  readonly leaseSeconds: number;
  readonly now: () => number;
  readonly logger: Logger;
  /** Told of every lane in every round, so that one with nothing to tick is known to live. */
  readonly monitor: Pick<Monitor, "account">;
}

const ROUNDS_A_LEASE = 3;

/**
 * Which lanes this replica works. A lane is one replica's as long as it renews its lease; a free one is taken by whoever has less than its
 * share of lanes, and who has more than its share gives one up. The database's lease decides, so no two ever have the same one.
 */
export class LaneSeats {
  readonly #options: LaneSeatsOptions;
  readonly #standings: Standing[] = [];

  constructor(options: LaneSeatsOptions) {
    this.#options = options;
  }

  add(seat: Seat): void {
    this.#standings.push({ seat, hold: null, renewedAt: 0, waited: 0 });
  }

  /** Milliseconds from one round to the next. */
  get everyMs(): number {
    return (this.#options.leaseSeconds * 1000) / ROUNDS_A_LEASE;
  }

  get held(): number {
    return this.#standings.filter(({ hold }) => hold !== null).length;
  }

  /** Renew what is held, and take what is free. Throws where the database does not answer. */
  async round(): Promise<void> {
    try {
      for (const standing of this.#standings) {
        await this.#review(standing);
        const { seat, hold } = standing;
        this.#options.monitor
          .account(seat)
          .lane({ state: hold === null ? "standby" : "held", term: hold?.term ?? null });
      }
    } catch (error) {
      await this.#expire();
      throw error;
    }
  }

  /** Give all of them to others. Without the database their leases run out by themselves. */
  async leave(): Promise<void> {
    const { logger } = this.#options;
    const given = this.#standings.map((standing) => this.#withdraw(standing, "this replica stops"));
    for (const one of await Promise.allSettled(given)) {
      if (one.status === "rejected")
        logger.warn({ error: (one.reason as Error).message }, "a lane could not be given back");
    }
  }

  async #review(standing: Standing): Promise<void> {
    const { journal } = this.#options;
    const { seat } = standing;
    if (!seat.fit()) return this.#withdraw(standing, "this replica does not reach the chain");
    const candidacy = this.#candidacy(seat);
    await journal.beat(candidacy);
    const living = await journal.living(this.#leaseMs);
    const [candidate] = candidacy.split("/");
    const share = {
      held: this.held,
      lanes: this.#standings.length,
      candidates: living.filter((name) => name.startsWith(`${candidate}/`)).length,
    };
    if (standing.hold !== null) {
      if (givesLane(share)) return this.#give(standing, "another replica has fewer lanes");
      return this.#renew(standing);
    }
    // One that stays free although others have room is taken all the same: they may not be able to.
    standing.waited += 1;
    if (wantsLane(share) || standing.waited > 2 * ROUNDS_A_LEASE) await this.#take(standing);
  }

  async #take(standing: Standing): Promise<void> {
    const { seat } = standing;
    const { now, logger, journal, replica } = this.#options;
    const asked = now();
    standing.waited = 0;
    const hold = await journal.takeLane(seat.chainId, seat.signer, replica, this.#leaseMs);
    if (hold === null) return;
    standing.hold = hold;
    standing.renewedAt = asked;
    logger.info({ chainId: seat.chainId, signer: seat.signer, term: hold.term }, "lane taken");
    await seat.taken(hold);
  }

  async #renew(standing: Standing): Promise<void> {
    const { now, journal } = this.#options;
    const asked = now();
    try {
      await journal.renewLane(standing.hold!, this.#leaseMs);
      standing.renewedAt = asked;
    } catch (error) {
      if (!(error instanceof LaneLostError)) throw error;
      await this.#lose(standing, "another replica has it");
    }
  }

  async #give(standing: Standing, why: string): Promise<void> {
    const { hold } = standing;
    if (hold === null) return;
    await this.#lose(standing, why);
    await this.#options.journal.releaseLane(hold);
  }

  /** Not even a candidate any more. */
  async #withdraw(standing: Standing, why: string): Promise<void> {
    await this.#give(standing, why);
    await this.#options.journal.leave(this.#candidacy(standing.seat));
  }

  async #lose(standing: Standing, why: string): Promise<void> {
    const { chainId, signer } = standing.seat;
    standing.hold = null;
    this.#options.logger.info({ chainId, signer, why }, "lane left");
    await standing.seat.left(why);
  }

  /** What could not be renewed in time may be another's by now. */
  async #expire(): Promise<void> {
    const expired = this.#options.now() - this.#leaseMs;
    const over = this.#standings.filter(({ hold, renewedAt }) => hold !== null && renewedAt <= expired);
    for (const standing of over) await this.#lose(standing, "the lease could not be renewed");
  }

  #candidacy({ chainId, signer }: Seat): string {
    return `${chainId}:${signer.toLowerCase()}/${this.#options.replica}`;
  }

  get #leaseMs(): number {
    return this.#options.leaseSeconds * 1000;
  }
}
