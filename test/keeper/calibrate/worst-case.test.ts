import { KeeperError, parseConfig } from "@crosshedge/keeper";
import { expect } from "chai";
import { historyOf } from "../../../keeper/src/calibrate/history.js";
import { deployedThreats, standingThreats, type ThreatInputs } from "../../../keeper/src/calibrate/threats.js";
import type { Walk } from "../../../keeper/src/calibrate/walk-types.js";
import { worstCaseOf } from "../../../keeper/src/calibrate/worst-case.js";
import { stressVault } from "../../../keeper/src/stress/stress-vault.js";
import { situationOf } from "../situation.js";
import { DAY, market, SHAPE, START } from "./support.js";

const walkOf = (nav: readonly number[]): Walk => ({ nav }) as Walk;
const flat = Array(400).fill(1);

describe("the published worst case", () => {
  it("is the larger of what was seen and what was not, and names both", () => {
    const seen = walkOf([...flat, 0.9, ...Array(200).fill(0.9), 0.8]);
    const threat = (day: number, fortnight: number) => [
      { name: "a small thing", day: 0.01, fortnight: 0.01 },
      { name: "the great flood", day, fortnight },
    ];
    const less = worstCaseOf(seen, threat(0.05, 0.05));
    expect([less.day.loss, less.fortnight.loss]).to.deep.equal(["11.2%", "20%"]);
    expect(less.day.basis).to.match(
      /^the worst day of 25 days of prices, 11\.1% .* less: the great flood, 5\.0% of NAV$/,
    );
    const between = worstCaseOf(seen, threat(0.15, 0.15));
    expect([between.day.loss, between.fortnight.loss]).to.deep.equal(["15%", "20%"]);
    expect(between.day.basis).to.match(/^the great flood, 15\.0% of NAV; the worst day of .*11\.1% of NAV.* is less$/);
    const more = worstCaseOf(seen, threat(0.25, 0.3));
    expect([more.day.loss, more.fortnight.loss]).to.deep.equal(["25%", "30%"]);
    expect(worstCaseOf(seen, []).fortnight.loss).to.equal("20%");
  });
});

describe("threats to a vault", () => {
  const inputs: ThreatInputs = {
    ...{ shape: SHAPE, history: historyOf(market(200), SHAPE), latencyHours: 24 },
    config: parseConfig({ margin: { low: 0.48, target: 0.6, high: 1.2 } }),
  };
  const day = (eth: number) => ({
    ...{
      time: START,
      betas: [
        [0, 0],
        [eth, 0.2],
        [1, 0],
        [0, 1],
      ],
    },
    covariance: [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 1 : 0.2))),
  });
  const deployment = (eth: number, rangeFactor = 1.3) => ({
    choices: {
      ...{ rangeFactor, recentreAt: 0.9, maxShare: 0.65, riskAversion: 100, hedgePerExposure: 1.5 },
      ...{ marginTarget: 0.6, marginLow: 0.48 },
    },
    ...{ share: 0.5, prices: [1, 20, 2_500, 40_000], forecasts: [day(eth)] },
  });
  const worst = (eth: number, change: Partial<ThreatInputs> = {}): number =>
    Math.max(...deployedThreats({ ...inputs, ...change }, deployment(eth)).map((threat) => threat.day));

  it("are at least hedges up by 20% and the rest down by 20%, at the lower edge", () => {
    // $505,000 of LINK at the edge falls by a fifth outside of the range, and shorts of as much rise by a fifth.
    const edge = ((0.5 * (1 + 1 / Math.sqrt(1.3))) / (2 * Math.sqrt(1.3))) * 1e6;
    expect(worst(0.8)).to.be.at.least(((0.99 * edge) / 1e6) * (0.2 + 0.2 * 1));
    expect(worst(0.8)).to.be.lessThan(0.5);
  });

  it("grow with the shorts, and are sudden: the same in a day as in a fortnight", () => {
    expect(worst(1)).to.be.greaterThan(worst(0.4));
    const threats = deployedThreats(inputs, deployment(0.8));
    expect(threats).to.have.length(6);
    const scenarios = threats.filter(({ name }) => name.startsWith("the scenario"));
    expect(scenarios.map(({ name }) => /the price at the (\w+)/.exec(name)![1])).to.deep.equal([
      "centre",
      "lower",
      "upper",
    ]);
    for (const { day, fortnight } of scenarios) expect(fortnight).to.equal(day);
    for (const { day, fortnight } of threats) expect(fortnight).to.be.at.least(day);
  });

  it("replay the events that the history has, and no other", () => {
    const replays = deployedThreats(inputs, deployment(0.8)).filter(({ name }) => !name.startsWith("the scenario"));
    expect(replays.map(({ name }) => name.split(" without")[0])).to.deep.equal(Array(3).fill("May 2021"));
    const later = historyOf(market(300), SHAPE, START + 145 * DAY);
    expect(deployedThreats({ ...inputs, history: later }, deployment(0.8))).to.have.length(3);
  });

  it("are those of the positions that a vault on-chain has", () => {
    const situation = situationOf({ idle: [10_000, 1_000, 0, 0], perp: { cash: 10_000, eth: -5, btc: -0.1 } });
    const [scenario] = standingThreats(inputs, situation);
    expect(scenario!.name).to.include("what the vault holds now");
    const { worst } = stressVault(situation, { config: inputs.config, maintenance: SHAPE.maintenance });
    expect(scenario!.day).to.be.at.least(worst.scenario!.loss * 0.95);
    expect(scenario!.name).to.include(worst.scenario!.name);
    expect(() => standingThreats(inputs, situationOf({ idle: [1, 0, 0, 0], pricesOk: false }))).to.throw(KeeperError);
  });
});
