import { type CrosshedgeVault, type PinnedBlock, pinBlock, type ReadPoint, type VaultState } from "@crosshedge/sdk";
import type { Provider } from "ethers";
import type { KeeperConfig } from "../config.js";
import { configuredForecaster } from "../configured-forecaster.js";
import { type Logger, silentLogger } from "../logger.js";
import { CollateralWatch } from "../model/collateral/collateral-watch.js";
import type { Forecaster } from "../model/forecaster.js";
import type { LateFeed } from "../model/lead-lag.js";
import type { StreamDropReason } from "../model/round-stream.js";
import type { OracleRound } from "../model/rounds.js";
import type { TickInputs } from "../plan/decide.js";
import { type DutyFacts, dutyFacts, pricedAt } from "../plan/duty-facts.js";
import type { Grid } from "../plan/grid.js";
import { isStable, type Situation } from "../plan/situation.js";
import { FeedHistory } from "./feed-history.js";
import type { FundingObserver } from "./observe-funding.js";
import { PoolFees } from "./pool-fees.js";
import { addSurroundings, placesOf, type Surroundings } from "./surroundings.js";
import { partsRead } from "./warm-up.js";

const DAY = 86_400;

/** What is known before anything is read. */
export interface ObserveHint {
  /** The block to read; the latest where it is left out. */
  readonly head?: PinnedBlock;
  /** The prices that are to be expected there; those of the last observation where they are left out. */
  readonly prices?: VaultState["prices"];
}

/** Rounds that were no observations, by asset (null for a stable one), and feeds that report late. */
export interface FeedFaults {
  readonly dropped: readonly (Readonly<Record<StreamDropReason, number>> | null)[];
  readonly late: readonly LateFeed[];
}

/** What one tick has seen. */
export interface Observation extends Situation {
  readonly grid: Grid;
  /** Rounds by asset, as far back as grid times are due. */
  readonly histories: readonly (readonly OracleRound[])[];
  /** What is wrong with the feeds, so far. */
  readonly faults: FeedFaults;
  readonly reading: TickInputs["reading"];
  /** What the duties are decided by. */
  readonly facts: DutyFacts;
}

/** Reads the chain and keeps what must be kept between passes: each feed's rounds and the covariance made from them. */
export class Observer {
  readonly #vault: CrosshedgeVault;
  readonly #provider: Provider;
  readonly #multicall: string | undefined;
  readonly #config: KeeperConfig;
  readonly #funding: FundingObserver | undefined;
  readonly #logger: Logger;
  readonly #fees = new PoolFees();
  #feeds: FeedHistory[] | undefined;
  /** Of the forecaster. */
  #hedges: string | undefined;
  #forecaster: Forecaster | undefined;
  #collateral: CollateralWatch | undefined;
  /** Of the feeds' answers, as last told; null for one that has not told them yet. */
  #decimals: (bigint | null)[] = [];
  #last: VaultState | null = null;

  /** @param funding Left out where nobody asks what a hedge costs to hold */
  constructor(
    vault: CrosshedgeVault,
    provider: Provider,
    multicall: string | undefined,
    config: KeeperConfig,
    funding?: FundingObserver,
    logger: Logger = silentLogger,
  ) {
    this.#vault = vault;
    this.#provider = provider;
    this.#multicall = multicall;
    this.#config = config;
    this.#funding = funding;
    this.#logger = logger;
  }

