import { expect } from "chai";
import fc from "fast-check";
import { KeeperError } from "../../../keeper/src/errors.js";
import { concentrationOf } from "../../../keeper/src/model/collateral/concentration.js";
import { haircutOf } from "../../../keeper/src/model/collateral/haircut.js";
import { liquidationTimes, scaledMove } from "../../../keeper/src/model/collateral/liquidation-time.js";
import { liquidityPremium } from "../../../keeper/src/model/collateral/liquidity-premium.js";
import { lpHaircut } from "../../../keeper/src/model/collateral/lp-collateral.js";
import { pairGreeks } from "../../../keeper/src/model/lp-greeks.js";
import { expectClose } from "../expect-close.js";

const share = fc.double({ min: 0, max: 1, noNaN: true });

describe("haircut", () => {
  it("is the move as a share, the cost of selling and the depeg add-on, at most all", () => {
    const { move, premium, depeg, total } = haircutOf({ downMove: Math.log(2), premium: 0.01, depeg: 0.02 });
    expectClose(move, 0.5, 1e-15);
    expect([premium, depeg]).to.deep.equal([0.01, 0.02]);
    expectClose(total, 0.53, 1e-15);
    expect(haircutOf({ downMove: 5, premium: 0.3, depeg: 0.2 }).total).to.equal(1);
    expect(() => haircutOf({ downMove: Number.NaN, premium: 0 })).to.throw(KeeperError, "downMove");
    expect(() => haircutOf({ downMove: 0.1, premium: -0.1 })).to.throw(KeeperError, "premium");
  });

  it("grows by the root of the time that a concentrated holding takes to sell", () => {
    expect([0, 0.1, 0.25, 0.5, 1].map(liquidationTimes)).to.deep.equal([1, 1, 1, 2, 4]);
    const usual = haircutOf({ downMove: 0.2, premium: 0 });
    const slow = haircutOf({ downMove: 0.2, premium: 0, times: liquidationTimes(1) });
    expectClose(Math.log(1 - slow.move), 2 * Math.log(1 - usual.move), 1e-12);
    expect(() => scaledMove(0.1, 0.5)).to.throw(KeeperError, "horizon");
  });

  it("costs what a swap against a constant product costs", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        fc.double({ min: 1e3, max: 1e9, noNaN: true }),
        (amount, depth) => {
          // Out of reserves (depth, depth) of equal worth: depth·amount/(depth + amount).
          const out = (depth * amount) / (depth + amount);
          expectClose(liquidityPremium({ fee: 0, depth }, amount), 1 - out / amount, 1e-9);
        },
      ),
    );
    expect(liquidityPremium({ fee: 0.003, depth: 1e6 }, 0)).to.equal(0.003);
  });
});

describe("liquidity position as collateral", () => {
  const range = { liquidity: 1000, lower: 8, upper: 12.5 };
  const free = { downMove: 0, premium: 0 };

  it("is worth V at the fallen price, and not a share of V", () => {
    const s = 0.3;
    const { move, total } = lpHaircut(range, 10, 1, [{ downMove: -Math.log(1 - s), premium: 0 }, free], 0);
    expectClose(move, 1 - pairGreeks(range, 7, 1).value / pairGreeks(range, 10, 1).value, 1e-12);
    expect(total).to.equal(move);
    // Below the range it is all token0: it loses nearly the whole move, half of which a share of V would miss.
    expect(move).to.be.within(0.2, 0.3);
    const higher = lpHaircut(range, 12.5, 1, [{ downMove: -Math.log(1 - s), premium: 0 }, free], 0);
    expect(higher.move).to.be.below(move);
  });

  it("takes the time of the withdrawal and the cost of selling into account", () => {
    const stress = { downMove: 0.2, premium: 0.02 };
    const at = (latency: number) => lpHaircut(range, 10, 1, [stress, free], latency);
    expect(at(1).move).to.be.above(at(0).move);
    const low = pairGreeks(range, 10 * Math.exp(-0.2), 1);
    const sold = low.gradient[0] * 10 * Math.exp(-0.2);
    expectClose(at(0).premium, (0.02 * sold) / pairGreeks(range, 10, 1).value, 1e-12);
  });

  it("is the least of the box of both prices", () => {
    fc.assert(
      fc.property(share, share, share, share, (down0, down1, part0, part1) => {
        const stress = [
          { downMove: down0, premium: 0 },
          { downMove: down1, premium: 0 },
        ] as const;
        const inside = pairGreeks(range, 10 * Math.exp(-down0 * part0), Math.exp(-down1 * part1)).value;
        const counted = (1 - lpHaircut(range, 10, 1, stress, 0).total) * pairGreeks(range, 10, 1).value;
        expect(counted).to.be.at.most(inside * (1 + 1e-12));
      }),
    );
  });
});

describe("concentration", () => {
  it("is Herfindahl's index, its inverse and the largest part", () => {
    expect(concentrationOf([])).to.equal(null);
    expect(concentrationOf([0, 0])).to.equal(null);
    const even = concentrationOf([5, -5, 5, 5])!;
    expectClose(even.herfindahl, 0.25, 1e-15);
    expectClose(even.effective, 4, 1e-12);
    const one = concentrationOf([1, 8, 1])!;
    expectClose(one.herfindahl, 0.66, 1e-12);
    expect(one.largest).to.deep.equal({ index: 1, share: 0.8 });
  });
});
