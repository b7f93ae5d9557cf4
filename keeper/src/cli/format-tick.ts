import { describeOrder } from "../plan/describe-order.js";
import type { TickResult } from "../tick-result.js";
import { formatOrders } from "./format.js";

const WORDS: Readonly<Record<TickResult["state"], string>> = {
  landed: "landed",
  reverted: "mined, and reverted",
  inFlight: "sent, and not mined yet: the next tick goes on with it",
  notSent: "not sent",
  void: "given up",
  idle: "nothing was to be sent",
  refused: "refused in the simulation, so not sent",
  stale: "not sent: its block was left by a reorg",
  shadow: "not sent: there is no key",
};

/** What one tick did, and why. */
export function formatTick(result: TickResult): string {
  const { id, block, kind, reasons, plan, state, sent, refused, outcome, mismatches, folded, gasUsed } = result;
  const lines = [`tick ${id} at block ${block.number}: ${kind ?? "nothing"}, ${WORDS[state]}`];
  lines.push("why:", ...reasons.map((reason) => `  - ${reason}`));
  if (plan !== null) {
    const words = plan.orders.map((order) => describeOrder(order, result.observation.state));
    lines.push(...formatOrders(words, plan.orders));
  }
  if (folded > 0) lines.push(`covariance oracle: ${folded} grid times folded`);
  if (sent?.reason != null) lines.push(sent.reason.message);
  if (refused !== null) lines.push(`refused: ${refused.name}: ${refused.message}`);
  if (outcome !== null)
    lines.push(`NAV: $${outcome.navBefore.toFixed(0)} before, $${outcome.navAfter.toFixed(0)} after`);
  for (const mismatch of mismatches) lines.push(`the plan before did not come out as predicted: ${mismatch}`);
  if (sent?.attempt != null) lines.push(`transaction: ${sent.attempt.hash}`, `gas: ${gasUsed.toLocaleString("en-US")}`);
  if (result.more) lines.push("there is more to do: tick again, or use --all");
  return lines.join("\n");
}
