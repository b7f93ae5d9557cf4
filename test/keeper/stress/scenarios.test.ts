import { expect } from "chai";
import { createRandom } from "../../../keeper/src/model/random.js";
import { betaScenarios } from "../../../keeper/src/model/stress/beta-scenarios.js";
import { depegScenarios } from "../../../keeper/src/model/stress/depeg-scenarios.js";
import { EVENTS } from "../../../keeper/src/model/stress/event-windows.js";
import { gridScenarios } from "../../../keeper/src/model/stress/grid-scenarios.js";
import { hedgeLossScenarios } from "../../../keeper/src/model/stress/hedge-loss-scenarios.js";
import { pathFactors } from "../../../keeper/src/model/stress/price-path.js";
import { rangeScenarios } from "../../../keeper/src/model/stress/range-scenarios.js";
import {
  betaMove,
  type Scenario,
  type StressMarket,
  type StressStep,
} from "../../../keeper/src/model/stress/scenario.js";
import { semiBetas } from "../../../keeper/src/model/stress/semi-betas.js";
import { expectClose } from "../expect-close.js";
import { ALT, USDC, WBTC, WETH } from "../situation.js";

const MARKET: StressMarket = {
  symbols: ["USDC", "ALT", "WETH", "WBTC"],
  stable: [true, false, false, false],
  settlement: USDC,
  hedges: [WETH, WBTC],
  betas: [
    [0, 0],
    [0.7, 0.4],
    [1, 0],
    [0, 1],
  ],
  ranges: [{ indices: [ALT, USDC], toLower: 0.8, toUpper: 1.5 }],
};

function factorsOf(step: StressStep | undefined): readonly number[] {
  if (step?.kind !== "move") throw new Error("it is no move");
  return step.factors;
}
const firstMove = ({ steps }: Scenario): readonly number[] => factorsOf(steps[0]);

