import { expect } from "chai";
import fc from "fast-check";
import type { HedgeInstrument, HedgeProgram } from "../../../keeper/src/plan/program/hedge-program.js";
import { solveHedgeProgram } from "../../../keeper/src/plan/program/solve-hedge-program.js";
import { expectClose } from "../expect-close.js";
import { vectors } from "../vectors.js";
import { gram, limited, number, unlimited } from "./programs.js";

/** The objective, written out. */
function objective(program: HedgeProgram, h: readonly number[]): number {
  const { exposure, covariance, aversion, horizon, instruments, impact } = program;
  const total = exposure.map((d, k) => d + instruments.reduce((sum, { loading }, j) => sum + loading[k]! * h[j]!, 0));
  let value = 0;
  total.forEach((a, i) => {
    total.forEach((b, j) => {
      value += 0.5 * aversion * horizon * a * b * covariance[i]![j]!;
    });
  });
  instruments.forEach(({ cost = 0, costHorizon = horizon, funding = 0, current }, i) => {
    const move = h[i]! - current;
    value += ((cost * horizon) / costHorizon) * Math.abs(move) + horizon * funding * h[i]!;
    instruments.forEach((other, j) => {
      value += 0.5 * move * (impact?.[i]?.[j] ?? 0) * (h[j]! - other.current);
    });
  });
  return value;
}

/** By how much positions break the limits, at most. */
function broken({ instruments, limits, exposure }: HedgeProgram, h: readonly number[]): number {
  const sum = (weight: (one: HedgeInstrument, j: number) => number) =>
    instruments.reduce((total, one, j) => total + weight(one, j), 0);
  const net = exposure.reduce((a, b) => a + b, 0) + sum((one, j) => h[j]! * one.loading.reduce((a, b) => a + b, 0));
  const { margin = 1e9, gross = 1e9, turnover = 1e9, netExposure = 1e9, gamma, vega } = limits;
  const sensitivities = [gamma, vega].flatMap((limit, which) => {
    if (limit === undefined) return [];
    const at = limit.own + sum((one, j) => h[j]! * ((which === 0 ? one.gamma : one.vega) ?? 0));
    return [at - (limit.upper ?? 1e9), (limit.lower ?? -1e9) - at];
  });
  return Math.max(
    sum((one, j) => (one.margin ?? 0) * Math.abs(h[j]!)) - margin,
    sum((_, j) => Math.abs(h[j]!)) - gross,
    sum((one, j) => Math.abs(h[j]! - one.current)) - turnover,
    Math.abs(net) - netExposure,
    ...sensitivities,
    ...instruments.map(({ side, cap = 1e9 }, j) =>
      Math.max(Math.abs(h[j]!) - cap, side === "short" ? h[j]! : side === "long" ? -h[j]! : 0),
    ),
  );
}

/** The largest violation of the KKT conditions of the program as it is written, with the solution's own multipliers. */
function kkt(program: HedgeProgram): number {
  const { positions: h, binding } = solveHedgeProgram(program);
  const { exposure, covariance, aversion, horizon, instruments, impact } = program;
  const price = (kind: string, bound: string, instrument?: number): number =>
    binding.find((one) => one.kind === kind && one.bound === bound && one.instrument === instrument)?.price ?? 0;
  expect(binding.every((one) => one.price > 0)).to.equal(true);
  const total = exposure.map((d, k) => d + instruments.reduce((sum, { loading }, j) => sum + loading[k]! * h[j]!, 0));
  let [worst, size] = [Math.max(0, broken(program, h)) * aversion, 0];
  instruments.forEach((one, j) => {
    let slope = horizon * (one.funding ?? 0);
    total.forEach((a, i) => {
      one.loading.forEach((b, k) => {
        slope += aversion * horizon * a * b * covariance[i]![k]!;
      });
    });
    instruments.forEach((other, i) => {
      slope += (impact?.[j]?.[i] ?? 0) * (h[i]! - other.current);
    });
    size = Math.max(size, Math.abs(slope));
    const loaded = one.loading.reduce((a, b) => a + b, 0);
    slope += loaded * (price("netExposure", "upper") - price("netExposure", "lower"));
    slope += (one.gamma ?? 0) * (price("gamma", "upper") - price("gamma", "lower"));
    slope += (one.vega ?? 0) * (price("vega", "upper") - price("vega", "lower"));
    for (const kind of ["cap", "side"]) slope += price(kind, "upper", j) - price(kind, "lower", j);
    const trading = (one.cost ?? 0) + price("turnover", "upper");
    const holding = (one.margin ?? 0) * price("margin", "upper") + price("gross", "upper");
    const kinks: [number, number][] = [
      [trading, h[j]! - one.current],
      [holding, h[j]!],
    ];
    // −slope must be a subgradient of Σ weight·|distance|, whose distance from the interval is the violation.
    let [low, high] = [slope, slope];
    for (const [weight, distance] of kinks) {
      low += distance > 0 ? weight : -weight;
      high += distance < 0 ? -weight : weight;
    }
    worst = Math.max(worst, low, -high);
  });
  return worst / Math.max(size, 1e-3);
}

