import { expect } from "chai";
import fc from "fast-check";
import { expectedLoss } from "../../../keeper/src/model/carry/venue-default.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { type BookHedge, openBook } from "../../../keeper/src/plan/book.js";
import { buildPlan } from "../../../keeper/src/plan/build-plan.js";
import { chooseHedge } from "../../../keeper/src/plan/hedge.js";
import { measureBook } from "../../../keeper/src/plan/measure-book.js";
import { InfeasibleHedgeError } from "../../../keeper/src/plan/program/infeasible.js";
import { solveHedgeProgram } from "../../../keeper/src/plan/program/solve-hedge-program.js";
import { costShare } from "../../../keeper/src/plan/trade.js";
import { expectClose } from "../expect-close.js";
import { limited } from "../plan/programs.js";
import { BTC_MARKET, ETH_MARKET, PERP_LEG, SIGMA, situationOf } from "../situation.js";

const config = parseConfig();
const likely = { probability: 0.02, lossShare: 1 };
const never = { probability: 0, lossShare: 1 };

interface Pair {
  /** Of ETH at both venues, USD a year. */
  funding?: [number, number];
  risks?: [typeof likely, typeof likely];
  /** ETH held, and equity, USD. */
  held?: [number, number];
  equity?: [number, number];
  idle?: number;
  banded?: boolean;
  /** ALT, or as much WETH, whose hedge does not drift: cost alone keeps it where it is. */
  of?: "ALT" | "WETH";
}

/** What is shorted in ETH, USD, against $60,000, at two venues that are alike in all else. */
function shorts(pair: Pair) {
  const { funding = [0, 0], risks = [likely, likely], held = [0, 0], equity, banded = false } = pair;
  const exposed = pair.of === "WETH" ? [0, 30] : [6_000, 0];
  const idle: [number, number, number, number] = [pair.idle ?? 140_000, exposed[0]!, exposed[1]!, 0];
  const scene = { idle, closed: [BTC_MARKET] };
  const legs = held.map((base, i): BookHedge => {
    const perp = { cash: equity?.[i] ?? 30_000, eth: base / 2_000 };
    const { positions, ...leg } = openBook(situationOf({ ...scene, perp })).hedges[PERP_LEG]!;
    return { ...leg, positions: positions.slice(0, 1) };
  });
  const book = { ...openBook(situationOf(scene)), hedges: { A: legs[0]!, B: legs[1]! } };
  const rates = funding.map((rate) => ({ [ETH_MARKET]: { rate, basis: "" } }));
  const choice = chooseHedge(
    {
      ...{ book, measured: measureBook(book), stable: [true, false, false, false], covariance: SIGMA, banded },
      ...{ marginFloor: 0.25, reserve: 0, maxGross: 1e9, maxVenue: 1e9, minTrade: 600, naiveAsset: -1 },
      funding: { A: rates[0]!, B: rates[1]! },
      venueDefaults: { A: risks[0], B: risks[1] },
      symbols: ["USDC", "ALT", "WETH", "WBTC"],
    },
    config,
  );
  const [a, b] = choice.targets.map(({ target }) => 0 - target) as [number, number];
  return { a, b, solution: choice.solution!, cost: costShare(legs[0]!.positions[0]!.quote!, 600) };
}

