import { KeeperError } from "@crosshedge/keeper";
import { expect } from "chai";
import { sharedSeries } from "../../../keeper/src/backtest/data/table.js";
import { feedRounds } from "../../../keeper/src/calibrate/feed-rounds.js";
import { durationText, percentText, roundDown, roundUp } from "../../../keeper/src/calibrate/finding.js";
import { haircutFindings } from "../../../keeper/src/calibrate/haircuts.js";
import { historyOf } from "../../../keeper/src/calibrate/history.js";
import { marginFindings } from "../../../keeper/src/calibrate/margin-need.js";
import { movesOf } from "../../../keeper/src/calibrate/moves.js";
import { quantile } from "../../../keeper/src/calibrate/quantile.js";
import { quietVariances, varianceFloors, visibleVariance } from "../../../keeper/src/calibrate/variance-floors.js";
import { worstLoss } from "../../../keeper/src/calibrate/worst-case.js";
import { expectClose } from "../expect-close.js";
import { DAY, market, SHAPE, START } from "./support.js";

describe("calibration: one derivation at a time", () => {
  const prices = (values: readonly number[]) => {
    const series = sharedSeries(values.length);
    series.set(values);
    return series;
  };

  it("finds the floor of a market of constant volatility, or what the feed lets a step show", () => {
    const history = historyOf(market(400, { btc: 0.6, eth: 0.8, own: 1 }), SHAPE);
    const quiet = quietVariances(SHAPE, history);
    // 0.6² of BTC, and so on down the chain; one month in ten is quieter by chance, at 720 hours by seven per cent.
    expect(quiet[3]).to.be.within(0.36 * 0.88, 0.36);
    expect(quiet[2]).to.be.within(1 * 0.88, 1);
    expect(quiet[1]).to.be.within(2 * 0.88, 2);
    expect(quiet[0]).to.equal(null);
    // (3·1%)² over 4 h is 1.971 a year: nearer to LINK's floor than the quiet month.
    expect(visibleVariance(SHAPE.assets[1]!, 4 * 3_600)).to.be.closeTo(0.0009 * 2_190, 1e-9);
    const [stable, link, , btc] = varianceFloors(SHAPE, [null, 1.5, 1, 0.34], 4 * 3_600);
    expect([stable, link, btc]).to.deep.equal([null, 1.971, 0.493]);
    expect(varianceFloors(SHAPE, [null, 1.5, 1, 0.34], 12 * 3_600)[1]).to.equal(1.5);
  });

  it("makes rounds as feeds do: at a threshold, and before the heartbeat", () => {
    const rounds = feedRounds(prices([100, 100.4, 100.9, 101, 101, Number.NaN, 90]), START, {
      deviation: 0.01,
      heartbeat: 3.5 * 3_600,
    });
    expect(rounds.map(({ updatedAt }) => (updatedAt - START) / 3_600)).to.deep.equal([0, 3, 6]);
    expect(rounds.map(({ answer }) => Number(answer) / 1e8)).to.deep.equal([100, 101, 90]);
    const still = feedRounds(prices(Array(10).fill(5)), START, { deviation: 0.01, heartbeat: 3.5 * 3_600 });
    expect(still.map(({ updatedAt }) => (updatedAt - START) / 3_600)).to.deep.equal([0, 3, 6, 9]);
  });

  it("keeps the margin that the largest rise within the latency leaves at maintenance", () => {
    const spiked = market(200, { btc: 0.5, eth: 0.1 });
    spiked.columns.get("ETH")!.forEach((price, row, series) => {
      if (row >= 3_000) series[row] = price * 1.4;
    });
    const history = historyOf(spiked, SHAPE);
    const { ratios } = marginFindings(SHAPE, history, 24);
    expect(ratios.low).to.be.within(1.4 * 1.0625 - 1, 1.4 * 1.0625 - 1 + 0.16);
    expect(ratios.floor).to.be.at.least(0.15).and.at.most(ratios.low);
    expect(ratios.low).to.be.lessThan(ratios.target);
    expect(ratios.target).to.be.lessThan(ratios.high);
    // A fall is none of a short's troubles.
    const fallen = market(200, { btc: 0.5, eth: 0.1 });
    fallen.columns.get("ETH")!.forEach((price, row, series) => {
      if (row >= 3_000) series[row] = price / 1.4;
    });
    expect(marginFindings(SHAPE, historyOf(fallen, SHAPE), 24).ratios.low).to.be.lessThan(0.35);
    // A quicker top-up needs no more.
    expect(marginFindings(SHAPE, history, 4).ratios.low).to.be.at.most(ratios.low);
  });

  it("fills margin up to what costs least where that is more than a quarter above the low, and says what decides", () => {
    const calm = market(200, { btc: 0.5, eth: 0.1 });
    const { ratios, findings } = marginFindings(SHAPE, historyOf(calm, SHAPE), 24);
    expect(ratios.target).to.be.closeTo(1.25 * ratios.low, 0.01);
    const why = (parameter: string) => findings.find((one) => one.parameter === parameter)!.why;
    expect(why("keeper.margin.target")).to.match(/a quarter above.*by cost alone.*a leverage of \d\.\d/);
    expect(why("keeper.margin.low")).to.match(/a leverage of \d\.\d at the most/);
    expect(why("limits.minMarginRatio")).to.match(/one window of [\d,]+/);
    // One rise in a history is no bound on the next: where a liquidation costs ten times the short, more than the largest is kept.
    const jumps = market(200, { btc: 0.5, eth: 0.1 });
    jumps.columns.get("ETH")!.forEach((price, row, series) => {
      series[row] = price * 1.1 ** Math.floor(row / 500) * (row >= 3_000 ? 1.2 : 1);
    });
    const [cheap, dear] = [0.001, 10].map(
      (cost) => marginFindings({ ...SHAPE, hedges: [{ asset: 2, cost }] }, historyOf(jumps, SHAPE), 24).ratios,
    );
    expect(dear!.low).to.equal(cheap!.low);
    expect(dear!.target).to.be.greaterThan(1.25 * dear!.low + 0.01);
  });

  it("tells how often a move is exceeded, the quantile the other way round", () => {
    const [, , eth] = historyOf(market(400, { btc: 0.6, eth: 0.5 }), SHAPE).prices;
    const moves = movesOf(eth!, 24, "up");
    expectClose(moves.exceedance(moves.tail), 0.001, 2e-4);
    expectClose(moves.volatility, Math.sqrt(0.36 + 0.25), 0.02);
    expect(moves.exceedance(0)).to.equal(0.5);
    expect(moves.exceedance(5)).to.be.below(1e-6);
    for (let size = 0; size < 0.4; size += 0.01) {
      expect(moves.exceedance(size + 0.01)).to.be.at.most(moves.exceedance(size));
    }
  });

  it("cuts from collateral what one day in a thousand takes, and what a stable may fall", () => {
    const found = haircutFindings(SHAPE, historyOf(market(400, { btc: 0.6, eth: 0.5 }), SHAPE));
    const cut = (symbol: string) =>
      Number(String(found.find(({ parameter }) => parameter === `haircuts.${symbol}`)?.value).replace("%", ""));
    // BTC: the low of 24 hourly closes at 60% a year is 3.09 to 3.3 daily deviations below, one day in a thousand.
    expect(cut("WBTC")).to.be.within(8.5, 11.5);
    expect(cut("LINK")).to.be.greaterThan(cut("WETH")).and.greaterThan(cut("WBTC"));
    expect(cut("USDC")).to.equal(2);
  });

  it("says how much history is missing, and which prices", () => {
    expect(() => historyOf(market(100), SHAPE)).to.throw(KeeperError, /100 days long.*150 are needed/);
    expect(() => historyOf(market(400), SHAPE, START + 300 * DAY)).to.throw(KeeperError, "100 days long");
    const other = {
      ...SHAPE,
      assets: SHAPE.assets.map((one) => (one.symbol === "LINK" ? { ...one, series: "UNI" } : one)),
    };
    expect(() => historyOf(market(200), other)).to.throw(KeeperError, /no prices of UNI.*BTC, ETH, LINK/);
    const seen = historyOf(market(400), SHAPE, undefined, START + 200 * DAY);
    expect(seen.start + (seen.rows - 1) * 3_600).to.equal(START + 200 * DAY - 3_600);
  });

  it("measures the worst loss within a span, not from end to end", () => {
    expect(worstLoss([100, 80, 110, 99], 1)).to.be.closeTo(0.2, 1e-12);
    expect(worstLoss([100, 90, 70, 95], 3)).to.be.closeTo(0.3, 1e-12);
    expect(worstLoss([1, 2, 3], 2)).to.equal(0);
  });

  it("rounds to the side that is asked for, and writes the deployment's units", () => {
    expect(roundUp(0.301, 0.01)).to.equal(0.31);
    expect(roundUp(0.3, 0.05)).to.equal(0.3);
    expect(roundDown(0.1599, 0.01)).to.equal(0.15);
    expect([percentText(0.29), percentText(0.155)]).to.deep.equal(["29%", "15.5%"]);
    expect([durationText(6 * 3_600), durationText(10 * DAY)]).to.deep.equal(["6h", "10d"]);
    expect(quantile([3, 1, 2], 0.5)).to.equal(2);
    expect(quantile([0, 10], 0.25)).to.equal(2.5);
    expect(() => quantile([], 0.5)).to.throw(KeeperError);
  });
});
