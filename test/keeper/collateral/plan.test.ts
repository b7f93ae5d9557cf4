import { expect } from "chai";
import fc from "fast-check";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { allocateBudget } from "../../../keeper/src/plan/allocate-budget.js";
import { replay } from "../../../keeper/src/plan/arrange.js";
import { openBook, placedIn } from "../../../keeper/src/plan/book.js";
import { buildPlan } from "../../../keeper/src/plan/build-plan.js";
import { collateralOf } from "../../../keeper/src/plan/collateral.js";
import { bookConcentration } from "../../../keeper/src/plan/concentration.js";
import type { Situation } from "../../../keeper/src/plan/situation.js";
import { landed } from "../carry/landed.js";
import { expectClose } from "../expect-close.js";
import { ALT, FORECAST, POOL_LEG, type Scene, SIGMA, situationOf, USDC, WETH } from "../situation.js";
import { rateFor, SECOND_LEG, twoPools } from "./two-pool-scene.js";

const config = parseConfig();
const total = (values: Record<string, number>) => Object.values(values).reduce((sum, value) => sum + value, 0);

const budgetOf = (situation: Situation, input: Parameters<typeof parseConfig>[0] = {}) =>
  allocateBudget(situation, openBook(situation), SIGMA, 0, parseConfig(input));

