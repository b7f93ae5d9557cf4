import { expect } from "chai";
import { betas } from "../../../keeper/src/model/beta.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { openBook } from "../../../keeper/src/plan/book.js";
import { buildPlan } from "../../../keeper/src/plan/build-plan.js";
import { driftVolatility } from "../../../keeper/src/plan/drift.js";
import { chooseHedge, type HedgeInputs, unhedgedExposure } from "../../../keeper/src/plan/hedge.js";
import { measureBook } from "../../../keeper/src/plan/measure-book.js";
import { bandHalfWidth } from "../../../keeper/src/plan/no-trade-band.js";
import { costShare } from "../../../keeper/src/plan/trade.js";
import { expectClose } from "../expect-close.js";
import { BTC_MARKET, ETH_MARKET, type Scene, SIGMA, situationOf, WETH } from "../situation.js";

const config = parseConfig();
/** BTC cannot be traded, so that ETH is the only instrument. */
const scene: Scene = { idle: [140_000, 6_000, 0, 0], perp: { cash: 60_000, eth: -1 }, closed: [BTC_MARKET] };

function choose(change: Partial<HedgeInputs> = {}) {
  const book = openBook(situationOf(scene));
  const inputs: HedgeInputs = {
    ...{ book, measured: measureBook(book), stable: [true, false, false, false], covariance: SIGMA },
    ...{
      marginFloor: 0.25,
      reserve: 0,
      maxGross: 400_000,
      maxVenue: 400_000,
      minTrade: 600,
      banded: true,
      naiveAsset: -1,
      funding: {},
    },
    symbols: ["USDC", "ALT", "WETH", "WBTC"],
    ...change,
  };
  return { inputs, ...chooseHedge(inputs, config) };
}

describe("hedge that the keeper chooses", () => {
  it("goes to the edge of the dynamic optimum's band, and without a band to the optimum", () => {
    const { inputs, targets } = choose();
    const eth = (list: typeof targets) => list.find(({ market }) => market === ETH_MARKET)!.target;
    const optimum = eth(choose({ banded: false }).targets);
    expectClose(optimum, -60_000 * betas(SIGMA, [WETH])[1]![0]!, 1e-6);
    const nav = Number(inputs.measured.nav) / 1e18;
    const exposure = unhedgedExposure(inputs.measured, inputs.stable);
    const beta = betas(SIGMA, [WETH, 3]).map(([first]) => first!);
    const width = bandHalfWidth({
      kappa: costShare(inputs.book.hedges[targets[0]!.leg]!.positions[0]!.quote!, inputs.minTrade),
      nu: driftVolatility(exposure, [], beta, WETH, SIGMA) / nav,
      gamma: config.hedge.riskAversion,
      sigma: Math.sqrt(SIGMA[WETH]![WETH]!),
    });
    expect(width * nav).to.be.above(100);
    expectClose(eth(targets), optimum + width * nav, 1e-6);
  });

  it("says why: variance, costs, and the limits that bind", () => {
    const { solution } = choose({ maxGross: 20_000 });
    expect(solution!.binding.map(({ kind }) => kind)).to.deep.equal(["gross"]);
    expect(solution!.variance.after).to.be.below(solution!.variance.before);
    expect(solution!.reasons.join("; ")).to.include("a sum of positions of $20,000 binds");
    const plan = buildPlan(situationOf(scene), config);
    expect(plan.hedge!.reasons[0]).to.match(/^volatility goes from /);
    expect(buildPlan(situationOf(scene), parseConfig({ hedge: { policy: "none" } })).hedge).to.equal(null);
  });
});
