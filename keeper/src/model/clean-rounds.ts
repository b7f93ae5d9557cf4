import { KeeperError } from "../errors.js";
import type { OracleRound } from "./rounds.js";

/**
 * Why a round is no observation.
 * - `empty`: no positive answer, no time, or an answer carried over from an older round
 * - `repeated`: its id has been seen
 * - `outOfOrder`: its id, or its time, is not after the one before
 * - `phaseOverlap`: an old phase that goes on after the next began, or a new one at times that the old one has covered
 * - `badPrint`: a spike that the next round takes back
 * - `unconfirmed`: the first round of a jump that the next round does not take back; that one's return covers both
 */
export type DropReason = "empty" | "repeated" | "outOfOrder" | "phaseOverlap" | "badPrint" | "unconfirmed";

/** What a feed's moves are explained by. */
export interface CleanOptions {
  /** The feed's deviation threshold, or more: 2% is the coarsest of the feeds of large tokens. */
  readonly deviation: number;
  /** Standard deviations beyond that threshold that a move may be explained by. */
  readonly deviations: number;
  /** Half-life of the variance that this is measured by, seconds. */
  readonly halfLife: number;
}

const DEFAULTS: CleanOptions = { deviation: 0.02, deviations: 8, halfLife: 7 * 86_400 };
/** Rounds before a variance is believed: until then no move is a spike. */
const MIN_ROUNDS = 24;
/** Share of a spike that is left of it, at most, once the next round has taken it back. */
const TAKEN_BACK = 1 / 3;
const PHASE_BITS = 64n;

interface Price {
  readonly time: number;
  readonly log: number;
}

/**
 * Tells the rounds of one feed that are observations: each id once, positive, dated, ascending in id and in time, of
 * the phase in force, and not a bad print. A move of more than δ + k·σ√Δt, δ the threshold and σ the volatility of the
 * rounds before, is none by itself: the next round tells a bad print, which it takes back, from a jump, which its own
 * return then covers. Nothing later is looked at. What comes out does not depend on how the rounds are split over
 * calls, but that an old phase ends as soon as the next is seen.
 */
export class RoundCleaner {
  readonly #options: CleanOptions;
  readonly #dropped: Record<DropReason, number> = {
    empty: 0,
    repeated: 0,
    outOfOrder: 0,
    phaseOverlap: 0,
    badPrint: 0,
    unconfirmed: 0,
  };
  #newest: bigint | undefined;
  /** The newest round in order, whether it is an observation or not. */
  #last: OracleRound | undefined;
  /** The newest price that is believed. */
  #base: Price | undefined;
  #suspect: Price | undefined;
  #rounds = 0;
  /** Sums of squared returns and of their seconds, with forgetting. */
  #squares = 0;
  #seconds = 0;

  constructor(options: Partial<CleanOptions> = {}) {
    this.#options = { ...DEFAULTS, ...options };
    const { deviation, deviations, halfLife } = this.#options;
    if (!(deviation >= 0) || !(deviations > 0) || !(halfLife > 0)) {
      throw new KeeperError("A cleaner of rounds that makes no sense.", "Give a deviation ≥ 0, and the others > 0.");
    }
  }

  /** How many rounds were dropped so far, by reason. */
  get dropped(): Readonly<Record<DropReason, number>> {
    return { ...this.#dropped };
  }

  /** The highest round id that was seen: those above it are new. */
  get newest(): bigint | undefined {
    return this.#newest;
  }

  /**
   * Take in rounds, in any order within the call, each call's newer than the call's before.
   *
   * @returns The observations among them, ascending by id and by time
   */
  add(rounds: readonly OracleRound[]): OracleRound[] {
    const sorted = [...rounds].sort((a, b) => (a.roundId < b.roundId ? -1 : a.roundId > b.roundId ? 1 : 0));
    const ends = phaseEnds(sorted);
    return sorted.filter((round) => {
      const reason = this.#fault(round, ends.get(phaseOf(round)) ?? Number.POSITIVE_INFINITY) ?? this.#judge(round);
      if (reason !== null) this.#dropped[reason]++;
      return reason === null;
    });
  }

  /** What is wrong with a round as it stands; one in order is remembered as the last. */
  #fault(round: OracleRound, phaseEnd: number): DropReason | null {
    const newest = this.#newest ?? -1n;
    if (round.roundId === newest) return "repeated";
    if (round.roundId < newest) return "outOfOrder";
    this.#newest = round.roundId;
    if (isEmpty(round)) return "empty";
    if (round.updatedAt >= phaseEnd) return "phaseOverlap";
    const last = this.#last;
    if (last !== undefined && round.updatedAt <= last.updatedAt) {
      return phaseOf(round) > phaseOf(last) ? "phaseOverlap" : "outOfOrder";
    }
    this.#last = round;
    return null;
  }

  /**
   * Null for an observation. A suspect is counted as unconfirmed at once, and as a bad print instead when it is taken
   * back.
   */
  #judge(round: OracleRound): DropReason | null {
    const price = { time: round.updatedAt, log: Math.log(Number(round.answer)) };
    const base = this.#base;
    const suspect = this.#suspect;
    this.#suspect = undefined;
    if (base !== undefined && suspect !== undefined) {
      if (Math.abs(price.log - base.log) <= TAKEN_BACK * Math.abs(suspect.log - base.log)) {
        this.#dropped.unconfirmed--;
        this.#dropped.badPrint++;
      } else this.#base = suspect;
    }
    if (this.#base !== undefined && !this.#explains(this.#base, price)) {
      this.#suspect = price;
      return "unconfirmed";
    }
    this.#believe(price);
    return null;
  }

  #explains(base: Price, price: Price): boolean {
    if (this.#rounds < MIN_ROUNDS) return true;
    const { deviation, deviations } = this.#options;
    const sigma = Math.sqrt((this.#squares / this.#seconds) * (price.time - base.time));
    return Math.abs(price.log - base.log) <= deviation + deviations * sigma;
  }

  #believe(price: Price): void {
    const base = this.#base;
    if (base !== undefined) {
      const keep = 2 ** (-(price.time - base.time) / this.#options.halfLife);
      this.#squares = keep * this.#squares + (price.log - base.log) ** 2;
      this.#seconds = keep * this.#seconds + price.time - base.time;
    }
    this.#base = price;
    this.#rounds++;
  }
}

function isEmpty({ roundId, answer, updatedAt, answeredInRound }: OracleRound): boolean {
  return answer <= 0n || updatedAt <= 0 || (answeredInRound ?? roundId) < roundId;
}

function phaseOf({ roundId }: OracleRound): bigint {
  return roundId >> PHASE_BITS;
}

/** When a later phase begins, by phase: by the rule of RoundLookup.sol the newest phase that has begun is in force. */
function phaseEnds(sorted: readonly OracleRound[]): Map<bigint, number> {
  const ends = new Map<bigint, number>();
  let end = Number.POSITIVE_INFINITY;
  let begin = Number.POSITIVE_INFINITY;
  let phase: bigint | undefined;
  for (const round of sorted.toReversed()) {
    if (isEmpty(round)) continue;
    if (phaseOf(round) !== phase) {
      end = Math.min(end, begin);
      phase = phaseOf(round);
      ends.set(phase, end);
    }
    begin = round.updatedAt;
  }
  return ends;
}
