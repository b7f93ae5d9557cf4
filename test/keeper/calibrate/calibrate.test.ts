import { parseConfig } from "@crosshedge/keeper";
import { expect } from "chai";
import { readTable } from "../../../keeper/src/backtest/data/read-table.js";
import type { Table } from "../../../keeper/src/backtest/data/table.js";
import { type Calibration, calibrate } from "../../../keeper/src/calibrate/calibrate.js";
import { historyOf } from "../../../keeper/src/calibrate/history.js";
import { parseParams } from "../../../keeper/src/calibrate/params-file.js";
import { worstLoss } from "../../../keeper/src/calibrate/worst-case.js";
import { paramsOf } from "../../../keeper/src/calibrate/write-params.js";
import { missingData, sharedFile } from "../../integration/support/shared-data.js";
import { situationOf } from "../situation.js";
import { DAY, market, SHAPE, START } from "./support.js";

const PROVENANCE = { vault: "test", version: "0", method: "test", data: [], from: "", until: "", assumed: {} };
const TOP_UP = { latencyHours: 24 };

const found = ({ findings }: Calibration, parameter: string): string | number => {
  const one = findings.find((finding) => finding.parameter === parameter);
  if (one === undefined) throw new RangeError(`nothing was found for ${parameter}`);
  return one.value;
};
const share = (text: string | number): number => Number(String(text).replace("%", "")) / 100;

