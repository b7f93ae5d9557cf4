import { expect } from "chai";
import { AbiCoder } from "ethers";
import fc from "fast-check";
import { parseConfig } from "../../keeper/src/parse-config.js";
import { replay } from "../../keeper/src/plan/arrange.js";
import { openBook } from "../../keeper/src/plan/book.js";
import { buildPlan, type PlanDecision } from "../../keeper/src/plan/build-plan.js";
import { measureBook } from "../../keeper/src/plan/measure-book.js";
import { encodeOrder, isReduction } from "../../keeper/src/plan/orders.js";
import type { Situation } from "../../keeper/src/plan/situation.js";
import { expectClose } from "./expect-close.js";
import {
  ALT,
  BTC_MARKET,
  ETH_MARKET,
  FORECAST,
  PERP_LEG,
  POOL_LEG,
  type Scene,
  SIGMA,
  situationOf,
  WBTC,
  WETH,
} from "./situation.js";

const config = parseConfig();
const naive = parseConfig({ hedge: { policy: "naive" } });
const none = parseConfig({ hedge: { policy: "none" } });

const actions = ({ orders }: PlanDecision) => orders.map(({ action }) => action);
const usd = (value: bigint | undefined) => Number(value ?? 0n) / 1e18;

/** The situation after a plan has landed just as predicted. */
function after(scene: Scene, decision: PlanDecision): Situation {
  const situation = situationOf(scene);
  const book = replay(openBook(situation), decision.orders)!;
  const pool = book.pools[POOL_LEG]!;
  const { state } = situation;
  state.assets.forEach((asset, index) => {
    asset.idle = book.idle[index]!;
  });
  Object.assign(state.legs[0]!, { tickLower: pool.tickLower, tickUpper: pool.tickUpper, liquidity: pool.liquidity });
  for (const leg of state.legs) {
    const hedge = book.hedges[leg.address];
    if (hedge === undefined) continue;
    const positions = hedge.positions.map(({ asset, ...position }) => ({ ...position, assetIndex: asset }));
    Object.assign(leg, { cash: hedge.cash, positions });
  }
  Object.assign(state.portfolio, measureBook(openBook(situation)));
  return situation;
}

const scenes = fc.record({
  prices: fc.tuple(
    fc.constant(1),
    fc.double({ min: 5, max: 20, noNaN: true }),
    fc.double({ min: 1000, max: 3000, noNaN: true }),
    fc.double({ min: 15_000, max: 60_000, noNaN: true }),
  ),
  idle: fc.tuple(
    fc.integer({ min: 0, max: 200_000 }),
    fc.integer({ min: 0, max: 10_000 }),
    fc.integer({ min: 0, max: 20 }),
    fc.integer({ min: 0, max: 2 }),
  ),
  perp: fc.record({
    cash: fc.integer({ min: 0, max: 100_000 }),
    eth: fc.integer({ min: -30, max: 0 }),
    btc: fc.integer({ min: -2, max: 0 }),
  }),
  pair: fc.constantFrom("usdc" as const, "weth" as const),
  poolOff: fc.double({ min: 0.97, max: 1.03, noNaN: true }),
}) as fc.Arbitrary<Scene>;

