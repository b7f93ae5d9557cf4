import { type IRebalancer, IRebalancer__factory } from "@crosshedge/sdk/contracts";
import type { Provider, TransactionReceipt } from "ethers";
import type { LaneResult } from "../lane/lane.js";
import type { Logger } from "../logger.js";
import type { PlanDecision } from "../plan/build-plan.js";
import { recordIn } from "../record/tick-row.js";
import type { Intent, Journal } from "../store/journal.js";
import { type OutcomeUsd, outcomeUsd } from "./compare.js";

const EVENTS = IRebalancer__factory.createInterface();

/** Where outcomes are found and written. */
export interface Ledger {
  readonly provider: Provider;
  readonly journal: Journal;
  readonly logger: Logger;
  readonly now: () => number;
}

/**
 * Compare what was mined with what was meant, by the chain's own events, and write the outcome down.
 *
 * @param coinPrice USD of one native coin; null where it is not known
 * @returns What the Rebalancer measured; null where no plan landed
 */
export async function reconcile(
  ledger: Ledger,
  result: LaneResult,
  coinPrice: number | null,
): Promise<OutcomeUsd | null> {
  const { intent, attempt, state } = result;
  if (intent === null || attempt === null || attempt.cancels) return null;
  const receipt = await ledger.provider.getTransactionReceipt(attempt.hash);
  // A reorg has taken it back: it is looked up again with what is unsettled.
  if (receipt === null) return null;
  const spent = (Number(receipt.gasUsed) * Number(receipt.gasPrice)) / 1e18;
  const base = {
    intent_id: intent.id,
    chain_id: intent.chain_id,
    vault: intent.vault,
    time: ledger.now(),
    gas_usd: coinPrice === null ? null : spent * coinPrice,
  };
  const found = intent.kind === "rebalance" && state === "landed" ? await findPlan(ledger, intent, receipt) : null;
  await ledger.journal.recordOutcome({
    ...base,
    ...figuresOf(intent, found),
    details: JSON.stringify(found?.details ?? {}),
  });
  return found?.outcome ?? null;
}

interface FoundPlan {
  readonly plan: PlanDecision | null;
  readonly outcome: OutcomeUsd;
  readonly details: object;
}

/** The event of the very decision that was signed: its hash, its epoch, its sender. */
async function findPlan(
  { journal, logger }: Ledger,
  intent: Intent,
  receipt: TransactionReceipt,
): Promise<FoundPlan | null> {
  const tick = intent.tick_id === null ? null : await journal.tick(intent.tick_id);
  if (tick === null) return null;
  const events = receipt.logs.filter(({ address }) => address.toLowerCase() === intent.target);
  for (const log of events) {
    const event = EVENTS.parseLog(log);
    if (event?.name !== "Rebalanced") continue;
    const { epoch, decisionHash, sender, lossSpent, onlyReductions } = event.args;
    const ours = decisionHash === tick.decision_hash && sender.toLowerCase() === intent.signer;
    if (!ours) continue;
    const outcome = outcomeUsd(event.args["outcome"] as IRebalancer.OutcomeStructOutput);
    const details = {
      epoch: String(epoch),
      decisionHash,
      lossSpent: String(lossSpent),
      onlyReductions,
      block: receipt.blockNumber,
    };
    return { plan: recordIn(tick).decision.plan, outcome, details };
  }
  logger.error({ transaction: receipt.hash, intent: intent.id }, "a plan landed without the event of its decision");
  return null;
}

function figuresOf({ notional }: Intent, found: FoundPlan | null) {
  const measured = found !== null && found.outcome.navBefore > 0 ? found.outcome : null;
  const predicted = found?.plan?.predicted ?? null;
  const predictedCost = measured && predicted ? predicted.cost : null;
  const realisedCost = measured && measured.navBefore - measured.navAfter;
  const share = (cost: number | null): number | null => (cost === null || !notional ? null : cost / notional);
  return {
    predicted_cost: predictedCost,
    realised_cost: realisedCost,
    predicted_slippage: share(predictedCost),
    realised_slippage: share(realisedCost),
    predicted_variance_removed: removed(predicted?.gate ?? null),
    realised_variance_removed: removed(measured),
  };
}

function removed(gate: { readonly varianceAfter: number; readonly varianceUnhedged: number } | null): number | null {
  return gate === null || gate.varianceUnhedged <= 0 ? null : 1 - gate.varianceAfter / gate.varianceUnhedged;
}
