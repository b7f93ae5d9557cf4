import type { AccountHealth, LaneState } from "./health-snapshot.js";
import type { MonitorContext } from "./vault-monitor.js";

/** What a transaction was sent as. */
export type AttemptKind = "new" | "replacement" | "cancel" | "resend";

/** Takes down what one account does on one chain. */
export class AccountMonitor {
  readonly #context: MonitorContext;
  readonly #labels: { readonly chain: string; readonly account: string };
  readonly #since: number;
  #lane: LaneState | null = null;
  #runwayDays: number | null = null;

  constructor(context: MonitorContext, labels: { chain: string; account: string }) {
    this.#context = context;
    this.#labels = labels;
    this.#since = context.now();
  }

  /** Whether this process may sign, as it was asked just now; the term where it is known. */
  lane({ state, term }: { readonly state: LaneState; readonly term: number | null }): void {
    const { metrics, turned } = this.#context;
    this.#lane = state;
    metrics.laneHeld.set(this.#labels, state === "held" ? 1 : 0);
    if (term !== null) metrics.laneTerm.set(this.#labels, term);
    turned();
  }

  /** What is left for gas. */
  gas({ balanceWei }: { readonly balanceWei: bigint }): void {
    this.#context.metrics.gasBalance.set(this.#labels, Number(balanceWei) / 1e18);
  }

  /** How many days that lasts at the present rate. */
  runway(days: number): void {
    this.#runwayDays = days;
    this.#context.metrics.gasRunway.set(this.#labels, days);
  }

  /** A transaction was sent. */
  attempt(kind: AttemptKind): void {
    this.#context.metrics.attempts.inc({ ...this.#labels, kind });
  }

  /** A mined transaction was taken back. */
  reorg(): void {
    this.#context.metrics.reorgs.inc(this.#labels);
  }

  /** Something used the account that the journal does not know. */
  foreign(): void {
    this.#context.metrics.foreign.inc(this.#labels);
  }

  /** A transaction was mined; what its gas cost, USD. */
  spent(usd: number): void {
    this.#context.metrics.gasSpentTotal.inc(this.#labels, usd);
  }

  /** An intent has changed its status; "none" before the first. */
  transition(from: string, to: string): void {
    const { metrics, words } = this.#context;
    metrics.transitions.inc({ ...this.#labels, from: words.codes.of(from), to: words.codes.of(to) });
  }

  get health(): AccountHealth {
    return { ...this.#labels, since: this.#since, lane: this.#lane, runwayDays: this.#runwayDays };
  }
}
