import { expect } from "chai";
import fc from "fast-check";
import { type QuadraticProgram, solveQuadraticProgram } from "../../keeper/src/plan/quadratic-program.js";
import { expectClose } from "./expect-close.js";
import { vectors } from "./vectors.js";

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

const programs = fc.integer({ min: 1, max: 5 }).chain((n) =>
  fc
    .record({
      factors: fc.array(fc.array(number(-1, 1), { minLength: n, maxLength: n }), { minLength: n, maxLength: n }),
      q: fc.array(number(-1, 1), { minLength: n, maxLength: n }),
      x0: fc.array(number(-0.3, 0.3), { minLength: n, maxLength: n }),
      kappa: fc.array(number(0, 0.5), { minLength: n, maxLength: n }),
      gross: number(0.3, 3),
    })
    .map(
      ({ factors, q, x0, kappa, gross }): QuadraticProgram => ({
        P: factors.map((row, i) =>
          factors.map((other, j) => row.reduce((sum, v, k) => sum + v * other[k]!, 0) + (i === j ? 0.1 : 0)),
        ),
        q,
        x0,
        kappa,
        lower: q.map(() => -1),
        upper: q.map(() => 1),
        gross,
      }),
    ),
);

function objective({ P, q, x0, kappa }: QuadraticProgram, x: readonly number[]): number {
  return x.reduce((sum, xi, i) => {
    const quadratic = P[i]!.reduce((inner, value, j) => inner + value * x[j]!, 0);
    return sum + 0.5 * xi * quadratic + q[i]! * xi + kappa[i]! * Math.abs(xi - x0[i]!);
  }, 0);
}

describe("quadratic program", () => {
  vectors.qp.forEach((vector, index) => {
    it(`gives the reference solution ${index + 1}`, () => {
      const { n, P, q, x0, kappa, lb, ub, gross } = vector;
      const rows = Array.from({ length: n }, (_, i) => P.slice(i * n, (i + 1) * n));
      const x = solveQuadraticProgram({ P: rows, q, x0, kappa, lower: lb, upper: ub, gross });
      vector.x.forEach((expected, i) => {
        expectClose(x[i], expected, 1e-6);
      });
    });
  });

  it("is feasible, and no feasible point nearby is better", () => {
    fc.assert(
      fc.property(programs, fc.array(number(-0.05, 0.05), { minLength: 5, maxLength: 5 }), (program, steps) => {
        const x = solveQuadraticProgram(program);
        const gross = x.reduce((sum, value) => sum + Math.abs(value), 0);
        expect(gross).to.be.at.most(program.gross + 1e-9);
        const moved = x.map((value, i) => Math.min(1, Math.max(-1, value + steps[i]!)));
        const movedGross = moved.reduce((sum, value) => sum + Math.abs(value), 0);
        const inside = movedGross <= program.gross ? moved : moved.map((value) => (value * program.gross) / movedGross);
        expect(objective(program, inside)).to.be.at.least(objective(program, x) - 1e-9);
      }),
      { numRuns: 1000 },
    );
  });

  it("does not trade exactly where the slope is inside the cost (KKT)", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const free = { ...program, gross: 100 };
        const slopes = free.q.map((q, i) => q + free.P[i]!.reduce((sum, v, j) => sum + v * free.x0[j]!, 0));
        const still = slopes.every((slope, i) => Math.abs(slope) <= free.kappa[i]! - 1e-9);
        const mustMove = slopes.some((slope, i) => Math.abs(slope) > free.kappa[i]! + 1e-6);
        const moved = solveQuadraticProgram(free).some((value, i) => Math.abs(value - free.x0[i]!) > 1e-9);
        if (still) expect(moved).to.equal(false);
        if (mustMove) expect(moved).to.equal(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("trades less where trading costs more, with one instrument", () => {
    fc.assert(
      fc.property(number(0.1, 2), number(-1, 1), number(-0.5, 0.5), number(0, 1), number(0, 1), (a, b, x0, k1, k2) => {
        const at = (kappa: number) =>
          solveQuadraticProgram({ P: [[a]], q: [b], x0: [x0], kappa: [kappa], lower: [-9], upper: [9], gross: 99 })[0]!;
        const [low, high] = [Math.min(k1, k2), Math.max(k1, k2)];
        expect(Math.abs(at(high) - x0)).to.be.at.most(Math.abs(at(low) - x0) + 1e-12);
      }),
    );
  });

  it("keeps its solution when the objective is scaled", () => {
    fc.assert(
      fc.property(programs, number(0.1, 10), (program, c) => {
        const scaled = {
          ...program,
          P: program.P.map((row) => row.map((v) => c * v)),
          q: program.q.map((v) => c * v),
          kappa: program.kappa.map((v) => c * v),
        };
        const [x, y] = [solveQuadraticProgram(program), solveQuadraticProgram(scaled)];
        x.forEach((value, i) => {
          expectClose(y[i], value, 1e-7);
        });
      }),
    );
  });
});
