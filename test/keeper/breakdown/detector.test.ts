import { expect } from "chai";
import fc from "fast-check";
import { breakdownAction } from "../../../keeper/src/model/breakdown/action.js";
import {
  BreakdownDetector,
  BreakdownInputError,
  type BreakdownState,
} from "../../../keeper/src/model/breakdown/detector.js";
import { createMarket, type MarketOptions } from "../../bench/detectors/market.js";
import { expectClose } from "../expect-close.js";

const HOUR = 3600;
const BREAK_AT = 1500;
type Returns = readonly (readonly [number, number])[];

function returnsOf(options: Partial<MarketOptions>, hours: number): Returns {
  const market = createMarket({ seed: 1, before: 0.75, after: 0, breakAt: BREAK_AT, ...options });
  return Array.from({ length: hours }, () => market());
}

function run(returns: Returns): BreakdownState[] {
  const detector = new BreakdownDetector();
  return returns.map(([asset, hedge], hour) => detector.update(hour * HOUR, asset, hedge));
}

const seeds = fc.integer({ min: 1, max: 1_000_000 });

describe("breakdown detector", () => {
  it("is deterministic, and knows nothing of the future", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 1900 }), (seed, until) => {
        const returns = returnsOf({ seed }, 1900);
        const states = run(returns);
        expect(run(returns)).to.deep.equal(states);
        const otherwise = returns.map(([a, h], hour) => (hour < until ? ([a, h] as const) : ([-7 * h, h] as const)));
        expect(run(otherwise).slice(0, until)).to.deep.equal(states.slice(0, until));
      }),
      { numRuns: 8 },
    );
  });

  it("gives the same alarms for returns on another scale", () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 1e-6, max: 1e3, noNaN: true }), fc.nat(40), (seed, scale, power) => {
        const returns = returnsOf({ seed }, 1900);
        const states = run(returns);
        const scaled = run(returns.map(([asset, hedge]) => [asset * 2 ** -power, hedge * scale]));
        for (const [hour, state] of scaled.entries()) {
          expect(state.alarmed).to.equal(states[hour]!.alarmed);
          expectClose(state.belief.holds, states[hour]!.belief.holds, 1e-9);
          const variance = states[hour]!.belief.varianceBroken * scale ** 2;
          expectClose(state.belief.varianceBroken, variance, 1e-9 * variance);
        }
      }),
      { numRuns: 8 },
    );
  });

  it("raises an alarm when the relation breaks, and lowers the probability that it holds", () => {
    const states = run(returnsOf({ seed: 3 }, BREAK_AT + 200));
    expect(states[BREAK_AT - 1]!.alarmed).to.equal(false);
    expect(states[BREAK_AT - 1]!.belief.holds).to.be.greaterThan(0.9);
    expect(states.at(-1)!.alarmed).to.equal(true);
    expect(Math.min(...states.slice(BREAK_AT).map(({ belief }) => belief.holds))).to.be.lessThan(0.2);
    const { alarmedAt } = states.at(-1)!;
    expect(states.find(({ alarmed }) => alarmed)!.time).to.equal(alarmedAt);
  });

  it("says which of the statistics raised it", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const states = run(returnsOf({ seed }, BREAK_AT + 300));
      for (const [hour, { levels, alarmed, reference }] of states.entries()) {
        if (hour <= 672) expect(levels).to.equal(null);
        else expect(reference).to.be.within(0.4, 0.95);
        const begins = alarmed && !states[hour - 1]!.alarmed;
        if (begins) expect(Math.max(...Object.values(levels!))).to.be.at.least(1);
      }
    }
  });

  it("ends an alarm only after the correlation has been back for seven days, and does not flap", () => {
    let [ended, again] = [0, 0];
    for (let seed = 1; seed <= 12; seed++) {
      const there = createMarket({ seed, before: 0.75, after: 0, breakAt: BREAK_AT });
      const back = createMarket({ seed: seed + 500, before: 0.75, after: 0.75, breakAt: 0 });
      const states = run(Array.from({ length: 3500 }, (_, hour) => (hour < BREAK_AT + 240 ? there() : back())));
      let over = Number.NEGATIVE_INFINITY;
      for (const [hour, { alarmed, alarmedAt, time }] of states.entries()) {
        if (hour === 0 || alarmed === states[hour - 1]!.alarmed) continue;
        if (alarmed) again += time - over < 336 * HOUR ? 1 : 0;
        else {
          ended++;
          over = time;
          expect(time - alarmedAt!).to.be.at.least(168 * HOUR);
          for (const { correlation, reference, levels } of states.slice(hour - 167, hour + 1)) {
            expect(correlation!).to.be.greaterThan(Math.min(0.5, (2 / 3) * reference!));
            expect(Math.max(...Object.values(levels!))).to.be.lessThan(0.75);
          }
        }
      }
    }
    expect(ended).to.be.at.least(10);
    expect(again).to.be.at.most(1);
  });

  it("never raises an alarm because a correlation rises or both stand still", () => {
    const rising = run(returnsOf({ seed: 9, before: 0.5, after: 0.95 }, BREAK_AT + 500));
    expect(rising.slice(BREAK_AT).some(({ alarmed }) => alarmed)).to.equal(false);
    const still = run(Array.from({ length: 1500 }, () => [0, 0] as const));
    expect(still.at(-1)).to.deep.include({ alarmed: false, reference: null, correlation: null });
    expect(still.at(-1)!.belief.holds).to.be.within(0.9, 1);
  });

  it("refuses returns that are not hourly numbers in order", () => {
    const detector = new BreakdownDetector();
    detector.update(HOUR, 0.01, 0.02);
    for (const [time, asset] of [
      [2 * HOUR, Number.NaN],
      [2 * HOUR, Number.POSITIVE_INFINITY],
      [HOUR, 0.01],
      [2 * HOUR - 1, 0.01],
      [Number.NaN, 0.01],
    ] as const) {
      expect(() => detector.update(time, asset, 0.01)).to.throw(BreakdownInputError);
    }
    expect(detector.update(9 * HOUR, 0.01, 0.02).time).to.equal(9 * HOUR);
  });
});

