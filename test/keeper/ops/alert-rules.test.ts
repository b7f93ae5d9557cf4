import { readFileSync } from "node:fs";
import path from "node:path";
import { parser } from "@prometheus-io/lezer-promql";
import { expect } from "chai";
import { ALERTS } from "../../../keeper/src/monitor/alert-names.js";
import { HealthBounds } from "../../../keeper/src/monitor/health-bounds.js";
import { createMetrics } from "../../../keeper/src/monitor/metrics.js";
import { isEndpointFault, MEANINGS } from "../../../keeper/src/rpc/fault.js";
import { ops, ROOT, yamlOf } from "./files.js";

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<"summary" | "action" | "runbook", string>>;
}
interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly gridPos: Readonly<Record<"x" | "y" | "w" | "h", number>>;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const RULES = yamlOf<{ groups: { rules: Rule[] }[] }>("alerts.yml").groups.flatMap(({ rules }) => rules);
const BOARD = JSON.parse(ops("dashboard.json")) as { panels: Panel[]; templating: { list: { query: unknown }[] } };

/** Metrics of an expression, each with the labels that it is selected by, and labels that are named besides; throws where it is no PromQL. */
function namesIn(expression: string) {
  const selected: { readonly metric: string; readonly labels: readonly string[] }[] = [];
  const labels: string[] = [];
  const textOf = ({ from, to }: { from: number; to: number }): string => expression.slice(from, to);
  parser.parse(expression).iterate({
    enter: ({ type, node }) => {
      if (type.isError) throw new Error(`no PromQL at ${node.from}: ${expression}`);
      if (type.name === "LabelName") labels.push(textOf(node));
      if (type.name !== "VectorSelector") return;
      const own: string[] = [];
      node.cursor().iterate((inner) => {
        if (inner.type.name === "LabelName") own.push(textOf(inner));
      });
      selected.push({ metric: textOf(node.getChild("Identifier")!), labels: own });
    },
  });
  return { selected, labels };
}

/** Labels by series that the keeper exports, histograms' series among them. */
async function exported(): Promise<Map<string, readonly string[]>> {
  const metrics = await createMetrics().registry.getMetricsAsArray();
  const series = metrics.flatMap((metric) => {
    const { labelNames = [] } = metric as unknown as { labelNames?: string[] };
    const labels = [...labelNames, "job", "instance"];
    const parts = ["_sum", "_count"].map((part) => [metric.name + part, labels] as const);
    const histogram = [...parts, [`${metric.name}_bucket`, [...labels, "le"]] as const];
    return String(metric.type) === "histogram" ? histogram : [[metric.name, labels] as const];
  });
  return new Map<string, readonly string[]>([...series, ["up", ["job", "instance"]]]);
}

const EXPRESSIONS: readonly (readonly [string, string])[] = [
  ...RULES.map(({ alert, expr }) => [alert, expr] as const),
  ...BOARD.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [`board: ${title}`, expr] as const)),
];

