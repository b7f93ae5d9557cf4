import { formatPercent, formatUsd, type VaultState } from "@crosshedge/sdk";
import type { PlanDecision } from "../plan/build-plan.js";
import type { TickInputs } from "../plan/decide.js";
import { describeOrder } from "../plan/describe-order.js";
import { dutyFacts } from "../plan/duty-facts.js";
import { dueTimes } from "../plan/grid.js";
import { parseCanonical } from "../record/canonical-json.js";
import { inputsTextIn, recordIn } from "../record/tick-row.js";
import type { Attempt, Intent, Journal, Outcome, Tick } from "../store/journal.js";
import { findTick } from "./find-tick.js";

const list = (lines: readonly string[]): string[] => lines.map((line) => `  - ${line}`);
const part = (title: string, lines: readonly string[]): string[] =>
  lines.length > 0 ? [`${title}:`, ...list(lines)] : [];
const share = (value: number): string => `${(100 * value).toFixed(2)}%`;
const time = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/**
 * What a tick saw, what it decided and why, what was expected and what came of it.
 *
 * @throws {KeeperError} there is no such tick
 */
export async function explainTick(journal: Journal, id: number): Promise<string> {
  const tick = await findTick(journal, id);
  const { decision, timestamp } = recordIn(tick);
  const inputs = tick.inputs === null ? null : (parseCanonical(inputsTextIn(tick)) as TickInputs);
  const state = inputs?.situation.state ?? null;
  const intents = await journal.intentsOfTick(id);
  const sent = await Promise.all(intents.map((intent) => explainIntent(journal, tick, intent)));
  return [
    `tick ${id}${tick.shadow ? " of a shadow" : ""}: ${decision.kind ?? "nothing"} (${decision.codes.join(", ")})`,
    `vault ${tick.vault} on chain ${tick.chain_id}, epoch ${tick.epoch}`,
    `began ${time(tick.started_at / 1000)}, at block ${tick.block} of ${time(timestamp)}, ${tick.block_hash}`,
    ...part("seen", inputs === null ? ["its inputs are not kept any more"] : seen(inputs)),
    ...part("why", decision.reasons),
    ...(decision.plan === null || decision.kind === null || decision.kind === "rebalance"
      ? []
      : part("no plan, because", decision.plan.reasons)),
    ...part("orders", ordersOf(decision.plan, state)),
    ...part("prediction", predictionOf(decision.plan)),
    ...part("came of it", cameOf(tick)),
    ...sent.flat(),
    "hashes:",
    `  decision       ${tick.decision_hash}`,
    `  model          ${tick.model_hash}`,
    `  configuration  ${tick.config_hash}`,
  ].join("\n");
}

function seen({ situation, grid, reading, tried, hold }: TickInputs): string[] {
  const { state, forecast, costFactor } = situation;
  const { volatility } = dutyFacts(state, reading);
  const due = dueTimes(grid, state.block.timestamp).length;
  const prices = state.assets.map(({ symbol, price }) => `${symbol} ${price.ok ? formatUsd(price.mid) : "not good"}`);
  const margins = state.legs.flatMap(({ kind, address, marginRatio }) =>
    marginRatio === null ? [] : [`${kind} ${formatPercent(marginRatio)} (${address})`],
  );
  return [
    `NAV ${formatUsd(state.portfolio.nav)}, mode ${state.mode}, ${volatility === null ? "not measured" : `volatility ${share(volatility)}`} by the chain`,
    `prices: ${prices.join(", ")}`,
    ...(margins.length > 0 ? [`margin ratios: ${margins.join(", ")}`] : []),
    `covariance oracle ${state.covariance.usable ? "usable" : "not usable"}, ${due} grid times due`,
    ...(forecast === null ? ["no forecast yet: too little history"] : []),
    ...(costFactor === 1 ? [] : [`trades have cost ${costFactor.toFixed(2)} times what was expected of them`]),
    ...(tried.length > 0 ? [`had their turn already: ${tried.join(", ")}`] : []),
    ...(hold === null ? [] : [hold.reason]),
  ];
}