describe("liquidity in two pools", () => {
  it("is one budget: the vault's value is not counted once for each", () => {
    const one = budgetOf(situationOf({ idle: [140_000, 6_000, 0, 0] })).budget;
    const two = budgetOf(twoPools({}), { liquidity: { allocation: "equal" } }).budget;
    expectClose(total(two.targets), total(one.targets), 0.1 * total(one.targets));
    expectClose(two.targets[POOL_LEG]!, two.targets[SECOND_LEG]!, 1e-6);
    expect(two.margin + total(two.targets)).to.be.at.most(200_000);
  });

  it("goes to what pays, by income for risk, and the plan says why", () => {
    const blank = twoPools({});
    const good = [rateFor(blank, POOL_LEG, 4), rateFor(blank, SECOND_LEG, 2)] as [number, number];
    const both = budgetOf(twoPools({}, good));
    expect(both.budget.targets[SECOND_LEG]!).to.be.above(0.1 * total(both.budget.targets));
    const only = budgetOf(twoPools({}, [good[0], 0]));
    expect(only.budget.targets[SECOND_LEG]).to.equal(0);
    expect(only.reasons.join()).to.match(/ALT\/WETH gets 0.0% of the liquidity.*does not pay/);
    const decision = buildPlan(twoPools({}, [good[0], 0]), config);
    expect(decision.action).to.equal("rebalance");
    expect(decision.orders.some(({ leg }) => leg === SECOND_LEG)).to.equal(false);
  });

  it("can be carried out, accepted by the gate, and then rests", () => {
    fc.assert(
      fc.property(fc.integer({ min: 20_000, max: 200_000 }), fc.integer({ min: 0, max: 8_000 }), (usdc, alt) => {
        const situation = twoPools({ idle: [usdc, alt, 0, 0] });
        const decision = buildPlan(situation, config);
        expect(decision.action, decision.reasons.join("; ")).to.equal("rebalance");
        const after = replay(openBook(situation), decision.orders)!;
        for (const amount of after.idle) expect(amount >= 0n).to.equal(true);
        const { targets } = budgetOf(situation).budget;
        const nav = Number(situation.state.portfolio.nav) / 1e18;
        for (const leg of [POOL_LEG, SECOND_LEG])
          expect(placedIn(after, leg)).to.be.within(0, targets[leg]! + 0.02 * nav);
      }),
      { numRuns: 15 },
    );
  });

  it("stays in the pools that it is in as long as none may be added, whatever another pays", () => {
    const blank = twoPools({});
    const pays = (one: number, other: number): Situation["pools"] =>
      twoPools({}, [rateFor(blank, POOL_LEG, one), rateFor(blank, SECOND_LEG, other)]).pools;
    const given: Situation = { ...blank, pools: pays(4, 0) };
    const on = { ...landed(given, buildPlan(given, config)), pools: pays(0, 4) };
    expect(buildPlan(on, config).orders.map(({ action }) => action)).to.include.members(["burn", "mint"]);
    const probabilities = { calm: 0.04, crash: 0.95, decoupled: 0.01 };
    const market = { regime: "crash" as const, probabilities, since: 0, fall: 0.2 };
    const after = landed(on, buildPlan({ ...on, forecast: { ...FORECAST, market } }, config));
    const placed = (situation: Situation): number => placedIn(openBook(situation), POOL_LEG);
    // Wider margin takes some of it.
    expect(placed(after) / placed(on)).to.be.within(0.7, 1);
    const leaving = parseConfig({ liquidity: { leaveWhenNonePays: true } });
    const poor = { ...on, pools: pays(0, 0), forecast: { ...FORECAST, market } };
    expect(placed(landed(poor, buildPlan(poor, leaving)))).to.be.below(0.01 * placed(on));
  });

  it("buys through one pool what the other needs, and sells nothing that the other needs", () => {
    const situation = twoPools({ idle: [200_000, 0, 0, 0] });
    const decision = buildPlan(situation, config);
    const after = replay(openBook(situation), decision.orders)!;
    const { targets } = budgetOf(situation).budget;
    expect(placedIn(after, SECOND_LEG)).to.be.above(0.9 * targets[SECOND_LEG]!);

    // From all in the first to all in the second: the ALT that comes out goes in again.
    const position = { tickLower: -255_540, tickUpper: -251_040, liquidity: 12n * 10n ** 16n };
    const scene: Scene = { idle: [20_000, 0, 0, 0], position, perp: { cash: 40_000, eth: -30 } };
    const over = twoPools(scene, [0, rateFor(situation, SECOND_LEG, 3)]);
    const moved = buildPlan(over, config);
    expect(moved.orders.map(({ action }) => action)).to.include.members(["burn", "mint"]);
    const sales = moved.orders.filter((order) => order.action === "swap" && order.leg === POOL_LEG && order.zeroForOne);
    expect(sales).to.deep.equal([]);
  });

  it("leaves nothing behind where it leaves", () => {
    // About 4% of NAV: less than a resize is worth.
    const position = { tickLower: -255_540, tickUpper: -251_040, liquidity: 10n ** 16n };
    const blank = twoPools({});
    const poor = twoPools({ position }, [0, rateFor(blank, SECOND_LEG, 3)]);
    const decision = buildPlan(poor, config);
    expect(decision.orders).to.deep.include({
      ...{ action: "burn", leg: POOL_LEG, liquidity: position.liquidity },
      reason: decision.orders.find(({ action }) => action === "burn")!.reason,
    });
  });

  it("counts on no more of a token than its pools can take now, after its haircut", () => {
    const of = (liquidity: bigint): Situation => {
      const situation = situationOf({ idle: [0, 20_000, 0, 0] });
      return { ...situation, pools: { [POOL_LEG]: { ...situation.pools[POOL_LEG]!, liquidity } } };
    };
    const [deep, thin] = [of(10n ** 19n), of(10n ** 17n)].map((situation) => budgetOf(situation).budget);
    const value = 200_000;
    expect(total(deep!.targets) + deep!.margin).to.be.within(0.98 * value, value);
    expect(total(thin!.targets)).to.be.below(0.05 * value);
    expect(deep!.excess[ALT]).to.equal(0);
    // It is not stuck: each pass sells what the pool takes.
    const decision = buildPlan(of(10n ** 17n), config);
    expect(decision.action, decision.reasons.join("; ")).to.equal("rebalance");
    const [sale] = decision.orders;
    expect(sale).to.deep.include({ action: "swap", leg: POOL_LEG });
    expect(decision.reasons.join()).to.include("more of the token than can be sold at once");
  });

  it("keeps caps on assets, on shorts and on each pool", () => {
    const capped = budgetOf(twoPools({ limits: { maxAsset: 10n ** 17n } }));
    const { targets } = capped.budget;
    expectClose(0.5 * total(targets), 0.098 * 200_000, 1);
    expect(capped.reasons.join()).to.include("exposure to ALT may be $19600 at most");
    const shorts = budgetOf(twoPools({ limits: { maxGross: 10n ** 17n } }));
    expect(shorts.reasons.join()).to.include("all shorts may be $19600 at most");
    const spread = budgetOf(twoPools({}), { liquidity: { maxPoolShare: 0.3 } }).budget;
    expectClose(spread.targets[POOL_LEG]! / spread.targets[SECOND_LEG]!, 1, 1e-9);
    expect(total(spread.targets)).to.be.below(0.62 * total(budgetOf(twoPools({})).budget.targets));
  });

  it("stays in a pool alone whatever it earns, unless it shall leave", () => {
    const scene: Scene = { idle: [140_000, 6_000, 0, 0] };
    const { state, pools, ...rest } = situationOf(scene);
    const poor: Situation = { ...rest, state, pools: { [POOL_LEG]: { ...pools[POOL_LEG]!, feeRate: 0 } } };
    expect(budgetOf(poor).budget).to.deep.equal(budgetOf(situationOf(scene)).budget);
    expect(budgetOf(poor, { liquidity: { leaveWhenNonePays: true } }).budget.targets[POOL_LEG]).to.equal(0);
  });
});