describe("calibration of a market whose truth is known", function () {
  this.timeout(60_000);
  let related: Calibration;
  let alone: Calibration;

  before(() => {
    related = calibrate(SHAPE, historyOf(market(260, { beta: 1, own: 0.3 }), SHAPE), TOP_UP);
    alone = calibrate(SHAPE, historyOf(market(260, { beta: 0, own: 0.85 }), SHAPE), TOP_UP);
  });

  it("asks for a hedge where there is one, and for none where nothing moves together", () => {
    expect(found(related, "limits.minHedge")).to.equal("15%");
    expect(found(alone, "limits.minHedge")).to.equal("0%");
    // R² = β²σ²/(β²σ² + own²) = 0.61/(0.61 + 0.09).
    const removed = related.walk.moments.map((moment) => moment.removed).sort((a, b) => a - b);
    expect(removed[Math.floor(removed.length / 2)]).to.be.within(0.65, 0.92);
  });

  it("allows more volatility where less can be hedged, less than unhedged, and raises the alarm above it", () => {
    for (const one of [related, alone]) {
      const limit = share(found(one, "limits.maxVolatility"));
      const unhedged = Math.max(...one.walk.moments.map((moment) => moment.unhedged));
      expect(limit).to.be.at.most(Math.ceil(unhedged * 100) / 100);
      expect(share(found(one, "publicLimits.alarmVolatility"))).to.be.greaterThan(limit);
    }
    expect(share(found(related, "limits.maxVolatility"))).to.be.lessThan(share(found(alone, "limits.maxVolatility")));
  });

  it("forgets slowly where nothing changes", () => {
    expect(Number(String(found(related, "covariance.halfLifeSlow")).replace("d", ""))).to.be.at.least(14);
    const [fast, slow] = ["Fast", "Slow"].map((name) =>
      Number(String(found(related, `covariance.halfLife${name}`)).replace("d", "")),
    );
    expect(fast).to.be.at.most(slow!);
  });

  it("measures the loss versus rebalancing that the formula has, and gives λ = ½γT", () => {
    const factor = Number(found(related, "keeper.liquidity.rangeFactor"));
    const variance = 0.61 + 0.09;
    // A range is off its centre most of the time, where it loses as much; that its value is less there makes the share larger.
    const formula = variance / 8 / (1 - 1 / Math.sqrt(factor));
    expect(related.walk.cost.lvr).to.be.within(0.9 * formula, 1.15 * formula);
    const aversion = Number(found(related, "keeper.hedge.riskAversion"));
    const price = Number(String(found(related, "publicLimits.riskPrice")).replace(" years", ""));
    expect(price).to.be.closeTo((aversion * related.walk.costHorizon) / 2, 0.01);
  });

  it("has caps that the walk itself would have kept, and its worst day inside what it publishes", () => {
    const { walk, worstCase } = related;
    expect(Math.max(...walk.moments.map(({ gross }) => gross))).to.be.lessThan(
      share(found(related, "limits.maxGross")),
    );
    expect(Math.max(...walk.moments.map(({ largest }) => largest))).to.be.lessThan(
      share(found(related, "limits.maxAsset")),
    );
    expect(Math.max(...walk.moments.map(({ gamma }) => gamma))).to.be.lessThan(
      share(found(related, "limits.maxGammaVolatility")),
    );
    expect(share(worstCase.day.loss))
      .to.be.at.least(worstLoss(walk.nav, 24))
      .and.at.most(share(worstCase.fortnight.loss));
    expect(share(worstCase.fortnight.loss)).to.be.at.least(worstLoss(walk.nav, 14 * 24));
    expect(worstCase.day.basis).to.match(
      /the scenario ".*the price at the lower edge.* the worst day of \d+ days of prices/,
    );
  });

  it("publishes what a vault on-chain may lose with what it holds, where that is more", () => {
    const history = historyOf(market(260, { beta: 1, own: 0.3 }), SHAPE);
    const bare = situationOf({ idle: [1_000, 2_000, 0, 0], perp: { cash: 10_000, eth: -20 } });
    const held = calibrate(SHAPE, history, { ...TOP_UP, standing: bare });
    expect(held.findings).to.deep.equal(related.findings);
    expect(held.worstCase.day.basis).to.match(/^the scenario "[^"]*", with what the vault holds now, /);
    expect(share(held.worstCase.day.loss)).to.be.greaterThan(share(related.worstCase.day.loss));
  });

  it("is the same whenever it is made, sees nothing after its end, and writes a file that the keeper takes", () => {
    const table = market(260, { beta: 1, own: 0.3 });
    for (const series of table.columns.values()) series.fill(1, 240 * 24);
    const until = START + 240 * DAY;
    const again = calibrate(SHAPE, historyOf(market(260, { beta: 1, own: 0.3 }), SHAPE, undefined, until), TOP_UP);
    expect(calibrate(SHAPE, historyOf(table, SHAPE, undefined, until), TOP_UP)).to.deep.equal(again);
    const params = JSON.parse(JSON.stringify(paramsOf(again, SHAPE, PROVENANCE)));
    const read = parseParams(params, "p.json");
    expect(read).to.deep.equal(params);
    expect(parseConfig(read.keeper).margin).to.deep.include({ low: found(again, "keeper.margin.low") });
    expect(read.reasons.every(({ why }) => why.length > 20)).to.equal(true);
    const wrong = { ...params, limits: 5, keeper: { margin: { low: 2 } } };
    expect(() => parseParams(wrong, "p.json"))
      .to.throw("p.json is not a parameter file: limits: ")
      .with.property("message")
      .that.includes("keeper.margin.target");
  });

  it("takes the fees that are given: where they cover nothing, the least loss; where they are rich, the narrowest that the loss budget pays for", () => {
    const history = historyOf(market(260, { beta: 1, own: 0.3 }), SHAPE);
    const poor = calibrate(SHAPE, history, { ...TOP_UP, fees: 0.01 });
    const rich = calibrate(SHAPE, history, { ...TOP_UP, fees: 5 });
    expect(found(poor, "keeper.liquidity.rangeFactor")).to.equal(2);
    expect(found(rich, "keeper.liquidity.rangeFactor")).to.be.lessThan(1.5);
    // The loss budget was asked with the present risk aversion, not the one that is chosen after it.
    expect(rich.walk.unpaid).to.be.at.most(0.05 * rich.walk.recentres);
  });
});

describe("calibration on exchange prices", function () {
  this.timeout(60_000);
  const missing = missingData("prices_1h.csv.gz");
  let table: Table;
  before(async function () {
    if (missing !== undefined) {
      console.log(missing);
      this.skip();
    }
    table = await readTable(sharedFile("prices_1h.csv.gz"), "price", () => ["BTC", "ETH", "LINK"]);
  });

  for (const [day, hedge, low] of [
    ["2020-03-01", ["0%", "1%", "2%"], 0.3],
    ["2022-05-01", ["15%"], 0.4],
  ] as const) {
    it(`knows until ${day} what LINK, ETH and BTC did before`, () => {
      const history = historyOf(table, SHAPE, undefined, Date.parse(`${day}T00:00:00Z`) / 1000);
      const known = calibrate(SHAPE, history, TOP_UP);
      expect(found(known, "limits.minHedge")).to.be.oneOf([...hedge]);
      expect(found(known, "keeper.margin.low")).to.be.within(low, 0.7);
      expect(share(found(known, "limits.minMarginRatio"))).to.be.within(
        0.15,
        Number(found(known, "keeper.margin.low")),
      );
      expect(share(found(known, "limits.maxVolatility"))).to.be.within(0.3, 1.3);
      expect(share(known.worstCase.day.loss)).to.be.within(0.2, 0.45);
    });
  }
});
