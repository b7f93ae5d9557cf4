import { HOUR } from "../backtest/time.js";
import type { OracleRound } from "../model/rounds.js";

const PHASE = 1n << 64n;
/** Answers have eight decimals. */
const UNIT = 1e8;

/**
 * The rounds that a feed would have reported of hourly prices: as soon as the price is a threshold away from the last answer, and before that
 * answer is older than the heartbeat. An hour without a price has no round.
 *
 * @param prices USD by hour, NaN where unknown
 * @param start Stamp of the first, unix seconds
 */
export function feedRounds(
  prices: Float64Array,
  start: number,
  { deviation, heartbeat }: { readonly deviation: number; readonly heartbeat: number },
): OracleRound[] {
  const rounds: OracleRound[] = [];
  let [answered, at] = [Number.NaN, Number.NEGATIVE_INFINITY];
  prices.forEach((price, row) => {
    if (Number.isNaN(price)) return;
    const time = start + row * HOUR;
    if (Math.abs(price - answered) < deviation * answered && time - at + HOUR <= heartbeat) return;
    [answered, at] = [price, time];
    rounds.push({
      roundId: PHASE + BigInt(rounds.length + 1),
      answer: BigInt(Math.round(price * UNIT)),
      updatedAt: time,
    });
  });
  return rounds;
}
