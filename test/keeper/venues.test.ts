import { expect } from "chai";
import fc from "fast-check";
import { parseConfig } from "../../keeper/src/parse-config.js";
import { applyOrder } from "../../keeper/src/plan/apply-order.js";
import { replay } from "../../keeper/src/plan/arrange.js";
import { openBook } from "../../keeper/src/plan/book.js";
import { buildPlan } from "../../keeper/src/plan/build-plan.js";
import { accountOf, equityPerShort } from "../../keeper/src/plan/hedge-account.js";
import { measureBook } from "../../keeper/src/plan/measure-book.js";
import type { PlannedOrder } from "../../keeper/src/plan/orders.js";
import type { HedgeInstrument, HedgeLimits } from "../../keeper/src/plan/program/hedge-program.js";
import { solveHedgeProgram } from "../../keeper/src/plan/program/solve-hedge-program.js";
import { tradeCost, tradeMoney } from "../../keeper/src/plan/trade.js";
import { expectClose } from "./expect-close.js";
import {
  ALT,
  BTC_MARKET,
  ETH_MARKET,
  LENDING_LEG,
  PERP_LEG,
  type Scene,
  SIGMA,
  situationOf,
  WETH,
} from "./situation.js";

const config = parseConfig();
const wad = (value: number) => BigInt(Math.round(value * 1e6)) * 10n ** 12n;
const usd = (value: bigint | undefined) => Number(value ?? 0n) / 1e18;
const altMarket = situationOf().state.assets[ALT]!.address;
const size = (leg: string, market: string, base: number): PlannedOrder => ({
  leg,
  action: "size",
  market,
  size: wad(base),
  reason: "",
});
const both: Scene = { idle: [200_000, 6_000, 0, 0], lending: { cash: 0 } };

