import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { KeeperError, silentLogger } from "@crosshedge/keeper";
import { expect } from "chai";
import { Monitor } from "../../../keeper/src/monitor/monitor.js";
import { type MonitorServer, serveMonitor } from "../../../keeper/src/monitor/server.js";
import { startMonitoring } from "../../../keeper/src/monitor/start-monitor.js";

const monitorAt = (now: () => number) => new Monitor({ now, version: "1", modelHash: "0x", blockedMs: () => 0 });

describe("monitor's server", () => {
  let server: MonitorServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });
  const ask = async (path: string) => {
    const response = await fetch(`${server!.url}${path}`);
    return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
  };

  it("listens on this machine alone, and answers what it knows", async () => {
    let time = 1_800_000_000_000;
    const monitor = monitorAt(() => time);
    server = await serveMonitor(monitor, { port: 0, logger: silentLogger });
    expect(server.url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    monitor.database(1, true);
    expect(await ask("/livez")).to.include({ status: 200 });
    const ready = await ask("/readyz");
    expect(ready.status).to.equal(200);
    expect(JSON.parse(ready.text)).to.deep.equal({
      ...{ ok: true, role: "active" },
      checks: [{ name: "database", fact: 0, bound: 120, unit: "seconds", ok: true }],
    });
    const metrics = await ask("/metrics");
    expect(metrics.type).to.match(/^text\/plain; version=0\.0\.4/);
    expect(metrics.text).to.include("crosshedge_build_info").and.include("crosshedge_process_cpu_seconds_total");

    time += 121_000;
    expect(await ask("/livez")).to.include({ status: 503 });
    expect(await ask("/readyz")).to.include({ status: 503 });
    expect((await ask("/metrics")).status).to.equal(200);
    expect((await ask("/other")).status).to.equal(404);
  });

  it("says no more than that it failed where it fails", async () => {
    const monitor = monitorAt(() => 0);
    monitor.exposition = () => Promise.reject(new Error("postgres://me:word@host"));
    server = await serveMonitor(monitor, { port: 0, logger: silentLogger });
    const { status, text } = await ask("/metrics");
    expect(status).to.equal(500);
    expect(text).to.not.include("postgres");
  });

  it("says what to do where its port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    try {
      await serveMonitor(
        monitorAt(() => 0),
        { port, logger: silentLogger },
      ).then(
        () => expect.fail("it listens"),
        (error) => {
          expect(error).to.be.instanceOf(KeeperError);
          expect(error.message).to.include(String(port)).and.include("another port");
        },
      );
    } finally {
      other.close();
    }
  });

  it("watches the event loop itself: one that is blocked shows", () => {
    const monitor = new Monitor({ now: Date.now, version: "1", modelHash: "0x" });
    monitor.snapshot();
    const wait = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      const until = performance.now() + 200;
      while (performance.now() < until);
      await new Promise((resolve) => setTimeout(resolve, 30));
    };
    return wait().then(() => expect(monitor.snapshot().blockedMs).to.be.within(150, 20_000));
  });
});

describe("monitoring", () => {
  it("writes and counts before it says that it runs, goes on doing so, and stops", async () => {
    const monitor = monitorAt(Date.now);
    let written = 0;
    let told: () => void;
    const thrice = new Promise<void>((resolve) => {
      told = resolve;
    });
    const monitoring = await startMonitoring({
      ...{ monitor, http: { host: "127.0.0.1", port: 0 }, webhooks: [], clean: (text) => text, logger: silentLogger },
      write: async () => {
        written += 1;
        if (written === 2) throw new Error("the database is gone");
        if (written === 3) told();
      },
      costs: {
        journal: {
          gasSpent: async () => ({ wei: 0n, transactions: 0, firstAt: null }),
          costs: async () => ({ gasUsd: 0, tradingUsd: 0, intents: 0, firstAt: null }),
        },
        accounts: [{ chainId: 1, signer: "0xab" }],
        vaults: [],
        account: async () => ({ balanceWei: 10n ** 18n, gasPriceWei: 10n ** 9n }),
      },
      ...{ now: Date.now, every: { write: 1, costs: 3_600_000, alerts: 3_600_000 } },
    });
    expect(monitor.snapshot().databaseAt).to.not.equal(null);
    expect(monitor.snapshot().accounts[0]!.runwayDays).to.be.closeTo(250, 1e-9);
    await thrice;
    const { ok } = await fetch(`${monitoring.url}/livez`);
    expect(ok).to.equal(true);
    expect(await monitor.exposition()).to.include("crosshedge_database_write_failures_total 1");
    await monitoring.stop();
    await fetch(`${monitoring.url}/livez`).then(
      () => expect.fail("it still listens"),
      () => undefined,
    );
  });
});