  /** The vault, its pools, the oracle's grid and every new round, all at one block: in one request a node if all is where it was. */
  async observe({ head, prices }: ObserveHint = {}): Promise<Observation> {
    const block = head ?? (await pinBlock(this.#provider));
    const at = this.#pointOf(block);
    const known = this.#last;
    const early = known && addSurroundings(at, known);
    const [state] = await Promise.all([
      this.#vault.readState({ block, ...(prices && { prices }) }),
      early?.send(),
      known && this.#funding?.follow(known, block),
    ]);
    let surroundings = early;
    if (surroundings === null || surroundings.of !== placesOf(state)) {
      surroundings = addSurroundings(at, state);
      await surroundings.send();
    }
    this.#last = state;
    const { grid, rounds, mode, decimals, pools } = surroundings.read();
    this.#decimals = decimals.map((places, asset) => places ?? this.#decimals[asset] ?? null);
    const [funding] = await Promise.all([this.#funding?.observe(state), this.#follow(at, state, grid, rounds)]);
    const histories = this.#feeds!.map((feed) => feed.rounds);
    const reading = { modeAfterSync: mode, pricedAt: pricedAt(state, histories) };
    return {
      state,
      reading,
      facts: dutyFacts(state, reading),
      pools: this.#fees.observe(state, pools),
      grid,
      histories,
      forecast: this.#forecaster!.forecast(),
      faults: { dropped: this.#forecaster!.dropped, late: this.#forecaster!.late },
      funding: funding ?? {},
      collateral: (this.#collateral ?? new CollateralWatch(state.assets.map(isStable), [])).risks(
        state.block.timestamp,
        state.assets.map(depegFloor),
      ),
      // No leg trades them: one that does is read here.
      options: [],
      // Not to be seen on the chain: the journal tells.
      costFactor: 1,
    };
  }

  #pointOf({ number, hash }: PinnedBlock): ReadPoint {
    return { provider: this.#provider, blockNumber: number, blockHash: hash ?? undefined, multicall: this.#multicall };
  }

  /** Begins once every feed has told its decimals: until then nothing is known of what assets may fall by. */
  #watch({ assets }: VaultState): CollateralWatch | undefined {
    const known = this.#decimals.filter((places) => places !== null);
    if (known.length < assets.length) return undefined;
    return new CollateralWatch(assets.map(isStable), known.map(Number));
  }

  async #follow(at: ReadPoint, state: VaultState, grid: Grid, latest: Surroundings["rounds"]): Promise<void> {
    const hedges = hedgesOf(state);
    // A venue that does not answer leaves the hedges unknown, not others.
    if (this.#hedges !== hedges.join() && (state.prices.ok || this.#forecaster === undefined)) {
      // What is learned of an asset is learned for its hedges: others begin anew, from the feeds' history.
      this.#hedges = hedges.join();
      this.#feeds = state.assets.map(({ feed }) => new FeedHistory(feed.address, this.#config.execution.roundBatch));
      this.#forecaster = configuredForecaster(state.assets.map(isStable), hedges, this.#config);
      this.#collateral = undefined;
    }
    this.#collateral ??= this.#watch(state);
    const due = grid.cursor + grid.step;
    const since = Math.min(state.block.timestamp - this.#config.model.warmUpDays * DAY, due);
    const feeds = this.#feeds!;
    const fresh = feeds.every(({ rounds }) => rounds.length === 0);
    if (fresh)
      this.#logger.info(
        { feeds: feeds.length, since: new Date(since * 1000) },
        "warming up: reading the feeds' history",
      );
    await Promise.all(
      feeds.map(async (feed, asset) => {
        const round = latest[asset];
        if (round !== undefined)
          await feed.update(at, round, since, partsRead(state.assets[asset]!.symbol, this.#logger));
      }),
    );
    // All that is kept, not what is new: after a pass that failed half-way some feeds have rounds that the model has not seen.
    const histories = feeds.map(({ rounds }) => rounds);
    this.#forecaster!.add(histories);
    this.#collateral?.add(histories);
    if (fresh) this.#logger.info({ rounds: histories.flat().length }, "warmed up: the model knows the feeds' history");
    for (const feed of feeds) feed.forget(due);
  }
}

/** The oracle takes a stable for good up to its band: that much it may be off at any time. */
function depegFloor({ feed }: VaultState["assets"][number]): number {
  return Number(feed.stableBand) / 1e18;
}

/** Assets that have a market in a hedge leg, ascending. */
function hedgesOf({ legs }: VaultState): number[] {
  const markets = legs.flatMap((leg) => (leg.kind === "hedge" ? leg.positions : []));
  return [...new Set(markets.map(({ assetIndex }) => assetIndex))].sort((a, b) => a - b);
}
