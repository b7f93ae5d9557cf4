import { expect } from "chai";
import fc from "fast-check";
import type { KeeperConfigInput } from "../../../keeper/src/config.js";
import type { CarryOutlook } from "../../../keeper/src/model/carry/outlook.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { heldBasis, setAside } from "../../../keeper/src/plan/basis/set-aside.js";
import { openBook } from "../../../keeper/src/plan/book.js";
import { buildPlan, type PlanDecision } from "../../../keeper/src/plan/build-plan.js";
import { accountOf } from "../../../keeper/src/plan/hedge-account.js";
import type { Situation } from "../../../keeper/src/plan/situation.js";
import { wad } from "../../support/orders.js";
import { expectClose } from "../expect-close.js";
import { ETH_MARKET, FORECAST, PERP_LEG, type Scene, situationOf, USDC, WETH } from "../situation.js";
import { landed, moved } from "./landed.js";

const NAV = 200_000;
const scene: Scene = { pair: "ethUsdc", idle: [NAV, 0, 0, 0] };
const set = (basis: KeeperConfigInput["basis"] = {}, more: KeeperConfigInput = {}) =>
  parseConfig({ liquidity: { manage: false }, ...more, basis: { enabled: true, ...basis } });
const config = set();
const rich: CarryOutlook = { holdingDays: 60, rate: 0.3, deviation: 0.05, negativeDays: 0 };

/** A vault at a scene whose ETH perp is expected to pay so. */
function at(given: Scene = scene, outlook: CarryOutlook | null = rich): Situation {
  return paying(situationOf(given), outlook);
}

function paying(situation: Situation, outlook: CarryOutlook | null): Situation {
  const expected = { rate: outlook?.rate ?? null, basis: "made up", ...(outlook && { outlook }) };
  return { ...situation, funding: { [PERP_LEG]: { [ETH_MARKET]: expected } } };
}

const held = (situation: Situation): number => Number(heldBasis(openBook(situation), WETH)) / 1e18;
const said = ({ reasons }: PlanDecision): string => reasons.join("; ");
const swaps = ({ orders }: PlanDecision) => orders.filter(({ action }) => action === "swap");

/** The vault once the trade is on. */
function entered(given: Scene = scene, by = config, outlook = rich): Situation {
  let situation = at(given, outlook);
  for (let i = 0; i < 4; i++) situation = landed(situation, buildPlan(situation, by));
  return situation;
}

