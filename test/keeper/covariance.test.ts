import { expect } from "chai";
import fc from "fast-check";
import { betas } from "../../keeper/src/model/beta.js";
import { GridCovariance } from "../../keeper/src/model/grid-covariance.js";
import { seededNormals } from "../support/random.js";
import { expectClose } from "./expect-close.js";

const HOUR = 3600;

describe("covariance from rounds", () => {
  /** Two feeds with thresholds and heartbeats over correlated hourly moves that go along straight lines between the hours. */
  function simulate(
    estimate: { observe(asset: number, time: number, logPrice: number): void },
    beta: number,
    seed: number,
  ) {
    const draw = seededNormals(seed);
    const price = [0, 0];
    const posted = [0, 0];
    const at = [0, 0];
    estimate.observe(0, 0, 0);
    estimate.observe(1, 0, 0);
    for (let hour = 0; hour < 24 * 60; hour++) {
      const eth = 0.008 * draw();
      const moves = [beta * eth + 0.006 * draw(), eth];
      for (let quarter = 1; quarter <= 4; quarter++) {
        const time = hour * HOUR + quarter * 900;
        for (const asset of [0, 1]) {
          price[asset]! += moves[asset]! / 4;
          const due = Math.abs(price[asset]! - posted[asset]!) >= [0.01, 0.005][asset]!;
          if (!due && time - at[asset]! < [24 * HOUR, HOUR][asset]!) continue;
          posted[asset] = price[asset]!;
          at[asset] = time;
          estimate.observe(asset, time, price[asset]!);
        }
      }
    }
  }

  it("finds the beta and the variance of feeds that report in steps", () => {
    let [ratio, variance] = [0, 0];
    for (let seed = 1; seed <= 8; seed++) {
      const estimate = new GridCovariance(2, { step: 8 * HOUR, staggers: 8, halfLife: 1e12 });
      simulate(estimate, 1.25, seed);
      const [[, c], [, v]] = estimate.covariance() as [[number, number], [number, number]];
      ratio += c / v / 1.25 / 8;
      variance += v / (0.008 ** 2 * 24 * 365) / 8;
    }
    expect(ratio).to.be.within(0.95, 1.05);
    // What a feed has not reported yet is missing at both ends of each return.
    expect(variance).to.be.within(0.84, 1.02);
  });

  it("is attenuated where the grid is finer than the feeds' resolution", () => {
    const correlation = (step: number): number => {
      let sum = 0;
      for (let seed = 1; seed <= 8; seed++) {
        const estimate = new GridCovariance(2, { step, staggers: 4, halfLife: 1e12 });
        simulate(estimate, 1.25, seed);
        const [[a, c], [, v]] = estimate.covariance() as [[number, number], [number, number]];
        sum += c / Math.sqrt(a * v) / 8;
      }
      return sum;
    };
    const truth = (1.25 * 0.008) / Math.hypot(1.25 * 0.008, 0.006);
    expect(correlation(900)).to.be.below(0.7 * truth);
    expect(correlation(8 * HOUR)).to.be.within(0.92 * truth, 1.04 * truth);
  });

  it("folds the rounds in force at grid times, whatever the order of equal times", () => {
    const brute = (rounds: readonly [number, number, number][], step: number) => {
      const last = Math.max(...rounds.map(([, time]) => time));
      const inForce = (asset: number, t: number) => rounds.filter(([a, time]) => a === asset && time <= t).at(-1)?.[2];
      const times = Array.from({ length: Math.ceil(last / step) + 1 }, (_, k) => k * step).filter(
        (t) => t < last && inForce(0, t) !== undefined && inForce(1, t) !== undefined,
      );
      const move = (asset: number, k: number) => inForce(asset, times[k]!)! - inForce(asset, times[k - 1]!)!;
      return times.slice(1).reduce((sum, _, k) => sum + move(0, k + 1) * move(1, k + 1), 0) / (times.length - 1);
    };
    const ticks = fc.array(
      fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 1, max: 400 }), fc.integer({ min: -50, max: 50 })),
      {
        minLength: 20,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(ticks, (drawn) => {
        const seen = new Set<string>();
        const rounds = drawn
          .map(([asset, time, price]) => [asset, time, price / 100] as [number, number, number])
          .filter(([asset, time]) => !seen.has(`${asset}/${time}`) && seen.add(`${asset}/${time}`))
          .sort(([, a], [, b]) => a - b);
        const estimate = new GridCovariance(2, { step: 10, staggers: 1, halfLife: 1e15 });
        for (const [asset, time, price] of rounds) estimate.observe(asset, time, price);
        const expected = brute(rounds, 10);
        if (!Number.isFinite(expected)) return;
        const found = (estimate.covariance()[0]![1]! * 10) / (365 * 86_400);
        expect(Math.abs(found - expected)).to.be.below(1e-3 * (Math.abs(expected) + 1e-3));
      }),
    );
  });

  it("regresses each asset on the instruments", () => {
    const covariance = [
      [1, 0.6, 0.5],
      [0.6, 0.5, 0.4],
      [0.5, 0.4, 0.6],
    ];
    const result = betas(covariance, [1, 2]);
    expectClose(result[1]![0], 1, 1e-12);
    expectClose(result[1]![1], 0, 1e-12);
    const residual = result[0]![0]! * 0.5 + result[0]![1]! * 0.4 - 0.6;
    expectClose(residual, 0, 1e-12);
  });
});
