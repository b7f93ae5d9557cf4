import { expect } from "chai";
import { KeeperError } from "../../../keeper/src/errors.js";
import type { Component, DependencyGraph } from "../../../keeper/src/model/contagion/dependency-graph.js";
import { failureTimes } from "../../../keeper/src/model/contagion/failure-times.js";

const YEAR = 24 * 365;
const OPTIONS = { paths: 20_000, horizonYears: 5, seed: 7 };
/** Four standard errors of a share of the paths. */
const near = (share: number): number => 4 * Math.sqrt((share * (1 - share)) / OPTIONS.paths) + 1e-9;
const part = (id: string, failuresPerYear: number, more: Partial<Component> = {}): Component => ({
  ...{ id, failuresPerYear, kind: "venue", repairHours: 10, loss: 0, meaning: "made up" },
  ...more,
});
const HEDGE = part("hedge", 0, { kind: "hedge" });
const graphOf = (
  components: readonly Component[],
  links: readonly [string, string, number, number][],
): DependencyGraph => ({
  components: [HEDGE, ...components],
  dependencies: links.map(([from, to, probability, delayHours]) => ({ from, to, probability, delayHours })),
  unhedgedVolatility: 0,
  insolvencyLoss: 0.5,
});

import { expectClose } from "../expect-close.js";

describe("time to unhedged and to insolvency", () => {
  it("is the minimum of exponentials where any of several parts takes the hedge with it", () => {
    const rates = [0.3, 0.7, 1];
    const parts = rates.map((rate, i) => part(`p${i}`, rate));
    const graph = graphOf(
      parts,
      parts.map(({ id }) => [id, "hedge", 1, 0]),
    );
    const { unhedged, unhedgedBy, insolvent } = failureTimes(graph, OPTIONS);
    for (const { hours, probability } of unhedged.within) {
      const exact = 1 - Math.exp((-2 * hours) / YEAR);
      expectClose(probability, exact, near(exact));
    }
    for (const { share, hours } of unhedged.quantiles) {
      const exact = (-Math.log(1 - share) * YEAR) / 2;
      expectClose(1 - Math.exp((-2 * hours!) / YEAR), 1 - Math.exp((-2 * exact) / YEAR), near(share));
    }
    expect(unhedgedBy.map(({ id }) => id)).to.deep.equal(["p2", "p1", "p0"]);
    unhedgedBy.forEach(({ share }, i) => {
      expectClose(share, [0.5, 0.35, 0.15][i]!, near(0.5));
    });
    expect(insolvent.reached).to.equal(0);
  });

  it("spares the hedge where a part is repaired before the delay is over, and follows chains and circles", () => {
    // A part at rate 3, 10 h to repair: an outage outlasts 5 h with e^-0.5, and then takes the hedge one time in two.
    const slow = failureTimes(graphOf([part("a", 3)], [["a", "hedge", 0.5, 5]]), OPTIONS);
    const rate = (3 / YEAR) * 0.5 * Math.exp(-0.5);
    const exact = 1 - Math.exp(-rate * 24 * 30);
    expectClose(slow.unhedged.within[2]!.probability, exact, near(exact) + 0.002);
    // a -> b -> a, and b takes the hedge: as fast as a and b fail together.
    const circle = graphOf(
      [part("a", 1), part("b", 1)],
      [
        ["a", "b", 1, 0],
        ["b", "a", 1, 0],
        ["b", "hedge", 1, 0],
      ],
    );
    const both = 1 - Math.exp((-2 * 24 * 30) / YEAR);
    expectClose(failureTimes(circle, OPTIONS).unhedged.within[2]!.probability, both, near(both));
  });

  it("adds losses up to the insolvency, and counts one of a part that is never repaired once", () => {
    const lost = { loss: 0.3, repairHours: null };
    const twice = failureTimes(graphOf([part("a", 2, lost), part("b", 2, lost)], []), OPTIONS);
    // Both have failed within a year.
    const exact = (1 - Math.exp(-2)) ** 2;
    expectClose(twice.insolvent.within[3]!.probability, exact, near(exact));
    const once = failureTimes(graphOf([part("a", 2, lost)], []), OPTIONS);
    expect(once.insolvent.reached).to.equal(0);
  });

  it("takes a move of the unhedged vault at the end of each spell, and knows how long it stood unhedged", () => {
    const never = part("a", 1e6, { repairHours: null });
    const graph = { ...graphOf([never], [["a", "hedge", 1, 0]]), unhedgedVolatility: 1 };
    const forever = { ...graph, components: [{ ...HEDGE, repairHours: null }, never] };
    const options = { ...OPTIONS, horizonYears: 1 };
    const { insolvent, timeUnhedged } = failureTimes(forever, options);
    // One year unhedged at a volatility of one: a loss of half is a move of ln(1/2), and Φ(-0.6931) = 0.24412.
    expectClose(insolvent.reached, 0.24412, near(0.244));
    expectClose(timeUnhedged, 1, 1e-3);
    const seldom = failureTimes({ ...graphOf([part("a", 2)], [["a", "hedge", 1, 0]]) }, OPTIONS);
    // Up for half a year on average, then down for 10 hours.
    expectClose(seldom.timeUnhedged, 10 / (10 + YEAR / 2), 5e-5);
  });

  it("gives the same times for the same seed, and others for another", () => {
    const graph = graphOf([part("a", 1)], [["a", "hedge", 1, 0]]);
    const few = { ...OPTIONS, paths: 50 };
    expect(failureTimes(graph, few)).to.deep.equal(failureTimes(graph, few));
    expect(failureTimes(graph, { ...few, seed: 8 })).not.to.deep.equal(failureTimes(graph, few));
  });

  it("refuses a graph that means nothing", () => {
    const good = graphOf([part("a", 1)], [["a", "hedge", 1, 0]]);
    for (const bad of [
      { ...good, components: [...good.components, part("a", 2)] },
      graphOf([part("a", -1)], []),
      graphOf([part("a", 1)], [["a", "b", 1, 0]]),
      graphOf([part("a", 1)], [["a", "hedge", 1.5, 0]]),
      { ...good, insolvencyLoss: 0 },
    ]) {
      expect(() => failureTimes(bad, OPTIONS)).to.throw(KeeperError);
    }
  });
});
