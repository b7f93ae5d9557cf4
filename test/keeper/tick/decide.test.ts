import { expect } from "chai";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { buildPlan } from "../../../keeper/src/plan/build-plan.js";
import { costFactor } from "../../../keeper/src/plan/cost-factor.js";
import { decide, nextDue, type TickInputs } from "../../../keeper/src/plan/decide.js";
import { dutyFacts } from "../../../keeper/src/plan/duty-facts.js";
import { expectClose } from "../expect-close.js";
import { NOW, type Scene, situationOf, WETH } from "../situation.js";

const config = parseConfig();
const STEP = 28_800;

function inputs(scene: Scene, change: Partial<TickInputs> = {}, due = 0): TickInputs {
  return {
    situation: situationOf(scene),
    grid: { cursor: NOW - due * STEP - 1, step: STEP },
    reading: { modeAfterSync: null, pricedAt: NOW },
    ...{ memory: { feesAt: NOW, settled: null }, tried: [], hold: null },
    ...change,
  };
}
const what = (given: TickInputs) => {
  const { kind, codes } = decide(given, config);
  return [kind, ...codes].join(" ");
};

describe("keeper: what a tick decides", () => {
  const deposit: Scene = { idle: [140_000, 6_000, 0, 0], waiting: 0.1 };
  const thin: Scene = { idle: [50_000, 1_000, 0, 0], perp: { cash: 5_000, eth: -20 } };

  it("is the oracle's grid first, then a plan, then the queue, each in its turn", () => {
    expect(what(inputs(deposit, {}, 3))).to.equal("poke poke.due");
    expect(what(inputs(deposit))).to.match(/^rebalance .*plan\.hedge/);
    // Refused pokes do not keep a plan from its turn, nor a refused plan the queue.
    expect(what(inputs(deposit, { tried: ["poke"] }, 3))).to.match(/^rebalance .*plan\.hedge/);
    expect(what(inputs(deposit, { tried: ["rebalance"] }))).to.equal("settle settle.queue");
    expect(what(inputs(deposit, { tried: ["rebalance", "settle"] }))).to.equal(" nothing.due");
  });

  it("is what changes a plan before the plan", () => {
    const stricter = { modeAfterSync: "ReduceOnly", pricedAt: NOW } as const;
    expect(what(inputs(deposit, { reading: stricter }))).to.equal("sync sync.stricter");
    const old = { feesAt: NOW - 90_000, settled: null };
    expect(what(inputs(deposit, { memory: old }))).to.equal("accrueFees fees.due");
  });

  it("is margin before a long row of pokes, where margin is wanting", () => {
    expect(what(inputs(thin, {}, 25))).to.equal("rebalance plan.marginAdd");
    expect(what(inputs(thin, {}, 24))).to.equal("poke poke.due");
    expect(what(inputs(thin, { tried: ["margin"] }, 25))).to.equal("poke poke.due");
    expect(what(inputs(deposit, {}, 25))).to.equal("poke poke.due");
    expect(what(inputs({ ...thin, pricesOk: false }, {}, 25))).to.equal("poke poke.due");
  });

  it("is nothing at all while there is a reason to wait, and says it", () => {
    const hold = { code: "paused", reason: "the vault is paused: holidays" } as const;
    const decision = decide(inputs(thin, { hold }, 40), config);
    expect([decision.kind, decision.plan, decision.codes, decision.reasons]).to.deep.equal([
      null,
      null,
      ["paused"],
      [hold.reason],
    ]);
  });

  it("names each thing by what makes it the same thing", () => {
    const key = (given: TickInputs) => decide(given, config).key;
    const { situation } = inputs(deposit);
    expect(key(inputs(deposit, {}, 3))).to.equal(`poke:${NOW - 3 * STEP - 1}`);
    expect(key(inputs(deposit))).to.equal(`epoch:${situation.state.epoch}`);
    const settle = (scene: Scene) => key(inputs(scene, { tried: ["rebalance"] }));
    expect(settle(deposit)).to.equal(settle(deposit));
    expect(settle(deposit)).to.not.equal(settle({ ...deposit, idle: [150_000, 6_000, 0, 0] }));
  });

  it("comes again by the clock for a grid time, the end of the cooldown or a sign of life", () => {
    expect(nextDue(inputs(deposit), config)).to.be.within(NOW, NOW + STEP);
    expect(nextDue(inputs({ ...deposit, cooling: 50 }), config)).to.equal(NOW + 50);
    expect(dutyFacts(inputs(deposit).situation.state, inputs(deposit).reading).pricedAt).to.equal(NOW);
  });
});

describe("keeper: what trading has cost", () => {
  const pairs = (ratio: number, count: number) =>
    Array.from({ length: count }, () => ({ predicted: 50, realised: 50 * ratio }));

  it("is what is expected until plans have said otherwise, and not believed at once", () => {
    expect(costFactor([])).to.equal(1);
    expect(costFactor(pairs(1, 30))).to.equal(1);
    expectClose(costFactor(pairs(2, 1)), 2 ** (1 / 6), 0.01);
    expectClose(costFactor(pairs(2, 45)), 2 ** 0.9, 0.01);
    expect(costFactor(pairs(100, 50))).to.equal(3);
    expect(costFactor(pairs(-1, 50))).to.equal(0.5);
    expect(costFactor([{ predicted: 0, realised: 10 }])).to.equal(1);
  });

  it("widens the band of the hedge", () => {
    const scene: Scene = { idle: [60_000, 6_000, 0, 0], perp: { cash: 40_000, eth: -3, btc: -0.2 }, depth: 2_000 };
    const short = (factor: number) => {
      const plan = buildPlan({ ...situationOf(scene), costFactor: factor }, config);
      return Number(plan.predicted?.hedgeExposure[WETH] ?? 0n) / 1e18;
    };
    expect(short(3)).to.be.above(short(1) + 100);
    expect(short(0.5)).to.be.below(short(1) - 50);
  });
});
