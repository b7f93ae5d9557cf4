import { createKeeper, type Keeper, type KeeperOptions, type PassResult } from "@crosshedge/keeper";
import { decodeError } from "@crosshedge/sdk";
import type { Prices } from "../devnet/assets.js";
import { keeperParts } from "../devnet/keeper-parts.js";
import type { World } from "../devnet/world.js";
import { costOf, gasCost } from "./costs.js";
import { mirrorLiquidity } from "./mirror.js";
import type { CycleRecord, RebalanceRecord, RejectionRecord, VaultHour } from "./record.js";
import { type DemoVault, KEEPERS, keeperOf } from "./vaults.js";

/** A fixed limit spares the local chain its search for one. */
export const GAS_LIMIT = 15_000_000;

/** One vault with what moves it, and what has been seen of both. */
export interface Lane {
  readonly demo: DemoVault;
  /** Null where nobody hedges. */
  readonly keeper: Keeper | null;
  readonly hours: VaultHour[];
  readonly rebalances: RebalanceRecord[];
  readonly rejections: RejectionRecord[];
  readonly cycles: CycleRecord[];
  /** USD spent on transactions that are no plan: pokes. */
  otherGas: number;
}

/** The hedged vault's keeper decides on liquidity and hedge; the naive one's only hedges; the unhedged vault needs none. */
const CONFIGS: Record<DemoVault["name"], KeeperOptions["config"] | null> = {
  hedged: {},
  unhedged: null,
  naive: { hedge: { policy: "naive" }, liquidity: { manage: false } },
};

/** @param calibrated The hedged vault's keeper, as a parameter file has it */
export async function openLane(world: World, demo: DemoVault, calibrated?: KeeperOptions["config"]): Promise<Lane> {
  const config = demo.name === "hedged" && calibrated !== undefined ? calibrated : CONFIGS[demo.name];
  const keeper =
    config &&
    (await createKeeper({
      ...(await keeperParts(world, KEEPERS[demo.name])),
      vault: demo.deployment,
      config: { ...config, execution: { ...config.execution, gasLimit: GAS_LIMIT }, journal: { inputsDays: 0 } },
    }));
  return { demo, keeper: keeper ?? null, hours: [], rebalances: [], rejections: [], cycles: [], otherGas: 0 };
}

/**
 * A pass over all vaults: the hedged one's keeper acts, the others take over its liquidity, the naive one's keeper hedges.
 * @param quote The path's prices of now, for what things cost
 */
export async function passAll(world: World, lanes: readonly Lane[], time: number, quote: Prices): Promise<void> {
  const [hedged, ...twins] = lanes as [Lane, ...Lane[]];
  await pass(world, hedged, time, quote, async () => hedged.keeper?.pass());
  const alt = await world.tokens.ALT.getAddress();
  for (const twin of twins) {
    await pass(world, twin, time, quote, async () => {
      try {
        await mirrorLiquidity(twin.demo, hedged.demo, alt, keeperOf(world, twin.demo.name), GAS_LIMIT);
      } catch (error) {
        // The next hour tries again; the report says how far apart the vaults were.
        const { revert, code } = decodeError(error);
        const reason = revert?.kind === "custom" ? revert.name : code;
        twin.rejections.push({ time, vault: twin.demo.name, reason });
      }
      return twin.keeper?.pass();
    });
  }
}

/** Let one vault's keeper act, and record what the chain made of it. */
async function pass(
  world: World,
  lane: Lane,
  time: number,
  quote: Prices,
  act: () => Promise<PassResult | undefined>,
): Promise<void> {
  const { demo } = lane;
  const from = await world.ethers.provider.getBlockNumber();
  const result = await act();
  if (result) {
    const { market, liquidity } = result.cycles;
    lane.cycles.push({ time, regime: market?.regime ?? null, liquidity });
  }
  if (result?.refused) lane.rejections.push({ time, vault: demo.name, reason: result.refused.name });
  let planGas = 0n;
  for (const event of await demo.rebalancer.queryFilter(demo.rebalancer.filters.Rebalanced, from + 1)) {
    const receipt = await event.getTransactionReceipt();
    const own = receipt.hash === result?.transaction;
    if (own) planGas = receipt.gasUsed;
    const { outcome, onlyReductions } = event.args;
    const ungated = onlyReductions || (own && result?.orders.every(({ action }) => action === "margin") === true);
    lane.rebalances.push({
      time,
      vault: demo.name,
      accepted: outcome.reduced ? "reduced" : ungated ? "withoutGate" : "insideLimits",
      varianceBefore: Number(outcome.varianceBefore) / 1e18,
      varianceAfter: Number(outcome.varianceAfter) / 1e18,
      orders: own ? (result?.orderWords ?? []) : ["the same liquidity as the hedged vault"],
      gasUsed: Number(receipt.gasUsed),
      cost: await costOf(world, demo, receipt, quote),
    });
  }
  if (result) lane.otherGas += gasCost(result.gasUsed - planGas, quote);
}
