import { expect } from "chai";
import fc from "fast-check";
import { HedgeProgramError } from "../../../keeper/src/plan/program/check-program.js";
import type { HedgeProgram } from "../../../keeper/src/plan/program/hedge-program.js";
import type { HedgeSolution } from "../../../keeper/src/plan/program/hedge-solution.js";
import { InfeasibleHedgeError } from "../../../keeper/src/plan/program/infeasible.js";
import { solveHedgeProgram } from "../../../keeper/src/plan/program/solve-hedge-program.js";
import { expectClose } from "../expect-close.js";
import { limited, number } from "./programs.js";

/** $100,000 of ALT, which ETH and BTC hedge. */
const base: HedgeProgram = {
  exposure: [100_000, 0, 0],
  covariance: [
    [1.2, 0.6, 0.45],
    [0.6, 0.6, 0.4],
    [0.45, 0.4, 0.4],
  ],
  aversion: 1e-4,
  horizon: 7 / 365,
  instruments: [
    {
      name: "ETH",
      loading: [0, 1, 0],
      current: -20_000,
      side: "short",
      cap: 80_000,
      cost: 5e-4,
      margin: 0.3,
      funding: 0.1,
    },
    { name: "BTC", loading: [0, 0, 1], current: 0, side: "short", cap: 80_000, cost: 5e-4, margin: 0.2 },
  ],
  limits: {},
};

function refusal(program: HedgeProgram): InfeasibleHedgeError {
  try {
    solveHedgeProgram(program);
  } catch (error) {
    if (error instanceof InfeasibleHedgeError) return error;
    throw error;
  }
  throw new Error("it was solved");
}

