import { expect } from "chai";
import fc from "fast-check";
import { deployHost, type Host, runs } from "./host.js";
import { type Rational, rational } from "./rational.js";

const WAD = 10n ** 18n;
/** Added to supply and to NAV in every conversion. */
const VIRTUAL = 10n ** 12n;
const YEAR = 365 * 86_400;
const ZERO = rational(0);
const ONE = rational(1);

/** least ≤ value ≤ most */
function within(value: bigint, least: Rational, most: Rational, what: string): void {
  expect(least.atMost(rational(value)), `${what}: ${value} is less than ${least}`).to.equal(true);
  expect(rational(value).atMost(most), `${what}: ${value} is more than ${most}`).to.equal(true);
}

describe("FeeMath against exact fractions", () => {
  let host: Host;
  before(async () => {
    host = await deployHost("AccountsHost");
  });
  const supply = fc.bigInt(10n ** 12n, 10n ** 28n);
  /** USD per share, thousandths. */
  const price = fc.integer({ min: 1, max: 1_000_000 });

  it("dilutes by the management fee, rounded down by less than a unit", async () => {
    const rate = fc.bigInt(0n, WAD / 20n);
    await fc.assert(
      fc.asyncProperty(supply, rate, fc.integer({ min: 0, max: 2 * YEAR }), async (all, perYear, elapsed) => {
        const shares = await host.ask<bigint>("managementSharesDown", all, perYear, elapsed);
        const part = rational(perYear, WAD).times(rational(Math.min(elapsed, YEAR), YEAR));
        const exact = rational(all).times(part).over(ONE.minus(part));
        within(shares, ZERO, exact, "shares");
        expect(rational(shares + 1n).atMost(exact), "a whole share less").to.equal(false);
      }),
      runs(200, 1),
    );
  });

  it("takes no more performance fee than the gain's share, and leaves no lower mark than the fee was paid at", async () => {
    const gains = fc.record({
      shares: supply,
      price,
      /** Of the price, millionths. */
      half: fc.integer({ min: 0, max: 200_000 }),
      mark: fc.integer({ min: 300_000, max: 1_200_000 }),
      rate: fc.bigInt(0n, (3n * WAD) / 10n),
    });
    let charged = 0;
    await fc.assert(
      fc.asyncProperty(gains, async ({ shares: all, price: usd, half: width, mark: level, rate }) => {
        const nav = (all * BigInt(usd)) / 1_000n;
        const half = (nav * BigInt(width)) / 1_000_000n;
        const mark = (WAD * BigInt(usd) * BigInt(level)) / 1_000_000_000n;
        const [minted, newMark] = await host.ask<[bigint, bigint]>("performanceSharesDown", nav, half, all, mark, rate);

        const holders = rational(all + VIRTUAL);
        const low = rational(nav - half + VIRTUAL);
        const gain = low.over(holders).minus(rational(mark, WAD)).floored();
        const band = rational(half).over(holders);
        const unit = rational(2, WAD);
        if (newMark === mark && minted === 0n) {
          // Nothing charged: the gain is inside the band, or rounding hides it.
          expect(gain.atMost(band.plus(unit)), `a gain of ${gain} beside a band of ${band}`).to.equal(true);
          return;
        }
        charged += 1;
        expect(band.atMost(gain), "only a gain that is more than the band is charged").to.equal(true);
        const fee = gain.times(rational(all)).times(rational(rate, WAD));
        const value = rational(nav + VIRTUAL);
        const exact = fee.times(holders).over(value.minus(fee));
        // A unit of gain per share is `all`/1e18 of fee, and a unit of fee is a share or what it costs.
        const leastFee = fee
          .minus(unit.times(rational(all)))
          .minus(rational(2))
          .floored();
        within(minted, leastFee.times(holders).over(value.minus(leastFee)).minus(ONE), exact, "shares");
        const later = low.times(rational(WAD)).over(rational(all + VIRTUAL + minted));
        within(newMark, later, later.plus(ONE), "mark");
      }),
      runs(300, 2),
    );
    expect(charged, "both ways are tried").to.be.within(50, 290);
  });

  it("lifts the mark by what a flow lifted the price of a share, rounded up by less than three units", async () => {
    await fc.assert(
      fc.asyncProperty(supply, price, supply, price, price, async (before, usd, later, usdLater, usdMark) => {
        const [nav, navLater] = [(before * BigInt(usd)) / 1_000n, (later * BigInt(usdLater)) / 1_000n];
        const mark = (WAD * BigInt(usdMark)) / 1_000n;
        const found = await host.ask<bigint>("markAfterFlowUp", mark, nav, before, navLater, later);
        const perShare = (value: bigint, shares: bigint) =>
          rational((value + VIRTUAL) * WAD).over(rational(shares + VIRTUAL));
        const exact = rational(mark).plus(perShare(navLater, later).minus(perShare(nav, before)).floored());
        within(found, exact, exact.plus(rational(2)), "mark");
        const first = await host.ask<bigint>("markAfterFlowUp", mark, 0n, 0n, navLater, later);
        within(first, perShare(navLater, later), perShare(navLater, later).plus(ONE), "first mark");
      }),
      runs(200, 3),
    );
  });
});

