import type { PlannedPass } from "../keeper.js";
import type { DutyResult, PassResult } from "../pass-result.js";
import type { PredictedPost } from "../plan/build-plan.js";
import { describeOrder } from "../plan/describe-order.js";
import type { PlannedOrder } from "../plan/orders.js";
import type { RescueResult } from "../rescuer.js";
import { formatCollateral } from "./format-collateral.js";

const percent = (value: number): string => `${(value * 100).toFixed(2)}%`;
const dollars = (value: number): string => `$${value.toLocaleString("en-US", { maximumFractionDigits: 0 })}`;
const list = (lines: readonly string[]): string[] => lines.map((line) => `  - ${line}`);

/** Orders in words, each with its reason. */
export function formatOrders(words: readonly string[], orders: readonly PlannedOrder[]): string[] {
  return orders.length > 0 ? ["orders:", ...list(words.map((text, i) => `${text} (${orders[i]!.reason})`))] : [];
}

function formatPredicted({ nav, gate, hedgeRatios }: PredictedPost): string[] {
  const ratios = Object.entries(hedgeRatios).map(([symbol, ratio]) => `${symbol} ${percent(ratio)}`);
  const lines = [`NAV after: ${dollars(Number(nav) / 1e18)}`];
  if (gate !== null) {
    const { volatilityBefore, volatilityAfter, varianceAfter, varianceUnhedged } = gate;
    const removed = varianceUnhedged > 0 ? 1 - varianceAfter / varianceUnhedged : 0;
    lines.push(
      `volatility: ${percent(volatilityBefore)} before, ${percent(volatilityAfter)} after, by the chain's measure`,
    );
    lines.push(`variance removed by the hedge: ${percent(removed)}`);
  }
  if (ratios.length > 0) lines.push(`hedge ratios: ${ratios.join(", ")}`);
  return lines;
}

/** A plan, and why. */
export function formatPlan({ observation, decision, due }: PlannedPass): string {
  const { state } = observation;
  const lines = [`${state.name} at block ${state.block.number}: ${decision.action}`];
  if (due > 0) lines.push(`${due} grid times of the covariance oracle are due; a pass would fold them first`);
  lines.push(...decision.cycles.words, "why:", ...list(decision.reasons));
  const words = decision.orders.map((order) => describeOrder(order, state));
  lines.push(...formatOrders(words, decision.orders));
  if (decision.predicted !== null) lines.push("prediction:", ...list(formatPredicted(decision.predicted)));
  if (decision.orders.length > 0) lines.push(`expected cost: $${decision.expectedCost.toFixed(2)}`);
  const collateral = formatCollateral(observation);
  if (collateral.length > 0) lines.push("collateral outside the venues:", ...list(collateral));
  return lines.join("\n");
}

/** A duty that was sent or refused; one that would have done nothing is left out. */
function formatDuty({ kind, reason, transaction, refused }: DutyResult): string[] {
  if (refused !== null) return [`${kind} refused: ${refused.name}: ${refused.message}`];
  return transaction === null ? [] : [`${kind}: ${reason}, ${transaction}`];
}

/** What a pass did, and why. */
export function formatPass(result: PassResult): string {
  const lines = [`block ${result.block}: ${result.action}`];
  if (result.poked > 0) lines.push(`covariance oracle: ${result.poked} grid times folded`);
  lines.push(...result.cycles.words, "why:", ...list(result.reasons));
  lines.push(...formatOrders(result.orderWords, result.orders));
  if (result.refused !== null) lines.push(`refused: ${result.refused.name}: ${result.refused.message}`);
  if (result.predicted !== null) lines.push("prediction:", ...list(formatPredicted(result.predicted)));
  if (result.actual !== null) lines.push(`NAV now: ${dollars(result.actual.nav)}`);
  if (result.mismatches.length > 0) lines.push("not as predicted:", ...list(result.mismatches));
  if (result.transaction !== null) lines.push(`transaction: ${result.transaction}`);
  lines.push(...result.duties.flatMap(formatDuty));
  lines.push(`gas: ${result.gasUsed.toLocaleString("en-US")}`);
  return lines.join("\n");
}

/** What a rescuer's pass did, and why. */
export function formatRescue(result: RescueResult): string {
  const { action, reason, orderWords, volatility, bounty, transaction, gasUsed, refusals } = result;
  const lines = [`${action}: ${reason}`, ...list(orderWords)];
  if (volatility !== null) lines.push(`volatility before: ${percent(volatility)}`);
  for (const { name, message } of refusals) lines.push(`not taken: ${name}: ${message}`);
  if (transaction !== null) lines.push(`transaction: ${transaction}`, `gas: ${gasUsed}, bounty: ${bounty} token units`);
  return lines.join("\n");
}
