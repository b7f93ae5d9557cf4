import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { dayTicks, escapeHtml, percent, renderChart, ticks, usd, usdCompact } from "@crosshedge/keeper/report";
import { expect } from "chai";
import { renderHtml } from "../../scripts/demo/html.js";
import { growthOf100 } from "../../scripts/demo/metrics.js";
import { buildReport, writeReport } from "../../scripts/demo/report.js";
import { riskLines } from "../../scripts/demo/summary.js";
import { sampleRecord } from "./sample.js";

describe("demo report", () => {
  const record = sampleRecord({ days: 3 });
  const report = buildReport(record);

  it("sums up the hedged vault, and it alone", () => {
    const stranger = { ...record.rebalances[0]!, vault: "naive" as const };
    const other = { ...record.rejections[0]!, vault: "naive" as const };
    const more = { ...record, rebalances: [...record.rebalances, stranger], rejections: [...record.rejections, other] };
    const { rebalances, accepted, rejected, cost, naive } = buildReport(more);
    expect(rebalances).to.equal(record.rebalances.length);
    expect(accepted.reduced + accepted.insideLimits).to.equal(rebalances);
    expect(rejected).to.deep.equal({ Cooldown: 2, LossBudgetSpent: 1, PriceBad: 1 });
    expect(cost.gas).to.equal(6 * rebalances);
    expect(naive).to.deep.include({ rebalances: 1, cost: stranger.cost });
  });

  it("measures effectiveness at fair prices and at the oracle's", () => {
    expect(report.hedgeEffectiveness).to.be.within(0.7, 1);
    expect(report.naive.hedgeEffectiveness).to.be.within(0.2, 0.7);
    expect(report.hedgeEffectivenessOracle).to.not.equal(report.hedgeEffectiveness);
    expect(report.volatility.hedged).to.be.lessThan(report.volatility.unhedged!);
  });

  it("holds the worst of the run against what was published, and says whether the vault lived", () => {
    const { risk } = report;
    const growth = growthOf100(record.hours.hedged);
    const falls = growth.flatMap((from, i) => growth.slice(i + 1, i + 25).map((to) => 1 - to / from));
    expect(risk.worst.day).to.be.closeTo(Math.max(...falls), 1e-12);
    expect(risk.worst.fortnight).to.be.at.least(risk.worst.day);
    expect(risk).to.deep.include({ published: null, inside: null, solvent: true, liquidations: 0 });
    expect(risk.leastMargin).to.equal(Math.min(...record.hours.hedged.map(({ marginRatio }) => marginRatio!)));

    const { day, fortnight } = risk.worst;
    const against = (published: { day: number; fortnight: number }) => buildReport({ ...record, published });
    expect(against({ day, fortnight }).risk.inside).to.equal(true);
    expect(against({ day: day * 0.99, fortnight }).risk.inside).to.equal(false);
    expect(against({ day, fortnight: fortnight * 0.99 }).risk.inside).to.equal(false);
    expect(riskLines(against({ day: 0.9, fortnight: 0.95 })).join())
      .to.include("published: 90.0%")
      .and.include("inside");

    const hedged = record.hours.hedged.map((hour, i) => (i === 20 ? { ...hour, navOracle: -1 } : hour));
    const broke = buildReport({ ...record, liquidations: 2, hours: { ...record.hours, hedged } });
    expect(broke.risk).to.deep.include({ solvent: false, liquidations: 2 });
    expect(riskLines(broke).join()).to.include("INSOLVENT").and.include("2 LIQUIDATIONS");
  });

  it("tells the hours by where the market stood as they began, and what the hedge removed in them", () => {
    expect(report.cycles.map(({ name, hours }) => [name, hours])).to.deep.equal([
      ["market: calm", 62],
      ["market: crash", 10],
      ["liquidity: ample", 72],
    ]);
    expect(report.cycles[2]!.hedgeEffectiveness).to.equal(report.hedgeEffectiveness);
    const never = buildReport({ ...record, cycles: [] });
    expect(never.cycles).to.deep.equal([]);
    expect(renderHtml(never)).to.include("did not know it yet");
  });

  it("names start and end of both share prices", () => {
    expect(report.sharePrice).to.deep.equal({
      start: record.hours.hedged[0]!.sharePrice,
      end: record.hours.hedged.at(-1)!.sharePrice,
    });
    expect(report.unhedged.end).to.equal(record.hours.unhedged.at(-1)!.sharePrice);
  });

  it("names no folder of this machine", () => {
    const options = { ...record.options, report: path.resolve("somewhere/out"), prices: path.resolve("in/prices.csv") };
    expect(buildReport({ ...record, options }).options).to.include({ report: "out", prices: "prices.csv" });
  });

  it("refuses hours that are missing, uneven or different", () => {
    const { hedged, unhedged, naive } = record.hours;
    const none = { ...record, hours: { hedged: [], unhedged: [], naive: [] } };
    expect(() => buildReport(none)).to.throw(RangeError, "no hours");
    const gap = { ...record, hours: { hedged: hedged.filter((_, i) => i !== 5), unhedged, naive } };
    expect(() => buildReport(gap)).to.throw(RangeError, "hour 5");
    const short = { ...record, hours: { hedged, unhedged, naive: naive.slice(1) } };
    expect(() => buildReport(short)).to.throw(RangeError, "naive");
  });

  it("writes both files, the JSON complete", () => {
    const directory = mkdtempSync(path.join(tmpdir(), "crosshedge-"));
    try {
      const files = writeReport(report, path.join(directory, "new"));
      expect(JSON.parse(readFileSync(files.json, "utf8"))).to.deep.equal(plain(report));
      expect(readFileSync(files.html, "utf8")).to.include("</html>");
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

/** As JSON has it: token amounts are text. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_key, inner) => (typeof inner === "bigint" ? String(inner) : inner)));

describe("demo page", () => {
  const html = renderHtml(buildReport(sampleRecord({ days: 3 })));

  it("needs nothing from outside", () => {
    expect(html).to.not.match(/\b(src|href)=|url\(|@import|https?:/);
  });

  it("has no number that is none", () => {
    expect(html).to.not.match(/NaN|Infinity|undefined|\[object/);
  });

  it("escapes what it did not write itself", () => {
    const record = sampleRecord({ days: 1 });
    const evil = "<script>alert('x')</script>";
    const orders = record.rebalances.map((rebalance) => ({ ...rebalance, orders: [evil] }));
    const rejections = [{ time: 0, vault: "hedged" as const, reason: evil }];
    expect(renderHtml(buildReport({ ...record, rebalances: orders, rejections }))).to.not.include(evil);
  });

  it("stands a run without rebalances, rejections or liquidity", () => {
    const record = sampleRecord({ days: 1 });
    const hedged = record.hours.hedged.map((hour) => ({ ...hour, range: null, hedgeRatio: {} }));
    const empty = { ...record, hours: { ...record.hours, hedged }, rebalances: [], rejections: [] };
    const page = renderHtml(buildReport(empty));
    expect(page).to.include("No plan was accepted").and.include("refused no plan");
    expect(page).to.not.match(/NaN|Infinity|undefined/);
  });
});

describe("demo charts", () => {
  it("picks round ticks that cover the values", () => {
    expect(ticks(0, 97)).to.deep.equal([0, 20, 40, 60, 80, 100]);
    expect(ticks(-0.3, 0.41)).to.deep.equal([-0.4, -0.2, 0, 0.2, 0.4, 0.6]);
    expect(ticks(5, 5).length).to.be.greaterThan(1);
    expect(ticks(0, 0)).to.include(0);
  });

  it("marks midnights, not too many", () => {
    const times = Array.from({ length: 24 * 40 }, (_, i) => i * 3600);
    expect(dayTicks(times).length).to.be.within(5, 8);
    expect(dayTicks(times).every((time) => time % 86_400 === 0)).to.equal(true);
  });

  it("leaves gaps as gaps and cannot be closed by a name", () => {
    const chart = renderChart({
      title: "T",
      note: "N",
      unit: "USD",
      times: [0, 3600, 7200, 10_800],
      lines: [{ name: "</script>", values: [1, null, 2, 3], color: "red" }],
    });
    expect(chart.match(/class="line"[^>]* d="([^"]*)"/)?.[1]?.match(/M/g)).to.have.length(2);
    expect(chart.match(/<\/script>/g)).to.have.length(1);
  });

  it("formats money, shares and text", () => {
    expect([usd(12345.6), usd(-3.2), usd(-0.001), usd(null)]).to.deep.equal(["$12,346", "−$3.20", "$0.00", "n/a"]);
    expect([percent(0.4567), percent(-0.05, 0), percent(null)]).to.deep.equal(["45.7%", "−5%", "n/a"]);
    expect([usdCompact(1_100_000), usdCompact(-25_000)]).to.deep.equal(["$1.1M", "−$25K"]);
    expect(escapeHtml(`<a b="c">&'`)).to.equal("&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
  });
});