describe("what holdings count for", () => {
  it("is after haircuts: none on the settlement token, all of what no pool sells", () => {
    const situation = situationOf({ idle: [1_000, 100, 10, 0] });
    const { idle } = collateralOf(situation, openBook(situation), SIGMA);
    expect(idle[USDC]!.haircut.total).to.equal(0);
    expect(idle[ALT]!.counted).to.be.within(0.4 * 1_000, 0.7 * 1_000);
    expect(idle[WETH]!.counted).to.equal(0);
    const known = { ...situation, collateral: situation.collateral.map(() => ({ downMove: 0.1, depeg: null })) };
    const less = collateralOf(known, openBook(known), SIGMA).idle[ALT]!.haircut;
    expectClose(less.move, 1 - Math.exp(-0.1), 1e-12);
    expect(collateralOf(situation, openBook(situation), null).idle[ALT]!.counted).to.equal(0);
  });

  it("is little for a position in a token that no pool sells", () => {
    const position = { tickLower: -55_200, tickUpper: -50_760, liquidity: 10n ** 20n };
    const situation = situationOf({ pair: "weth", position });
    const { haircut } = collateralOf(situation, openBook(situation), SIGMA).positions[POOL_LEG]!;
    expectClose(haircut.total, 1, 1e-9);
  });

  it("is for a position its value at the fallen price", () => {
    const scene: Scene = {
      idle: [1_000, 0, 0, 0],
      position: { tickLower: -255_540, tickUpper: -251_040, liquidity: 10n ** 16n },
    };
    const situation = situationOf(scene);
    const book = openBook(situation);
    const { idle, positions } = collateralOf(situation, book, SIGMA);
    const held = positions[POOL_LEG]!;
    expectClose(held.value, placedIn(book, POOL_LEG), 1e-6);
    // As far as a sale, and an hour for the withdrawal before its day.
    const fall = (1 - idle[ALT]!.haircut.move) ** Math.sqrt(25 / 24);
    const fallen = placedIn(openBook(situationOf({ ...scene, prices: [1, 10 * fall, 2_000, 30_000] })), POOL_LEG);
    expectClose(held.value * (1 - held.haircut.move), fallen, 1e-3 * fallen);
    expect(fallen).to.be.below(0.7 * held.value);
  });

  it("is concentrated by exposures, venues and stables", () => {
    const situation = situationOf({ idle: [1_000, 100, 0, 0], perp: { cash: 3_000 } });
    const { exposures, venues, stables } = bookConcentration(openBook(situation), [true, false, false, false]);
    expect(exposures!.largest).to.deep.equal({ index: ALT, share: 1 });
    expect(venues!.largest).to.deep.equal({ index: 1, share: 1 });
    expect(stables!.herfindahl).to.equal(1);
  });
});
