import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { KeeperError } from "../errors.js";
import type { Logger } from "../logger.js";
import type { HealthReport } from "./health.js";
import type { Monitor } from "./monitor.js";

/** Where the monitor listens. */
export interface ServerOptions {
  /** Only this machine by default. */
  readonly host?: string;
  /** 0 takes one that is free. */
  readonly port: number;
  readonly logger: Logger;
}

export interface MonitorServer {
  readonly url: string;
  close(): Promise<void>;
}

/** What the monitor answers: /metrics, /livez and /readyz; 503 where a verdict is bad. */
export function monitorApp(monitor: Monitor, logger: Logger): Hono {
  const app = new Hono();
  const told = (report: HealthReport): Response =>
    Response.json(report, { status: report.ok ? 200 : 503, headers: { "cache-control": "no-store" } });
  app.get("/livez", () => told(monitor.liveness()));
  app.get("/readyz", () => told(monitor.readiness()));
  app.get("/metrics", async (context) =>
    context.text(await monitor.exposition(), 200, { "content-type": monitor.metrics.registry.contentType }),
  );
  app.onError((error, context) => {
    logger.error({ path: context.req.path, error: error.message }, "a question about the keeper's health failed");
    return context.json({ ok: false, error: "see the keeper's log" }, 500);
  });
  return app;
}

/** Listen. */
export function serveMonitor(monitor: Monitor, options: ServerOptions): Promise<MonitorServer> {
  const { host = "127.0.0.1", port, logger } = options;
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: monitorApp(monitor, logger).fetch, hostname: host, port }, (address: AddressInfo) => {
      server.off("error", refuse);
      const shown = address.family === "IPv6" ? `[${address.address}]` : address.address;
      resolve({ url: `http://${shown}:${address.port}`, close });
    });
    const refuse = (cause: Error): void =>
      reject(new KeeperError(`Cannot listen on ${host}:${port}.`, "Name another port, or stop what uses it.", cause));
    const close = (): Promise<void> =>
      new Promise((done, failed) => {
        server.close((error) => (error === undefined || error === null ? done() : failed(error)));
        if ("closeAllConnections" in server) server.closeAllConnections();
      });
    server.once("error", refuse);
  });
}
