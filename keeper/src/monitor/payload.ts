import { runbookOf } from "./alert-names.js";
import { type Alert, keyOf } from "./alerts.js";

/** An alert that begins, goes on or ends. */
export interface Notice {
  readonly alert: Alert;
  readonly status: "firing" | "resolved";
  /** Unix milliseconds. */
  readonly at: number;
}

/** Takes secrets out of a text. */
export type Clean = (text: string) => string;

/** A text that only its receiver is to see. */
interface Revealed {
  reveal(): string;
}

/** Where alerts are posted. */
export type WebhookTarget =
  | { readonly kind: "json" | "slack"; readonly url: Revealed }
  | { readonly kind: "pagerduty"; readonly routingKey: Revealed; readonly url?: Revealed | undefined };

const PAGERDUTY = "https://events.pagerduty.com/v2/enqueue";

/** Address and body of a notice. The body has no secret but PagerDuty's own routing key. */
export function requestOf(
  target: WebhookTarget,
  { alert, ...rest }: Notice,
  clean: Clean,
): { url: string; body: string } {
  const notice = { ...rest, alert: { ...alert, summary: clean(alert.summary) } };
  switch (target.kind) {
    case "json":
      return { url: target.url.reveal(), body: JSON.stringify(plain(notice)) };
    case "slack":
      return { url: target.url.reveal(), body: JSON.stringify({ text: sentence(notice) }) };
    case "pagerduty":
      return {
        url: target.url?.reveal() ?? PAGERDUTY,
        body: JSON.stringify({ routing_key: target.routingKey.reveal(), ...event(notice) }),
      };
  }
}

function plain({ alert, status, at }: Notice): object {
  const { name, severity, of } = alert;
  return { status, alert: name, severity, of, summary: alert.summary, runbook: runbookOf(name), at: iso(at) };
}

function sentence({ alert, status }: Notice): string {
  const { name, severity, of } = alert;
  const head = status === "resolved" ? "resolved" : severity;
  return `[${head}] ${name}: ${of}: ${alert.summary} (${runbookOf(name)})`;
}

function event({ alert, status, at }: Notice): object {
  const { name, severity, of } = alert;
  const summary = `${name}: ${of}: ${alert.summary}`.slice(0, 1000);
  const details = { source: of, component: "crosshedge-keeper", class: name, timestamp: iso(at) };
  return {
    event_action: status === "resolved" ? "resolve" : "trigger",
    dedup_key: `crosshedge/${keyOf(alert)}`,
    payload: { summary, severity, ...details, custom_details: { runbook: runbookOf(name) } },
  };
}

const iso = (at: number): string => new Date(at).toISOString();
