import { expect } from "chai";
import fc from "fast-check";
import { KeeperError } from "../../../keeper/src/errors.js";
import { ShortAccount, type VenueTerms } from "../../../keeper/src/model/margin/short-account.js";
import { createRandom } from "../../../keeper/src/model/random.js";
import { expectClose } from "../expect-close.js";
import { vectors } from "../vectors.js";

const PERP_V2: VenueTerms = { maintenance: 0.0625, initial: 0.1, liquidationFee: 0.025, slippage: 0.01 };
const LEVELS = { low: 0.2, target: 0.25, high: 0.5 };

/** An account with this much short of each instrument, at these prices, and margin at a target. */
function opened(
  units: number[],
  prices: number[],
  target: number,
  given: { latency?: number; terms?: VenueTerms } = {},
) {
  const { latency = 24, terms = PERP_V2 } = given;
  const account = new ShortAccount({ instruments: units.length, terms, latency });
  account.quote(prices);
  expect(account.trade(units, { low: 0, target, high: 10 }, 0)).to.equal(true);
  return account;
}

const price = fc.double({ min: 50, max: 200, noNaN: true });
const size = fc.double({ min: -3, max: 3, noNaN: true });

describe("short account", () => {
  it("earns what its shorts fall by, through trades that grow, shrink and turn it, less what they cost", () => {
    const hour = fc.record({
      prices: fc.tuple(price, price),
      units: fc.tuple(size, size),
      cost: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(hour, { minLength: 2, maxLength: 20 }), (hours) => {
        const account = opened([1, 1], [100, 100], 9);
        account.fund(0);
        let [wealth, before] = [account.equity, [100, 100]];
        for (const { prices, units, cost } of hours) {
          wealth -= prices.reduce((sum, now, j) => sum + account.units[j]! * (now - before[j]!), 0);
          if (account.mark(prices) !== undefined) return;
          expectClose(account.equity, wealth, 1e-9);
          if (account.trade(units, LEVELS, cost)) {
            wealth -= cost;
            expect([...account.units]).to.deep.equal(units);
          }
          expectClose(account.equity, wealth, 1e-9);
          before = prices;
        }
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it("is liquidated where the price passes (1 + margin)/(1 + maintenance), and not before; what is left of the cash stays", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 2, noNaN: true }),
        fc.double({ min: -0.2, max: 0.2, noNaN: true }),
        (margin, beyond) => {
          fc.pre(Math.abs(beyond) > 1e-9);
          const account = opened([2], [100], margin);
          const now = (100 * (1 + margin) * (1 + beyond)) / 1.0625;
          const liquidation = account.mark([now]);
          expect(liquidation !== undefined).to.equal(beyond > 0);
          if (liquidation === undefined) return;
          const left = 2 * (100 * margin - (now - 100)) - 0.035 * 2 * now;
          expectClose(liquidation.cost, 0.035 * 2 * now, 1e-12);
          expect([...account.units]).to.deep.equal([0]);
          expect(Math.abs(account.cash - Math.max(0, left))).to.be.below(1e-9);
          expect(Math.abs(liquidation.shortfall - Math.max(0, -left))).to.be.below(1e-9);
        },
      ),
      { seed: 4, numRuns: 300 },
    );
  });

  it("is cross-margined: what one short gains carries another's loss, and a long's loss counts", () => {
    expect(opened([1, 1], [100, 100], 0.2).mark([140, 60])).to.equal(undefined);
    expect(opened([1, 0], [100, 100], 0.2).mark([140, 60])).to.not.equal(undefined);
    expect(opened([1, -1], [100, 100], 0.2).mark([125, 75])).to.not.equal(undefined);
    expect(opened([1, -1], [100, 100], 0.2).mark([125, 125])).to.equal(undefined);
  });

  it("gets a top-up after its latency, after the mark of that hour, and orders nothing twice", () => {
    const account = opened([1], [100], 0.25, { latency: 3 });
    account.mark([105]);
    expectClose(account.keep(LEVELS), 0.25 * 105 - 20, 1e-12);
    expect(account.keep(LEVELS)).to.equal(0);
    account.mark([105]);
    account.mark([106]);
    expectClose(account.equity, 19, 1e-12);
    expectClose(account.inFlight, 0.25 * 105 - 20, 1e-12);
    account.mark([106]);
    expectClose(account.equity, 0.25 * 105 - 1, 1e-12);
    expect(account.inFlight).to.equal(0);
    // A top-up that would have saved it comes too late in the very hour.
    const late = opened([1], [100], 0.25, { latency: 1 });
    late.mark([110]);
    expect(late.keep(LEVELS)).to.be.above(0);
    expect(late.mark([118])).to.not.equal(undefined);
  });

  it("orders the difference where it falls further, as far as its reserve goes", () => {
    const account = opened([1], [100], 0.25);
    account.fund(10);
    account.mark([105]);
    const first = account.keep(LEVELS);
    account.mark([111]);
    expectClose(account.keep(LEVELS), 10 - first, 1e-12);
    account.mark([112]);
    expect(account.keep(LEVELS)).to.equal(0);
  });

  it("gives back what is beyond its target, but no profit that is not realised", () => {
    const account = opened([1], [100], 0.25);
    account.mark([50]);
    // Equity is 75, cash 25, of which the venue keeps the initial margin of 5.
    expectClose(account.keep(LEVELS), -20, 1e-12);
    expect(account.keep(LEVELS)).to.equal(0);
    expect(account.trade([0.5], LEVELS, 0)).to.equal(true);
    expectClose(account.cash, 5 + 25, 1e-12);
    expectClose(account.keep(LEVELS), -27.5, 1e-12);
  });

  it("brings margin along for what is added, and is refused where there is none", () => {
    const account = opened([1], [100], 0.25);
    expect(account.trade([2], LEVELS, 0.5)).to.equal(true);
    expectClose(account.equity, 50, 1e-12);
    account.fund(0);
    expect(account.trade([6], LEVELS, 0)).to.equal(false);
    expect([...account.units]).to.deep.equal([2]);
    expect(account.trade([4.9], LEVELS, 0.5)).to.equal(true);
  });

  it("cannot be reduced below maintenance", () => {
    const account = opened([1], [100], 0.25);
    account.accrue(-19);
    expect(account.trade([0.5], LEVELS, 0)).to.equal(false);
    expect(account.trade([0], LEVELS, 0)).to.equal(false);
    account.accrue(1);
    expect(account.trade([0.5], LEVELS, 0)).to.equal(true);
  });

  it("left alone is liquidated as often as first passage says, marks every ten minutes being a little kinder", () => {
    const { margin, mmr, mu, sigma, T_days: days, p } = vectors.first_passage_short.find((one) => Number(one.p) > 0.1)!;
    const terms = { ...PERP_V2, maintenance: mmr, initial: Math.max(mmr, 0.1) };
    const { normal } = createRandom(11);
    const step = 1 / (365 * 144);
    const paths = 2500;
    let liquidated = 0;
    for (let path = 0; path < paths; path++) {
      const account = opened([1], [100], margin, { terms });
      let log = 0;
      for (let mark = 0; mark < days * 144; mark++) {
        log += (mu - sigma ** 2 / 2) * step + sigma * Math.sqrt(step) * normal();
        if (account.mark([100 * Math.exp(log)]) === undefined) continue;
        liquidated += 1;
        break;
      }
    }
    const found = liquidated / paths;
    const error = Math.sqrt((Number(p) * (1 - Number(p))) / paths);
    expect(found).to.be.within(0.9 * Number(p) - 2 * error, Number(p) + error);
  });

  it("refuses prices and terms that are none", () => {
    expect(() => opened([1], [100], 0.25).mark([Number.NaN])).to.throw(KeeperError, "known prices");
    const terms = { ...PERP_V2, initial: 0.01 };
    expect(() => new ShortAccount({ instruments: 1, terms, latency: 0 })).to.throw(KeeperError, "maintenance");
  });
});
