import { KeeperError } from "../../errors.js";
import { RoundCleaner } from "../../model/clean-rounds.js";
import type { OracleRound } from "../../model/rounds.js";
import { badCell, readCsv } from "./read-csv.js";

/** Rounds of one feed, usable as observations: parallel arrays, ascending in time. */
export interface RoundSeries {
  /** `updatedAt`, unix seconds. */
  readonly times: Float64Array;
  /** Feed units. */
  readonly answers: Float64Array;
}

/**
 * Reads the rounds of one Chainlink feed: columns roundId, answer, updatedAt; more may be there. Unusable rounds are left out as the keeper does.
 *
 * @param file CSV, plain or gzipped
 * @throws KeeperError that names file, row and column
 */
export async function readRounds(file: string): Promise<RoundSeries> {
  const rounds: OracleRound[] = [];
  await readCsv(
    file,
    () => ["roundId", "answer", "updatedAt"],
    ([roundId = "", answer = "", updatedAt = ""], row) => {
      const whole = (text: string, column: string): bigint => {
        if (!/^-?\d+$/.test(text)) throw badCell({ file, row, column }, text, "a whole number");
        return BigInt(text);
      };
      rounds.push({
        roundId: whole(roundId, "roundId"),
        answer: whole(answer, "answer"),
        updatedAt: Number(whole(updatedAt, "updatedAt")),
      });
    },
  );
  const clean = new RoundCleaner().add(rounds);
  if (clean.length < 2) {
    throw new KeeperError(`${file} has ${clean.length} usable rounds.`, "Give a feed's history of two rounds or more.");
  }
  return {
    times: Float64Array.from(clean, ({ updatedAt }) => updatedAt),
    answers: Float64Array.from(clean, ({ answer }) => Number(answer)),
  };
}