describe("what an alarm asks for", () => {
  const belief = { holds: 0.3, varianceHolding: 4e-5, varianceBroken: 9e-5 };
  const calm: BreakdownState = {
    time: 100 * HOUR,
    alarmed: false,
    alarmedAt: null,
    reference: 0.7,
    correlation: 0.7,
    levels: null,
    belief,
  };
  const at = (hours: number, holds = 0.3): BreakdownState => ({
    ...calm,
    alarmed: true,
    alarmedAt: 100 * HOUR,
    time: (100 + hours) * HOUR,
    belief: { ...belief, holds },
  });

  it("is nothing in calm, also after an alarm", () => {
    for (const state of [calm, { ...calm, alarmedAt: 90 * HOUR }, { ...calm, alarmedAt: 100 * HOUR }]) {
      expect(breakdownAction(state)).to.deep.equal({
        relearn: null,
        freezeIncreases: false,
        marginBuffer: 1,
        belief: { ...belief, holds: 1 },
      });
    }
  });

  it("is to learn again once, when it begins", () => {
    expect(breakdownAction(at(0)).relearn).to.deep.equal({ factor: 20, seconds: 48 * HOUR });
    expect(breakdownAction(at(1)).relearn).to.equal(null);
  });

  it("is to freeze increases while betas are learned again and while a break is likelier than none", () => {
    expect(breakdownAction(at(0, 0.9)).freezeIncreases).to.equal(true);
    expect(breakdownAction(at(47, 0.9)).freezeIncreases).to.equal(true);
    expect(breakdownAction(at(48, 0.9)).freezeIncreases).to.equal(false);
    expect(breakdownAction(at(200, 0.4)).freezeIncreases).to.equal(true);
  });

  it("is a wider margin buffer and the beliefs for the mixture, never a cut by itself", () => {
    const action = breakdownAction(at(72));
    expect(action.marginBuffer).to.be.greaterThan(1);
    expect(action.belief).to.deep.equal(belief);
    expect(Object.keys(action)).to.have.members(["relearn", "freezeIncreases", "marginBuffer", "belief"]);
  });
});
