import { ALERTS, type AlertName, type Severity } from "./alert-names.js";
import { modeRank, type VaultFacts } from "./facts.js";
import { type Check, chainTime, livenessOf, nameOf, readinessOf } from "./health.js";
import type { HealthBounds } from "./health-bounds.js";
import type { HealthSnapshot, VaultHealth } from "./health-snapshot.js";

/** Something that somebody should look at. */
export interface Alert {
  readonly name: AlertName;
  readonly severity: Severity;
  /** Which vault, account or chain; "keeper" for the process. */
  readonly of: string;
  readonly summary: string;
}

/** A process that has just begun is given this time to learn how things are, milliseconds. */
const GRACE = 300_000;

const BY_CHECK: Readonly<Record<string, AlertName>> = {
  loop: "CrosshedgeTickStale",
  eventLoop: "CrosshedgeTickStale",
  attempt: "CrosshedgeTickStale",
  tick: "CrosshedgeTickStale",
  head: "CrosshedgeHeadStale",
  headTime: "CrosshedgeHeadStale",
  oracle: "CrosshedgeOracleStale",
  feed: "CrosshedgeFeedLate",
  lane: "CrosshedgeLaneFree",
  gasRunway: "CrosshedgeGasRunwayShort",
  database: "CrosshedgeDatabaseNotWritten",
};

/** What is wrong now; one alert of a name for each vault, account or chain. */
export function alertsOf(snapshot: HealthSnapshot, bounds: HealthBounds): Alert[] {
  const young = snapshot.now - snapshot.startedAt < GRACE;
  const checks = [...livenessOf(snapshot, bounds).checks, ...readinessOf(snapshot, bounds).checks]
    .filter(({ ok, fact }) => !ok && !(fact === null && young))
    .map((check) => alert(BY_CHECK[check.name]!, check.of ?? "keeper", wordsOf(check)));
  const vaults = snapshot.vaults.flatMap((vault) => vaultAlerts(snapshot.now, vault, bounds));
  const unique = new Map([...checks, ...vaults].map((one) => [keyOf(one), one]));
  return [...unique.values()];
}

/** What tells one alert from another. */
export function keyOf({ name, of }: Pick<Alert, "name" | "of">): string {
  return `${name}/${of}`;
}

function vaultAlerts(now: number, vault: VaultHealth, bounds: HealthBounds): Alert[] {
  const of = nameOf(vault);
  const found: Alert[] = [];
  const when = (condition: boolean, name: AlertName, summary: () => string): void => {
    if (condition) found.push(alert(name, of, summary()));
  };
  const { facts, paused, openSince, unsent, refusalsInARow, costs } = vault;
  when(paused !== null, "CrosshedgePaused", () => `paused: ${paused}`);
  when(openSince !== null && now - openSince > bounds.openSeconds * 1000, "CrosshedgeIntentOpen", () => {
    return `a transaction has not landed for ${minutes((now - openSince!) / 1000)}`;
  });
  when(unsent !== null && now - unsent.since > bounds.unsentSeconds * 1000, "CrosshedgeNotSent", () => {
    return `nothing could be sent for ${minutes((now - unsent!.since) / 1000)}: ${unsent!.code}`;
  });
  when(refusalsInARow >= bounds.refusals, "CrosshedgeRefused", () => `${refusalsInARow} refusals one after another`);
  when(costs?.fee != null && costs.gas + costs.trading > costs.fee, "CrosshedgeCostAboveFee", () => {
    return `30 days cost $${(costs!.gas + costs!.trading).toFixed(0)}, the management fee brings $${costs!.fee!.toFixed(0)}`;
  });
  return facts === null ? found : [...found, ...factAlerts(chainTime(now, vault), of, facts, bounds)];
}

function factAlerts(time: number, of: string, facts: VaultFacts, bounds: HealthBounds): Alert[] {
  const found: Alert[] = [];
  const when = (condition: boolean, name: AlertName, summary: string): void => {
    if (condition) found.push(alert(name, of, summary));
  };
  const silence = time - facts.lastSign;
  when(!facts.pricesOk, "CrosshedgePricesBad", "a price may not be used, so nothing is planned");
  when(
    silence > bounds.silence * facts.maxSilence,
    "CrosshedgeSilent",
    `no sign of life on-chain for ${minutes(silence)}; after ${minutes(facts.maxSilence)} strangers may deleverage`,
  );
  for (const [leg, ratio] of Object.entries(facts.margins)) {
    const low = ratio < facts.marginFloor * bounds.marginOverFloor;
    when(
      low,
      "CrosshedgeMarginLow",
      `margin of ${leg} is ${percent(ratio)}, the vault's floor ${percent(facts.marginFloor)}`,
    );
  }
  when(
    facts.volatility !== null && facts.volatility > facts.volatilityLimit,
    "CrosshedgeVolatilityHigh",
    `volatility is ${percent(facts.volatility ?? 0)}, the limit ${percent(facts.volatilityLimit)}`,
  );
  when(
    facts.lossBudgetLeft < bounds.lossBudgetLeft,
    "CrosshedgeLossBudgetLow",
    `${percent(facts.lossBudgetLeft)} of the loss budget is left`,
  );
  const wait = facts.queueSince > 0 ? time - facts.queueSince : 0;
  when(wait > bounds.queueWait * facts.queueMaxWait, "CrosshedgeQueueWaiting", `shares wait for ${minutes(wait)}`);
  when(facts.alarm, "CrosshedgeAlarmRaised", "the vault's alarm stands: strangers may hedge after its grace");
  when(modeRank(facts.mode) > 0, "CrosshedgeModeRestricted", `the vault's mode is ${facts.mode}`);
  return found;
}

function alert(name: AlertName, of: string, summary: string): Alert {
  return { name, severity: ALERTS[name], of, summary };
}

function wordsOf({ name, fact, bound, unit }: Check): string {
  return `${name} is ${fact ?? "not known"}${typeof fact === "number" ? ` ${unit}` : ""}, the bound ${bound}`;
}

const percent = (value: number): string => `${(value * 100).toFixed(1)}%`;
const minutes = (seconds: number): string => `${Math.round(seconds / 60)} minutes`;
