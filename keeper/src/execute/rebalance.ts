import { Rebalancer__factory, type VaultState } from "@crosshedge/sdk";
import { MaxUint256, type Signer } from "ethers";
import type { KeeperConfig } from "../config.js";
import type { PlanDecision } from "../plan/build-plan.js";
import { encodeOrder } from "../plan/orders.js";
import { compareOutcome, type OutcomeUsd, outcomeUsd } from "./compare.js";
import { type Refusal, refusalOf } from "./refusals.js";
import { send } from "./send.js";

/** What became of a plan. */
export type RebalanceResult =
  | { readonly landed: true; readonly outcome: OutcomeUsd; readonly hash: string; readonly gasUsed: bigint }
  | { readonly landed: false; readonly refused: Refusal };

/**
 * Simulate a plan and, if the chain would do what was predicted, send it.
 *
 * @throws {CrosshedgeError} NETWORK and the like; a refusal by the chain is a result, not an error
 */
export async function rebalance(
  state: VaultState,
  decision: PlanDecision,
  decisionHash: string,
  signer: Signer,
  { execution }: KeeperConfig,
): Promise<RebalanceResult> {
  const rebalancer = Rebalancer__factory.connect(state.rebalancer, signer);
  const simulated = {
    epoch: state.epoch,
    deadline: BigInt(state.block.timestamp + execution.deadlineSeconds),
    maxLoss: MaxUint256,
    decisionHash,
    orders: decision.orders.map(encodeOrder),
  };
  let outcome: OutcomeUsd;
  try {
    outcome = outcomeUsd(await rebalancer.rebalance.staticCall(simulated));
  } catch (caught) {
    return { landed: false, refused: refusalOf(caught) };
  }
  const differences =
    decision.predicted === null ? [] : compareOutcome(decision.predicted, outcome, execution.tolerance);
  if (differences.length > 0) {
    return { landed: false, refused: { name: "OutcomeDiffers", message: differences.join("; ") } };
  }
  const plan = { ...simulated, maxLoss: mostLoss(outcome, execution.slack) };
  const call = {
    estimate: () => rebalancer.rebalance.estimateGas(plan),
    send: (overrides: { gasLimit: bigint }) => rebalancer.rebalance(plan, overrides),
  };
  try {
    const receipt = await send(call, execution);
    return { landed: true, outcome, hash: receipt.hash, gasUsed: receipt.gasUsed };
  } catch (caught) {
    // The chain moved on between the simulation and the sending.
    return { landed: false, refused: refusalOf(caught) };
  }
}

/** What a plan cost when it was simulated, and `slack` more. Share of NAV, 1e18; no bound where a bad price left nothing to measure. */
export function mostLoss({ navBefore, navAfter }: OutcomeUsd, slack: number): bigint {
  if (navBefore <= 0) return MaxUint256;
  return BigInt(Math.ceil((Math.max(0, 1 - navAfter / navBefore) + slack) * 1e9)) * 10n ** 9n;
}
