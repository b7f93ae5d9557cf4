/** One answer of a Chainlink feed, as `getRoundData` gives it. */
export interface Round {
  /** Proxy round id: the phase in the high bits, so ids grow over phases. */
  readonly roundId: bigint;
  /** USD per whole token in the feed's decimals. */
  readonly answer: bigint;
  /** Unix seconds. */
  readonly updatedAt: number;
}

/**
 * Rounds that can be used as observations: each id once, positive, dated, and strictly later than the one before.
 * A new phase may repeat times that the old one has covered already; those rounds are out of order and dropped.
 *
 * @param rounds In any order
 * @param last The newest round accepted earlier, if any: nothing at or before it is returned
 * @returns Ascending by id and by time
 */
export function cleanRounds(rounds: readonly Round[], last?: Round): Round[] {
  const sorted = [...rounds].sort((a, b) => (a.roundId < b.roundId ? -1 : a.roundId > b.roundId ? 1 : 0));
  const kept: Round[] = [];
  let previous = last;
  for (const round of sorted) {
    if (round.answer <= 0n || round.updatedAt <= 0) continue;
    if (previous !== undefined && (round.roundId <= previous.roundId || round.updatedAt <= previous.updatedAt))
      continue;
    kept.push(round);
    previous = round;
  }
  return kept;
}
