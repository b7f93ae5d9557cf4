import type { Intent } from "../store/journal.js";
import type { TickPart } from "../tick-result.js";
import { factsOf, type ObservedFacts, type VaultFacts } from "./facts.js";
import { GaugeSeries } from "./gauge-series.js";
import type { VaultHealth } from "./health-snapshot.js";
import type { BoundedLabel } from "./labels.js";
import type { Metrics } from "./metrics.js";
import { showAges, showFacts } from "./vault-gauges.js";

/** What all vaults and accounts of a process share. */
export interface MonitorContext {
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly words: { readonly codes: BoundedLabel; readonly names: BoundedLabel; readonly symbols: BoundedLabel };
  /** The engine gave a sign of life. */
  readonly turned: () => void;
}

/** What a tick came to; a `TickResult` is one. */
export interface TickSummary {
  /** What was decided to do; null for nothing. */
  readonly kind: string | null;
  readonly state: string;
  readonly codes: readonly string[];
  readonly refused: { readonly name: string } | null;
}

const STATUSES: readonly Intent["status"][] = ["open", "landed", "reverted", "final", "void"];

/** Takes down what one vault's ticks do, as metrics and as facts for verdicts. */
export class VaultMonitor {
  readonly #context: MonitorContext;
  readonly #labels: { readonly chain: string; readonly vault: string };
  readonly #since: number;
  readonly #stopped: () => void;
  /** What each observation replaces, and the rest. */
  readonly #observed = new GaugeSeries();
  readonly #series = new GaugeSeries();
  #attemptAt: number | null = null;
  #endedAt: number | null = null;
  #facts: VaultFacts | null = null;
  #seenAt: number | null = null;
  #paused: string | null = null;
  #openSince: number | null = null;
  #refusalsInARow = 0;
  #costs: VaultHealth["costs"] = null;

  /** @param stopped Called once it watches no more */
  constructor(context: MonitorContext, labels: { chain: string; vault: string }, stopped: () => void) {
    this.#context = context;
    this.#labels = labels;
    this.#since = context.now();
    this.#stopped = stopped;
  }

  /** A tick begins, whatever becomes of it. */
  attempt(): void {
    this.#attemptAt = this.#context.now();
    this.#context.turned();
  }

  /** What the tick has seen. */
  observed(observation: ObservedFacts): void {
    const { metrics, words } = this.#context;
    this.#facts = factsOf(observation);
    this.#seenAt = this.#context.now();
    showFacts(this.#observed, metrics, this.#labels, this.#facts, words.symbols);
  }

  /** How long a part of the tick took; not told by vault, as there may be a thousand. */
  part(part: TickPart, milliseconds: number): void {
    const { chain } = this.#labels;
    this.#context.metrics.tickDuration.observe({ chain, part }, milliseconds / 1000);
  }

  /** A tick has come to its end. */
  ended({ kind, state, codes, refused }: TickSummary): void {
    const { metrics, now, words } = this.#context;
    this.#endedAt = now();
    // A tick with nothing to do follows every refusal: only what has been done ends the row.
    if (refused !== null) this.#refusalsInARow += 1;
    else if (state === "landed") this.#refusalsInARow = 0;
    if (refused !== null) metrics.refusals.inc({ ...this.#labels, name: words.names.of(refused.name) });
    const [code = "none"] = codes;
    const outcome = { action: kind ?? "nothing", state, code: words.codes.of(code) };
    metrics.ticks.inc({ ...this.#labels, ...outcome });
  }

  /** A tick broke off. */
  failed(code: string): void {
    const { metrics, words } = this.#context;
    metrics.tickFailures.inc({ ...this.#labels, code: words.codes.of(code) });
  }

  /** A plan did something else than was predicted. */
  mismatch(): void {
    this.#context.metrics.mismatches.inc(this.#labels);
  }

  /** Why the operator has paused it; null where it is not. */
  paused(reason: string | null): void {
    this.#paused = reason;
    this.#series.set(this.#context.metrics.paused, this.#labels, reason === null ? 0 : 1);
  }

  /** The vault's latest intents. */
  intents(intents: readonly Pick<Intent, "status" | "created_at">[]): void {
    for (const status of STATUSES) {
      const count = intents.filter((intent) => intent.status === status).length;
      this.#series.set(this.#context.metrics.intents, { ...this.#labels, status }, count);
    }
    const open = intents.filter(({ status }) => status === "open").map(({ created_at }) => created_at);
    this.#openSince = open.length > 0 ? Math.min(...open) : null;
  }

  /** What 30 days cost, and what the management fee brings in them; USD. */
  costs(costs: NonNullable<VaultHealth["costs"]>): void {
    const { metrics } = this.#context;
    this.#costs = costs;
    this.#series.set(metrics.gasCost, this.#labels, costs.gas);
    this.#series.set(metrics.tradingCost, this.#labels, costs.trading);
    this.#series.set(metrics.managementFee, this.#labels, costs.fee);
  }

  /** The vault is another replica's now, or nobody's: its gauges go, its counters stay. */
  stop(): void {
    this.#observed.clear();
    this.#series.clear();
    this.#stopped();
  }

  /** Bring the ages up to date. */
  refresh(): void {
    const { metrics, now, words } = this.#context;
    showAges(this.#series, metrics, this.#labels, this.health, now(), words.symbols);
  }

  get health(): VaultHealth {
    return {
      ...this.#labels,
      since: this.#since,
      attemptAt: this.#attemptAt,
      endedAt: this.#endedAt,
      facts: this.#facts,
      seenAt: this.#seenAt,
      paused: this.#paused,
      openSince: this.#openSince,
      refusalsInARow: this.#refusalsInARow,
      costs: this.#costs,
    };
  }
}