describe("hedge legs of any venue", () => {
  it("leaves dust as it is, whose price is mostly rounding, and closes what is more", () => {
    // ETH costs 2,000: three cents, and three dollars, of a short that is not wanted.
    const still = parseConfig({ hedge: { policy: "none" }, liquidity: { manage: false } });
    const closed = (eth: number) =>
      buildPlan(situationOf({ idle: [100_000, 0, 0, 0], lending: { cash: 1_000, eth: -eth } }), still).orders;
    expect(closed(0.000_015)).to.deep.equal([]);
    expect(closed(0.001_5).map((order) => order.action === "size" && order.size)).to.deep.equal([wad(0.001_5)]);
  });

  it("counts margin by the venue's weight: what a lender counts falls short of what is there", () => {
    // $100,000 of collateral, $30,000 of it from the sale of 3,000 ALT.
    const book = openBook(situationOf({ lending: { cash: 100_000, alt: -3_000 } }));
    const { equity, capital, notional } = accountOf(book.prices, book.hedges[LENDING_LEG]!);
    expect([equity, capital, notional].map((value) => Math.round(usd(value)))).to.deep.equal([70_000, 50_000, 30_000]);
    expectClose(usd(measureBook(book).marginRatio[LENDING_LEG]!), 5 / 3, 1e-9);
    // 50% over notional: 0.8·(e + 1) − 1 = 0.5.
    expectClose(equityPerShort(book.hedges[LENDING_LEG]!, 0.5), 0.875, 1e-9);
    expectClose(equityPerShort(book.hedges[PERP_LEG]!, 0.5), 0.5, 1e-9);
  });

  it("never counts profit that is not realised", () => {
    const scene: Scene = { perp: { cash: 10_000, eth: -5 }, prices: [1, 10, 2000, 30_000] };
    const situation = situationOf(scene);
    const leg = situation.state.legs[1]!;
    if (leg.kind !== "hedge") throw new Error("another leg");
    leg.positions[0]!.openNotional = wad(15_000);
    const book = openBook(situation);
    const { equity, capital } = accountOf(book.prices, book.hedges[PERP_LEG]!);
    expect([usd(equity), usd(capital)]).to.deep.equal([15_000, 10_000]);
  });

  it("books a sale as open notional on a perp, and as cash where the venue lends", () => {
    const book = openBook(situationOf({ perp: { cash: 30_000 }, lending: { cash: 30_000 } }));
    const perp = applyOrder(book, size(PERP_LEG, ETH_MARKET, -5)).hedges[PERP_LEG]!;
    expect(usd(perp.cash)).to.equal(30_000);
    expectClose(usd(perp.positions[0]!.openNotional), 10_000 * 0.999, 0.1);
    const lent = applyOrder(book, size(LENDING_LEG, altMarket, -1_000)).hedges[LENDING_LEG]!;
    expect(lent.positions[0]!.openNotional).to.equal(0n);
    // Fee 0.1%, and 1,000 of the 1,000,000 tokens in range move the price by as much again.
    expectClose(usd(lent.cash), 30_000 + 10_000 * 0.999 * (1e6 / (1e6 + 1e3)), 0.01);
  });

  it("settles the profit of what is bought back, so that it can be withdrawn", () => {
    const situation = situationOf({ perp: { cash: 10_000, eth: -10 } });
    const leg = situation.state.legs[1]!;
    if (leg.kind !== "hedge") throw new Error("another leg");
    leg.positions[0]!.openNotional = wad(25_000);
    const book = openBook(situation);
    const after = applyOrder(book, size(PERP_LEG, ETH_MARKET, 4)).hedges[PERP_LEG]!;
    // 40% of the notional comes home; 4 ETH at $2,000 and the venue's cost are paid.
    expectClose(usd(after.cash), 10_000 + 10_000 - 8_000 * 1.001, 0.1);
    expect(usd(after.positions[0]!.openNotional)).to.equal(15_000);
  });

  it("knows what a trade costs: a fee and an impact that grows with it, never less than nothing", () => {
    const quote = { price: wad(2000), fee: wad(0.001), depth: wad(1000) };
    expectClose(usd(tradeCost(quote, wad(-10))), 20_000 * (1 - 0.999 / 1.01), 0.01);
    expectClose(usd(tradeMoney(quote, wad(10))!), -20_000 * 1.001 * (1 / 0.99), 0.01);
    expect(tradeMoney(quote, wad(500)), "half of what is in range").to.equal(null);
    expect(usd(tradeCost(quote, wad(500)))).to.equal(1_000_000);
    expect(tradeCost(quote, wad(-20)) > 2n * tradeCost(quote, wad(-10))).to.equal(true);
  });

  it("hedges the pool's own asset where a venue lends it, better than with what moves like it", () => {
    const plain = buildPlan(situationOf({ idle: both.idle! }), config).predicted!;
    const decision = buildPlan(situationOf(both), config);
    expect(decision.action, decision.reasons.join("; ")).to.equal("rebalance");
    const sale = decision.orders.find((order) => order.action === "size" && order.leg === LENDING_LEG);
    expect(sale, decision.reasons.join("; ")).to.have.property("market", altMarket);
    const { gate, marginRatio, exposure, hedgeExposure } = decision.predicted!;
    expect(usd(hedgeExposure[ALT]!)).to.be.below(-0.6 * usd(exposure[ALT]! - hedgeExposure[ALT]!));
    expect(gate!.varianceAfter / gate!.varianceUnhedged).to.be.below(
      0.5 * (plain.gate!.varianceAfter / plain.gate!.varianceUnhedged),
    );
    expect(usd(marginRatio[LENDING_LEG]!)).to.be.within(0.4, 0.52);
    const margin = decision.orders.findIndex(({ action, leg }) => action === "margin" && leg === LENDING_LEG);
    expect(margin).to.be.within(0, decision.orders.indexOf(sale!));
  });

  it("leaves a market alone that cannot be traded now, and hedges with the others", () => {
    const scene: Scene = { idle: [140_000, 6000, 0, 0], perp: { cash: 30_000, eth: -3 }, closed: [ETH_MARKET] };
    for (const policy of ["minVariance", "naive", "none"] as const) {
      const { orders } = buildPlan(situationOf(scene), parseConfig({ hedge: { policy } }));
      expect(orders.some((order) => order.action === "size" && order.market === ETH_MARKET)).to.equal(false);
    }
    const { orders } = buildPlan(situationOf(scene), config);
    expect(orders.some((order) => order.action === "size" && order.market === BTC_MARKET)).to.equal(true);
  });

  it("trades as much as a thin market takes, and says so", () => {
    const decision = buildPlan(situationOf({ idle: [140_000, 6000, 0, 0], depth: 200 }), config);
    const sale = decision.orders.find((order) => order.action === "size" && order.market === ETH_MARKET)!;
    expectClose(usd(-(sale as { size: bigint }).size), 200 * (0.015 / 1.015), 1e-3);
    expect(decision.reasons.join()).to.include("as much as the market takes now");
  });

  it("keeps all shorts under the cap on their sum", () => {
    const scene: Scene = { idle: [140_000, 6000, 0, 0], limits: { maxGross: 10n ** 17n, minHedge: 0n } };
    const decision = buildPlan(situationOf(scene), config);
    const { nav, hedgeExposure } = decision.predicted!;
    expect(-usd(hedgeExposure[WETH]! + hedgeExposure[3]!)).to.be.within(0.08 * usd(nav), 0.1 * usd(nav));
  });

  it("shares capital between venues by what each asks for, and leaves what is fixed", () => {
    const solve = (margin: number, change: Partial<HedgeInstrument> = {}, limits: HedgeLimits = { margin: 40_000 }) => {
      const one = { current: 0, side: "short" as const };
      const { positions } = solveHedgeProgram({
        ...{ exposure: [0, 100_000, 0, 0], covariance: SIGMA, aversion: 1, horizon: 1, limits },
        instruments: [
          { ...one, name: "ALT", loading: [0, 1, 0, 0], margin },
          { ...one, name: "ETH", loading: [0, 0, 1, 0], margin: 1, ...change },
        ],
      });
      return positions as [number, number];
    };
    const [cheap, dear] = [solve(1), solve(2)];
    expect(-cheap[0]).to.be.above(-dear[0]);
    expectClose(2 * -dear[0] - dear[1], 40_000, 1e-6);
    const [alt, eth] = solve(1, { current: -50_000, fixed: true }, { gross: 60_000 });
    expect(eth).to.equal(-50_000);
    expectClose(alt, -10_000, 1e-6);
  });

  it("shorts no more on both venues than the capital at hand carries", () => {
    const hedgeOnly = parseConfig({ liquidity: { manage: false } });
    const decision = buildPlan(situationOf({ idle: [20_000, 6_000, 0, 0], lending: { cash: 0 } }), hedgeOnly);
    expect(decision.action, decision.reasons.join("; ")).to.equal("rebalance");
    expect(decision.reasons.join(), "the first candidate is taken").to.not.include("not taken");
    const { marginRatio } = decision.predicted!;
    for (const ratio of Object.values(marginRatio)) if (ratio !== null) expect(usd(ratio)).to.be.above(0.2);
  });

  it("never flips a short, and passes its own gate, with two venues in any state", () => {
    const scenes = fc.record({
      idle: fc.tuple(
        fc.integer({ min: 0, max: 200_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 0, max: 20 }),
        fc.constant(0),
      ),
      lending: fc.record({
        cash: fc.integer({ min: 0, max: 150_000 }),
        alt: fc.integer({ min: -4_000, max: 0 }),
        eth: fc.integer({ min: -10, max: 0 }),
      }),
      perp: fc.record({ cash: fc.integer({ min: 0, max: 60_000 }), eth: fc.integer({ min: -20, max: 0 }) }),
    }) as fc.Arbitrary<Scene>;
    fc.assert(
      fc.property(scenes, (scene) => {
        const situation = situationOf(scene);
        const decision = buildPlan(situation, config);
        const book = replay(openBook(situation), decision.orders);
        expect(book).to.not.equal(null);
        for (const { positions } of Object.values(book!.hedges))
          for (const position of positions) expect(position.size <= 0n).to.equal(true);
        if (decision.action === "rebalance" && decision.predicted!.gate !== null) {
          expect(decision.predicted!.gate.accepted).to.equal(true);
        }
      }),
      // A lender whose equity is negative has no margin for anything.
      {
        numRuns: 200,
        examples: [[{ idle: [0, 1765, 14, 0], lending: { cash: 0, alt: -2, eth: -3 }, perp: { cash: 20118 } }]],
      },
    );
  });
});
