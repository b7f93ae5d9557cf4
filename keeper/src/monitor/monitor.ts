import { AccountMonitor } from "./account-monitor.js";
import { ChainMonitor } from "./chain-monitor.js";
import type { CostReport } from "./costs.js";
import { EventLoopWatch } from "./event-loop-watch.js";
import { type HealthReport, livenessOf, readinessOf } from "./health.js";
import { HealthBounds } from "./health-bounds.js";
import type { HealthSnapshot } from "./health-snapshot.js";
import { BoundedLabel } from "./labels.js";
import { createMetrics, type Metrics } from "./metrics.js";
import { type MonitorContext, VaultMonitor } from "./vault-monitor.js";

/** What a monitor works with. */
export interface MonitorOptions {
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly bounds?: HealthBounds;
  /** What runs: the keeper's version, and the hash of the code of model and plan. */
  readonly version: string;
  readonly modelHash: string;
  /** Longest time that the event loop was blocked since this was asked last, milliseconds. */
  readonly blockedMs?: () => number;
}

/** One request to a node. */
export interface NodeAnswer {
  readonly chainId: number;
  /** Place in the configuration, never the address. */
  readonly endpoint: number;
  /** "ok", or what the fault means. */
  readonly meaning: string;
  readonly milliseconds: number;
}

/** A process's metrics and health: everybody reports to it, and it is asked by the server and by alerts. */
export class Monitor {
  readonly metrics: Metrics;
  readonly bounds: HealthBounds;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #context: MonitorContext;
  readonly #blockedMs: () => number;
  readonly #vaults = new Map<string, VaultMonitor>();
  readonly #accounts = new Map<string, AccountMonitor>();
  readonly #chains = new Map<string, ChainMonitor>();
  #loopAt: number | null = null;
  #databaseAt: number | null = null;

  constructor({ now, bounds = HealthBounds.parse({}), version, modelHash, blockedMs }: MonitorOptions) {
    this.#now = now;
    this.#startedAt = now();
    this.bounds = bounds;
    this.metrics = createMetrics();
    this.metrics.build.set({ version, model: modelHash.slice(0, 18) }, 1);
    const watch = blockedMs === undefined ? new EventLoopWatch() : undefined;
    this.#blockedMs = blockedMs ?? (() => watch!.longest());
    const words = { codes: new BoundedLabel(256), names: new BoundedLabel(), symbols: new BoundedLabel(256) };
    const turned = (): void => {
      this.#loopAt = now();
    };
    this.#context = { metrics: this.metrics, now, words, turned };
  }

  /** The monitor of a vault by its configured name; made once. */
  vault({ chainId, name }: { readonly chainId: number; readonly name: string }): VaultMonitor {
    const labels = { chain: String(chainId), vault: name };
    const key = `${chainId} ${name}`;
    this.#chain(chainId);
    return made(this.#vaults, key, () => new VaultMonitor(this.#context, labels, () => this.#vaults.delete(key)));
  }

  /** The monitor of an account on a chain; made once. */
  account({ chainId, signer }: { readonly chainId: number; readonly signer: string }): AccountMonitor {
    const labels = { chain: String(chainId), account: signer.toLowerCase() };
    this.#chain(chainId);
    return made(this.#accounts, `${chainId} ${labels.account}`, () => new AccountMonitor(this.#context, labels));
  }

  /** A block that was seen; the time in unix seconds. */
  head({ chainId, number, timestamp }: { readonly chainId: number; number: number; timestamp: number }): void {
    this.#chain(chainId).head(number, timestamp);
  }

  /** A node has answered, or has not. */
  rpc({ chainId, endpoint, meaning, milliseconds }: NodeAnswer): void {
    const labels = { chain: String(chainId), endpoint: String(endpoint) };
    this.metrics.rpc.inc({ ...labels, meaning: this.#context.words.codes.of(meaning) });
    this.metrics.rpcDuration.observe(labels, milliseconds / 1000);
  }

  /** A write to the database was committed, or failed. */
  database(milliseconds: number, ok: boolean): void {
    if (ok) {
      this.#databaseAt = this.#now();
      this.metrics.databaseWrites.observe(milliseconds / 1000);
    } else {
      this.metrics.databaseFailures.inc();
    }
  }

  /** What the management fee of a vault brings a year at the NAV that was seen last, USD; null where none was. */
  feeAYear({ chainId, name }: { readonly chainId: number; readonly name: string }): number | null {
    const facts = this.#vaults.get(`${chainId} ${name}`)?.health.facts;
    return facts?.nav == null ? null : facts.nav * facts.managementFee;
  }

  /** What vaults cost and how long gas lasts. */
  costs({ vaults, accounts }: CostReport): void {
    for (const { chainId, name, gas, trading, fee } of vaults) {
      this.#vaults.get(`${chainId} ${name}`)?.costs({ gas, trading, fee });
    }
    for (const { chainId, signer, balanceWei, days } of accounts) {
      const account = this.account({ chainId, signer });
      account.gas({ balanceWei });
      account.runway(days);
    }
  }

  /** Everything that verdicts and alerts are made from. */
  snapshot(): HealthSnapshot {
    return {
      now: this.#now(),
      startedAt: this.#startedAt,
      loopAt: this.#loopAt,
      blockedMs: this.#blockedMs(),
      databaseAt: this.#databaseAt,
      vaults: [...this.#vaults.values()].map(({ health }) => health),
      accounts: [...this.#accounts.values()].map(({ health }) => health),
      chains: [...this.#chains.values()].map(({ health }) => health),
    };
  }

  /** Whether a restart would help. */
  liveness(): HealthReport {
    return livenessOf(this.snapshot(), this.bounds);
  }

  /** Whether the next tick could do what it may have to do. */
  readiness(): HealthReport {
    return readinessOf(this.snapshot(), this.bounds);
  }

  /** Every metric in Prometheus' text format, ages as of now. */
  async exposition(): Promise<string> {
    const now = this.#now();
    for (const part of [...this.#vaults.values(), ...this.#chains.values()]) part.refresh();
    this.metrics.databaseAge.set((now - (this.#databaseAt ?? this.#startedAt)) / 1000);
    return this.metrics.registry.metrics();
  }

  #chain(chainId: number): ChainMonitor {
    const chain = String(chainId);
    return made(this.#chains, chain, () => new ChainMonitor(this.#context, chain));
  }
}

function made<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}
