/** One round of a Chainlink proxy. */
export interface OracleRound {
  /** Proxy round id: the phase in the bits above the 64th. */
  roundId: bigint;
  /** Feed units. */
  answer: bigint;
  /** Unix seconds, zero if the round has no data. */
  updatedAt: number;
  /** Round that the answer was computed in; `roundId` if left out. Older if the answer was carried over. */
  answeredInRound?: bigint;
}

/** Finds the round of one feed that was in force at a time. */
export interface RoundIndex {
  /**
   * @param t Unix seconds
   * @returns The round, or undefined if none was in force yet
   */
  inForce(t: number): OracleRound | undefined;
}

/**
 * Indexes a feed's history by the rule of RoundLookup.sol: the newest phase that begins at or before t, in it the last complete round
 * with `updatedAt` ≤ t. The current phase should reach back to its first round, or the phases before it are taken for longer.
 *
 * @param history Rounds of one feed, any order, duplicates allowed
 * @returns The index
 */
export function indexRounds(history: readonly OracleRound[]): RoundIndex {
  const byPhase = new Map<bigint, OracleRound[]>();
  for (const round of history) {
    if (round.updatedAt === 0 || (round.answeredInRound ?? round.roundId) < round.roundId) continue;
    const phase = round.roundId >> 64n;
    const rounds = byPhase.get(phase);
    if (rounds === undefined) byPhase.set(phase, [round]);
    else rounds.push(round);
  }
  const newestFirst = [...byPhase.entries()].sort(([a], [b]) => compare(b, a)).map(([, rounds]) => rounds);
  for (const rounds of newestFirst) rounds.sort((a, b) => compare(a.roundId, b.roundId));

  return {
    inForce(t) {
      const rounds = newestFirst.find((candidates) => candidates[0] !== undefined && candidates[0].updatedAt <= t);
      if (rounds === undefined) return undefined;
      let low = 0;
      let high = rounds.length;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if ((rounds[middle] as OracleRound).updatedAt <= t) low = middle;
        else high = middle;
      }
      return rounds[low];
    },
  };
}

/**
 * The claims of `CovarianceOracle.poke` for a list of grid times.
 *
 * @param histories Rounds by asset, in the oracle's order
 * @param times Grid times, unix seconds
 * @returns Round ids, by grid time and asset; 0n where none was in force
 */
export function roundsAt(histories: readonly (readonly OracleRound[])[], times: readonly number[]): bigint[][] {
  const indexes = histories.map(indexRounds);
  return times.map((t) => indexes.map((index) => index.inForce(t)?.roundId ?? 0n));
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
