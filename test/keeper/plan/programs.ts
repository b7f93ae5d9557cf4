import fc from "fast-check";
import type { HedgeInstrument, HedgeLimits, HedgeProgram } from "../../../keeper/src/plan/program/hedge-program.js";

/** A number on a grid, so that no figure is almost nothing. */
export const number = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: 10_000 }).map((k) => min + ((max - min) * k) / 10_000);
const list = (arbitrary: fc.Arbitrary<number>, length: number) =>
  fc.array(arbitrary, { minLength: length, maxLength: length });

/** A = FF' + ridge. */
export function gram(factors: readonly (readonly number[])[], ridge: number): number[][] {
  return factors.map((row, i) =>
    factors.map((other, j) => row.reduce((sum, v, k) => sum + v * other[k]!, 0) + (i === j ? ridge : 0)),
  );
}

/** Programs with every kind of cost and without limits but caps and sides. */
export const unlimited = (most = 5): fc.Arbitrary<HedgeProgram> =>
  fc
    .record({ factors: fc.integer({ min: 1, max: 4 }), size: fc.integer({ min: 1, max: most }) })
    .chain(({ factors, size }) =>
      fc
        .record({
          exposure: list(number(-1000, 1000), factors),
          loadings: fc.array(list(number(-1, 1), factors), { minLength: size, maxLength: size }),
          covariance: fc.array(list(number(-1, 1), factors), { minLength: factors, maxLength: factors }),
          impact: fc.array(list(number(-0.01, 0.01), size), { minLength: size, maxLength: size }),
          current: list(number(-300, 300), size),
          cost: list(fc.oneof(fc.constant(0), number(0, 0.3)), size),
          funding: list(number(-0.5, 0.5), size),
          margin: list(number(0.05, 0.5), size),
          gamma: list(number(-1, 1), size),
          vega: list(number(-1, 1), size),
          side: fc.array(fc.constantFrom("short", "long", "both"), { minLength: size, maxLength: size }),
          cap: list(number(100, 2000), size),
          aversion: number(0.0005, 0.01),
          horizon: number(0.1, 2),
        })
        .map(
          (drawn): HedgeProgram => ({
            exposure: drawn.exposure,
            covariance: gram(drawn.covariance, 0.05),
            aversion: drawn.aversion,
            horizon: drawn.horizon,
            impact: gram(drawn.impact, 1e-5),
            instruments: drawn.loadings.map(
              (loading, j): HedgeInstrument => ({
                name: `I${j}`,
                loading,
                current: drawn.current[j]!,
                side: drawn.side[j] as HedgeInstrument["side"],
                cap: drawn.cap[j]!,
                cost: drawn.cost[j]!,
                funding: drawn.funding[j]!,
                margin: drawn.margin[j]!,
                gamma: drawn.gamma[j]!,
                vega: drawn.vega[j]!,
              }),
            ),
            limits: {},
          }),
        ),
    );

/** The same with limits of every kind, which some positions keep; `slack` says how little room they leave. */
export const limited = (most = 5): fc.Arbitrary<HedgeProgram> =>
  fc
    .record({
      program: unlimited(most),
      inside: list(number(0, 1), most),
      slack: list(fc.oneof(fc.constant(0.01), number(1, 300)), 7),
      use: list(fc.integer({ min: 0, max: 1 }), 7),
    })
    .map(({ program, inside, slack, use }) => {
      const kept = program.instruments.map(({ side, cap = 0 }, j) => {
        const [lower, upper] = [side === "long" ? 0 : -cap, side === "short" ? 0 : cap];
        return lower + inside[j]! * (upper - lower);
      });
      const sum = (weight: (one: HedgeInstrument, j: number) => number): number =>
        program.instruments.reduce((total, one, j) => total + weight(one, j), 0);
      const net = program.exposure.reduce((total, value) => total + value, 0);
      const loaded = (one: HedgeInstrument): number => one.loading.reduce((total, value) => total + value, 0);
      const [gamma, vega] = [sum((one, j) => one.gamma! * kept[j]!), sum((one, j) => one.vega! * kept[j]!)];
      const all: HedgeLimits = {
        margin: sum((one, j) => one.margin! * Math.abs(kept[j]!)) + slack[0]!,
        gross: sum((_, j) => Math.abs(kept[j]!)) + slack[1]!,
        turnover: sum((one, j) => Math.abs(kept[j]! - one.current)) + slack[2]!,
        netExposure: Math.abs(net + sum((one, j) => loaded(one) * kept[j]!)) + slack[3]!,
        gamma: { own: -100, lower: gamma - 100 - slack[4]! },
        vega: { own: 50, lower: vega + 50 - slack[5]!, upper: vega + 50 + slack[6]! },
      };
      const limits = Object.fromEntries(Object.entries(all).filter((_, i) => use[i] === 1)) as HedgeLimits;
      return { ...program, limits };
    });
