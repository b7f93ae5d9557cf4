import {
  Batch,
  contractAt,
  contractCall,
  interfaceCall,
  type ReadPoint,
  VAULT_MODES,
  type VaultMode,
  type VaultState,
} from "@crosshedge/sdk";
import { CovarianceOracle__factory, IHedgeVault__factory } from "@crosshedge/sdk/contracts";
import type { OracleRound } from "../model/rounds.js";
import type { Grid } from "../plan/grid.js";
import { decimalsCall, latestRoundCall, toRound } from "./feed.js";
import { addPools, type PoolReading } from "./pools.js";

/** What stands around a vault: its pools, its covariance oracle and its feeds. */
export interface Surroundings {
  readonly grid: Grid;
  /** The latest round by asset; undefined where its feed does not answer. */
  readonly rounds: readonly (OracleRound | undefined)[];
  /** Of the feeds' answers; null where a feed does not answer. */
  readonly decimals: readonly (bigint | null)[];
  /** The mode that `sync` would lead to; null where it cannot be simulated. */
  readonly mode: VaultMode | null;
  readonly pools: Readonly<Record<string, PoolReading>>;
}

const VAULT = IHedgeVault__factory.createInterface();

/** Which contracts stand around a vault, as one text: a reading counts for every state of these. */
export function placesOf({ covarianceOracle, assets, legs }: VaultState): string {
  const pools = legs.map((leg) => (leg.kind === "liquidity" ? `${leg.address}@${leg.pool}` : ""));
  return [covarianceOracle, ...assets.map(({ feed }) => feed.address), ...pools].join();
}

/** A reading of what stands around a vault, by a state of it that may be older than the block; read it once it is sent. */
export function addSurroundings(at: ReadPoint, state: VaultState) {
  const batch = new Batch(at);
  const pools = addPools(batch, state);
  const oracle = contractAt(CovarianceOracle__factory, state.covarianceOracle);
  const grid = batch.add(contractCall(oracle, "grid"));
  const step = batch.add(contractCall(oracle, "gridStep"));
  const synced = batch.add(interfaceCall<bigint>(VAULT, state.address, "sync"));
  const latest = state.assets.map(({ feed }) => batch.add(latestRoundCall(feed.address)));
  const decimals = state.assets.map(({ feed }) => batch.add(decimalsCall(feed.address)));
  const read = (): Surroundings => {
    const mode = synced.orNull();
    return {
      grid: { cursor: Number(grid.value().cursor), step: Number(step.value()) },
      rounds: latest.map((answer) => {
        const data = answer.orNull();
        return data === null ? undefined : toRound(data);
      }),
      decimals: decimals.map((answer) => answer.orNull()),
      mode: mode === null ? null : VAULT_MODES[Number(mode)]!,
      pools: pools(),
    };
  };
  return { of: placesOf(state), send: () => batch.send(), read };
}
