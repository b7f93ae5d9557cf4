import type { Logger } from "../logger.js";
import { type CostSources, costReport } from "./costs.js";
import { probeDatabase } from "./database-probe.js";
import type { Monitor } from "./monitor.js";
import type { Clean, WebhookTarget } from "./payload.js";
import { serveMonitor } from "./server.js";
import { Alerter } from "./webhooks.js";

/** What watches over a keeper beside its ticks. */
export interface MonitoringOptions {
  readonly monitor: Monitor;
  /** A port of null: nothing listens. */
  readonly http: { readonly host: string; readonly port: number | null };
  readonly webhooks: readonly WebhookTarget[];
  /** Takes secrets out of what webhooks are told. */
  readonly clean: Clean;
  /** One real write to the journal. */
  readonly write: () => Promise<unknown>;
  readonly costs: Omit<CostSources, "now" | "feeAYear">;
  readonly logger: Logger;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Milliseconds from one look to the next. */
  readonly every?: { readonly write: number; readonly costs: number; readonly alerts: number };
}

export interface Monitoring {
  /** Where it listens; null where it does not. */
  readonly url: string | null;
  stop(): Promise<void>;
}

const EVERY = { write: 30_000, costs: 600_000, alerts: 15_000 };

/** Serve, write, count and alert until it is stopped; the first write and count are done when it resolves. */
export async function startMonitoring(options: MonitoringOptions): Promise<Monitoring> {
  const { monitor, http, webhooks, clean, logger, now, every = EVERY } = options;
  const server = http.port === null ? null : await serveMonitor(monitor, { host: http.host, port: http.port, logger });
  const alerter = new Alerter({ targets: webhooks, monitor, clean, logger, now });
  const write = (): Promise<void> => probeDatabase(options);
  const costs = (): Promise<void> => countCosts(options);
  await Promise.all([write(), costs()]);
  const loops = [
    repeat(write, every.write),
    repeat(costs, every.costs),
    ...(webhooks.length > 0 ? [repeat(() => alerter.check(), every.alerts)] : []),
  ];
  return {
    url: server?.url ?? null,
    stop: async () => {
      await Promise.all([...loops.map((stop) => stop()), alerter.close(), server?.close()]);
    },
  };
}

/** Never rejects: what is not counted now is counted later, and an unknown runway is a bad one. */
async function countCosts({ monitor, costs, logger, now }: MonitoringOptions): Promise<void> {
  try {
    const feeAYear = async (vault: { chainId: number; name: string }) => monitor.feeAYear(vault);
    monitor.costs(await costReport({ ...costs, now, feeAYear }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    logger.warn({ error: why }, "gas runway and costs could not be counted");
  }
}

/** Do it again and again, never twice at once; the answer stops it and waits for what is under way. */
function repeat(work: () => Promise<void>, milliseconds: number): () => Promise<void> {
  let timer: NodeJS.Timeout;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;
  const later = (): void => {
    timer = setTimeout(() => {
      running = work().finally(() => {
        if (!stopped) later();
      });
    }, milliseconds);
  };
  later();
  return () => {
    stopped = true;
    clearTimeout(timer);
    return running;
  };
}
