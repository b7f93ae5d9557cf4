import { Batch, CrosshedgeVault, contractAt, contractCall, type ReadPoint } from "@crosshedge/sdk";
import { CovarianceOracle__factory } from "@crosshedge/sdk/contracts";
import type { Table } from "../backtest/data/table.js";
import { DAY } from "../backtest/time.js";
import { tableOfRounds } from "../calibrate/rounds-table.js";
import type { VaultShape } from "../calibrate/shape.js";
import { shapeFromState } from "../calibrate/shape-from-state.js";
import { latestRoundCall, toRound } from "../observe/feed.js";
import { FeedHistory } from "../observe/feed-history.js";
import { Observer } from "../observe/observe.js";
import { addPools } from "../observe/pools.js";
import type { LoadedConfig } from "../operator-config/load.js";
import type { Situation } from "../plan/situation.js";
import { connectTarget } from "./connect.js";
import { oneVault } from "./one-vault.js";

/** How far back rounds are read where no first day is named. */
const LONGEST = 4 * 365 * DAY;

/** A vault at the latest block; its assets' prices by the rounds of its feeds, and what it holds, which are read only when asked for. */
export async function readOnChain(
  options: { readonly from?: number },
  loaded: LoadedConfig,
  names: { readonly alt?: string; readonly hedgeCost: number },
): Promise<{
  readonly shape: VaultShape;
  readonly table: () => Promise<Table>;
  readonly standing: () => Promise<Situation | undefined>;
}> {
  const { target, vault } = oneVault(loaded);
  const { multicall } = target;
  const config = vault.keeper;
  const provider = await connectTarget(target);
  const connected = await CrosshedgeVault.connect({ address: vault.address, provider, multicall });
  const state = await connected.readState();
  const at: ReadPoint = { provider, blockNumber: state.block.number, multicall };
  const oracle = contractAt(CovarianceOracle__factory, state.covarianceOracle);
  const batch = new Batch(at);
  const pools = addPools(batch, state);
  const step = batch.add(contractCall(oracle, "gridStep"));
  const fast = batch.add(contractCall(oracle, "halfLifeFast"));
  const slow = batch.add(contractCall(oracle, "halfLifeSlow"));
  const floors = state.assets.map((_, i) => batch.add(contractCall(oracle, "feedOf", i)));
  const latest = state.assets.map(({ feed }) => batch.add(latestRoundCall(feed.address)));
  await batch.send();
  const settings = {
    ...{ gridStep: step.value(), halfLifeFast: fast.value(), halfLifeSlow: slow.value() },
    varianceFloors: floors.map((floor) => floor.value().varianceFloor),
  };
  const shape = shapeFromState(state, pools(), settings, names);
  const since = options.from ?? state.block.timestamp - LONGEST;
  const table = async (): Promise<Table> => {
    const histories = [];
    for (const [i, { feed }] of state.assets.entries()) {
      const history = new FeedHistory(feed.address, config.execution.roundBatch);
      await history.update(at, toRound(latest[i]!.value()), since);
      histories.push(history.rounds);
    }
    return tableOfRounds(shape, histories);
  };
  const standing = async (): Promise<Situation | undefined> =>
    state.totalSupply === 0n ? undefined : new Observer(connected, provider, multicall, config).observe();
  return { shape, table, standing };
}
