import { expect } from "chai";
import { RegimeFilter } from "../../../keeper/src/model/breakdown/regime-filter.js";
import { seededNormals } from "../../support/random.js";
import { expectClose } from "../expect-close.js";

/** Hours of a market whose slope and hedge's volatility are given by hour; what was believed after each. */
function believed(hours: number, slope: (hour: number) => number, volatility: (hour: number) => number, seed = 1) {
  const draw = seededNormals(seed);
  const filter = new RegimeFilter();
  return Array.from({ length: hours }, (_, hour) => {
    const hedge = draw();
    filter.add(slope(hour) * hedge + Math.sqrt(1 - slope(hour) ** 2) * draw(), hedge, volatility(hour) * hedge);
    return filter.belief();
  });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("regime filter", () => {
  it("begins with what is usual, and believes in a relation as long as there is one", () => {
    expectClose(new RegimeFilter().belief().holds, 180 / 194, 1e-12);
    const beliefs = believed(
      2000,
      () => 0.75,
      () => 0.01,
    );
    expect(mean(beliefs.slice(168).map(({ holds }) => holds))).to.be.greaterThan(0.98);
  });

  it("takes a break for likelier than none within three days, nine times in ten", () => {
    const least = Array.from({ length: 40 }, (_, seed) => {
      const slope = (hour: number) => (hour < 1000 ? 0.75 : 0);
      const beliefs = believed(1072, slope, () => 0.01, seed + 1);
      return Math.min(...beliefs.slice(1000).map(({ holds }) => holds));
    });
    expect(least.filter((holds) => holds < 0.5).length).to.be.at.least(36);
  });

  it("believes in a weaker relation once it has been so for weeks", () => {
    const beliefs = believed(
      3000,
      (hour) => (hour < 1000 ? 0.8 : 0.4),
      () => 0.01,
    );
    expect(mean(beliefs.slice(2000).map(({ holds }) => holds))).to.be.greaterThan(0.9);
  });

  it("keeps the hedge's variance by regime", () => {
    const beliefs = believed(
      1100,
      (hour) => (hour < 1000 ? 0.75 : 0),
      (hour) => (hour < 1000 ? 0.01 : 0.03),
    );
    expectClose(beliefs[999]!.varianceHolding, 1e-4, 1e-5);
    const { varianceHolding, varianceBroken } = beliefs.at(-1)!;
    expect(varianceBroken).to.be.greaterThan(3e-4);
    expect(varianceHolding).to.be.lessThan(2e-4);
  });

  it("gives both regimes the overall variance before it has seen the difference", () => {
    const filter = new RegimeFilter();
    expect(filter.belief()).to.deep.include({ varianceHolding: 0, varianceBroken: 0 });
    filter.add(1, 1, 0.02);
    expectClose(filter.belief().varianceHolding, 4e-4, 1e-12);
    expectClose(filter.belief().varianceBroken, 4e-4, 1e-12);
  });
});
