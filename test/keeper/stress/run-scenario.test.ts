import { expect } from "chai";
import { KeeperError } from "../../../keeper/src/errors.js";
import { lpGreeks } from "../../../keeper/src/model/lp-greeks.js";
import type { Scenario, StressStep } from "../../../keeper/src/model/stress/scenario.js";
import { openBook } from "../../../keeper/src/plan/book.js";
import { legTerms } from "../../../keeper/src/stress/margin-health.js";
import { runScenario, type StressBase } from "../../../keeper/src/stress/run-scenario.js";
import { baseCovariance, stressMarket } from "../../../keeper/src/stress/stress-market.js";
import { expectClose } from "../expect-close.js";
import { type Scene, situationOf } from "../situation.js";

/** ALT from $8 to $12.5: √price·10⁻⁶ of whole tokens, in ticks of 18 and 6 decimals. */
const POSITION = { tickLower: -255_540, tickUpper: -251_100, liquidity: 2n * 10n ** 16n };

function baseOf(scene: Scene, penalty = 0): StressBase {
  const situation = situationOf(scene);
  const book = openBook(situation);
  return {
    ...{ book, limits: situation.state.limits, terms: legTerms(situation.state, 0), liquidationPenalty: penalty },
    ...{ market: stressMarket(situation, book), covariance: baseCovariance(situation) },
  };
}
const move = (...factors: number[]): StressStep => ({ kind: "move", factors });
const run = (base: StressBase, ...steps: StressStep[]) => runScenario(base, { name: "test", steps });

