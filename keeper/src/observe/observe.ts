import {
  Batch,
  CovarianceOracle__factory,
  type CrosshedgeVault,
  contractCall,
  interfaceCall,
  type ReadPoint,
  VAULT_MODES,
  type VaultState,
} from "@crosshedge/sdk";
import type { Provider } from "ethers";
import type { KeeperConfig } from "../config.js";
import { configuredForecaster } from "../configured-forecaster.js";
import { CollateralWatch } from "../model/collateral/collateral-watch.js";
import type { Forecast, Forecaster } from "../model/forecaster.js";
import type { LateFeed } from "../model/lead-lag.js";
import type { StreamDropReason } from "../model/round-stream.js";
import type { OracleRound } from "../model/rounds.js";
import { type DutyFacts, dutyFacts } from "../plan/duty-facts.js";
import { isStable, type PoolState, type Situation } from "../plan/situation.js";
import { decimalsCall, latestRoundCall, toRound } from "./feed.js";
import { FeedHistory } from "./feed-history.js";
import type { FundingObserver } from "./observe-funding.js";
import { PoolFees } from "./pool-fees.js";
import { addPools } from "./pools.js";

const DAY = 86_400;

/** Where the covariance oracle stands on its grid, unix seconds. */
export interface Grid {
  readonly cursor: number;
  readonly step: number;
}

/** Rounds that were no observations, by asset (null for a stable one), and feeds that report late. */
export interface FeedFaults {
  readonly dropped: readonly (Readonly<Record<StreamDropReason, number>> | null)[];
  readonly late: readonly LateFeed[];
}

/** What one pass has seen. */
export interface Observation {
  readonly state: VaultState;
  readonly pools: Readonly<Record<string, PoolState>>;
  readonly grid: Grid;
  /** Rounds by asset, as far back as grid times are due. */
  readonly histories: readonly (readonly OracleRound[])[];
  readonly forecast: Forecast | null;
  /** What is wrong with the feeds, so far. */
  readonly faults: FeedFaults;
  readonly funding: Situation["funding"];
  readonly collateral: Situation["collateral"];
  readonly options: Situation["options"];
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
  readonly #fees = new PoolFees();
  #feeds: FeedHistory[] | undefined;
  /** Of the forecaster. */
  #hedges: string | undefined;
  #forecaster: Forecaster | undefined;
  #collateral: CollateralWatch | undefined;
  /** Of the feeds' answers, as last told; null for one that has not told them yet. */
  #decimals: (bigint | null)[] = [];

  /** @param funding Left out where nobody asks what a hedge costs to hold */
  constructor(
    vault: CrosshedgeVault,
    provider: Provider,
    multicall: string | undefined,
    config: KeeperConfig,
    funding?: FundingObserver,
  ) {
    this.#vault = vault;
    this.#provider = provider;
    this.#multicall = multicall;
    this.#config = config;
    this.#funding = funding;
  }

  /** The vault, its pools, the oracle's grid and every new round, all at one block. */
  async observe(): Promise<Observation> {
    const state = await this.#vault.readState();
    const at: ReadPoint = { provider: this.#provider, blockNumber: state.block.number, multicall: this.#multicall };
    const batch = new Batch(at);
    const pools = addPools(batch, state);
    const oracle = CovarianceOracle__factory.connect(state.covarianceOracle);
    const grid = batch.add(contractCall(oracle, "grid"));
    const step = batch.add(contractCall(oracle, "gridStep"));
    const synced = batch.add(interfaceCall<bigint>(this.#vault.contract.interface, state.address, "sync"));
    const latest = state.assets.map(({ feed }) => batch.add(latestRoundCall(feed.address)));
    const decimals = state.assets.map(({ feed }) => batch.add(decimalsCall(feed.address)));
    await batch.send();

    const where = { cursor: Number(grid.value().cursor), step: Number(step.value()) };
    const rounds = latest.map((answer) => {
      const data = answer.orNull();
      return data === null ? undefined : toRound(data);
    });
    this.#decimals = decimals.map((answer, asset) => answer.orNull() ?? this.#decimals[asset] ?? null);
    await this.#follow(at, state, where, rounds);
    const histories = this.#feeds!.map((feed) => feed.rounds);
    const mode = synced.orNull();
    return {
      state,
      facts: dutyFacts(state, mode === null ? null : VAULT_MODES[Number(mode)]!, histories),
      pools: this.#fees.observe(state, pools()),
      grid: where,
      histories,
      forecast: this.#forecaster!.forecast(),
      faults: { dropped: this.#forecaster!.dropped, late: this.#forecaster!.late },
      funding: (await this.#funding?.observe(state)) ?? {},
      collateral: (this.#collateral ?? new CollateralWatch(state.assets.map(isStable), [])).risks(
        state.block.timestamp,
        state.assets.map(depegFloor),
      ),
      // No leg trades them: one that does is read here.
      options: [],
    };
  }

  /** Begins once every feed has told its decimals: until then nothing is known of what assets may fall by. */
  #watch({ assets }: VaultState): CollateralWatch | undefined {
    const known = this.#decimals.filter((places) => places !== null);
    if (known.length < assets.length) return undefined;
    return new CollateralWatch(assets.map(isStable), known.map(Number));
  }

  async #follow(at: ReadPoint, state: VaultState, grid: Grid, latest: (OracleRound | undefined)[]): Promise<void> {
    const hedges = hedgesOf(state);
    if (this.#hedges !== hedges.join()) {
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
    for (const [asset, feed] of feeds.entries()) {
      const round = latest[asset];
      if (round !== undefined) await feed.update(at, round, since);
    }
    // All that is kept, not what is new: after a pass that failed half-way some feeds have rounds that the model has not seen.
    const histories = feeds.map(({ rounds }) => rounds);
    this.#forecaster!.add(histories);
    this.#collateral?.add(histories);
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
