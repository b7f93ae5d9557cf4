import { redact } from "@crosshedge/sdk";
import { expect } from "chai";
import { Monitor } from "../../../keeper/src/monitor/monitor.js";
import type { WebhookTarget } from "../../../keeper/src/monitor/payload.js";
import { Alerter, type AlerterOptions } from "../../../keeper/src/monitor/webhooks.js";
import { type Received, receiver } from "./receiver.js";

const secret = (text: string) => ({ reveal: () => text });
type Receiver = Awaited<ReturnType<typeof receiver>>;

describe("webhooks", () => {
  const open: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((close) => close()));
  });

  /** An alerter over one vault that can be paused, which is what it alerts of. */
  async function alerting(
    options: Partial<AlerterOptions> = {},
    { statuses = [], kind = "json" }: { statuses?: number[]; kind?: WebhookTarget["kind"] } = {},
  ) {
    let time = 1_800_000_000_000;
    const hook: Receiver = await receiver(...statuses);
    const url = secret(hook.url);
    const target: WebhookTarget =
      kind === "pagerduty" ? { kind, url, routingKey: secret("routing-key-of-mine") } : { kind, url };
    const monitor = new Monitor({ now: () => time, version: "1", modelHash: "0x", blockedMs: () => 0 });
    const lines: object[] = [];
    const write = (details: object, message: string): void => void lines.push({ ...details, message });
    const logger = { child: () => logger, debug: write, info: write, warn: write, error: write };
    const alerter = new Alerter({
      ...{ targets: [target], monitor, logger, now: () => time, clean: redact, holdMs: 0, retryMs: 1 },
      ...options,
    });
    open.push(() => alerter.close(), hook.close);
    const vault = monitor.vault({ chainId: 1, name: "alt" });
    const later = (milliseconds: number): Promise<void> => {
      time += milliseconds;
      return alerter.check();
    };
    const told = async (): Promise<string> =>
      monitor.metrics.registry.getSingleMetricAsString("crosshedge_webhooks_total");
    return { hook, vault, alerter, later, lines, told };
  }
  const statuses = (received: readonly Received[]): unknown[] => received.map(({ body }) => body["status"]);

  it("tells an alert once for as long as it stands, and when it is over", async () => {
    const { hook, vault, later } = await alerting();
    vault.paused("a holiday");
    await later(1_000);
    await later(1_000);
    expect(hook.received.map(({ body }) => body)).to.deep.equal([
      {
        ...{ status: "firing", alert: "CrosshedgePaused", severity: "info", of: "alt on 1" },
        ...{ summary: "paused: a holiday", runbook: "docs/operations.md#crosshedgepaused" },
        at: new Date(1_800_000_001_000).toISOString(),
      },
    ]);
    vault.paused(null);
    await later(1_000);
    await later(1_000);
    expect(statuses(hook.received)).to.deep.equal(["firing", "resolved"]);
  });

  it("waits until an alert has stood for its time, and tells again what stands for long", async () => {
    const { hook, vault, later } = await alerting({ holdMs: 60_000, repeatMs: 3_600_000 });
    vault.paused("a holiday");
    await later(1_000);
    await later(59_000);
    expect(hook.received).to.deep.equal([]);
    await later(1_000);
    await later(3_599_000);
    expect(statuses(hook.received)).to.deep.equal(["firing"]);
    await later(1_000);
    expect(statuses(hook.received)).to.deep.equal(["firing", "firing"]);
  });

  it("says nothing of what came and went in between", async () => {
    const { hook, vault, later } = await alerting({ holdMs: 60_000 });
    vault.paused("by mistake");
    await later(1_000);
    vault.paused(null);
    await later(120_000);
    expect(hook.received).to.deep.equal([]);
  });

  it("tries again where the receiver is busy or down", async () => {
    const { hook, vault, later, told } = await alerting({}, { statuses: [503, 429] });
    vault.paused("a holiday");
    await later(1_000);
    expect(statuses(hook.received)).to.deep.equal(["firing"]);
    expect(await told()).to.include('{kind="json",result="sent"} 1');
  });

  for (const status of [404, 302]) {
    it(`counts and logs a receiver that answers ${status}, and tells it at the next check`, async () => {
      const refusing = status === 302 ? [302, 302, 302, 302] : [404];
      const { hook, vault, later, lines, told } = await alerting({}, { statuses: refusing });
      vault.paused("a holiday");
      await later(1_000);
      expect(hook.received).to.deep.equal([]);
      expect(await told()).to.include('{kind="json",result="failed"} 1');
      expect(lines).to.have.length(1);
      expect(JSON.stringify(lines)).to.include("CrosshedgePaused").and.not.include("token-of-mine");
      await later(1_000);
      expect(statuses(hook.received)).to.deep.equal(["firing"]);
    });
  }

  it("tells the end of an alert until it is taken", async () => {
    const { hook, vault, later } = await alerting({}, { statuses: [200, 404] });
    vault.paused("a holiday");
    await later(1_000);
    vault.paused(null);
    await later(1_000);
    await later(1_000);
    await later(1_000);
    expect(statuses(hook.received)).to.deep.equal(["firing", "resolved"]);
  });

  it("never rejects where nobody listens", async () => {
    const { hook, vault, later, told, lines } = await alerting();
    await hook.close();
    vault.paused("a holiday");
    await later(1_000);
    expect(await told()).to.include('{kind="json",result="failed"} 1');
    expect(lines[0]).to.include({ why: "ECONNREFUSED" });
  });

  it("posts no more than its rate, and the rest later", async () => {
    const { hook, vault, later, told } = await alerting({ most: 1 });
    vault.paused("a holiday");
    await later(1_000);
    vault.paused(null);
    await later(1_000);
    expect(statuses(hook.received)).to.deep.equal(["firing"]);
    expect(await told()).to.include('{kind="json",result="dropped"} 1');
    await later(600_000);
    expect(statuses(hook.received)).to.include.members(["resolved"]);
  });

  it("never has an address in what it posts", async () => {
    const { hook, vault, later } = await alerting();
    vault.paused("see https://node.example/v2/key-of-mine");
    await later(1_000);
    expect(hook.received[0]!.body["summary"]).to.equal("paused: see <url>");
  });

  it("speaks as Slack and PagerDuty hear", async () => {
    const slack = await alerting({}, { kind: "slack" });
    slack.vault.paused("a holiday");
    await slack.later(1_000);
    expect(slack.hook.received[0]!.body).to.deep.equal({
      text: "[info] CrosshedgePaused: alt on 1: paused: a holiday (docs/operations.md#crosshedgepaused)",
    });
    const duty = await alerting({}, { kind: "pagerduty" });
    duty.vault.paused("a holiday");
    await duty.later(1_000);
    duty.vault.paused(null);
    await duty.later(1_000);
    const [firing, resolved] = duty.hook.received.map(({ body }) => body);
    expect(firing).to.include({
      ...{ routing_key: "routing-key-of-mine", event_action: "trigger" },
      dedup_key: "crosshedge/CrosshedgePaused/alt on 1",
    });
    expect(firing!["payload"]).to.include({ severity: "info", source: "alt on 1", component: "crosshedge-keeper" });
    expect(resolved).to.include({ event_action: "resolve", dedup_key: firing!["dedup_key"] as string });
  });
});
