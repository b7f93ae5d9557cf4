import { expect } from "chai";
import fc from "fast-check";
import { KeeperError } from "../../../keeper/src/errors.js";
import { DecayingSketch } from "../../../keeper/src/model/margin/decaying-sketch.js";
import { paretoQuantile } from "../../../keeper/src/model/margin/generalised-pareto.js";
import { createRandom } from "../../../keeper/src/model/random.js";

/** By definition: the highest value that the share of the weight reaches from above. */
function brute(values: readonly number[], halfLife: number, exceedance: number): number {
  const weighed = values.map((value, i) => ({ value, weight: 2 ** ((i + 1 - values.length) / halfLife) }));
  weighed.sort((a, b) => b.value - a.value);
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  let above = 0;
  for (const { value, weight } of weighed) {
    above += weight;
    if (above >= exceedance * total * (1 - 1e-12)) return value;
  }
  return 0;
}

describe("decaying sketch", () => {
  it("has the quantiles of the weighted values, to its accuracy", () => {
    const value = fc.double({ min: 0.001, max: 50, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 30, maxLength: 300 }),
        fc.constantFrom(20, 500, Number.POSITIVE_INFINITY),
        fc.double({ min: 0.11, max: 0.9, noNaN: true }),
        (values, halfLife, exceedance) => {
          const sketch = new DecayingSketch(halfLife);
          for (const one of values) sketch.add(one);
          const near = [exceedance * (1 - 1e-9), exceedance * (1 + 1e-9)].map((p) => brute(values, halfLife, p));
          expect(sketch.quantile(exceedance)).to.be.within(near[1]! * 0.996, near[0]! * 1.004);
        },
      ),
    );
  });

  it("forgets, through the scaling back of its weights too", () => {
    const sketch = new DecayingSketch(10);
    for (let i = 0; i < 5_000; i++) sketch.add(3);
    for (let i = 0; i < 200; i++) sketch.add(1);
    expect(sketch.quantile(0.001)).to.be.closeTo(1, 0.004);
    const remembering = new DecayingSketch(Number.POSITIVE_INFINITY);
    for (let i = 0; i < 5_000; i++) remembering.add(3);
    for (let i = 0; i < 200; i++) remembering.add(1);
    expect(remembering.quantile(0.5)).to.be.closeTo(3, 0.012);
  });

  it("extends a tail beyond what it has seen, and not where enough was seen", () => {
    const { uniform } = createRandom(9);
    const tail = { shape: 0.2, scale: 1 };
    const sketch = new DecayingSketch(Number.POSITIVE_INFINITY);
    const values = Array.from({ length: 2_000 }, () => paretoQuantile(tail, uniform()));
    for (const one of values) sketch.add(one);
    const highest = Math.max(...values);
    const truth = paretoQuantile(tail, 1e-5);
    expect(truth).to.be.above(highest);
    expect(sketch.quantile(1e-5)).to.be.within(highest, 1.6 * truth);
    expect(sketch.quantile(1e-5) / truth).to.be.above(0.6);
    expect(sketch.quantile(0.01)).to.be.closeTo(brute(values, Number.POSITIVE_INFINITY, 0.01), 0.03);
    // The same values, if twenty of them say what one separate value says: a twentieth of the evidence.
    const overlapping = new DecayingSketch(Number.POSITIVE_INFINITY, 20);
    for (const one of values) overlapping.add(one);
    expect(overlapping.quantile(0.002)).to.be.at.least(sketch.quantile(0.002));
    expect(overlapping.quantile(1e-5)).to.equal(sketch.quantile(1e-5));
  });

  it("believes what it has seen where that is a separate case or more, and the tail where it is less", () => {
    const spread = Array.from({ length: 995 }, (_, i) => (i < 900 ? 0.5 + i / 2_000 : 1 + (i - 900) / 500));
    const values = [...spread, 10, 10.1, 10.2, 10.3, 10.4];
    const [separate, overlapping] = [1, 100].map((overlap) => {
      const sketch = new DecayingSketch(Number.POSITIVE_INFINITY, overlap);
      for (const one of values) sketch.add(one);
      return sketch.quantile(0.009);
    });
    const seen = brute(values, Number.POSITIVE_INFINITY, 0.009);
    expect(separate! / seen).to.be.within(0.996, 1.004);
    expect(overlapping! / seen).to.be.above(1.5);
  });

  it("keeps what is next to nothing as nothing, and refuses what is no size", () => {
    const sketch = new DecayingSketch(100);
    expect(() => sketch.quantile(0.01)).to.throw(KeeperError, "Add values");
    for (let i = 0; i < 50; i++) sketch.add(0);
    expect(sketch.quantile(0.01)).to.equal(0);
    expect(() => sketch.add(-1)).to.throw(KeeperError);
    expect(() => sketch.add(Number.NaN)).to.throw(KeeperError);
    expect(() => sketch.quantile(0)).to.throw(KeeperError);
    expect(() => new DecayingSketch(0)).to.throw(KeeperError);
  });
});
