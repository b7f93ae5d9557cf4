import fc from "fast-check";
import { HayashiYoshida } from "../../keeper/src/model/hayashi-yoshida.js";
import { expectClose } from "./expect-close.js";
import { vectors } from "./vectors.js";

interface Tick {
  asset: number;
  time: number;
  price: number;
}

/** Σ Δx·Δy over all pairs of returns whose half-open intervals overlap, each decayed from its later end. */
function brute(ticks: Tick[], a: number, b: number, halfLife: number): number {
  const end = Math.max(...ticks.map(({ time }) => time));
  const series = (asset: number) => ticks.filter((tick) => tick.asset === asset).sort((x, y) => x.time - y.time);
  const [x, y] = [series(a), series(b)];
  let sum = 0;
  for (let i = 1; i < x.length; i++) {
    for (let j = 1; j < y.length; j++) {
      const [from, to] = [Math.max(x[i - 1]!.time, y[j - 1]!.time), Math.min(x[i]!.time, y[j]!.time)];
      if (from >= to) continue;
      const later = Math.max(x[i]!.time, y[j]!.time);
      sum += (x[i]!.price - x[i - 1]!.price) * (y[j]!.price - y[j - 1]!.price) * 2 ** (-(end - later) / halfLife);
    }
  }
  return sum;
}

function stream(ticks: Tick[], size: number, halfLife: number): HayashiYoshida {
  const estimate = new HayashiYoshida(size, halfLife);
  for (const { asset, time, price } of ticks) estimate.observe(asset, time, price);
  return estimate;
}

const SIZE = 3;
const ticksArbitrary = fc
  .array(fc.record({ asset: fc.nat(SIZE - 1), time: fc.nat(30), price: fc.double({ min: -1, max: 1, noNaN: true }) }), {
    minLength: 3,
    maxLength: 40,
  })
  .map((ticks) => [...new Map(ticks.map((tick) => [`${tick.asset}:${tick.time}`, tick])).values()]);

/** Ascending in time; equal times in the order of a shuffle. */
function arrival(ticks: Tick[], seed: number): Tick[] {
  const rank = (tick: Tick) => (tick.asset * 2_654_435_761 + seed * 40_503 + tick.time * 97) % 1009;
  return [...ticks].sort((a, b) => a.time - b.time || rank(a) - rank(b));
}

describe("Hayashi-Yoshida covariance", () => {
  it("gives the reference covariance", () => {
    const { tx, x, ty, y, HY } = vectors.async;
    const ticks = [
      ...tx.map((time, i) => ({ asset: 0, time, price: x[i]! })),
      ...ty.map((time, i) => ({ asset: 1, time, price: y[i]! })),
    ].sort((a, b) => a.time - b.time);
    expectClose(stream(ticks, 2, Number.POSITIVE_INFINITY).sum(0, 1), HY, 1e-15);
  });

  it("equals the sum over overlapping intervals, with ties in any order", () => {
    fc.assert(
      fc.property(ticksArbitrary, fc.nat(1000), (ticks, seed) => {
        const estimate = stream(arrival(ticks, seed), SIZE, Number.POSITIVE_INFINITY);
        for (let a = 0; a < SIZE; a++) {
          for (let b = 0; b < SIZE; b++) {
            expectClose(estimate.sum(a, b), brute(ticks, a, b, Number.POSITIVE_INFINITY), 1e-12);
          }
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("forgets each overlapping pair from its later end on", () => {
    fc.assert(
      fc.property(ticksArbitrary, fc.nat(1000), fc.integer({ min: 2, max: 40 }), (ticks, seed, halfLife) => {
        const estimate = stream(arrival(ticks, seed), SIZE, halfLife);
        for (const [a, b] of [
          [0, 0],
          [0, 1],
          [1, 2],
        ] as const) {
          expectClose(estimate.sum(a, b), brute(ticks, a, b, halfLife), 1e-12);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("scales with the square of the prices", () => {
    fc.assert(
      fc.property(ticksArbitrary, (ticks) => {
        const base = stream(arrival(ticks, 1), SIZE, 10);
        const scaled = stream(
          arrival(
            ticks.map((tick) => ({ ...tick, price: 3 * tick.price })),
            1,
          ),
          SIZE,
          10,
        );
        expectClose(scaled.sum(0, 1), 9 * base.sum(0, 1), 1e-11);
      }),
    );
  });
});