describe("stress scenarios", () => {
  it("move other assets by the sum of their betas, in logarithms, and everything alike without a hedge", () => {
    const factors = factorsOf(betaMove(MARKET, 0.8));
    expect(factors[USDC]).to.equal(1);
    expect([factors[WETH], factors[WBTC]]).to.deep.equal([0.8, 0.8]);
    expectClose(factors[ALT], Math.exp(1.1 * Math.log(0.8)), 1e-12);
    const bare = betaMove({ ...MARKET, hedges: [], betas: [[], [], [], []] }, 0.8);
    expect(factorsOf(bare)).to.deep.equal([1, 0.8, 0.8, 0.8]);
  });

  it("set hedges and the rest apart, with no correlation left", () => {
    const semi = MARKET.betas.map(() => ({ down: 1.2, up: 0.9 }));
    const { scenarios } = betaScenarios(MARKET, semi);
    expect(scenarios[0]!.name).to.equal("WETH, WBTC +20%, ALT −20%");
    expect(firstMove(scenarios[0]!)).to.deep.equal([1, 0.8, 1.2, 1.2]);
    expect(scenarios[0]!.covariance).to.deep.equal({ kind: "correlation", towards: "zero", weight: 1 });
    const [fall, rise] = scenarios.slice(-2);
    expectClose(firstMove(fall!)[ALT], 0.8 ** 1.2, 1e-12);
    expectClose(firstMove(rise!)[ALT], 1.2 ** 0.9, 1e-12);
    expect(betaScenarios({ ...MARKET, hedges: [] }, semi).scenarios).to.deep.equal([]);
  });

  it("gap to both edges of a range and beyond, whichever of the tokens it is that moves", () => {
    const altOf = (market: StressMarket) => rangeScenarios(market).scenarios.map((one) => firstMove(one)[ALT]!);
    const wanted = [0.8, 0.8, 0.72, 0.72, 1.5, 1.5, 1.65, 1.65];
    const turned = [{ indices: [USDC, ALT] as const, toLower: 1 / 1.5, toUpper: 1.25 }];
    for (const market of [MARKET, { ...MARKET, ranges: turned }]) {
      altOf(market).forEach((factor, i) => {
        expectClose(factor, wanted[i]!, 1e-12);
      });
    }
    const { scenarios } = rangeScenarios(MARKET);
    expect(firstMove(scenarios[0]!)[WETH]).to.equal(1);
    expectClose(firstMove(scenarios[1]!)[WETH], 0.8, 1e-12);
    const below = { ...MARKET, ranges: [{ indices: [ALT, USDC] as const, toLower: 1.1, toUpper: 1.5 }] };
    expect(
      rangeScenarios(below)
        .scenarios.map(({ name }) => name)
        .join(),
    )
      .to.include("upper")
      .and.not.include("lower");
  });

  it("leave what the pool counts in where it is, so that its price moves", () => {
    const inEth = { ...MARKET, ranges: [{ indices: [ALT, WETH] as const, toLower: 0.8, toUpper: 1.25 }] };
    for (const scenario of rangeScenarios(inEth).scenarios) expect(firstMove(scenario)[WETH]).to.equal(1);
  });

  it("have 27 points of spot and volatility, damp extremes from 42% to 2.8%, and shift venues both ways", () => {
    const { scenarios } = gridScenarios(MARKET);
    expect(scenarios.filter(({ covariance }) => covariance?.kind === "volatility")).to.have.length(27);
    const damping = Object.fromEntries(scenarios.map(({ name, damping }) => [name, damping]));
    expectClose(damping["×1.5"], 0.42, 1e-12);
    expectClose(damping["×6"], 0.028, 1e-12);
    expectClose(damping["×3"], 0.42 * (0.028 / 0.42) ** 0.5, 1e-12);
    expect(damping["×0.67"]).to.equal(0.42);
    expect(scenarios.flatMap(({ basis }) => (basis === undefined ? [] : [basis]))).to.have.members([
      -0.05, -0.05, 0.05, 0.05,
    ]);
  });

  it("take half and all of the hedge away at the low, and bring it back", () => {
    const { scenarios } = hedgeLossScenarios(MARKET);
    expect(scenarios).to.have.length(8);
    for (const { steps } of scenarios) {
      expect(steps.map(({ kind }) => kind)).to.deep.equal(["move", "removeHedge", "move", "reenter", "move"]);
    }
    expect(hedgeLossScenarios({ ...MARKET, hedges: [] }).scenarios).to.deep.equal([]);
  });

  it("break the peg of the settlement token alone and with the market", () => {
    const { scenarios } = depegScenarios(MARKET);
    expect(firstMove(scenarios[0]!)).to.deep.equal([0.99, 1, 1, 1]);
    expect(firstMove(scenarios.at(-1)!)).to.deep.equal([0.88, 1.1, 1.1, 1.1]);
  });
});

describe("what stress is measured from", () => {
  it("finds betas that differ in the worst and the best hours", () => {
    const random = createRandom(5);
    const hedge = Float64Array.from({ length: 20_000 }, () => 0.01 * random.normal());
    const asset = hedge.map((r) => (r < 0 ? 1.3 : 0.8) * r + 0.002 * random.normal());
    const { down, up } = semiBetas(asset, hedge)!;
    expectClose(down, 1.3, 0.02);
    expectClose(up, 0.8, 0.02);
    expect(semiBetas(asset.subarray(0, 2_000), hedge.subarray(0, 2_000))).to.equal(null);
  });

  it("keeps the price of the hour before where one is missing", () => {
    const factors = pathFactors(Float64Array.of(50, Number.NaN, 40, Number.NaN, 60));
    expect([...factors]).to.deep.equal([1, 1, 0.8, 0.8, 1.2]);
  });

  it("knows the days that hedges were tried on", () => {
    const days = EVENTS.map(({ from }) => new Date(from * 1000).toISOString().slice(0, 10));
    expect(days).to.deep.equal(["2020-03-12", "2021-05-19", "2022-05-07", "2022-11-06", "2023-03-10"]);
  });
});
