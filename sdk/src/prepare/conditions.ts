import { erc20 } from "../abi/erc20.js";
import { VIRTUAL_SHARES } from "../constants.js";
import { IHedgeVault__views, IPriceOracle__views, IRebalancer__views, IRedeemQueue__views } from "../generated/abi.js";
import type { Batch } from "../read/batch.js";
import type { PinnedBlock } from "../read/block.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import type { VaultLayout } from "../state/layout.js";
import { plainStruct } from "../state/plain.js";
import { VAULT_MODES } from "../state/readRules.js";
import type { AssetPrice, QueueState, SettingsState, VaultMode } from "../state/types.js";
import { ONE, type Ratio18, type TokenAmount, type Usd18 } from "../units.js";

/** One asset, as far as an operation depends on it. */
export interface AssetConditions {
  readonly address: string;
  readonly symbol: string;
  readonly decimals: number;
  readonly idle: TokenAmount;
  readonly price: AssetPrice;
  /** Longest age of a good price, seconds. */
  readonly heartbeat: number;
  /** When the price was published, unix seconds; zero where it cannot be read. */
  readonly updatedAt: number;
}

/** The state of a vault just before an operation, as far as warnings and costs depend on it. */
export interface Conditions {
  readonly block: PinnedBlock;
  readonly mode: VaultMode;
  /** The mode that the vault would go to if it looked at its venues now (`sync()`); null where the node could not simulate it. */
  readonly modeAfterSync: VaultMode | null;
  readonly nav: { readonly mid: Usd18; readonly half: Usd18; readonly ok: boolean };
  /** Shares, 1e18. */
  readonly totalSupply: bigint;
  /** USD per whole share at mid, fees that are due counted; null while prices are bad. */
  readonly sharePrice: Usd18 | null;
  readonly settings: SettingsState;
  readonly queue: QueueState;
  /** USD per whole share above which the next gain is charged. */
  readonly highWaterMark: Usd18;
  /** When the alarm was raised, unix seconds; zero if there is none. */
  readonly alarmAt: number;
  /** The keeper's last sign of life, unix seconds. */
  readonly lastSign: number;
  /** Silence of the keeper after which anybody may act in his place, seconds. */
  readonly maxSilence: number;
  readonly settlementToken: string;
  readonly assets: readonly AssetConditions[];
}

/** A venue can refuse to value a position: the view reverts then, and what needs no NAV goes on. */
const UNVALUED = { mid: 0n, half: 0n, ok: false };

/** Half the NAV's band over the NAV; zero for a vault without value. */
export function bandOf({ nav }: Pick<Conditions, "nav">): Ratio18 {
  return nav.mid > 0n ? (nav.half * ONE) / nav.mid : 0n;
}

/** Conditions that were read, if they could be. */
export interface ConditionsReading {
  /** The vault's Rebalancer. Where it is not the layout's, the conditions are not to be used. */
  readonly rebalancer: string;
  conditions(block: PinnedBlock): Conditions;
}

/** Adds the reads of the conditions; call the result once the batch is sent. */
export function addConditions(batch: Batch, address: string, layout: VaultLayout): () => ConditionsReading {
  const vault = contractAt(IHedgeVault__views, address);
  const queue = contractAt(IRedeemQueue__views, address);
  const oracle = contractAt(IPriceOracle__views, layout.priceOracle);
  const rebalancer = contractAt(IRebalancer__views, layout.rebalancer);
  const pending = {
    rebalancer: batch.add(contractCall(vault, "rebalancer")),
    mode: batch.add(contractCall(vault, "mode")),
    nav: batch.add(contractCall(vault, "nav")),
    settings: batch.add(contractCall(vault, "settings")),
    highWaterMark: batch.add(contractCall(vault, "highWaterMark")),
    supply: batch.add(erc20.totalSupply(address)),
    supplyWithFees: batch.add(contractCall(queue, "supplyWithFees")),
    waiting: batch.add(contractCall(queue, "waiting")),
    alarmAt: batch.add(contractCall(rebalancer, "alarmAt")),
    lastSign: batch.add(contractCall(rebalancer, "lastSign")),
    publicLimits: batch.add(contractCall(rebalancer, "publicLimits")),
    assets: layout.assets.map((asset) => ({
      ...asset,
      idle: batch.add(contractCall(vault, "idle", asset.address)),
      price: batch.add(contractCall(oracle, "price", asset.address)),
      feed: batch.add(contractCall(oracle, "feedOf", asset.address)),
      updatedAt: batch.add(contractCall(oracle, "updatedAt", asset.address)),
    })),
  };
  const conditions = (block: PinnedBlock): Conditions => {
    const { mid, half, ok } = pending.nav.orNull() ?? UNVALUED;
    const { shares, since } = pending.waiting.value();
    const supply = pending.supplyWithFees.value() + VIRTUAL_SHARES;
    return {
      block,
      mode: VAULT_MODES[Number(pending.mode.value())] ?? "Closed",
      modeAfterSync: null,
      nav: { mid, half, ok },
      totalSupply: pending.supply.value(),
      sharePrice: ok && mid >= 0n ? ((mid + VIRTUAL_SHARES) * ONE) / supply : null,
      settings: plainStruct<SettingsState>(pending.settings.value()),
      queue: { shares, since: Number(since) },
      highWaterMark: pending.highWaterMark.value(),
      alarmAt: Number(pending.alarmAt.value()),
      lastSign: Number(pending.lastSign.value()),
      maxSilence: Number(pending.publicLimits.value().maxSilence),
      settlementToken: layout.settlementToken,
      assets: pending.assets.map(({ address, symbol, decimals, idle, price, feed, updatedAt }) => ({
        address,
        symbol,
        decimals,
        idle: idle.value(),
        price: { mid: price.value().mid, half: price.value().half, ok: price.value().ok },
        heartbeat: Number(feed.value().heartbeat),
        updatedAt: Number(updatedAt.value()),
      })),
    };
  };
  return () => ({ rebalancer: pending.rebalancer.value(), conditions });
}
