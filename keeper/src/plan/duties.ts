import { VAULT_MODES, type VaultMode, type VaultState } from "@crosshedge/sdk";
import type { KeeperConfig } from "../config.js";
import type { DutyFacts } from "./duty-facts.js";
import type { ReasonCode } from "./reason-codes.js";
import { settlementIndex } from "./situation.js";

/** What a keeper does besides plans; each is one call of the vault or its Rebalancer. */
export type DutyKind = "sync" | "accrueFees" | "settle" | "clearAlarm" | "heartbeat";

/** One thing to do, and why. */
export interface Duty {
  readonly kind: DutyKind;
  readonly code: ReasonCode;
  readonly reason: string;
  /** What makes it the same thing as before: it is done once. */
  readonly key: string;
  /** For a settlement: true if it is worth its gas even where it pays nothing, as it moves the queue on. */
  readonly movesQueue?: boolean;
}

/** What is remembered from tick to tick. Losing it costs a little gas, and nothing else. */
export interface DutyMemory {
  /** When fees were accrued last, as far as is known, unix seconds. */
  readonly feesAt: number;
  /** The queue and its prices at the last settlement, and how many there were since the queue grew: the same again would do nothing. */
  readonly settled: { readonly shares: bigint; readonly pricedAt: number; readonly moves: number } | null;
}

const DAY = 86_400;
/** One settlement prices the batch that is sealed, the next at the latest the one that was open: then nothing waits but for cash. */
const MOST_MOVES = 2;
const minutes = (seconds: number): string => `${Math.round(seconds / 60)} minutes`;

/** What comes before a plan: it changes what the plan may be. */
export function dutiesBefore(facts: DutyFacts, memory: DutyMemory, { duties: wanted }: KeeperConfig): Duty[] {
  const { state, modeAfterSync } = facts;
  const duties: Duty[] = [];
  if (modeAfterSync !== null && rank(modeAfterSync) > rank(state.mode)) {
    duties.push({
      kind: "sync",
      code: "sync.stricter",
      key: `sync:${modeAfterSync}:${state.block.number}`,
      reason: `a venue changed what the vault holds there: the mode becomes ${modeAfterSync}`,
    });
  }
  // Else strangers may raise the epoch in front of the plan for as long as it takes.
  const { block, lastSign, publicLimits } = state;
  if (block.timestamp > lastSign + Number(publicLimits.maxSilence)) {
    const reason = "strangers may deleverage until there is a sign of life";
    duties.push({ kind: "heartbeat", code: "heartbeat.urgent", key: `heartbeat:${lastSign}`, reason });
  }
  const { managementFee, performanceFee } = state.settings;
  const charges = managementFee + performanceFee > 0n && state.mode !== "Closed" && state.totalSupply > 0n;
  if (wanted.accrueFees && charges && state.block.timestamp - memory.feesAt >= DAY) {
    const key = `fees:${memory.feesAt}`;
    duties.push({ kind: "accrueFees", code: "fees.due", key, reason: "no fee was accrued for a day" });
  }
  return duties;
}

/** What comes after a plan, which may have raised the cash that a settlement pays. */
export function dutiesAfter(facts: DutyFacts, memory: DutyMemory, config: KeeperConfig): Duty[] {
  const { state, pricedAt } = facts;
  const { queue, publicLimits, lastSign, alarmAt, block } = state;
  const duties: Duty[] = [];
  if (config.duties.settle && queue.shares > 0n && state.prices.ok) {
    const { settled } = memory;
    // What a settlement has filled needs no other one: only new requests move the queue again, or newer prices what is not priced yet.
    const grown = settled === null || queue.shares > settled.shares;
    const moved = grown || (settled.pricedAt !== pricedAt && settled.moves < MOST_MOVES);
    const movesQueue = pricedAt > queue.since && moved;
    const cash = state.assets[settlementIndex(state)]?.idle ?? 0n;
    const key = `settle:${queue.shares}:${pricedAt}:${cash}`;
    const reason = "shares wait in the redemption queue";
    duties.push({ kind: "settle", code: "settle.queue", key, reason, movesQueue });
  }
  if (alarmAt > 0 && facts.volatility !== null && facts.volatility <= Number(publicLimits.alarmVolatility) / 1e18) {
    const reason = "volatility is back under the alarm's trigger";
    duties.push({ kind: "clearAlarm", code: "alarm.over", key: `alarm:${alarmAt}`, reason });
  }
  const silence = block.timestamp - lastSign;
  if (silence >= heartbeatSeconds(state, config)) {
    const reason = `the last sign of life was ${minutes(silence)} ago`;
    duties.push({ kind: "heartbeat", code: "heartbeat.due", key: `heartbeat:${lastSign}`, reason });
  }
  return duties;
}

/** The memory that a landed call leaves, by its key. */
export function remember(
  memory: DutyMemory,
  kind: DutyKind | "rebalance" | "poke",
  key: string,
  at: number,
): DutyMemory {
  // A plan accrues fees too.
  if (kind === "accrueFees" || kind === "rebalance") return { ...memory, feesAt: Math.max(memory.feesAt, at) };
  if (kind !== "settle") return memory;
  const [, text = "0", pricedAt = "0"] = key.split(":");
  const shares = BigInt(text);
  const grown = memory.settled === null || shares > memory.settled.shares;
  return { ...memory, settled: { shares, pricedAt: Number(pricedAt), moves: grown ? 1 : memory.settled!.moves + 1 } };
}

/** The configured time, or a quarter of what the vault lets pass before strangers may act. */
export function heartbeatSeconds({ publicLimits }: VaultState, { duties }: KeeperConfig): number {
  return duties.heartbeatMinutes === null ? Number(publicLimits.maxSilence) / 4 : duties.heartbeatMinutes * 60;
}

function rank(mode: VaultMode): number {
  return VAULT_MODES.indexOf(mode);
}
