import { bulkhead } from "cockatiel";
import type { PgBoss } from "pg-boss";
import type { Keeper } from "../keeper.js";
import type { Logger } from "../logger.js";
import type { Monitor } from "../monitor/monitor.js";
import { coinPriceOf } from "../observe/coin-price.js";
import type { Journal } from "../store/journal.js";
import type { TickResult } from "../tick-result.js";
import { ChainWatch } from "./chain-watch.js";
import { FeedWatch } from "./feed-watch.js";
import type { ConnectedChain, FleetChain } from "./fleet-types.js";
import type { Intervals } from "./intervals.js";
import { LaneWorker } from "./lane-worker.js";
import { TickQueue } from "./tick-queue.js";
import { TickRunner } from "./tick-runner.js";
import type { Vitals } from "./vitals.js";
import type { WarmKeepers } from "./warm-keepers.js";

/** What a fleet works with. */
export interface FleetOptions {
  readonly journal: Journal;
  /** The queue of the journal's database. */
  readonly boss: PgBoss;
  /** Unique name of this process. */
  readonly replica: string;
  readonly monitor: Pick<Monitor, "vault" | "head" | "account">;
  readonly intervals: Intervals;
  readonly now: () => number;
  readonly logger: Logger;
  /** Told of each tick that ended, with the vault's name. */
  readonly onTick?: ((vault: string, result: TickResult) => void) | undefined;
}

/** What the chains of a fleet have in common. */
export interface FleetParts extends FleetOptions {
  readonly keepers: WarmKeepers<Keeper>;
  readonly vitals: Vitals;
}

/** A chain that is watched, and the lane that is worked when this replica has it. */
export interface RunningChain {
  readonly worker: LaneWorker;
  readonly watch: ChainWatch;
}

/** Put the parts of a chain together once it is reached. */
export async function openFleetChain(
  chain: FleetChain,
  connected: ConnectedChain,
  parts: FleetParts,
): Promise<RunningChain> {
  const { boss, replica, intervals, vitals, now, onTick } = parts;
  const feeds = new FeedWatch();
  let coinPrice: number | null = null;
  const names = new Map(chain.vaults.map(({ address, name }) => [address.toLowerCase(), name]));
  const worker = new LaneWorker({
    ...parts,
    ...{ chain, connected },
    lane: await connected.lane(replica, () => coinPrice),
    queue: new TickQueue(boss, connected, intervals),
    runner: new TickRunner(intervals, vitals, now),
    slots: bulkhead(intervals.concurrency, Number.POSITIVE_INFINITY),
    pricesAt: (vault, blockHash) => feeds.pricesAt(vault, blockHash),
    ticked: (vault, result) => {
      feeds.saw(vault, result.observation.state, roundsOf(result));
      coinPrice = coinPriceOf(result.observation.state) ?? coinPrice;
      onTick?.(names.get(vault)!, result);
    },
  });
  const watch = new ChainWatch({ ...parts, name: chain.name, connected, feeds, listener: worker });
  return { worker, watch };
}

/** The latest round of each feed that a tick has seen. */
function roundsOf({ observation }: TickResult): Map<string, bigint> {
  const { state, histories } = observation;
  return new Map(state.assets.map(({ feed }, asset) => [feed.address, histories[asset]?.at(-1)?.roundId ?? 0n]));
}