describe("basis trade in the plan", () => {
  it("buys and shorts the same part of NAV where funding pays for it, and adds no variance", () => {
    const situation = at();
    const plan = buildPlan(situation, config);
    expect(plan.action, said(plan)).to.equal("rebalance");
    expect(plan.orders.map(({ action }) => action)).to.deep.equal(["margin", "swap", "size"]);
    const { exposure, hedgeExposure, gate } = plan.predicted!;
    expectClose(Number(-hedgeExposure[WETH]!) / 1e18, 0.2 * NAV, 0.01 * NAV);
    expectClose(Number(exposure[WETH]!) / 1e18, 0, 0.01 * NAV);
    expect(gate!.accepted).to.equal(true);
    expect(said(plan)).to.match(
      /the basis trade in WETH is worth it: shorts are expected to earn 30\.0% a year for 60 days/,
    );
    const after = landed(situation, plan);
    const again = buildPlan(after, config);
    expect(again.action, said(again)).to.equal("nothing");
    expect(again.basis).to.have.length(1);
    expectClose(again.basis[0]!.held, 0.2 * NAV, 0.01 * NAV);
  });

  it("does nothing where it is off, too little is known, or the rate does not pay for the way in", () => {
    for (const [situation, by] of [
      [at(), parseConfig({ liquidity: { manage: false } })],
      [at(scene, null), config],
      [at(scene, { ...rich, rate: 0.06 }), config],
      [at(), set({}, { hedge: { policy: "none" } })],
      [at(), set({ caution: 5 })],
      [at(), set({ minCarry: 0.3 })],
    ] as const) {
      const plan = buildPlan(situation, by);
      expect(swaps(plan), said(plan)).to.deep.equal([]);
      expect(plan.basis).to.deep.equal([]);
    }
  });

  it("keeps what it holds until two days say otherwise and leaving costs less, and then sells all of it", () => {
    const on = entered();
    const bad = { ...rich, rate: -0.2, negativeDays: 2 };
    for (const outlook of [{ ...rich, rate: 0 }, { ...bad, rate: -0.02 }, { ...bad, negativeDays: 1 }, null]) {
      const plan = buildPlan(paying(on, outlook), config);
      expect(swaps(plan), said(plan)).to.deep.equal([]);
    }
    const plan = buildPlan(paying(on, bad), config);
    expect(plan.action, said(plan)).to.equal("rebalance");
    expect(said(plan)).to.include("the basis trade in WETH is given up");
    const off = landed(paying(on, bad), plan);
    expect(held(off)).to.be.below(0.01 * NAV);
    expect(Number(plan.predicted!.hedgeExposure[WETH]!) / 1e18).to.be.above(-0.01 * NAV);
    const again = buildPlan(off, config);
    expect(swaps(again), said(again)).to.deep.equal([]);
  });

  it("opens none and lets none grow in a crash and in dry markets, and keeps what it has", () => {
    const probabilities = { calm: 0.04, crash: 0.95, decoupled: 0.01 };
    const market = { regime: "crash" as const, probabilities, since: 0, fall: 0.2 };
    const crashing = (situation: Situation) => ({ ...situation, forecast: { ...FORECAST, market } });
    const opened = buildPlan(crashing(at()), config);
    expect(swaps(opened), said(opened)).to.deep.equal([]);
    const on = entered();
    const kept = buildPlan(crashing(on), config);
    expect(swaps(kept), said(kept)).to.deep.equal([]);
    // Longs pay more than they ever did, or all that is wanted would move the market by a twentieth and more.
    const crowded = { ...rich, rate: 2.5 };
    const shallow = { ...scene, depth: 300 };
    expect(swaps(buildPlan(at({ ...scene, depth: 500 }), config))).to.have.length(1);
    for (const dry of [at(scene, crowded), at(shallow), paying(on, crowded)]) {
      const plan = buildPlan(dry, set({ maxShare: 0.3 }));
      expect(swaps(plan), said(plan)).to.deep.equal([]);
    }
  });

  it("gives up on an alarm, on a break, and gives way to the redemption queue", () => {
    const on = entered();
    const alarmed = { ...on, state: { ...on.state, alarmAt: 1 } };
    expect(said(buildPlan(alarmed, config))).to.include("given up: the vault's alarm is raised");
    const state = { alarmed: true, belief: { holds: 0.1 } };
    const guard = { state, most: null, marginBuffer: 1.5, cut: 0.5 };
    const guards = FORECAST.guards.with(WETH, guard as unknown as (typeof FORECAST.guards)[number]);
    const broken = { ...on, forecast: { ...FORECAST, guards } };
    expect(said(buildPlan(broken, config))).to.include("given up: it may no longer move with its hedges");
    for (const situation of [alarmed, broken]) expect(swaps(buildPlan(situation, config))).to.have.length(1);
    const queued = moved(on, { ...scene, waiting: 0.8 });
    const plan = buildPlan(queued, config);
    const after = landed(queued, plan);
    // What is neither claimed nor least cash carries a dollar and a half for each dollar of it.
    expectClose(held(after), (0.2 * NAV - 0.02 * NAV) / 1.5, 0.01 * NAV);
    expect(Number(after.state.assets[USDC]!.idle) / 1e6).to.be.above(Number(on.state.assets[USDC]!.idle) / 1e6);
  });

  it("only keeps what it has where the chain lets only reductions pass", () => {
    const on = entered();
    const stuck = moved(on, { ...scene, mode: "ReduceOnly" });
    const plan = buildPlan(paying(stuck, { ...rich, rate: -0.5, negativeDays: 9 }), config);
    expect(swaps(plan)).to.deep.equal([]);
    expect(plan.onlyReductions).to.equal(true);
  });
});

