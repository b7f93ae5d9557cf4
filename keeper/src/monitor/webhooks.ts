import { ExponentialBackoff, handleWhen, type RetryPolicy, retry } from "cockatiel";
import type { Logger } from "../logger.js";
import { type Alert, alertsOf, keyOf } from "./alerts.js";
import type { Monitor } from "./monitor.js";
import { type Clean, type Notice, requestOf, type WebhookTarget } from "./payload.js";
import { RateLimit } from "./rate-limit.js";

/** What an alerter works with. */
export interface AlerterOptions {
  readonly targets: readonly WebhookTarget[];
  readonly monitor: Monitor;
  readonly logger: Logger;
  /** Takes secrets out of what is posted: an operator's reason for a pause may have one. */
  readonly clean: Clean;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly fetch?: typeof globalThis.fetch;
  /** An alert must stand so long before it is told, milliseconds. */
  readonly holdMs?: number;
  /** One that stands is told again after this time, milliseconds. */
  readonly repeatMs?: number;
  /** Posts to one target in ten minutes. */
  readonly most?: number;
  /** Wait before the first retry, milliseconds; each further one waits longer. */
  readonly retryMs?: number;
}

interface Standing {
  readonly since: number;
  alert: Alert;
  /** When each target was told; null before. */
  readonly toldAt: (number | null)[];
}

class Refused extends Error {}

const TIMEOUT = 10_000;
const RETRIES = 3;

/** Tells webhooks what is wrong, once for as long as it stands, and when it is over. */
export class Alerter {
  readonly #options: Required<AlerterOptions>;
  readonly #retry: RetryPolicy;
  readonly #limits: readonly RateLimit[];
  readonly #standing = new Map<string, Standing>();
  readonly #stop = new AbortController();
  #checking: Promise<void> | undefined;

  constructor(options: AlerterOptions) {
    const defaults = { fetch: globalThis.fetch, holdMs: 60_000, repeatMs: 14_400_000, most: 20, retryMs: 1_000 };
    this.#options = { ...defaults, ...options };
    const { targets, most, now, retryMs } = this.#options;
    this.#limits = targets.map(() => new RateLimit(most, 600_000, now));
    const backoff = new ExponentialBackoff({ initialDelay: retryMs, maxDelay: 30 * retryMs });
    this.#retry = retry(
      handleWhen((error) => !(error instanceof Refused)),
      { maxAttempts: RETRIES, backoff },
    );
  }

  /** Look at how things are and tell what is new. Never rejects; while one check is under way, the next is that one. */
  check(): Promise<void> {
    this.#checking ??= this.#check().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  /** Give up what is under way. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#checking;
  }

  async #check(): Promise<void> {
    const { monitor, logger } = this.#options;
    let posts: Promise<void>[] = [];
    try {
      const due = this.#update(alertsOf(monitor.snapshot(), monitor.bounds));
      posts = due.map((post) => post());
    } catch (error) {
      logger.error({ error: error instanceof Error ? error.message : String(error) }, "alerts cannot be worked out");
    }
    await Promise.all(posts);
  }

  /** What is to be posted. */
  #update(alerts: readonly Alert[]): (() => Promise<void>)[] {
    const { targets, now, holdMs, repeatMs } = this.#options;
    const time = now();
    const found = new Map(alerts.map((alert) => [keyOf(alert), alert]));
    for (const [key, alert] of found) {
      const standing = this.#standing.get(key);
      if (standing === undefined) this.#standing.set(key, { since: time, alert, toldAt: targets.map(() => null) });
      else standing.alert = alert;
    }
    const posts: (() => Promise<void>)[] = [];
    for (const [key, standing] of this.#standing) {
      const over = !found.has(key);
      // One that a target does not know to be over stays, and is told again at the next check.
      if (over && standing.toldAt.every((told) => told === null)) this.#standing.delete(key);
      for (const [index, toldAt] of standing.toldAt.entries()) {
        const news = toldAt === null ? time - standing.since >= holdMs : time - toldAt >= repeatMs;
        if (over ? toldAt !== null : news) posts.push(() => this.#tell(index, standing, over ? "resolved" : "firing"));
      }
    }
    return posts;
  }

  async #tell(index: number, standing: Standing, status: Notice["status"]): Promise<void> {
    const { monitor, logger, now, targets, clean } = this.#options;
    const { kind } = targets[index]!;
    const count = (result: string): void => monitor.metrics.webhooks.inc({ kind, result });
    const { name, of } = standing.alert;
    if (!this.#limits[index]!.take()) {
      count("dropped");
      logger.warn({ kind, alert: name, of }, "too many alerts: this one is told later");
      return;
    }
    try {
      const { url, body } = requestOf(targets[index]!, { alert: standing.alert, status, at: now() }, clean);
      await this.#retry.execute(({ signal }) => this.#post(url, body, signal), this.#stop.signal);
      standing.toldAt[index] = status === "resolved" ? null : now();
      count("sent");
    } catch (error) {
      count("failed");
      logger.error({ kind, alert: name, of, status, why: whyOf(error) }, "a webhook did not take an alert");
    }
  }

  async #post(url: string, body: string, signal: AbortSignal): Promise<void> {
    const response = await this.#options.fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    });
    await response.body?.cancel();
    if (response.ok) return;
    const again = response.status === 429 || response.status >= 500;
    throw again ? new Error(`HTTP ${response.status}`) : new Refused(`HTTP ${response.status}`);
  }
}

/** An error of fetch may name the address, which is a secret: only its kind is told. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if (/^HTTP \d+$/.test(error.message)) return error.message;
  const cause = error.cause as { readonly code?: unknown } | undefined;
  return typeof cause?.code === "string" ? cause.code : error.name;
}