describe("a scenario on a book", () => {
  it("values liquidity as the position's formula does", () => {
    const base = baseOf({ idle: [10_000, 0, 0, 0], position: POSITION });
    const price = (tick: number): number => 1.0001 ** tick * 1e12;
    const range = { liquidity: 2e16 / 1e12, lower: price(POSITION.tickLower), upper: price(POSITION.tickUpper) };
    for (const factor of [0.5, 0.85, 1.1, 1.6]) {
      const change = lpGreeks(range, 10 * factor).value - lpGreeks(range, 10).value;
      expectClose(run(base, move(1, factor, 1, 1)).change, change, 1e-6 * Math.abs(change) + 1e-6);
    }
  });

  it("counts what each part gains: shorts by size times move, and nothing at prices as they are", () => {
    const base = baseOf({ idle: [10_000, 1_000, 0, 0], perp: { cash: 10_000, eth: -5, btc: -0.1 } });
    const { change, hedge, share, volatility, effectiveness } = run(base, move(1, 0.8, 1.2, 1.1));
    expectClose(hedge, -5 * 400 - 0.1 * 3_000, 1e-9);
    expectClose(change, hedge - 2_000, 1e-9);
    expectClose(share, change / 30_000, 1e-12);
    expect(volatility).to.be.above(0);
    expect(effectiveness).to.be.below(1);
    const still = run(base);
    expect([still.change, still.hedge, still.counted]).to.deep.equal([0, 0, 0]);
  });

  it("does not blame the hedge for what its margin lost against the dollar", () => {
    const { change, hedge } = run(
      baseOf({ idle: [10_000, 0, 0, 0], perp: { cash: 10_000, eth: -5 } }),
      move(0.9, 1, 1, 1),
    );
    expectClose(hedge, 0, 1e-9);
    expectClose(change, -2_000, 1e-9);
  });

  for (const [venue, scene] of [
    ["a perp", { perp: { cash: 10_000, eth: -5 } }],
    ["a venue that lends", { lending: { cash: 20_000, eth: -5 } }],
  ] as const) {
    it(`closes shorts of ${venue} at the oracle's price for nothing, and sells them again at a spread`, () => {
      const base = baseOf({ idle: [10_000, 0, 0, 0], ...scene });
      const down = move(1, 1, 0.8, 1);
      const gone = run(base, down, { kind: "removeHedge", share: 1 });
      expectClose(gone.change, 2_000, 1e-9);
      const later = run(base, down, { kind: "removeHedge", share: 1 }, move(1, 1, 0.5, 1));
      expectClose(later.change, 2_000, 1e-9);
      const half = run(base, down, { kind: "removeHedge", share: 0.5 }, move(1, 1, 0.5, 1));
      expectClose(half.change, 2_000 + 2.5 * 800, 1e-9);
      const back = run(base, down, { kind: "removeHedge", share: 1 }, { kind: "reenter", spread: 0.01 });
      expectClose(back.change, 2_000 - 5 * 1_600 * 0.01, 1e-9);
      const again = run(base, down, { kind: "removeHedge", share: 1 }, { kind: "reenter", spread: 0.01 }, down);
      expectClose(again.change, 2_000 - 80 + 5 * 320, 1e-9);
    });
  }

  it("liquidates a leg below its venue's maintenance, once and for all that follows, and takes the penalty", () => {
    const scene = { idle: [20_000, 0, 0, 0] as [number, number, number, number], perp: { cash: 2_000, eth: -5 } };
    const base = baseOf(scene, 0.05);
    const beyond = 1.2 / 1.0625; // (1 + m)/(1 + μ)
    const before = run(base, move(1, 1, beyond - 1e-4, 1));
    expect(before.legs[0]!.liquidated).to.equal(false);
    expectClose(before.legs[0]!.leastMargin!, 0.0625, 1e-3);
    const after = run(base, move(1, 1, beyond + 1e-4, 1), move(1, 1, 0.5, 1));
    expect(after.legs[0]!.liquidated).to.equal(true);
    const loss = 5 * 2_000 * (beyond + 1e-4 - 1) + 0.05 * 5 * 2_000 * (beyond + 1e-4);
    expectClose(after.change, -loss, 1e-6);
    expectClose(run(base, move(1, 1, 3, 1)).change, -2_000, 1e-9);
  });

  it("takes the venues' own prices for the margin, and counts what closing there would take", () => {
    const base = baseOf({ idle: [20_000, 0, 0, 0], perp: { cash: 2_000, eth: -5 } });
    const off = (basis: number): Scenario => ({ name: "off", steps: [], basis });
    const above = runScenario(base, off(0.05));
    expectClose(above.legs[0]!.leastMargin!, (2_000 - 500) / 10_500, 1e-9);
    expectClose(above.counted, 500 / 22_000, 1e-12);
    expect(above.change).to.equal(0);
    expect(runScenario(base, off(-0.05)).counted).to.equal(0);
    expect(runScenario(base, off(0.2)).legs[0]!.liquidated).to.equal(true);
  });

  it("counts a part of a loss where the scenario says so, and no gain", () => {
    const base = baseOf({ idle: [10_000, 1_000, 0, 0] });
    const damped = runScenario(base, { name: "damped", steps: [move(1, 0.5, 1, 1)], damping: 0.1 });
    expectClose(damped.counted, 0.1 * 0.25, 1e-12);
    expect(run(base, move(1, 2, 1, 1)).counted).to.equal(0);
  });

  it("measures the stressed covariance at the stressed prices", () => {
    const base = baseOf({ idle: [10_000, 1_000, 0, 0], perp: { cash: 10_000, eth: -5 } });
    const stressed = (weight: number, towards: "one" | "zero") =>
      runScenario(base, { name: "c", steps: [], covariance: { kind: "correlation", towards, weight } });
    // Exposures of 10,000 of ALT at 100% and −10,000 of ETH at 80%.
    expectClose(stressed(1, "one").volatility!, (10_000 * 0.2) / 30_000, 1e-3);
    expectClose(stressed(1, "zero").volatility!, (10_000 * Math.sqrt(1 + 0.64)) / 30_000, 1e-3);
    expectClose(stressed(1, "zero").effectiveness!, 1 - 1.64, 0.01);
  });

  it("knows no volatility without a covariance, and refuses a price below zero", () => {
    const base = { ...baseOf({ idle: [10_000, 1_000, 0, 0] }), covariance: null };
    expect(run(base, move(1, 0.9, 1, 1)).volatility).to.equal(null);
    expect(() => run(base, move(1, 0, 1, 1))).to.throw(KeeperError, "above zero");
  });
});