function ordersOf(plan: PlanDecision | null, state: VaultState | null): string[] {
  return (plan?.orders ?? []).map((order) => {
    return `${state === null ? `${order.action} on ${order.leg}` : describeOrder(order, state)} (${order.reason})`;
  });
}

function predictionOf(plan: PlanDecision | null): string[] {
  if (plan === null || plan.predicted === null) return [];
  const { nav, cost, gate, hedgeRatios } = plan.predicted;
  const ratios = Object.entries(hedgeRatios).map(([symbol, ratio]) => `${symbol} ${share(ratio)}`);
  return [
    `NAV ${formatUsd(nav)} after the plan, which costs $${cost.toFixed(2)}`,
    ...(gate === null
      ? []
      : [`volatility from ${share(gate.volatilityBefore)} to ${share(gate.volatilityAfter)} by the chain`]),
    ...(ratios.length > 0 ? [`hedge ratios: ${ratios.join(", ")}`] : []),
  ];
}

interface Summary {
  readonly state: string;
  readonly reason: { readonly message: string } | null;
  readonly refused: { readonly name: string; readonly message: string } | null;
  readonly mismatches: readonly string[];
}

/** What a summary's state means; the others say it themselves. */
const WORDS: Readonly<Record<string, string>> = {
  idle: "nothing was to be sent",
  inFlight: "sent, and not mined when the tick ended",
  notSent: "not sent",
  refused: "refused in the simulation, so not sent",
  shadow: "not sent: there was no key",
  stale: "not sent: its block was left by a reorg",
  void: "given up",
};

function cameOf({ result }: Tick): string[] {
  if (result === null) return ["the tick did not come to its end"];
  const { state, reason, refused, mismatches } = JSON.parse(result) as Summary;
  return [
    WORDS[state] ?? state,
    ...(reason === null ? [] : [reason.message]),
    ...(refused === null ? [] : [`${refused.name}: ${refused.message}`]),
    ...mismatches.map((text) => `not as the plan before predicted: ${text}`),
  ];
}

async function explainIntent(journal: Journal, { chain_id: chainId, vault }: Tick, intent: Intent): Promise<string[]> {
  const [attempts, outcomes] = await Promise.all([
    journal.attempts(intent.id),
    journal.outcomes({ chainId, vault }, OUTCOMES),
  ]);
  const outcome = outcomes.find(({ intent_id }) => intent_id === intent.id);
  const note = intent.note === null ? "" : `, ${intent.note}`;
  return [
    ...part(`intent ${intent.id}, ${intent.key}: ${intent.status}${note}`, attempts.map(attemptWords)),
    ...part("predicted → measured", outcome === undefined ? [] : outcomeWords(outcome)),
  ];
}

/** How far back an outcome is looked for. */
const OUTCOMES = 1_000;

function attemptWords({
  hash,
  status,
  nonce,
  cancels,
  block,
  gas_used: used,
  gas_price: price,
  max_fee: fee,
}: Attempt): string {
  const what = cancels ? "cancels" : "";
  const mined =
    block === null ? "" : `in block ${block}, ${Number(used).toLocaleString("en-US")} gas at ${gwei(price)}`;
  return [`${hash}: ${status}`, `nonce ${nonce}`, `at most ${gwei(fee)}`, what, mined].filter(Boolean).join(", ");
}

const gwei = (wei: string | null): string => `${Number((Number(wei) / 1e9).toPrecision(4))} gwei`;

function outcomeWords(outcome: Outcome): string[] {
  const pair = (what: string, a: number | null, b: number | null, format: (value: number) => string): string[] =>
    a === null || b === null ? [] : [`${what}: ${format(a)} → ${format(b)}`];
  const dollars = (value: number): string => `$${value.toFixed(2)}`;
  return [
    ...pair("cost", outcome.predicted_cost, outcome.realised_cost, dollars),
    ...pair("slippage", outcome.predicted_slippage, outcome.realised_slippage, share),
    ...pair("variance removed", outcome.predicted_variance_removed, outcome.realised_variance_removed, share),
    ...(outcome.gas_usd === null ? [] : [`gas: ${dollars(outcome.gas_usd)}`]),
  ];
}