describe("Bucket against an exact one", () => {
  it("never has more room than the exact one, and less only by rounding", async () => {
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 3_000 }),
      /** Of the exact room, percent, and units on top; above the room it must be refused. */
      part: fc.oneof(fc.integer({ min: 0, max: 110 }), fc.constant(100)),
      over: fc.bigInt(0n, 2n),
      capacity: fc.bigInt(1n, 10n ** 24n),
    });
    const refill = 10_007;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const host = await freshHost();
        let spent = ZERO;
        let [last, now] = [0, START];
        let roundings = 0n;
        for (const { wait, part, over, capacity } of steps) {
          now += 1 + wait;
          const drained = rational(capacity).times(rational(now - last, refill));
          const unspent = spent.minus(drained).floored();
          const exactRoom = rational(capacity).minus(unspent).floored();
          const amount = (exactRoom.n * BigInt(part)) / exactRoom.d / 100n + over;
          let accepted = true;
          await host.send("spend", [amount, capacity, refill], now).catch((error: Error) => {
            expect(error.message).to.contain("Overspent");
            accepted = false;
          });
          const room = exactRoom.minus(rational(roundings + 1n));
          if (accepted) expect(rational(amount).atMost(exactRoom), "more than there is room for").to.equal(true);
          else {
            refused += 1;
            expect(rational(amount).atMost(room), "less than there is room for").to.equal(false);
          }
          if (accepted && amount > 0n) {
            [spent, last, roundings] = [unspent.plus(rational(amount)), now, roundings + 1n];
          }
          const shown = await host.ask<bigint>("spentNow", capacity, refill);
          const left = spent.minus(rational(capacity).times(rational(now - last, refill))).floored();
          within(shown, left, left.plus(rational(roundings + 1n)), "spent");
        }
      }),
      runs(25, 4),
    );
    expect(refused, "something is refused").to.be.greaterThan(5);
  });
});

describe("ProductIndex against exact fractions", () => {
  it("gives each claim no more than its own, and less only by rounding or where less than 1e-18 of it is left", async () => {
    const event = fc.oneof(
      { weight: 2, arbitrary: fc.record({ enter: fc.bigInt(1n, 10n ** 33n) }) },
      {
        weight: 3,
        arbitrary: fc.record({
          /** Of all that is unfilled, millionths; near a million they run through the scales, at a million nothing is left. */
          part: fc.oneof(
            fc.integer({ min: 1, max: 1_000_000 }),
            fc.integer({ min: 999_990, max: 999_999 }),
            fc.constant(1_000_000),
          ),
          assets: fc.bigInt(0n, 10n ** 24n),
        }),
      },
    );
    let scales = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 2, maxLength: 14 }), async (events) => {
        const host = await freshHost();
        const claims: { shares: bigint; unfilled: Rational; paid: Rational; fills: number }[] = [];
        let [total, paidOut] = [0n, 0n];
        for (const happened of events) {
          if ("enter" in happened) {
            await host.send("enter", []);
            claims.push({ shares: happened.enter, unfilled: rational(happened.enter), paid: ZERO, fills: 0 });
            total += happened.enter;
          } else {
            const shares = happened.part === 1_000_000 ? total : (total * BigInt(happened.part)) / 1_000_000n;
            if (shares === 0n) continue;
            await host.send("fill", [total, shares, happened.assets]);
            for (const claim of claims) {
              claim.paid = claim.paid.plus(claim.unfilled.times(rational(happened.assets, total)));
              claim.unfilled = claim.unfilled.times(rational(total - shares, total));
              claim.fills += 1;
            }
            total -= shares;
            paidOut += happened.assets;
          }
          const [unfilled, paid] = await host.ask<[bigint[], bigint[]]>(
            "claims",
            claims.map(({ shares }) => shares),
          );
          for (const [k, claim] of claims.entries()) {
            // Products and sums have 27 digits and more, of which each fill rounds the last; three scales down a claim has lost eighteen
            // digits of itself.
            const last = rational(claim.shares * BigInt(claim.fills), 10n ** 27n).plus(ONE);
            const gone = claim.unfilled.times(rational(WAD)).atMost(rational(claim.shares));
            if (gone) scales += 1;
            const lost = gone ? last.plus(rational(claim.shares, WAD)) : last;
            within(unfilled[k]!, claim.unfilled.minus(lost), claim.unfilled, "unfilled");
            const lostPay = last.plus(rational(paidOut, WAD / 10n));
            within(paid[k]!, claim.paid.minus(lostPay), claim.paid, "paid");
          }
          const sum = (values: readonly bigint[]) => values.reduce((all, value) => all + value, 0n);
          expect(sum(unfilled) <= total, "together no more than is unfilled").to.equal(true);
          expect(sum(paid) <= paidOut, "together no more than was paid").to.equal(true);
        }
      }),
      runs(40, 5),
    );
    expect(scales, "some claims run out of digits").to.be.greaterThan(0);
  });
});

const START = 1_800_000_000;
const freshHost = () => deployHost("AccountsHost");
