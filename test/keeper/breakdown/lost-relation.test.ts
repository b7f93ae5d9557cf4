import { expect } from "chai";
import { BreakdownDetector, type BreakdownState } from "../../../keeper/src/model/breakdown/detector.js";
import { canGuard } from "../../../keeper/src/model/breakdown/guard.js";
import { METHODS } from "../../../keeper/src/model/forecast/methods.js";
import { createMarket } from "../../bench/detectors/market.js";
import { expectClose } from "../expect-close.js";

const HOUR = 3600;
const DAY = 24;
const BREAK_AT = 120 * DAY;
const HOURS = BREAK_AT + 400 * DAY;

/** Hours of an asset that goes along with its hedge for 120 days, and then not at all. */
function lostRelation(seed: number): (readonly [number, number])[] {
  const market = createMarket({ seed, before: 0.75, after: 0, breakAt: BREAK_AT });
  return Array.from({ length: HOURS }, market);
}

function statesFrom(first: number, returns: readonly (readonly [number, number])[]): BreakdownState[] {
  const detector = new BreakdownDetector();
  return returns.slice(first).map(([asset, hedge], hour) => detector.update((first + hour) * HOUR, asset, hedge));
}

describe("a relation that is gone for good", () => {
  for (const seed of [1, 2, 3]) {
    it(`is no alarm any more after seven days without a reference, also for who has seen it whole (seed ${seed})`, () => {
      const returns = lostRelation(seed);
      const states = statesFrom(0, returns);
      const begins = states.findIndex(({ alarmed }, hour) => hour >= BREAK_AT && alarmed);
      expect(begins - BREAK_AT).to.be.within(1, 4 * DAY);
      const ends = states.findLastIndex(({ alarmed }) => alarmed) + 1;
      expect(ends - BREAK_AT).to.be.within(30 * DAY, 200 * DAY);
      for (const { reference, alarmed } of states.slice(ends - 167, ends)) {
        expect([reference, alarmed]).to.deep.equal([null, true]);
      }

      const [old, young] = [states.at(-1)!, statesFrom(HOURS - 120 * DAY, returns).at(-1)!];
      for (const { alarmed, reference, levels } of [old, young]) {
        expect([alarmed, reference, levels]).to.deep.equal([false, null, null]);
      }
      expectClose(young.correlation!, old.correlation!, 1e-6);
      expectClose(young.belief.holds, old.belief.holds, 0.01);
    });

    it(`brings no hedge back (seed ${seed})`, () => {
      const model = METHODS["guarded"]!(1);
      if (!canGuard(model)) throw new Error("The model is not guarded.");
      const after: number[] = [];
      for (const [hour, [asset, hedge]] of lostRelation(seed).entries()) {
        model.update((hour + 1) * HOUR, HOUR, 0.01 * asset, [0.01 * hedge]);
        if (hour === BREAK_AT - 1) expect(model.betas()![0]).to.be.within(0.5, 1);
        if (hour < BREAK_AT + 30 * DAY || model.guard().state!.alarmed) continue;
        after.push(model.betas()![0]!);
        expect(model.guard()).to.deep.include({ marginBuffer: 1, most: null, cut: 0 });
      }
      expect(after.length).to.be.above(200 * DAY);
      // Of the variance, the share that hedging by noise adds.
      const added = after.reduce((sum, beta) => sum + beta ** 2, 0) / after.length;
      expect(added).to.be.below(0.01);
      expect(Math.max(...after.map(Math.abs))).to.be.below(0.4);
    });
  }

  it("may come back after its opposite, and is then watched as if for the first time", () => {
    const turned = createMarket({ seed: 1, before: 0.75, after: -0.75, breakAt: BREAK_AT });
    const back = createMarket({ seed: 501, before: 0.75, after: 0.75, breakAt: 0 });
    const detector = new BreakdownDetector();
    const states = Array.from({ length: BREAK_AT + 200 * DAY }, (_, hour) =>
      detector.update(hour * HOUR, ...(hour < BREAK_AT + 90 * DAY ? turned() : back())),
    );
    const ended = states.findLastIndex(({ alarmed }) => alarmed) + 1;
    const again = states.findLastIndex(({ reference }) => reference === null) + 1;
    expect(ended).to.be.within(BREAK_AT + 168, BREAK_AT + 90 * DAY);
    expect(again).to.be.within(BREAK_AT + 90 * DAY, states.length - 30 * DAY);
    expect(Math.max(...Object.values(states[again]!.levels!))).to.be.below(0.5);
  });
});
