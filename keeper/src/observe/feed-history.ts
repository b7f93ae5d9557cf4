import type { ReadPoint } from "@crosshedge/sdk";
import { min } from "../model/bigint.js";
import type { OracleRound } from "../model/rounds.js";
import { aggregatorRoundOf, lastRoundOfPhase, phaseOf, readRounds, roundIdOf } from "./feed.js";

/** Every round of one feed since some time, read once and then only what is new. */
export class FeedHistory {
  readonly feed: string;
  readonly #batch: number;
  #rounds: OracleRound[] = [];

  /** @param batch Rounds that one call reads */
  constructor(feed: string, batch: number) {
    this.feed = feed;
    this.#batch = batch;
  }

  /** Ascending by id. */
  get rounds(): readonly OracleRound[] {
    return this.#rounds;
  }

  /**
   * Read what is new up to `latest`; at first, back to the round in force at `since` (unix seconds). Returns the new rounds.
   *
   * @param onPart Told at first, after each part that is not the last, how much of the time is read, 0 to 1
   */
  async update(
    at: ReadPoint,
    latest: OracleRound,
    since: number,
    onPart?: (share: number) => void,
  ): Promise<OracleRound[]> {
    const known = this.#rounds.at(-1);
    if (known !== undefined && latest.roundId <= known.roundId) return [];
    const fresh =
      known === undefined ? await this.#back(at, latest, since, onPart) : await this.#since(at, known, latest);
    this.#rounds.push(...fresh);
    return fresh;
  }

  /** The one round that is new in most reads is known already, and needs no further request. */
  #since(at: ReadPoint, known: OracleRound, latest: OracleRound): OracleRound[] | Promise<OracleRound[]> {
    const next = latest.roundId === known.roundId + 1n && latest.updatedAt > 0;
    return next ? [latest] : this.#forward(at, known, latest);
  }

  /** Forget what came before the round in force at a time. */
  forget(before: number): void {
    const next = this.#rounds.findIndex(({ updatedAt }) => updatedAt > before);
    if (next > 1) this.#rounds = this.#rounds.slice(next - 1);
  }

  async #forward(at: ReadPoint, known: OracleRound, latest: OracleRound): Promise<OracleRound[]> {
    if (latest.roundId === known.roundId + 1n) return [latest];
    const fresh: OracleRound[] = [];
    const lastPhase = phaseOf(latest.roundId);
    for (let phase = phaseOf(known.roundId); phase <= lastPhase; phase++) {
      const from = phase === phaseOf(known.roundId) ? aggregatorRoundOf(known.roundId) + 1n : 1n;
      const to = phase === lastPhase ? aggregatorRoundOf(latest.roundId) : await lastRoundOfPhase(at, this.feed, phase);
      for (let start = from; start <= to; start += BigInt(this.#batch)) {
        fresh.push(...(await this.#read(at, phase, start, min(to, start + BigInt(this.#batch) - 1n))));
      }
    }
    return fresh;
  }

  async #back(
    at: ReadPoint,
    latest: OracleRound,
    since: number,
    onPart: ((share: number) => void) | undefined,
  ): Promise<OracleRound[]> {
    const chunks: OracleRound[][] = [];
    for (let phase = phaseOf(latest.roundId); phase >= 0n; phase--) {
      const newest = phase === phaseOf(latest.roundId);
      let to = newest ? aggregatorRoundOf(latest.roundId) : await lastRoundOfPhase(at, this.feed, phase);
      while (to > 0n) {
        const start = to > BigInt(this.#batch) ? to - BigInt(this.#batch) + 1n : 1n;
        const chunk = await this.#read(at, phase, start, to);
        chunks.unshift(chunk);
        if (chunk.some(({ updatedAt }) => updatedAt <= since)) return chunks.flat();
        const [oldest] = chunk;
        if (oldest !== undefined) onPart?.((latest.updatedAt - oldest.updatedAt) / (latest.updatedAt - since));
        to = start - 1n;
      }
    }
    return chunks.flat();
  }

  #read(at: ReadPoint, phase: bigint, from: bigint, to: bigint): Promise<OracleRound[]> {
    const ids = Array.from({ length: Number(to - from + 1n) }, (_, k) => roundIdOf(phase, from + BigInt(k)));
    return readRounds(at, this.feed, ids);
  }
}
