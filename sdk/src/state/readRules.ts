import { IHedgeVault__views, IRebalancer__views, IRedeemQueue__views } from "../generated/abi.js";
import type { Batch } from "../read/batch.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import { plainStruct } from "./plain.js";
import type { LimitsState, PublicLimitsState, SettingsState, VaultMode, VaultState } from "./types.js";

/** By their number in contracts/types/Mode.sol. */
export const VAULT_MODES: readonly VaultMode[] = ["Normal", "NoDeposit", "ReduceOnly", "Closed"];

/** The part of a state that says what may be done now, and who waits. */
export type RulesState = Pick<
  VaultState,
  | "epoch"
  | "limits"
  | "publicLimits"
  | "settings"
  | "mode"
  | "queue"
  | "highWaterMark"
  | "navTimestamp"
  | "lossSpent"
  | "keeperReadyAt"
  | "publicReadyAt"
  | "alarmAt"
  | "lastSign"
>;

/** Adds the reads of limits, settings, queue and budgets; call the result once the batch is sent. */
export function addRules(batch: Batch, address: string, rebalancerAddress: string): () => RulesState {
  const vault = contractAt(IHedgeVault__views, address);
  const rebalancer = contractAt(IRebalancer__views, rebalancerAddress);
  const queue = contractAt(IRedeemQueue__views, address);
  const epoch = batch.add(contractCall(rebalancer, "epoch"));
  const limits = batch.add(contractCall(rebalancer, "limits"));
  const publicLimits = batch.add(contractCall(rebalancer, "publicLimits"));
  const readyAt = batch.add(contractCall(rebalancer, "readyAt"));
  const lossSpent = batch.add(contractCall(rebalancer, "lossSpent"));
  const alarmAt = batch.add(contractCall(rebalancer, "alarmAt"));
  const lastSign = batch.add(contractCall(rebalancer, "lastSign"));
  const settings = batch.add(contractCall(vault, "settings"));
  const highWaterMark = batch.add(contractCall(vault, "highWaterMark"));
  const mode = batch.add(contractCall(vault, "mode"));
  const waiting = batch.add(contractCall(queue, "waiting"));
  const navTimestamp = batch.add(contractCall(queue, "navTimestamp"));
  return () => {
    const { shares, since } = waiting.value();
    const [keeper, others] = lossSpent.value();
    return {
      epoch: epoch.value(),
      limits: plainStruct<LimitsState>(limits.value()),
      publicLimits: plainStruct<PublicLimitsState>(publicLimits.value()),
      settings: plainStruct<SettingsState>(settings.value()),
      mode: VAULT_MODES[Number(mode.value())] ?? "Closed",
      queue: { shares, since: Number(since) },
      highWaterMark: highWaterMark.value(),
      navTimestamp: Number(navTimestamp.orNull()),
      lossSpent: { keeper, public: others },
      keeperReadyAt: Number(readyAt.value().keeper),
      publicReadyAt: Number(readyAt.value().public_),
      alarmAt: Number(alarmAt.value()),
      lastSign: Number(lastSign.value()),
    };
  };
}
