import { expect } from "chai";
import { breakdownAction } from "../../../keeper/src/model/breakdown/action.js";
import { BreakdownDetector, type BreakdownState } from "../../../keeper/src/model/breakdown/detector.js";
import { canGuard } from "../../../keeper/src/model/breakdown/guard.js";
import { GuardedBeta } from "../../../keeper/src/model/breakdown/guarded-beta.js";
import { HourlyDetector } from "../../../keeper/src/model/breakdown/hourly-detector.js";
import type { BetaModel } from "../../../keeper/src/model/forecast/beta-model.js";
import { createMarket } from "../../bench/detectors/market.js";
import { expectClose } from "../expect-close.js";

const HOUR = 3600;
const BREAK_AT = 1500;

/** Hours of an asset that goes along with its hedge until the break. */
function broken(hours: number, after = 0): { time: number; asset: number; hedge: number }[] {
  const market = createMarket({ seed: 3, before: 0.75, after, breakAt: BREAK_AT });
  return Array.from({ length: hours }, (_, hour) => {
    const [asset, hedge] = market();
    return { time: (hour + 1) * HOUR, asset: 0.01 * asset, hedge: 0.01 * hedge };
  });
}

/** Says what it is told to, and notes how it was asked to learn. */
function scripted(say: () => readonly number[] | null, deviation = 0) {
  const asked: [number, number][] = [];
  const posterior = () => say()?.map((_, i, all) => all.map((_, j) => (i === j ? deviation ** 2 : 0))) ?? null;
  const relearn = (factor: number, duration: number) => void asked.push([factor, duration]);
  const model: BetaModel = { update: () => {}, betas: say };
  return { asked, model: { ...model, relearn, posterior } };
}

describe("guarded betas", () => {
  it("are the model's until an alarm, which comes from the return of their basket", () => {
    const { model, asked } = scripted(() => [0.9]);
    const [guarded, detector] = [new GuardedBeta(1, model), new BreakdownDetector()];
    expect(canGuard(guarded)).to.equal(true);
    expect(guarded.guard()).to.deep.equal({ state: null, marginBuffer: 1, most: null, cut: 0 });
    let state: BreakdownState | null = null;
    for (const { time, asset, hedge } of broken(BREAK_AT + 100)) {
      if (!state?.alarmed) {
        expect(guarded.betas()).to.deep.equal([0.9]);
        expect(asked).to.deep.equal([]);
      }
      guarded.update(time, HOUR, asset, [hedge]);
      state = detector.update(time, asset, 0.9 * hedge);
      expect(guarded.guard().state).to.deep.equal(state);
    }
    expect(state!.alarmed).to.equal(true);
    expect(asked).to.deep.equal([[20, 48 * HOUR]]);
    expect(guarded.guard().marginBuffer).to.equal(1.5);
  });

  it("are cut by the doubt and then by the mixture: w·min(m, 2(m − z·s)) with one hedge", () => {
    for (const deviation of [0, 0.3, 0.6, 2]) {
      const { model } = scripted(() => [0.9], deviation);
      const guarded = new GuardedBeta(1, model);
      let alarmed = 0;
      for (const { time, asset, hedge } of broken(BREAK_AT + 150)) {
        guarded.update(time, HOUR, asset, [hedge]);
        const { state, cut } = guarded.guard();
        if (!state?.alarmed) continue;
        alarmed++;
        const { holds, varianceHolding, varianceBroken } = breakdownAction(state).belief;
        const weight = (holds * varianceHolding) / (holds * varianceHolding + (1 - holds) * varianceBroken);
        const safe = Math.max(0, Math.min(0.9, 2 * (0.9 - deviation)));
        expectClose(guarded.betas()![0], weight * safe, 1e-12);
        expectClose(cut, 1 - (weight * safe) / 0.9, 1e-12);
      }
      expect(alarmed).to.be.above(50);
    }
  });

  it("do not add up to more than at the alarm while increases are frozen, and may again after it", () => {
    let said = [0.6, -0.3];
    const { model } = scripted(() => said);
    const guarded = new GuardedBeta(2, model);
    let [frozen, bound] = [0, 0];
    for (const { time, asset, hedge } of broken(BREAK_AT + 600, 0.4)) {
      guarded.update(time, HOUR, asset, [hedge, 0.2 * hedge + (time % (2 * HOUR) === 0 ? 0.001 : -0.001)]);
      const { state, most } = guarded.guard();
      if (!state?.alarmed) continue;
      said = [60, -30];
      if (most === null) continue;
      frozen++;
      expectClose(most, 0.9, 1e-12);
      const [first, second] = guarded.betas() as [number, number];
      expect(first - second).to.be.at.most(0.9 + 1e-12);
      expectClose(first / second, -2, 1e-9);
      if (first - second > 0.9 - 1e-12) bound++;
    }
    expect(frozen).to.be.within(48, 600);
    expect(bound).to.be.above(10);
  });

  it("wait for a model that has none yet, and need no doubt of it", () => {
    let said: readonly number[] | null = null;
    const guarded = new GuardedBeta(1, { update: () => {}, betas: () => said });
    for (const { time, asset, hedge } of broken(BREAK_AT + 100)) {
      if (time === 30 * HOUR) said = [0.8];
      if (said === null) expect([guarded.betas(), guarded.guard().state]).to.deep.equal([null, null]);
      guarded.update(time, HOUR, asset, [hedge]);
    }
    expect(guarded.guard().state!.alarmed).to.equal(true);
    expect(guarded.betas()![0]).to.be.within(0, 0.8);
  });

  it("watch by the hour: shorter intervals are put together, longer ones scaled to it", () => {
    const hours = broken(BREAK_AT + 60);
    const [halves, wide, plain] = [new HourlyDetector(), new HourlyDetector(), new BreakdownDetector()];
    for (const { time, asset, hedge } of hours) {
      const state = plain.update(4 * time, asset, hedge);
      expect(halves.update(4 * time - 1800, 1800, 0.25 * asset, 0.5 * hedge)).to.equal(null);
      expect(halves.update(4 * time, 1800, 0.75 * asset, 0.5 * hedge)).to.deep.equal(state);
      const scaled = wide.update(4 * time, 4 * HOUR, 2 * asset, 2 * hedge)!;
      expect(scaled).to.deep.equal(state);
    }
  });
});
