import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { parseOptions } from "../../scripts/demo/options.js";
import type { RunRecord, VaultHour } from "../../scripts/demo/record.js";
import { buildReport, writeReport } from "../../scripts/demo/report.js";
import { run } from "../../scripts/demo/run.js";
import { summarise } from "../../scripts/demo/summary.js";
import { UsageError } from "../../scripts/errors.js";

const HOURS = 12;
/** The run asks once an hour whether it is to stop, in the thirty days of warm-up too. */
const WARM_UP_HOURS = 30 * 24;

describe("demo run", function () {
  this.timeout(180_000);
  let record: RunRecord;

  before(async () => {
    let asked = 0;
    record = await run(parseOptions(["--days", "1", "--seed", "3"]), () => ++asked > WARM_UP_HOURS + HOURS);
  });

  it("says that there is nothing to report when it is stopped in the warm-up", async () => {
    const stopped = run(parseOptions(["--days", "1", "--seed", "3"]), () => true);
    const error = await stopped.then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(error).to.be.instanceOf(UsageError);
  });

  it("walks three vaults through the same hours, and stops early when it is told to", () => {
    const { hedged, unhedged, naive } = record.hours;
    for (const hours of [hedged, unhedged, naive]) expect(hours.length).to.equal(HOURS + 1);
    expect(hedged.map(({ time }) => time)).to.deep.equal(naive.map(({ time }) => time));
  });

  it("gives the twins the hedged vault's liquidity", () => {
    const { hedged, unhedged, naive } = record.hours;
    const last = (hours: readonly VaultHour[]) => hours.at(-1) as VaultHour;
    expect(last(hedged).fair.lp).to.be.greaterThan(50_000);
    for (const twin of [unhedged, naive]) {
      expect(Math.abs(last(twin).fair.lp / last(hedged).fair.lp - 1)).to.be.lessThan(0.01);
      expect(last(twin).range).to.deep.equal(last(hedged).range);
    }
    expect(Math.abs(last(unhedged).fair.hedge)).to.be.lessThan(1e-6);
    expect(last(hedged).exposure.after).to.not.deep.equal(last(hedged).exposure.before);
    expect(last(unhedged).exposure.after).to.deep.equal(last(unhedged).exposure.before);
  });

  it("counts every accepted plan as reduced or as inside limits, and hedges", () => {
    const report = buildReport(record);
    expect(report.rebalances).to.be.greaterThan(0);
    expect(report.accepted.reduced + report.accepted.insideLimits).to.equal(report.rebalances);
    expect(report.rejected).to.deep.equal({});
    expect(report.volatility.hedged).to.be.lessThan(report.volatility.unhedged as number);
    expect(report.cost.fees).to.be.greaterThan(0);
    expect(report.cost.gas).to.be.greaterThan(0);
    for (const { varianceBefore, varianceAfter, accepted } of record.rebalances) {
      if (accepted === "reduced") expect(varianceAfter).to.be.lessThan(varianceBefore);
    }
  });

  it("lets one holder leave in kind and one through the queue, with what their shares are worth less the cost of leaving", () => {
    const { inKind, queue } = record.holders;
    expect(inKind.received / inKind.worth).to.be.within(0.99, 1.0005);
    expect(queue.filled).to.equal(1);
    expect(queue.received / queue.worth).to.be.within(0.97, 1.0005);
    expect(queue.deposited / (inKind.deposited + queue.deposited)).to.be.within(0.24, 0.26);
  });

  it("writes the figures and a page", () => {
    const directory = mkdtempSync(path.join(tmpdir(), "crosshedge-"));
    try {
      const report = buildReport(record);
      const files = writeReport(report, directory);
      const figures = JSON.parse(readFileSync(files.json, "utf8"));
      for (const key of [
        "hedgeEffectiveness",
        "hedgeEffectivenessOracle",
        "naive",
        "volatility",
        "rebalances",
        "accepted",
        "rejected",
        "cost",
        "sharePrice",
        "unhedged",
        "seconds",
      ]) {
        expect(figures).to.have.property(key);
      }
      expect(readFileSync(files.html, "utf8")).to.contain("<svg");
      expect(summarise(report)).to.contain("hedge effectiveness");
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
