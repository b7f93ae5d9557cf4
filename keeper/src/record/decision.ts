import type { KeeperConfig } from "../config.js";
import type { PlanDecision } from "../plan/build-plan.js";
import type { PlannedOrder } from "../plan/orders.js";
import type { Situation } from "../plan/situation.js";
import { hashOf } from "./canonical-json.js";

/** Everything behind one decision. Its hash is logged on-chain with the plan. */
export interface DecisionRecord {
  readonly vault: string;
  readonly block: number;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly epoch: bigint;
  /** Hash of the vault's state, the pools and the forecasts. */
  readonly inputs: string;
  readonly config: KeeperConfig;
  readonly forecast: Situation["forecast"];
  readonly funding: Situation["funding"];
  readonly action: PlanDecision["action"];
  readonly reasons: readonly string[];
  readonly orders: readonly PlannedOrder[];
  readonly predicted: PlanDecision["predicted"];
  readonly hedge: PlanDecision["hedge"];
  readonly basis: PlanDecision["basis"];
  readonly expectedCost: number;
  readonly cycles: PlanDecision["cycles"];
}

/** The record of a decision. */
export function recordOf(situation: Situation, config: KeeperConfig, decision: PlanDecision): DecisionRecord {
  const { state, forecast, funding } = situation;
  const { action, reasons, orders, predicted, hedge, basis, expectedCost, cycles } = decision;
  return {
    vault: state.address,
    block: state.block.number,
    timestamp: state.block.timestamp,
    epoch: state.epoch,
    inputs: hashOf(situation),
    ...{ config, forecast, funding, action, reasons, orders, predicted, hedge, basis, expectedCost, cycles },
  };
}