describe("plan", () => {
  it("turns a deposit into margin, liquidity around the price and shorts, in a sequence that works", () => {
    const decision = buildPlan(situationOf({ idle: [140_000, 6000, 0, 0] }), config);
    expect(decision.action).to.equal("rebalance");
    expect(actions(decision)).to.deep.equal(["margin", "swap", "mint", "size", "size"]);
    const { gate, marginRatio, hedgeRatios } = decision.predicted!;
    expect(gate!.accepted).to.equal(true);
    expect(1 - gate!.varianceAfter / gate!.varianceUnhedged).to.be.above(0.5);
    expect(usd(marginRatio[PERP_LEG]!)).to.be.within(0.49, 0.51);
    expect(hedgeRatios["WETH"]! + hedgeRatios["WBTC"]!).to.be.within(0.5, 1.3);
  });

  it("swaps whatever the basket is into what the range needs", () => {
    for (const idle of [
      [200_000, 0, 0, 0],
      [0, 20_000, 0, 0],
      [100_000, 1000, 10, 1],
    ] as const) {
      const decision = buildPlan(situationOf({ idle: [...idle] }), config);
      expect(actions(decision), decision.reasons.join("; ")).to.include("mint");
      expect(decision.predicted!.gate!.accepted).to.equal(true);
    }
  });

  it("rests once its plan has landed", () => {
    const scene: Scene = { idle: [140_000, 6000, 0, 0] };
    const again = buildPlan(after(scene, buildPlan(situationOf(scene), config)), config);
    expect(again.action, again.reasons.join("; ")).to.equal("nothing");
  });

  it("hedges the ETH of an ALT/WETH position too, and idle WBTC", () => {
    const decision = buildPlan(situationOf({ pair: "weth", idle: [100_000, 5000, 25, 1] }), config);
    const { exposure, hedgeExposure, gate } = decision.predicted!;
    expect(usd(exposure[WETH]), "more is short than the pool and the wallet hold").to.be.below(0);
    expect(usd(hedgeExposure[WBTC])).to.be.below(-20_000);
    expect(1 - gate!.varianceAfter / gate!.varianceUnhedged).to.be.above(0.7);
  });

  it("does nothing for the hedge without one, and shorts a dollar of ETH for a dollar where it is naive", () => {
    const scene: Scene = { idle: [140_000, 6000, 0, 0] };
    const unhedged = situationOf({ ...scene, limits: { minHedge: 0n } });
    expect(actions(buildPlan(unhedged, none))).to.deep.equal(["swap", "mint"]);
    const { exposure, hedgeExposure } = buildPlan(situationOf(scene), naive).predicted!;
    expectClose(usd(hedgeExposure[WETH]), -usd(exposure[ALT]), 0.01 * usd(exposure[ALT]));
    expect(hedgeExposure[WBTC]).to.equal(0n);
  });

  it("makes the range anew only near its edge", () => {
    const scene: Scene = { idle: [140_000, 6000, 0, 0] };
    const landed = buildPlan(situationOf(scene), config);
    const { tickLower, tickUpper, liquidity } = landed.orders.find((order) => order.action === "mint")!;
    const position = { tickLower, tickUpper, liquidity };
    const rest = {
      position,
      idle: [60_000, 0, 0, 0] as [number, number, number, number],
      perp: { cash: 30_000, eth: -12, btc: -0.8 },
    };
    const near = buildPlan(situationOf({ ...rest, prices: [1, 11, 2000, 30_000] }), config);
    expect(actions(near)).to.not.include("burn");
    const far = buildPlan(situationOf({ ...rest, prices: [1, 7.9, 2000, 30_000] }), config);
    expect(actions(far)).to.include.members(["burn", "swap", "mint"]);
    expect(far.reasons.join()).to.include("left the range");
  });

  it("lets liquidity wait while the pool stands away from the oracle", () => {
    const decision = buildPlan(situationOf({ idle: [140_000, 6000, 0, 0], poolOff: 1.04 }), config);
    expect(actions(decision)).to.not.include("mint");
    expect(decision.reasons.join()).to.include("liquidity waits");
  });

  it("sends only reductions while the covariance oracle is not usable, and nothing on bad prices", () => {
    const perp = { cash: 5000, eth: -20, btc: 0 };
    const decision = buildPlan(situationOf({ usable: false, idle: [50_000, 1000, 0, 0], perp }), config);
    expect(decision.onlyReductions).to.equal(true);
    expect(decision.orders.length).to.be.above(0);
    expect(decision.orders.every(isReduction)).to.equal(true);
    const empty = buildPlan(situationOf({ usable: false, idle: [50_000, 1000, 0, 0] }), config);
    expect(empty.orders, "no margin for shorts that may not be made").to.deep.equal([]);
    const blind = buildPlan(situationOf({ pricesOk: false, idle: [50_000, 1000, 0, 0], perp }), config);
    expect(blind.orders).to.deep.equal([]);
    expect(blind.reasons.join()).to.include("price");
  });

  it("says why where the chain would accept nothing", () => {
    const limits = { maxVolatility: 10n ** 16n, maxGammaVolatility: 10n ** 12n };
    const decision = buildPlan(situationOf({ idle: [200_000, 0, 0, 0], limits }), config);
    expect(decision.action).to.equal("refused");
    expect(decision.reasons.join()).to.include("volatility");
  });

  it("adds what margin there is where it does not reach the chain's least and nothing else would be accepted", () => {
    const thin: Scene = { idle: [1_000, 8_000, 0, 0], perp: { cash: 3_000, eth: -20 }, depth: 20, poolOff: 1.05 };
    const decision = buildPlan(situationOf(thin), config);
    expect(actions(decision), decision.reasons.join("; ")).to.include("margin");
    expect(decision.action).to.equal("rebalance");
    expect(decision.reasons.join()).to.include("not taken: liquidity and hedge by the keeper's own covariance");
    expect(usd(decision.predicted!.marginRatio[PERP_LEG]!)).to.be.within(0.09, 0.19);
  });

  it("never flips a short, never overdraws, and is accepted by its own gate, whatever the vault holds", () => {
    fc.assert(
      fc.property(scenes, fc.constantFrom(config, naive, none), (scene, chosen) => {
        const situation = situationOf(scene);
        const decision = buildPlan(situation, chosen);
        const book = replay(openBook(situation), decision.orders);
        expect(book).to.not.equal(null);
        for (const { size } of book!.hedges[PERP_LEG]!.positions) expect(size <= 0n).to.equal(true);
        const list = actions(decision);
        const lastMargin = decision.orders.findLastIndex((order) => order.action === "margin" && order.amount > 0n);
        const firstShort = decision.orders.findIndex((order) => order.action === "size" && order.size < 0n);
        if (lastMargin !== -1 && firstShort !== -1) expect(lastMargin).to.be.below(firstShort);
        const order = ["burn", "swap", "mint"]
          .map((action) => list.indexOf(action as (typeof list)[number]))
          .filter((at) => at >= 0);
        expect(order).to.deep.equal([...order].sort((a, b) => a - b));
        if (decision.action === "rebalance" && decision.predicted!.gate !== null) {
          expect(decision.predicted!.gate.accepted).to.equal(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("still plans by the chain's own covariance where its own makes no program", () => {
    const scene: Scene = {
      idle: [140_000, 6_000, 0, 0],
      forecast: { ...FORECAST, covariance: SIGMA.map((row) => row.map(() => Number.NaN)) },
    };
    const decision = buildPlan(situationOf(scene), config);
    expect(actions(decision)).to.include.members(["mint", "size", "margin"]);
    expect(decision.reasons.join("; ")).to.match(
      /not taken: liquidity and hedge by the keeper's own covariance: .*NaN/,
    );
  });

  it("is the same for the same situation", () => {
    const scene: Scene = { idle: [140_000, 6000, 1, 1] };
    expect(buildPlan(situationOf(scene), config)).to.deep.equal(buildPlan(situationOf(scene), config));
  });
});

describe("order encoding", () => {
  it("follows contracts/types/Plan.sol", () => {
    const coder = AbiCoder.defaultAbiCoder();
    const base = { leg: POOL_LEG, reason: "" };
    const mint = encodeOrder({ ...base, action: "mint", tickLower: -60, tickUpper: 120, liquidity: 7n });
    expect(mint.action).to.equal(0n);
    expect([...coder.decode(["int24", "int24", "uint128"], mint.params)]).to.deep.equal([-60n, 120n, 7n]);
    const size = encodeOrder({ ...base, action: "size", market: ETH_MARKET, size: -5n });
    expect(size.action).to.equal(3n);
    expect([...coder.decode(["address", "int256"], size.params)]).to.deep.equal([ETH_MARKET, -5n]);
    expect(encodeOrder({ ...base, action: "burn", liquidity: 1n }).action).to.equal(1n);
    expect(encodeOrder({ ...base, action: "swap", zeroForOne: true, amountIn: 1n }).action).to.equal(2n);
    expect(encodeOrder({ ...base, action: "margin", amount: -1n }).action).to.equal(4n);
    expect(BTC_MARKET).to.not.equal(ETH_MARKET);
  });
});
