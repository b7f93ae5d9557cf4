import { expect } from "chai";
import { KeeperError } from "../../../keeper/src/errors.js";
import type { BetaModel } from "../../../keeper/src/model/forecast/beta-model.js";
import { DEFAULT_METHOD, EXPERTS, METHODS } from "../../../keeper/src/model/forecast/methods.js";
import { NaiveBeta } from "../../../keeper/src/model/forecast/naive.js";
import { expectClose } from "../expect-close.js";
import { HOUR, type Step, simulatedReturns } from "../support/simulated-returns.js";

const feed = (model: BetaModel, steps: readonly Step[]) => {
  for (const { time, asset, hedges } of steps) model.update(time, HOUR, asset, hedges);
};

describe("methods", () => {
  const steps = simulatedReturns(24 * 120, 1, () => [1.3, -0.2]);

  it("include the default one and its experts", () => {
    expect(METHODS).to.have.property(DEFAULT_METHOD);
    expect(METHODS).to.include.keys(...Object.keys(EXPERTS));
  });

  for (const [name, make] of Object.entries(METHODS)) {
    it(`${name} finds betas that do not change`, () => {
      const model = make(2);
      feed(model, steps);
      const betas = model.betas()!;
      // Naive and the band do not go all the way; the mixture follows the others.
      const tolerance = name === "naive" ? 0.31 : name === "ewma-3d" ? 0.25 : 0.2;
      expectClose(betas[0], 1.3, tolerance);
      expectClose(betas[1], -0.2, tolerance);
    });

    it(`${name} answers by what it was told alone, as often as it is asked`, () => {
      const [asked, quiet] = [make(2), make(2)];
      for (const { time, asset, hedges } of steps.slice(0, 24 * 70)) {
        const told = [...hedges];
        asked.update(time, HOUR, asset, told);
        told.fill(Number.NaN);
        asked.betas();
        quiet.update(time, HOUR, asset, hedges);
      }
      const answer = [...asked.betas()!];
      expect(answer).to.deep.equal([...quiet.betas()!]);
      feed(quiet, steps.slice(24 * 70, 24 * 75));
      expect([...asked.betas()!]).to.deep.equal(answer);
    });

    if (name === "naive") continue;
    it(`${name} refuses returns that are unknown, too few, or out of order`, () => {
      const model = make(2);
      model.update(2 * HOUR, HOUR, 0.01, [0.01, 0.01]);
      expect(() => model.update(3 * HOUR, HOUR, Number.NaN, [0.01, 0.01])).to.throw(KeeperError, "Leave out");
      expect(() => model.update(3 * HOUR, HOUR, 0.01, [0.01])).to.throw(KeeperError, "each hedge");
      expect(() => model.update(2 * HOUR, HOUR, 0.01, [0.01, 0.01])).to.throw(KeeperError, "order of time");
      expect(() => model.update(3 * HOUR, 0, 0.01, [0.01, 0.01])).to.throw(KeeperError, "positive length");
    });

    it(`${name} finds an asset that is its own hedge`, () => {
      const model = make(2);
      feed(
        model,
        steps.map((step) => ({ ...step, asset: step.hedges[1]! })),
      );
      const [first, second] = model.betas()!;
      const tolerance = name === "experts" ? 0.05 : name === "low-turnover" ? 0.07 : 0.04;
      expectClose(first, 0, tolerance);
      expectClose(second, 1, tolerance);
    });

    it(`${name} survives hours and days in which nothing moves`, () => {
      const model = make(2);
      feed(model, steps.slice(0, 24 * 65));
      for (let hour = 24 * 65; hour < 24 * 68; hour++) model.update((hour + 1) * HOUR, HOUR, 0, [0, 0]);
      feed(model, steps.slice(24 * 68, 24 * 75));
      for (const beta of model.betas()!) expect(Number.isFinite(beta)).to.equal(true);
    });

    it(`${name} takes any number of hedges`, () => {
      for (const count of [1, 4]) {
        const model = make(count);
        feed(
          model,
          simulatedReturns(24 * 70, 2, () => Array.from({ length: count }, () => 1 / count)),
        );
        expect(model.betas()).to.have.length(count);
        // Those that are made to follow fast are wide of what stands still.
        const sum = model.betas()!.reduce((a, b) => a + b);
        expectClose(sum, 1, 0.35);
      }
    });
  }

  it("have a naive one that needs its hedge", () => {
    expect(new NaiveBeta(3, 2).betas()).to.deep.equal([0, 0, 1]);
    expect(() => new NaiveBeta(2, 2)).to.throw(KeeperError, "does not exist");
  });
});
