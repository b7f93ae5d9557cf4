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
import { Forecaster } from "../model/forecaster.js";
import { GridCovariance } from "../model/grid-covariance.js";
import type { OracleRound } from "../model/rounds.js";
import { type DutyFacts, dutyFacts } from "../plan/duty-facts.js";
import { isStable, type PoolState, type Situation } from "../plan/situation.js";
import { latestRoundCall, toRound } from "./feed.js";
import { FeedHistory } from "./feed-history.js";
import type { FundingObserver } from "./observe-funding.js";
import { addPools } from "./pools.js";

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** Where the covariance oracle stands on its grid, unix seconds. */
export interface Grid {
  readonly cursor: number;
  readonly step: number;
}

/** What one pass has seen. */
export interface Observation {
  readonly state: VaultState;
  readonly pools: Readonly<Record<string, PoolState>>;
  readonly grid: Grid;
  /** Rounds by asset, as far back as grid times are due. */
  readonly histories: readonly (readonly OracleRound[])[];
  readonly forecast: readonly (readonly number[])[] | null;
  readonly funding: Situation["funding"];
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
  #feeds: FeedHistory[] | undefined;
  #forecaster: Forecaster | undefined;

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
    await batch.send();

    const where = { cursor: Number(grid.value().cursor), step: Number(step.value()) };
    const rounds = latest.map((answer) => {
      const data = answer.orNull();
      return data === null ? undefined : toRound(data);
    });
    await this.#follow(at, state, where, rounds);
    const histories = this.#feeds!.map((feed) => feed.rounds);
    const mode = synced.orNull();
    return {
      state,
      facts: dutyFacts(state, mode === null ? null : VAULT_MODES[Number(mode)]!, histories),
      pools: pools(),
      grid: where,
      histories,
      forecast: this.#forecaster!.forecast(),
      funding: (await this.#funding?.observe(state)) ?? {},
    };
  }

  async #follow(at: ReadPoint, state: VaultState, grid: Grid, latest: (OracleRound | undefined)[]): Promise<void> {
    const { model, execution } = this.#config;
    this.#feeds ??= state.assets.map(({ feed }) => new FeedHistory(feed.address, execution.roundBatch));
    this.#forecaster ??= new Forecaster({
      stable: state.assets.map(isStable),
      estimator: (size) =>
        new GridCovariance(size, {
          step: model.gridHours * HOUR,
          staggers: model.gridStaggers,
          halfLife: model.halfLifeDays * DAY,
        }),
      minSpanSeconds: model.minSpanDays * DAY,
      ridge: model.ridge,
    });
    const due = grid.cursor + grid.step;
    const since = Math.min(state.block.timestamp - model.warmUpDays * DAY, due);
    for (const [asset, feed] of this.#feeds.entries()) {
      const round = latest[asset];
      if (round !== undefined) await feed.update(at, round, since);
    }
    // All that is kept, not what is new: after a pass that failed half-way some feeds have rounds that the model has not seen.
    this.#forecaster.add(this.#feeds.map(({ rounds }) => rounds));
    for (const feed of this.#feeds) feed.forget(due);
  }
}