describe("alert rules and board", () => {
  for (const [title, expression] of EXPRESSIONS) {
    it(`${title}: ${expression.slice(0, 60)} asks for what the keeper exports`, async () => {
      const series = await exported();
      const { selected, labels } = namesIn(expression);
      expect(selected).to.not.deep.equal([]);
      for (const { metric, labels: by } of selected) {
        expect([...series.keys()], expression).to.include(metric);
        expect(series.get(metric), metric).to.include.members([...by]);
      }
      expect(selected.flatMap(({ metric }) => series.get(metric)!)).to.include.members(labels);
    });
  }

  it("would see a metric that is not there, and what is no PromQL", () => {
    expect(namesIn('max by (a) (rate(crosshedge_made_up_total{b="c"}[5m])) > 1')).to.deep.equal({
      selected: [{ metric: "crosshedge_made_up_total", labels: ["b"] }],
      labels: ["a", "b"],
    });
    expect(() => namesIn("max by (chain (crosshedge_nav_usd)")).to.throw("no PromQL");
  });

  it("has every alert of the webhooks, with the same severity", () => {
    for (const [name, severity] of Object.entries(ALERTS)) {
      const rule = RULES.find(({ alert }) => alert === name);
      expect(rule?.labels.severity, name).to.equal(severity);
    }
    expect(new Set(RULES.map(({ alert }) => alert)).size).to.equal(RULES.length);
  });

  it("has the bounds that the keeper's own verdicts have", () => {
    const bounds = HealthBounds.parse({});
    const expected: Record<string, readonly number[]> = {
      CrosshedgeTickStale: [bounds.tickSeconds, bounds.attemptSeconds],
      CrosshedgeHeadStale: [bounds.headSeconds, bounds.headTimeSeconds],
      CrosshedgeOracleStale: [bounds.oracleSteps],
      CrosshedgeFeedLate: [bounds.feedHeartbeats],
      CrosshedgeGasRunwayShort: [bounds.runwayDays],
      CrosshedgeDatabaseNotWritten: [bounds.databaseSeconds],
      CrosshedgeSilent: [bounds.silence],
      CrosshedgeMarginLow: [bounds.marginOverFloor],
      CrosshedgeLossBudgetLow: [bounds.lossBudgetLeft],
      CrosshedgeQueueWaiting: [bounds.queueWait],
      CrosshedgeIntentOpen: [bounds.openSeconds],
      CrosshedgeNotSent: [bounds.unsentSeconds],
      CrosshedgeRefused: [bounds.refusals],
    };
    for (const [name, values] of Object.entries(expected)) {
      const { expr } = RULES.find(({ alert }) => alert === name)!;
      const numbers = [...expr.matchAll(/[<>=] (?:on \([^)]*\) group_left \(\) \()?([\d.]+)/g)].map(
        ([, value]) => value,
      );
      expect(numbers.map(Number), name).to.deep.equal(values);
    }
  });

  it("blames a node for all that is its own fault, and for nothing else", () => {
    const { expr } = RULES.find(({ alert }) => alert === "CrosshedgeRpcFaults")!;
    const [, meanings] = /meaning=~"([^"]+)"/.exec(expr)!;
    expect(meanings!.split("|")).to.have.members(MEANINGS.filter(isEndpointFault));
  });

  it("says of each alert what it is, what to do, and where more is written", () => {
    for (const { alert, annotations, labels, ...rest } of RULES) {
      expect(annotations.summary, alert).to.match(/\S/);
      expect(annotations.action, alert).to.match(/\.$/);
      expect(["critical", "warning", "info"], alert).to.include(labels.severity);
      expect(rest.for ?? "0m", alert).to.match(/^\d+[mhd]$/);
      const [file, anchor] = annotations.runbook.split("#");
      const headings = [...readFileSync(path.join(ROOT, file!), "utf8").matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
        title!
          .toLowerCase()
          .replace(/[^\w\- ]/g, "")
          .replaceAll(" ", "-"),
      );
      expect(headings, annotations.runbook).to.include(anchor!);
    }
  });

  it("asks in templates only for labels of the metric that is asked", async () => {
    const metrics = await createMetrics().registry.getMetricsAsArray();
    for (const [, metric, label] of ops("dashboard.json").matchAll(/label_values\((\w+), (\w+)\)/g)) {
      const found = metrics.find(({ name }) => name === metric) as { labelNames?: string[] } | undefined;
      expect(found?.labelNames, metric).to.include(label);
    }
  });

  it("lays its panels out without overlaps", () => {
    const taken = new Set<string>();
    for (const { title, gridPos } of BOARD.panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(x, title).to.be.below(24);
          expect(taken.has(`${x} ${y}`), title).to.equal(false);
          taken.add(`${x} ${y}`);
        }
      }
    }
    expect(new Set(BOARD.panels.map(({ id }) => id)).size).to.equal(BOARD.panels.length);
  });

  it("names every metric with its unit, and all of them begin alike", async () => {
    const metrics = (await createMetrics().registry.getMetricsAsArray()).map(({ name, type }) => ({
      name,
      type: String(type),
    }));
    for (const { name, type } of metrics) {
      expect(name).to.match(/^crosshedge_[a-z0-9_]+$/);
      if (type === "counter") expect(name).to.match(/_total$/);
    }
  });
});
