import { CrosshedgeError } from "../../errors/CrosshedgeError.js";
import { decoded } from "../../errors/decoded.js";
import { collectHistory } from "../../history/collectHistory.js";
import type { VaultEvent } from "../../history/events.js";
import type { PinnedBlock } from "../../read/block.js";
import type { HedgeLegState, LegState } from "../../state/legTypes.js";
import type { VaultState } from "../../state/types.js";
import type { Usd18 } from "../../units.js";
import type { CrosshedgeVault } from "../../vault.js";
import { checkSampleCount, inParallel, readStates, type SamplingOptions } from "../sampling.js";
import { ACTING_EVENTS, actingBlocks, actsBetween } from "./acts.js";
import { readHedgeActs, readTradingPlaces } from "./hedgeLogs.js";
import { readWorth } from "./readWorth.js";
import { splitProfits } from "./split.js";
import type { ProfitReport, ProfitSample } from "./types.js";
import { sameMids, worthOf } from "./worth.js";

/** Which period to split, and how to read it. */
export interface ProfitOptions extends SamplingOptions {
  /** Block at whose end the period begins. */
  from: number;
  /** Block at whose end it ends. */
  to: number;
  /** Fair prices of a block, USD per whole token in the vault's asset order; null where none are known. The oracle's by default. */
  pricesAt?: (block: PinnedBlock) => readonly Usd18[] | null;
  /** The vault's events of these blocks, where they are known: all that {@link ACTING_EVENTS} names. */
  events?: readonly VaultEvent[];
}

/**
 * Where a vault's profit between two blocks came from.
 *
 * Reads the vault's events, then its state right before and right after each block in which it did something, and at both ends.
 *
 * @throws {CrosshedgeError} BAD_ARGUMENT, READ_FAILED where the node does not keep the state of a block, NOT_ENOUGH_DATA where prices are bad
 * at an end, ABORTED
 * @example
 * console.log(formatTable(profitTable(await readProfit(vault, { from, to }))));
 */
export async function readProfit(vault: CrosshedgeVault, options: ProfitOptions): Promise<ProfitReport> {
  return decoded(async () => {
    const [report] = await readProfits(vault, { ...options, cuts: [] });
    return report as ProfitReport;
  });
}

/**
 * The same for periods that follow one another.
 *
 * @param options `cuts`: blocks between `from` and `to` at whose end one period ends and the next begins
 */
export async function readProfits(
  vault: CrosshedgeVault,
  options: ProfitOptions & { cuts: readonly number[] },
): Promise<ProfitReport[]> {
  return decoded(async () => {
    const { from, to, cuts } = options;
    const bad = [from, to, ...cuts].some((block) => !Number.isInteger(block) || block < from || block > to);
    if (bad || from >= to) {
      throw new CrosshedgeError("BAD_ARGUMENT", "`from` must be before `to`, and `cuts` between them.");
    }
    const events = options.events ?? (await readActing(vault, options));
    const ends = await readStates(vault, [from, to, ...blocksOfLegs(events, from, to)], options);
    const legs = legsOf(ends);
    const last = ends[1] as VaultState;
    const { provider, multicall } = vault.connection;
    const places = await readTradingPlaces(last, { provider, multicall, blockNumber: to }, legs);
    const range = { from: from + 1, to, signal: options.signal };
    const hedges = legs.filter((leg): leg is HedgeLegState => leg.kind === "hedge");
    const trades = await readHedgeActs(vault.connection, hedges, places, range);

    const acting = actingBlocks(events, trades).flatMap((block) => [block - 1, block]);
    const blocks = [...new Set([from, ...acting, ...cuts, to])].filter((block) => block >= from && block <= to);
    blocks.sort((a, b) => a - b);
    checkSampleCount(blocks.length, options);
    const known = [...(options.known ?? []), ...ends];
    const samples = await valued(vault, await readStates(vault, blocks, { ...options, known }), options);
    const withLegs = { ...last, legs };
    const acts = samples
      .slice(1)
      .map(({ state }, k) =>
        actsBetween(events, trades, withLegs, places.feeTiers, blocks[k] as number, state.block.number),
      );
    return splitProfits(samples, acts, cuts);
  });
}

async function readActing(vault: CrosshedgeVault, { from, to, signal, onProgress }: ProfitOptions) {
  onProgress?.({ stage: "events", done: 0, total: to - from });
  const { events } = await collectHistory(vault, {
    from: from + 1,
    to,
    names: ACTING_EVENTS,
    ...(signal && { signal }),
    ...(onProgress && {
      onProgress: ({ to: done }: { to: number }) =>
        onProgress({ stage: "events", done: done - from, total: to - from }),
    }),
  });
  return events;
}

/** Blocks at whose end the vault had a leg that it may not have had at an end of the period. */
function blocksOfLegs(events: readonly VaultEvent[], from: number, to: number): number[] {
  const changes = events.filter(
    ({ name, blockNumber }) => name === "LegAdded" && blockNumber > from && blockNumber < to,
  );
  return changes.map(({ blockNumber }) => blockNumber);
}

/** Every leg that the vault had in these states. */
function legsOf(states: readonly VaultState[]): LegState[] {
  return [...new Map(states.flatMap(({ legs }) => legs.map((leg) => [leg.address, leg] as const))).values()];
}

/** States with their legs at their own prices and at those of the one before. Between the ends, bad prices are those of before. */
async function valued(
  vault: CrosshedgeVault,
  states: readonly VaultState[],
  options: ProfitOptions,
): Promise<ProfitSample[]> {
  const mids: (readonly Usd18[])[] = [];
  for (const [k, state] of states.entries()) {
    const given =
      options.pricesAt === undefined ? (state.prices.ok ? state.prices.mid : null) : options.pricesAt(state.block);
    const isEnd = k === 0 || k === states.length - 1;
    if (given === null && isEnd) {
      throw new CrosshedgeError("NOT_ENOUGH_DATA", `There are no good prices at block ${state.block.number}.`, {
        nextStep: "Begin and end the period at blocks with good prices.",
      });
    }
    mids.push(given ?? (mids[k - 1] as readonly Usd18[]));
  }
  let done = 0;
  return inParallel(states, options, async (state, k) => {
    const { provider, multicall } = vault.connection;
    const at = { provider, multicall, blockNumber: state.block.number };
    const [now, then] = [mids[k] as readonly Usd18[], mids[Math.max(0, k - 1)] as readonly Usd18[]];
    const known = sameMids(now, state.prices.mid) ? worthOf(state) : null;
    const own = known ?? (await readWorth(state, now, at));
    const earlier = sameMids(now, then) ? own : await readWorth(state, then, at);
    options.onProgress?.({ stage: "values", done: ++done, total: states.length });
    return { state, own, earlier };
  });
}
