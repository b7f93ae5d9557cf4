import { expect } from "chai";
import fc from "fast-check";
import { KeeperError } from "../../../keeper/src/errors.js";
import { criticalDepth, criticalShock, drawAccounts, fireSale } from "../../../keeper/src/model/contagion/fire-sale.js";

/** A thousand accounts at about five times leverage. */
const accounts = drawAccounts({ count: 1000, leverage: 5, spread: 0.35, maintenance: 0.005, seed: 1 });
const endOf = (shock: number, depth: number): number => 1 - Math.exp(-fireSale(accounts, shock, depth).fall);

import { expectClose } from "../expect-close.js";

describe("fire sale", () => {
  it("leaves a shock of 8% as it is at every depth, and takes one of 12% to 13%, 27% and 46% as the market gets thinner", () => {
    for (const depth of [16, 8, 4, 2]) expect(endOf(0.08, depth)).to.be.within(0.075, 0.085);
    [16, 8, 4, 2].forEach((depth, i) => {
      expectClose(endOf(0.12, depth), [0.12, 0.13, 0.27, 0.46][i]!, 0.012);
    });
  });

  it("has a phase transition in depth: a shock stays what it is above the critical one and multiplies below", () => {
    const { at, holds, runsAway } = criticalDepth(accounts, 0.12)!;
    expect(at).to.be.within(4, 8);
    expect(holds / 0.12, "just above").to.be.below(1.5);
    expect(runsAway / holds, "just below").to.be.above(1.4);
    expect(fireSale(accounts, 0.12, at * (1 + 1e-6)).liquidated).to.be.below(0.3);
    expect(fireSale(accounts, 0.12, at / (1 + 1e-6)).liquidated).to.be.above(0.5);
    expectClose(fireSale(accounts, 0.12, 100 * at).fall, 0.12, 0.002);
  });

  it("has one in the shock, which a deeper market moves up and takes away", () => {
    const points = [2, 4, 8, 1000].map((depth) => criticalShock(accounts, depth));
    points.slice(1).forEach(({ at }, i) => {
      expect(at).to.be.above(points[i]!.at);
    });
    const jumps = points.map(({ holds, runsAway }) => runsAway - holds);
    expect(jumps[0]).to.be.above(0.2);
    expect(jumps[3]).to.be.below(0.001);
    const { at } = points[1]!;
    expect(fireSale(accounts, at - 1e-6, 4).liquidated).to.be.below(0.5);
    expect(fireSale(accounts, at + 1e-6, 4).liquidated).to.be.at.least(0.5);
  });

  it("ends where every account that is reached has sold, and falls no less for a larger shock or a thinner market", () => {
    const positive = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(positive, positive), { minLength: 1, maxLength: 30 }),
        positive,
        positive,
        positive,
        (drawn, shock, depth, more) => {
          const few = { liquidatedAt: drawn.map(([level]) => level), size: drawn.map(([, size]) => size) };
          const { fall, liquidated, rounds } = fireSale(few, shock, depth);
          const reached = drawn.reduce((sum, [level, size]) => sum + (level <= fall ? size : 0), 0);
          expectClose(liquidated, reached, 1e-12);
          expectClose(fall, shock + reached / depth, 1e-12);
          expect(rounds).to.be.at.most(drawn.length);
          expect(fireSale(few, shock + more, depth).fall).to.be.at.least(fall - 1e-12);
          expect(fireSale(few, shock, depth + more).fall).to.be.at.most(fall + 1e-12);
        },
      ),
      { seed: 1 },
    );
  });

  it("knows shocks that run away at any depth and at none, and refuses accounts that cannot be", () => {
    expect(criticalDepth(accounts, 0.5)!.at).to.equal(Number.POSITIVE_INFINITY);
    expect(criticalDepth(accounts, 0)).to.equal(null);
    expect(() => drawAccounts({ count: 10, leverage: 1, spread: 0.4, maintenance: 0, seed: 1 })).to.throw(KeeperError);
    expect(() => fireSale(accounts, -0.1, 4)).to.throw(KeeperError);
    expect(() => fireSale(accounts, 0.1, 0)).to.throw(KeeperError);
    const safe = { liquidatedAt: [Number.POSITIVE_INFINITY, 0.2, Number.POSITIVE_INFINITY], size: [0.4, 0.2, 0.4] };
    expect(() => criticalShock(safe, 4)).to.throw(KeeperError, "no debt");
  });
});
