import { VAULT_MODES, type VaultMode } from "@crosshedge/sdk";
import type { KeeperConfig } from "../config.js";
import type { DutyFacts } from "./duty-facts.js";

/** What a keeper does besides plans; each is one call of the vault or its Rebalancer. */
export type DutyKind = "sync" | "accrueFees" | "settle" | "clearAlarm" | "heartbeat";

/** One thing to do, and why. */
export interface Duty {
  readonly kind: DutyKind;
  readonly reason: string;
  /** For a settlement: true if it is worth its gas even where it pays nothing, as it moves the queue on. */
  readonly movesQueue?: boolean;
}

/** What is remembered from pass to pass. Losing it costs a little gas, and nothing else. */
export interface DutyMemory {
  /** When fees were accrued last, as far as is known, unix seconds. */
  readonly feesAt: number;
  /** The queue and its prices at the last settlement: the same again would do nothing. */
  readonly settled: { readonly shares: bigint; readonly pricedAt: number } | null;
}

const DAY = 86_400;
const minutes = (seconds: number): string => `${Math.round(seconds / 60)} minutes`;

/** What comes before a plan: it changes what the plan may be. */
export function dutiesBefore(facts: DutyFacts, memory: DutyMemory, { duties: wanted }: KeeperConfig): Duty[] {
  const { state, modeAfterSync } = facts;
  const duties: Duty[] = [];
  if (modeAfterSync !== null && rank(modeAfterSync) > rank(state.mode)) {
    duties.push({
      kind: "sync",
      reason: `a venue changed what the vault holds there: the mode becomes ${modeAfterSync}`,
    });
  }
  // Else strangers may raise the epoch in front of the plan for as long as it takes.
  const { block, lastSign, publicLimits } = state;
  if (block.timestamp > lastSign + Number(publicLimits.maxSilence)) {
    duties.push({ kind: "heartbeat", reason: "strangers may deleverage until there is a sign of life" });
  }
  const { managementFee, performanceFee } = state.settings;
  const charges = managementFee + performanceFee > 0n && state.mode !== "Closed" && state.totalSupply > 0n;
  if (wanted.accrueFees && charges && state.block.timestamp - memory.feesAt >= DAY) {
    duties.push({ kind: "accrueFees", reason: "no fee was accrued for a day" });
  }
  return duties;
}

/**
 * What comes after a plan, which may have raised the cash that a settlement pays.
 *
 * @param signed True if this pass has given a sign of life already
 */
export function dutiesAfter(facts: DutyFacts, memory: DutyMemory, config: KeeperConfig, signed: boolean): Duty[] {
  const { state, pricedAt } = facts;
  const { queue, publicLimits, lastSign, alarmAt, block } = state;
  const duties: Duty[] = [];
  if (config.duties.settle && queue.shares > 0n && state.prices.ok) {
    const { settled } = memory;
    const moved = settled === null || settled.shares !== queue.shares || settled.pricedAt !== pricedAt;
    const movesQueue = pricedAt > queue.since && moved;
    duties.push({ kind: "settle", reason: "shares wait in the redemption queue", movesQueue });
  }
  if (alarmAt > 0 && facts.volatility !== null && facts.volatility <= Number(publicLimits.alarmVolatility) / 1e18) {
    duties.push({ kind: "clearAlarm", reason: "volatility is back under the alarm's trigger" });
  }
  const silence = block.timestamp - lastSign;
  if (!signed && silence >= heartbeatSeconds(facts, config)) {
    duties.push({ kind: "heartbeat", reason: `the last sign of life was ${minutes(silence)} ago` });
  }
  return duties;
}

/** The configured time, or a quarter of what the vault lets pass before strangers may act. */
function heartbeatSeconds({ state }: DutyFacts, { duties }: KeeperConfig): number {
  return duties.heartbeatMinutes === null ? Number(state.publicLimits.maxSilence) / 4 : duties.heartbeatMinutes * 60;
}

function rank(mode: VaultMode): number {
  return VAULT_MODES.indexOf(mode);
}
