import { expect } from "chai";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { openBook } from "../../../keeper/src/plan/book.js";
import { buildPlan } from "../../../keeper/src/plan/build-plan.js";
import { describeCarry } from "../../../keeper/src/plan/describe-carry.js";
import { chooseHedge, type HedgeInputs } from "../../../keeper/src/plan/hedge.js";
import { measureBook } from "../../../keeper/src/plan/measure-book.js";
import { expectClose } from "../expect-close.js";
import { BTC_MARKET, ETH_MARKET, LENDING_LEG, type Scene, SIGMA, situationOf, WETH } from "../situation.js";

const SYMBOLS = ["USDC", "ALT", "WETH", "WBTC"];
/** BTC cannot be traded, so that ETH is the only instrument; nothing limits it. */
const scene: Scene = { idle: [140_000, 6_000, 0, 0], perp: { cash: 200_000, eth: -1 }, closed: [BTC_MARKET] };

/** The target in ETH, USD, without a band. */
function choose(funding: number | undefined, riskAversion = 100) {
  const situation = situationOf(funding === undefined ? scene : { ...scene, funding });
  const book = openBook(situation);
  const measured = measureBook(book);
  const inputs: HedgeInputs = {
    ...{ book, measured, stable: [true, false, false, false], covariance: SIGMA, symbols: SYMBOLS },
    ...{ marginFloor: 0.25, reserve: 0, maxGross: 1e9, maxVenue: 1e9, minTrade: 600, banded: false, naiveAsset: -1 },
    funding: situation.funding,
  };
  const { targets, solution } = chooseHedge(inputs, parseConfig({ hedge: { riskAversion } }));
  const target = targets.find(({ market }) => market === ETH_MARKET)!.target;
  return { target, targets, solution: solution!, situation, nav: Number(measured.nav) / 1e18 };
}

describe("carry in the plan", () => {
  it("moves one unconstrained hedge to −βd − f·NAV/(γσ²)", () => {
    const beta = SIGMA[1]![WETH]! / SIGMA[WETH]![WETH]!;
    for (const [rate, aversion] of [
      [0.1, 100],
      [-0.1, 100],
      [0.5, 100],
      [0.3, 5],
    ] as const) {
      const { target, nav } = choose(rate, aversion);
      expectClose(target, -beta * 60_000 - (rate * nav) / (aversion * SIGMA[WETH]![WETH]!), 1e-6);
    }
  });

  it("is a modest shift at the default risk aversion, and more short where longs pay", () => {
    const { target: without, nav } = choose(0);
    expectClose((without - choose(0.1).target) / nav, 0.1 / 64, 1e-6);
    expectClose((without - choose(0.5).target) / nav, 0.5 / 64, 1e-6);
    expect(choose(-0.5).target).to.be.above(without);
    expect(choose(-50).target).to.equal(0);
  });

  it("counts what is not known as zero", () => {
    expect(choose(undefined).target).to.equal(choose(0).target);
  });

  it("counts interest on a venue that lends against the short", () => {
    const lending = situationOf({ idle: [140_000, 6_000, 0, 0], perp: { cash: 0 }, lending: { cash: 100_000 } });
    const alt = (rate: number) => {
      const market = lending.state.legs.flatMap((leg) => (leg.kind === "hedge" ? leg.positions : []))[2]!.market;
      const funding = { [LENDING_LEG]: { [market]: { rate, basis: "interest of now" } } };
      return buildPlan({ ...lending, funding }, parseConfig({ liquidity: { manage: false } })).predicted!
        .hedgeExposure[1]!;
    };
    expect(alt(-0.2) > alt(0)).to.equal(true);
    expect(alt(0)).to.be.below(0n);
  });

  it("says what it costs or brings, by market and in sum, and how that is known", () => {
    const { targets, situation, target, solution } = choose(0.1);
    const [line] = describeCarry(targets, situation.funding, SYMBOLS);
    const worth = `$${(-target * 0.1).toFixed(0)}`;
    expect(line).to.equal(`the hedge's carry brings ${worth} a year: WETH brings ${worth}, funding 10.0% (made up)`);
    expectClose(solution.cost.funding, 0.1 * target, 1e-9);
    expect(describeCarry(targets, {}, SYMBOLS)).to.deep.equal([
      "the hedge's carry brings $0 a year: the carry of WETH is not known and counts as zero",
    ]);
    const unread = { rate: null, basis: "not read yet" };
    const unknown: Record<string, Record<string, typeof unread>> = {};
    for (const { leg, market } of targets) unknown[leg] = { ...unknown[leg], [market]: unread };
    expect(describeCarry(targets, unknown, SYMBOLS).join()).to.include(
      "is not known (not read yet) and counts as zero",
    );
    expect(describeCarry([], situation.funding, SYMBOLS)).to.deep.equal([]);
  });

  it("is in the reasons of a plan and in its figures", () => {
    const config = parseConfig();
    const situation = situationOf({ idle: [140_000, 6_000, 0, 0], funding: -0.2 });
    const decision = buildPlan(situation, config);
    expect(decision.reasons.join("\n")).to.match(/the hedge's carry costs \$\d+ a year: WETH costs/);
    expect(decision.hedge!.cost.funding).to.be.above(0);
  });
});