describe("limits of a hedge that contradict each other", () => {
  it("are named, with what each would have to allow", () => {
    const error = refusal({ ...base, limits: { netExposure: 10_000, turnover: 30_000, gross: 500_000 } });
    expect(error.limits.map(({ kind }) => kind).sort()).to.deep.equal(["netExposure", "turnover"]);
    const needed = Object.fromEntries(error.limits.map((limit) => [limit.kind, limit.needed]));
    // $100,000 less $20,000 held must fall to $10,000: $70,000 of turnover. With $30,000 it falls to $50,000.
    expectClose(needed["turnover"], 70_000, 1);
    expectClose(needed["netExposure"], 50_000, 1);
    expect(error.message).to.include("a turnover of $30,000").and.include("a net exposure of at most $10,000");
    expect(error.nextStep).to.include("$70,000").and.include("$50,000");
  });

  it("may be caps and sides of instruments", () => {
    const instruments = base.instruments.map((one) => ({ ...one, cap: 30_000 }));
    const error = refusal({ ...base, instruments, limits: { netExposure: 10_000 } });
    expect(error.limits.length).to.equal(3);
    expect(error.message).to.include("a position in ETH of at least -$30,000");
    for (const { kind, needed } of error.limits) expectClose(needed, kind === "cap" ? -60_000 : 40_000, 1);
  });

  it("may be a sensitivity that options must bring, from above, from below or exactly", () => {
    const option = {
      name: "put",
      loading: [0, -0.4, 0],
      current: 0,
      side: "long" as const,
      gamma: 2,
      vega: 0.5,
      cost: 0.01,
    };
    const instruments = [...base.instruments, option];
    const gamma = { own: -10_000, lower: -2_000 };
    const { positions, binding } = solveHedgeProgram({ ...base, instruments, limits: { gamma } });
    expectClose(positions[2], 4_000, 1e-6);
    expect(binding.find(({ kind }) => kind === "gamma")).to.include({ bound: "lower", allowed: -2_000 });
    const little = refusal({
      ...base,
      instruments: [...base.instruments, { ...option, cap: 1_000 }],
      limits: { gamma },
    });
    expect(little.message).to.include("a gamma of at least -2,000").and.include("a position in put of at most $1,000");
    const needed = Object.fromEntries(little.limits.map((limit) => [limit.kind, limit.needed]));
    expectClose(needed["gamma"], -8_000, 1);
    expectClose(needed["cap"], 4_000, 1);
    // Vega can only rise with a long option: exactly less than now is out of reach, and more is not.
    const exactly = (vega: number) => ({
      ...base,
      instruments,
      limits: { vega: { own: 100, lower: vega, upper: vega } },
    });
    expectClose(solveHedgeProgram(exactly(600)).positions[2], 1_000, 1e-6);
    const below = refusal(exactly(40));
    expect(below.message).to.include("a vega of exactly 40").and.include("no short position in put");
    expectClose(below.limits.find(({ kind }) => kind === "vega")!.needed, 100, 1e-3);
    const above = refusal({ ...exactly(900), instruments: [...base.instruments, { ...option, cap: 1_000 }] });
    expectClose(above.limits.find(({ kind }) => kind === "vega")!.needed, 600, 1e-3);
    // Nothing that can be traded has any.
    const none = refusal({ ...base, limits: { gamma } });
    expect(none.message).to.include("what cannot be traded breaks it alone");
    expect(none.limits[0]!.needed).to.equal(-10_000);
  });

  it("may be one alone, that what cannot be traded breaks", () => {
    const instruments = base.instruments.map((one) => ({ ...one, fixed: true }));
    const error = refusal({ ...base, instruments, limits: { gross: 15_000 } });
    expect(error.limits).to.deep.equal([{ kind: "gross", bound: "upper", allowed: 15_000, needed: 20_000 }]);
    expect(error.message).to.include("cannot be traded");
    const mixed = [{ ...base.instruments[0]!, fixed: true }, base.instruments[1]!];
    expectClose(refusal({ ...base, instruments: mixed, limits: { gross: 15_000 } }).limits[0]!.needed, 20_000, 1);
  });

  it("can be kept as soon as one of them allows what it would have to", () => {
    fc.assert(
      fc.property(limited(4), number(0, 0.6), fc.integer({ min: 0, max: 10 }), (program, share, which) => {
        const tight = { ...program, limits: { ...program.limits, turnover: share * 300, netExposure: share * 50 } };
        let error: InfeasibleHedgeError;
        try {
          solveHedgeProgram(tight);
          return;
        } catch (caught) {
          if (!(caught instanceof InfeasibleHedgeError)) throw caught;
          error = caught;
        }
        const relaxed = (limit: (typeof error.limits)[number], allowed: number): HedgeProgram => {
          const more = limit.bound === "upper" ? allowed : -allowed;
          if (limit.kind === "cap" || limit.kind === "side") {
            const instruments = tight.instruments.map((one, j) =>
              j === limit.instrument
                ? { ...one, cap: Math.abs(allowed), ...(limit.kind === "side" && { side: "both" as const }) }
                : one,
            );
            return { ...tight, instruments };
          }
          if (limit.kind === "gamma" || limit.kind === "vega") {
            const own = { ...tight.limits[limit.kind]!, [limit.bound]: allowed };
            return { ...tight, limits: { ...tight.limits, [limit.kind]: own } };
          }
          return { ...tight, limits: { ...tight.limits, [limit.kind]: limit.kind === "netExposure" ? more : allowed } };
        };
        const limit = error.limits[which % error.limits.length]!;
        const gap = limit.needed - limit.allowed;
        const kinds = (one: InfeasibleHedgeError) =>
          one.limits.map(({ kind, bound, instrument }) => `${kind}${bound}${instrument}`);
        const set = kinds(error).sort().join();
        // Other limits may contradict each other too: this set must not, once it has what it asked for.
        const outcome = (allowed: number): string => {
          try {
            solveHedgeProgram(relaxed(limit, allowed));
            return "";
          } catch (caught) {
            if (!(caught instanceof InfeasibleHedgeError)) throw caught;
            return kinds(caught).sort().join();
          }
        };
        expect(outcome(limit.needed + 1e-3 * gap)).to.not.equal(set);
        if (error.limits.length > 1) expect(outcome(limit.needed - 0.02 * gap)).to.not.equal("");
      }),
      { numRuns: 40, seed: 8 },
    );
  });

  it("are told apart from figures that mean nothing", () => {
    const refused = (change: Partial<HedgeProgram>) =>
      expect(() => solveHedgeProgram({ ...base, ...change })).to.throw(HedgeProgramError);
    refused({ aversion: 0 });
    refused({ covariance: [[1]] });
    refused({
      covariance: [
        [1, 0, 0],
        [0, -1, 0],
        [0, 0, 1],
      ],
    })
      .with.property("nextStep")
      .that.includes("repairCovariance");
    refused({
      covariance: [
        [1, 0.5, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    });
    refused({ exposure: [Number.NaN, 0, 0] });
    refused({ limits: { gross: -1 } });
    refused({ instruments: [{ ...base.instruments[0]!, cost: -1 }] });
    refused({ instruments: [{ ...base.instruments[0]!, loading: [1] }] });
  });
});

describe("limits of a hedge that leave no room", () => {
  it("are kept to the dollar, and have a price", () => {
    const none = solveHedgeProgram({ ...base, limits: { turnover: 0 } });
    expect(none.positions).to.deep.equal([-20_000, 0]);
    expect(none.binding.map(({ kind }) => kind)).to.deep.equal(["turnover"]);
    const flat = solveHedgeProgram({ ...base, limits: { gross: 0 } });
    expect(flat.positions).to.deep.equal([0, 0]);
    const objective = ({ variance, cost }: HedgeSolution) =>
      (base.aversion * base.horizon * variance.after) / 2 + cost.trading + cost.funding;
    const some = solveHedgeProgram({ ...base, limits: { gross: 1 } });
    expectClose(flat.binding[0]!.price, objective(flat) - objective(some), 1e-3 * flat.binding[0]!.price);
    // Where nothing is left to choose, the certificate is measured against the risk, not against what trading costs.
    const cheap = base.instruments.map((one) => ({ ...one, current: -30_000, cost: 1e-12 }));
    const closed = solveHedgeProgram({ ...base, instruments: cheap, limits: { margin: 0, gross: 100_000 } });
    expect(closed.positions).to.deep.equal([0, 0]);
    expect(closed.residual).to.be.below(1e-9);
    const even = solveHedgeProgram({ ...base, limits: { netExposure: 0 } });
    expectClose(even.positions[0]! + even.positions[1]!, -100_000, 1e-6);
  });
});

describe("reasons of a hedge", () => {
  it("say what it does, what it costs and what binds", () => {
    const { reasons, variance, cost, binding, positions } = solveHedgeProgram({ ...base, limits: { margin: 12_000 } });
    expect(variance.unhedged).to.equal(1.2e10);
    expect(variance.after).to.be.below(variance.before);
    const traded = Math.abs(positions[0]! + 20_000) + Math.abs(positions[1]!);
    expectClose(cost.trading, 5e-4 * traded, 1e-9);
    expectClose(cost.funding, (7 / 365) * 0.1 * positions[0]!, 1e-9);
    expect(binding.map(({ kind }) => kind)).to.include("margin");
    const words = reasons.join("; ");
    expect(words).to.match(/volatility goes from \$[\d,]+ to \$[\d,]+ a year; without a hedge it is \$109,545/);
    expect(words).to.match(/funding brings \$[\d.]+ over 7 days/);
    expect(words).to.match(/\$12,000 of margin binds: \$1 more would be worth \$0\.\d+ over 7 days/);
  });

  it("name what rests inside its band", () => {
    const best = solveHedgeProgram(base).positions;
    const instruments = base.instruments.map((one, j) => ({
      ...one,
      current: best[j]! + (j === 0 ? 1 : 0),
      cost: 0.01,
    }));
    const { resting, positions, reasons } = solveHedgeProgram({ ...base, instruments });
    expect(resting).to.deep.equal(["ETH", "BTC"]);
    expect(positions).to.deep.equal(instruments.map(({ current }) => current));
    expect(reasons.join()).to.include("ETH, BTC stays: a trade gains less than it costs");
  });
});
