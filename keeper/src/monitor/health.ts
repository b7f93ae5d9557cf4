import type { HealthBounds } from "./health-bounds.js";
import type { AccountHealth, ChainHealth, HealthSnapshot, VaultHealth } from "./health-snapshot.js";

/** One fact, what it must stay within, and whether it does. */
export interface Check {
  readonly name: string;
  /** Which vault, account or chain; left out where it is the process. */
  readonly of?: string;
  /** Null where nothing is known yet. */
  readonly fact: number | string | null;
  readonly bound: number | string;
  readonly unit: string;
  readonly ok: boolean;
}

export interface HealthReport {
  readonly ok: boolean;
  /** A standby is ready to take over, and leaves the ticks to another replica. */
  readonly role: "active" | "standby";
  readonly checks: readonly Check[];
}

/** True if the loop turns and each vault of this process is attempted: else a restart helps. */
export function livenessOf(snapshot: HealthSnapshot, bounds: HealthBounds): HealthReport {
  const { now, startedAt, loopAt, blockedMs } = snapshot;
  return report(snapshot, [
    age("loop", undefined, now - (loopAt ?? startedAt), bounds.loopSeconds),
    age("eventLoop", undefined, blockedMs, bounds.blockedSeconds),
    ...snapshot.vaults.map((vault) =>
      age("attempt", nameOf(vault), now - (vault.attemptAt ?? vault.since), bounds.attemptSeconds),
    ),
  ]);
}

/** True if the next tick could do all that a tick may have to do, or another replica does it and this one could take over. */
export function readinessOf(snapshot: HealthSnapshot, bounds: HealthBounds): HealthReport {
  const { now, databaseAt } = snapshot;
  return report(snapshot, [
    age("database", undefined, since(now, databaseAt), bounds.databaseSeconds),
    ...snapshot.chains.flatMap((chain) => chainChecks(now, chain, bounds)),
    ...snapshot.accounts.flatMap((account) => accountChecks(account, bounds)),
    ...snapshot.vaults.flatMap((vault) => vaultChecks(now, vault, bounds)),
  ]);
}

function chainChecks(now: number, { chain, advancedAt, timestamp }: ChainHealth, bounds: HealthBounds): Check[] {
  return [
    age("head", chain, since(now, advancedAt), bounds.headSeconds),
    age("headTime", chain, timestamp === null ? null : now - timestamp * 1000, bounds.headTimeSeconds),
  ];
}

function accountChecks(account: AccountHealth, { runwayDays }: HealthBounds): Check[] {
  const { lane, runwayDays: left } = account;
  const of = nameOf(account);
  const mayAct = lane === "held" || lane === "standby";
  const right = { name: "lane", of, fact: lane, bound: "held or standby", unit: "state", ok: mayAct };
  // A standby spends nothing and may not have looked.
  if (lane === "standby" && left === null) return [right];
  const ok = left !== null && left >= runwayDays;
  return [right, { name: "gasRunway", of, fact: rounded(left), bound: runwayDays, unit: "days", ok }];
}

function vaultChecks(now: number, vault: VaultHealth, bounds: HealthBounds): Check[] {
  const of = nameOf(vault);
  const { facts } = vault;
  const ended = age("tick", of, since(now, vault.endedAt), bounds.tickSeconds);
  if (facts === null) return [ended, age("oracle", of, null, 0)];
  // Measured by the chain's own time as it was seen, and by how long ago that was.
  const time = chainTime(now, vault);
  const oracle = age("oracle", of, (time - facts.oracleAt) * 1000, facts.oracleStep * bounds.oracleSteps);
  const feeds = facts.feeds.map(({ asset, updatedAt, heartbeat }) =>
    age(
      "feed",
      `${of} ${asset}`,
      updatedAt === null ? null : (time - updatedAt) * 1000,
      heartbeat * bounds.feedHeartbeats,
    ),
  );
  return [ended, oracle, ...feeds];
}

/** The chain's time now, unix seconds: that of the observed block, and what has passed since it was seen. */
export function chainTime(now: number, { facts, seenAt }: VaultHealth): number {
  return (facts?.blockTime ?? 0) + Math.max(0, now - (seenAt ?? now)) / 1000;
}

/** A vault or account among those of all chains. */
export function nameOf(what: { chain: string } & ({ vault: string } | { account: string })): string {
  return `${"vault" in what ? what.vault : what.account} on ${what.chain}`;
}

function age(name: string, of: string | undefined, milliseconds: number | null, bound: number): Check {
  const fact = milliseconds === null ? null : rounded(milliseconds / 1000);
  const ok = milliseconds !== null && milliseconds <= bound * 1000;
  return { name, ...(of === undefined ? {} : { of }), fact, bound, unit: "seconds", ok };
}

function since(now: number, then: number | null): number | null {
  return then === null ? null : now - then;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000;
}

function report({ accounts }: HealthSnapshot, checks: Check[]): HealthReport {
  const waits = accounts.length > 0 && accounts.every(({ lane }) => lane === "standby");
  return { ok: checks.every(({ ok }) => ok), role: waits ? "standby" : "active", checks };
}