describe("hedge between venues that may fail", () => {
  it("is split evenly between two that are alike", () => {
    const { a, b } = shorts({});
    expect(a).to.be.above(25_000);
    expectClose(a, b, 1e-3);
    const banded = shorts({ banded: true });
    expectClose(banded.a, banded.b, 1);
  });

  it("leans to the one that pays more by Δf·NAV/(γ·π(L·m)²)/2, and to the one that is safer, but not for all of it", () => {
    const even = shorts({});
    const paid = shorts({ funding: [0, 0.05] });
    const nav = 140_000 + 60_000 + 60_000;
    // Half of the margin target of 0.5 of a dollar's short lies at the venue.
    const lean = (0.05 * nav) / (config.hedge.riskAversion * 0.02 * 0.5 ** 2);
    expectClose(paid.b - paid.a, lean, 1e-2);
    expect(paid.a).to.be.above(0);
    expect(paid.b).to.be.above(even.b);
    const safer = shorts({ risks: [likely, { probability: 0.01, lossShare: 1 }] });
    expectClose(safer.b / safer.a, 2, 1e-6);
    const half = shorts({ risks: [likely, { probability: 0.02, lossShare: 0.5 }] });
    expectClose(half.b / half.a, 4, 1e-6);
    expectClose(expectedLoss(likely), 0.02, 1e-12);
  });

  it("moves only where five days of the difference are worth twice the round trip", () => {
    const still: Pair = { of: "WETH", risks: [never, never], equity: [60_000, 60_000], banded: true };
    const pair = (difference: number) => shorts({ ...still, funding: [0, difference], held: [-60_000, 0] });
    const { a, b, cost } = pair(0);
    expect([a, b]).to.deep.equal([60_000, 0]);
    const hurdle = (2 * 2 * cost * 365) / 5;
    const under = pair(0.98 * hurdle);
    expect(under.a).to.equal(60_000);
    // A little more is shorted for so much funding: that is no switch, and pays its cost once.
    expect(under.b).to.be.below(1_000);
    expect(pair(1.02 * hurdle).b).to.be.above(59_000);
  });

  it("counts no venue's margin at another", () => {
    const bound = shorts({ funding: [0, 3], equity: [60_000, 2_000], idle: 0 });
    expectClose(bound.b, 8_000, 1e-6);
    expect(bound.a).to.be.above(20_000);
    expect(bound.solution.reasons.join()).to.include("$2,000 of margin at B binds");
  });

  it("has one venue's limit where all is at one venue", () => {
    fc.assert(
      fc.property(limited(3), fc.double({ min: 0.05, max: 1, noNaN: true }), (program, share) => {
        const instruments = program.instruments.map((one) => ({ ...one, margin: 0.5, venue: "V" }));
        const margin = share * 100;
        const solve = (limits: object) => {
          try {
            return solveHedgeProgram({
              ...program,
              instruments,
              limits: { ...program.limits, margin: 1e6, ...limits },
            });
          } catch (error) {
            if (error instanceof InfeasibleHedgeError) return null;
            throw error;
          }
        };
        const [byVenue, byTotal] = [solve({ venues: { V: margin } }), solve({ margin })];
        expect(byVenue === null).to.equal(byTotal === null);
        const scale = Math.max(1, ...program.exposure.map(Math.abs));
        for (const [i, value] of (byVenue?.positions ?? []).entries()) {
          expectClose(value, byTotal!.positions[i]!, 1e-5 * scale);
        }
      }),
      { seed: 9, numRuns: 40 },
    );
  });

  it("is in a plan of a vault with several venues, by kind, and not where there is only one", () => {
    const both = situationOf({ idle: [200_000, 0, 30, 0], lending: { cash: 0 }, closed: [BTC_MARKET] });
    const hedges = (perp: number, lender: number) => {
      const set = { probability: perp, lossShare: 1 };
      const venueDefault = { "perp-v2": set, "aave-v3": { ...set, probability: lender } };
      const plan = buildPlan(both, parseConfig({ hedge: { venueDefault }, liquidity: { manage: false } }));
      return plan.orders.flatMap((order) => (order.action === "size" ? [order.leg] : []));
    };
    expect(hedges(0.05, 0)).to.not.include(PERP_LEG);
    expect(hedges(0, 0.05)).to.deep.equal([PERP_LEG]);
    const one = situationOf({ idle: [200_000, 0, 30, 0] });
    const risky = parseConfig({ hedge: { venueDefault: { "perp-v2": { probability: 1, lossShare: 1 } } } });
    expect(buildPlan(one, risky).orders).to.deep.equal(buildPlan(one, config).orders);
  });
});