describe("limits of the basis trade", () => {
  it("are its share, the caps of the vault, and the margin that shorts are given, not what it yields", () => {
    const most = (limits: Scene["limits"], by = set({ maxShare: 1 })) =>
      held(entered({ ...scene, limits: limits! }, by));
    // A dollar of it takes a dollar of cash and half a dollar of margin.
    expectClose(most({ maxVenue: 10n ** 18n }), NAV / 1.5, 0.02 * NAV);
    const venue = most({ maxVenue: 10n ** 17n });
    expectClose(venue, (0.98 * 0.1 * NAV) / 0.5, 0.02 * NAV);
    expectClose(most({ maxGross: 3n * 10n ** 17n }), 0.98 * 0.3 * NAV, 0.02 * NAV);
    const margin = { low: 0.8, target: 1, high: 2 };
    expectClose(most({ maxVenue: 10n ** 18n }, set({ maxShare: 1 }, { margin })), NAV / 2, 0.02 * NAV);
    const richer = entered({ ...scene, limits: { maxVenue: 10n ** 18n } }, set({ maxShare: 1 }), { ...rich, rate: 2 });
    expectClose(held(richer), NAV / 1.5, 0.02 * NAV);
  });

  it("make it smaller when a rise of the price has used up its margin, and the sale pays for more", () => {
    const by = set({ maxShare: 1 });
    const on = entered({ ...scene, limits: { maxVenue: 10n ** 18n } }, by);
    const risen = paying(
      moved(on, { ...scene, prices: [1, 10, 2_300, 30_000], limits: { maxVenue: 10n ** 18n } }),
      rich,
    );
    const plan = buildPlan(risen, by);
    expect(plan.action, said(plan)).to.equal("rebalance");
    expect(swaps(plan)).to.have.length(1);
    const after = landed(risen, plan);
    expect(held(after)).to.be.below(held(risen) - 0.05 * NAV);
    const ratio = Number(plan.predicted!.marginRatio[PERP_LEG]!) / 1e18;
    expect(ratio).to.be.above(0.45);
  });

  it("are what the loss budget pays for: the rest comes later", () => {
    const tight = at({ ...scene, limits: { lossBudget: 10n ** 15n } });
    const plan = buildPlan(tight, config);
    expect(plan.action, said(plan)).to.equal("rebalance");
    const size = held(landed(tight, plan));
    expect(size).to.be.within(0.02 * NAV, 0.15 * NAV);
    expect(plan.predicted!.gate!.charge).to.be.below(0.001);
    const spent = at({ ...scene, lossSpent: 0.02 });
    expect(buildPlan(spent, config).orders).to.deep.equal([]);
  });

  it("leave the liquidity its own: neither sells the other's tokens nor lends on its margin", () => {
    const both = set({}, { liquidity: { manage: true, maxShare: 0.3 } });
    let situation = at();
    for (let i = 0; i < 6; i++) situation = landed(situation, buildPlan(situation, both));
    const settled = buildPlan(situation, both);
    expect(settled.action, said(settled)).to.equal("nothing");
    expect(held(situation)).to.be.above(0.05 * NAV);
    const pool = situation.state.legs.find((leg) => leg.kind === "liquidity")!;
    expect(pool.kind === "liquidity" && pool.liquidity > 0n).to.equal(true);
    // More money: liquidity grows, and takes none of the trade's tokens.
    const assets = situation.state.assets.map((asset, i) =>
      i === USDC ? { ...asset, idle: asset.idle + 5n * 10n ** 11n } : asset,
    );
    const more = moved({ ...situation, state: { ...situation.state, assets } }, scene);
    const growth = buildPlan(more, both);
    expect(
      growth.orders.map(({ action }) => action),
      said(growth),
    ).to.include("mint");
    expect(held(landed(more, growth))).to.be.above(0.95 * held(situation));
    const off = buildPlan(paying(situation, { ...rich, rate: -0.5, negativeDays: 3 }), both);
    expect(off.action, said(off)).to.equal("rebalance");
    expect(off.orders.filter(({ action }) => action === "burn")).to.deep.equal([]);
    expect(held(landed(situation, off))).to.be.below(0.05 * NAV);
  });

  it("are kept whatever the vault holds and whatever it is paid, and the trade comes to rest", () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    const scenes = fc.record({
      idle: fc.tuple(number(10_000, 300_000), fc.constant(0), number(0, 60), number(0, 2)),
      perp: fc.record({ cash: number(5_000, 80_000), eth: number(-30, 0) }),
    });
    fc.assert(
      fc.property(scenes, number(-1, 1), fc.nat(3), fc.boolean(), (given, rate, negativeDays, manage) => {
        const by = set({}, { liquidity: { manage } });
        let situation = at({ pair: "ethUsdc", ...given }, { ...rich, rate, negativeDays });
        let plan: PlanDecision | null = null;
        for (let pass = 0; pass < 12 && plan?.action !== "nothing"; pass++) {
          plan = buildPlan(situation, by);
          if (plan.action === "refused") return;
          const was = held(situation);
          situation = landed(situation, plan);
          const nav = Number(situation.state.portfolio.nav) / 1e18;
          // Swaps of it alone: what a hedge makes of idle tokens is not bought for the trade.
          if (swaps(plan).length > 0 && !manage)
            expect(held(situation)).to.be.below(Math.max(was, 0.2 * nav) + 0.02 * nav);
          for (const ratio of Object.values(plan.predicted?.marginRatio ?? {})) {
            if (ratio !== null && plan.orders.length > 0) expect(Number(ratio) / 1e18).to.be.above(0.19);
          }
        }
        expect(plan!.action, said(plan!)).to.equal("nothing");
      }),
      { seed: 11, numRuns: 60 },
    );
  });
});

describe("a book without its basis trades", () => {
  it("has neither their tokens nor their shorts nor the margin of these, and is whole again with them", () => {
    // 12 of 20 ETH short are held against; the market has gained $4,000 on all.
    const book = openBook(at({ pair: "ethUsdc", idle: [1_000, 0, 12, 0], perp: { cash: 30_000, eth: -20 } }));
    const perp = book.hedges[PERP_LEG]!;
    const positions = perp.positions.map((one) => ({
      ...one,
      openNotional: one.openNotional + (one.size !== 0n ? wad(4_000) : 0n),
    }));
    const gained = { ...book, hedges: { ...book.hedges, [PERP_LEG]: { ...perp, positions } } };
    const { rest, restore } = setAside(gained, [WETH], 0.5);
    expect(rest.idle[WETH]).to.equal(0n);
    expect(rest.hedges[PERP_LEG]!.positions[0]!.size).to.equal(-wad(8));
    const equity = (of: typeof book) => Number(accountOf(of.prices, of.hedges[PERP_LEG]!).equity) / 1e18;
    expectClose(equity(gained) - equity(rest), 0.5 * 24_000, 1e-6);
    expect(restore(rest)).to.deep.equal(gained);
    const idle = rest.idle.with(USDC, 7n);
    expect(restore({ ...rest, idle }).idle).to.deep.equal(gained.idle.with(USDC, 7n));
    expect(setAside(gained, [], 0.5).rest).to.deep.equal(gained);
  });
});
