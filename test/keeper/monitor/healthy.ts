import type { VaultFacts } from "../../../keeper/src/monitor/facts.js";
import { HealthBounds } from "../../../keeper/src/monitor/health-bounds.js";
import type { HealthSnapshot, VaultHealth } from "../../../keeper/src/monitor/health-snapshot.js";

export const BOUNDS = HealthBounds.parse({});
/** Unix milliseconds. */
export const NOW = 1_800_000_000_000;
const TIME = NOW / 1000;

/** Nothing is wrong with it. */
export const FACTS: VaultFacts = {
  block: 100,
  blockTime: TIME - 10,
  oracleAt: TIME - 1_000,
  oracleStep: 28_800,
  feeds: [{ asset: "ETH", updatedAt: TIME - 600, heartbeat: 3_600 }],
  pricesOk: true,
  nav: 1_000_000,
  sharePrice: 1.1,
  volatility: 0.1,
  volatilityLimit: 0.5,
  hedgeRatios: { ETH: 0.9 },
  varianceRemoved: 0.6,
  margins: { "perp-v2": 0.5 },
  marginFloor: 0.2,
  queueShares: 0,
  queueSince: 0,
  queueMaxWait: 604_800,
  lossBudgetLeft: 0.9,
  epoch: 7,
  mode: "Normal",
  alarm: false,
  lastSign: TIME - 600,
  maxSilence: 21_600,
  managementFee: 0.01,
};

export const VAULT: VaultHealth = {
  chain: "1",
  vault: "alt",
  since: NOW - 3_600_000,
  attemptAt: NOW - 10_000,
  endedAt: NOW - 9_000,
  facts: FACTS,
  seenAt: NOW - 10_000,
  paused: null,
  openSince: null,
  unsent: null,
  refusalsInARow: 0,
  costs: { gas: 10, trading: 20, fee: 800 },
};

/** An hour old, and nothing is wrong. */
export const HEALTHY: HealthSnapshot = {
  now: NOW,
  startedAt: NOW - 3_600_000,
  loopAt: NOW - 5_000,
  blockedMs: 40,
  databaseAt: NOW - 20_000,
  vaults: [VAULT],
  accounts: [{ chain: "1", account: "0xabc", since: NOW - 3_600_000, lane: "held", runwayDays: 30 }],
  chains: [{ chain: "1", since: NOW - 3_600_000, number: 100, timestamp: TIME - 12, advancedAt: NOW - 12_000 }],
};

/** The healthy one with one vault's facts changed. */
export function withFacts(change: Partial<VaultFacts>): HealthSnapshot {
  return { ...HEALTHY, vaults: [{ ...VAULT, facts: { ...FACTS, ...change } }] };
}

/** The healthy one with one vault changed. */
export function withVault(change: Partial<VaultHealth>): HealthSnapshot {
  return { ...HEALTHY, vaults: [{ ...VAULT, ...change }] };
}