const identity = (size: number) =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => Number(i === j)));

describe("hedge program", () => {
  vectors.qp.forEach(({ n, P, q, x0, kappa, lb, ub, gross, x }, index) => {
    it(`gives the reference solution ${index + 1}`, () => {
      expect(lb).to.deep.equal(ub.map((value) => -value));
      const { positions, residual } = solveHedgeProgram({
        exposure: q.map(() => 0),
        covariance: x.map((_, i) => P.slice(i * n, (i + 1) * n)),
        aversion: 1,
        horizon: 1,
        instruments: identity(n).map((loading, j) => ({
          ...{ name: `${j}`, loading, side: "both", current: x0[j]!, cap: ub[j]!, cost: kappa[j]!, funding: q[j]! },
        })),
        limits: { gross },
      });
      x.forEach((expected, i) => {
        expectClose(positions[i], expected, 1e-9 * Math.abs(expected));
      });
      expect(residual).to.be.below(1e-12);
    });
  });

  it("satisfies the conditions of Karush, Kuhn and Tucker with the prices that it reports", () => {
    fc.assert(
      fc.property(limited(), (program) => {
        expect(kkt(program)).to.be.below(1e-6);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("solves twenty instruments with every limit, and says with what accuracy", () => {
    fc.assert(
      fc.property(limited(20), (program) => {
        expect(solveHedgeProgram(program).residual).to.be.below(1e-7);
        expect(kkt(program)).to.be.below(1e-6);
      }),
      { numRuns: 15, seed: 2 },
    );
  });

  it("solves where risk counts for almost nothing, or for almost everything, and where one factor is all there is", () => {
    fc.assert(
      fc.property(limited(6), fc.constantFrom(1e-6, 1, 1e5), fc.boolean(), (drawn, times, flat) => {
        const { impact: _, ...plain } = drawn;
        const covariance = drawn.covariance.map((row, i) => row.map((value, j) => (flat ? (i + 1) * (j + 1) : value)));
        const program = { ...plain, covariance, aversion: times * drawn.aversion };
        expect(solveHedgeProgram(program).residual).to.be.below(1e-9);
        expect(kkt(program)).to.be.below(1e-6);
      }),
      { numRuns: 150, seed: 9 },
    );
  });

  it("keeps every limit, and nothing that keeps them nearby is better", () => {
    fc.assert(
      fc.property(limited(3), fc.array(number(-60, 60), { minLength: 3, maxLength: 3 }), (program, steps) => {
        const { positions } = solveHedgeProgram(program);
        expect(broken(program, positions)).to.be.at.most(1e-5);
        const best = objective(program, positions);
        for (const share of [1, 0.1, 0.01]) {
          const moved = positions.map((h, j) => h + share * steps[j]!);
          if (broken(program, moved) <= 0)
            expect(objective(program, moved)).to.be.at.least(best - 1e-6 * (1 + Math.abs(best)));
        }
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  it("rests exactly where the slope is inside the cost, and nowhere else", () => {
    fc.assert(
      fc.property(unlimited(), number(0, 2), (drawn, dearer) => {
        const instruments = drawn.instruments.map((one) => ({
          ...one,
          ...{ side: "both" as const, cap: 1e4, cost: dearer * one.cost! },
        }));
        const program: HedgeProgram = { ...drawn, instruments };
        const now = instruments.map(({ current }) => current);
        const step = 1e-3;
        const slopes = now.map((_, j) => {
          const at = (by: number) =>
            objective(
              { ...program, instruments: instruments.map((one) => ({ ...one, cost: 0 })) },
              now.map((h, i) => (i === j ? h + by : h)),
            );
          return (at(step) - at(-step)) / (2 * step);
        });
        const room = slopes.map((slope, j) => instruments[j]!.cost - Math.abs(slope));
        const { positions, resting } = solveHedgeProgram(program);
        const still = positions.every((h, j) => h === now[j]);
        if (room.every((value) => value > 1e-4)) {
          expect(still).to.equal(true);
          expect(resting.length).to.equal(now.length);
        }
        if (room.some((value) => value < -1e-4)) expect(still).to.equal(false);
      }),
      { numRuns: 200, seed: 4 },
    );
  });

  it("takes what is left of a position for none, however little it is", () => {
    fc.assert(
      fc.property(unlimited(), number(-14, 0), (drawn, exponent) => {
        const held = (dust: number): HedgeProgram => ({
          ...drawn,
          instruments: drawn.instruments.map((one, j) => ({
            ...one,
            ...{ side: "short" as const, cap: 1e4, current: j === 0 ? -dust : -Math.abs(one.current) },
          })),
        });
        const [left, none] = [10 ** exponent, 0].map((dust) => solveHedgeProgram(held(dust)).positions);
        left!.forEach((position, j) => {
          expect(Math.abs(position - none![j]!)).to.be.at.most(2 * 10 ** exponent + 1e-6);
        });
      }),
      { numRuns: 300, seed: 11 },
    );
  });

  it("keeps its solution when aversion, costs and funding are scaled alike", () => {
    fc.assert(
      fc.property(limited(4), number(0.01, 100), (program, c) => {
        const scaled: HedgeProgram = {
          ...program,
          aversion: c * program.aversion,
          impact: program.impact!.map((row) => row.map((value) => c * value)),
          instruments: program.instruments.map((one) => ({ ...one, cost: c * one.cost!, funding: c * one.funding! })),
        };
        const [one, other] = [solveHedgeProgram(program), solveHedgeProgram(scaled)];
        one.positions.forEach((h, j) => {
          expectClose(other.positions[j], h, 1e-4);
        });
      }),
      { numRuns: 100, seed: 5 },
    );
  });

  it("goes less far where trading is dearer", () => {
    fc.assert(
      fc.property(unlimited(1), number(0, 1), number(0, 1), (program, a, b) => {
        const moved = (cost: number) => {
          const instruments = program.instruments.map((one) => ({ ...one, side: "both" as const, cap: 1e6, cost }));
          return Math.abs(solveHedgeProgram({ ...program, instruments }).positions[0]! - instruments[0]!.current);
        };
        expect(moved(Math.max(a, b))).to.be.at.most(moved(Math.min(a, b)) + 1e-6);
      }),
      { numRuns: 100, seed: 6 },
    );
  });

  it("chooses the positions nearest to those held where several are best", () => {
    const twin = { loading: [1], side: "short" as const, current: 0 };
    const { positions } = solveHedgeProgram({
      exposure: [1000],
      covariance: [[0.5]],
      aversion: 1,
      horizon: 1,
      instruments: [
        { ...twin, name: "A", current: -300 },
        { ...twin, name: "B", current: -500 },
      ],
      limits: {},
    });
    expectClose(positions[0], -400, 0.1);
    expectClose(positions[1], -600, 0.1);
    expectClose(positions[0]! + positions[1]!, -1000, 1e-6);
  });

  it("keeps what cannot be traded, and hedges with the rest of a shared limit", () => {
    const { positions, binding } = solveHedgeProgram({
      exposure: [100_000, 0],
      covariance: gram(
        [
          [0.9, 0],
          [0.6, 0.3],
        ],
        0,
      ),
      aversion: 1e-3,
      horizon: 1,
      instruments: [
        { name: "ALT", loading: [1, 0], current: 0, side: "short" },
        { name: "ETH", loading: [0, 1], current: -50_000, side: "short", fixed: true },
      ],
      limits: { gross: 60_000 },
    });
    expect(positions[1]).to.equal(-50_000);
    expectClose(positions[0], -10_000, 1e-6);
    expect(binding.map(({ kind }) => kind)).to.deep.equal(["gross"]);
  });

  it("prices a limit as what one unit more of it is worth", () => {
    fc.assert(
      fc.property(limited(4), (program) => {
        const { positions, binding } = solveHedgeProgram(program);
        const one = binding.find(({ kind }) => ["margin", "gross", "turnover"].includes(kind));
        if (one === undefined) return;
        const here = objective(program, positions);
        const gain = (by: number) => {
          const limits = { ...program.limits, [one.kind]: one.allowed + by };
          return (here - objective(program, solveHedgeProgram({ ...program, limits }).positions)) / by;
        };
        // The optimum is convex in the limit: its slope lies between those of a step either way.
        expect(gain(5e-3)).to.be.at.most(one.price + 1e-5);
        expect(gain(-5e-3)).to.be.at.least(one.price - 1e-5);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});
