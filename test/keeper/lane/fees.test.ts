import { expect } from "chai";
import fc from "fast-check";
import { firstFees, priceCap, raisedFees } from "../../../keeper/src/lane/fees.js";
import { LaneConfig, type LaneConfigInput } from "../../../keeper/src/lane/lane-config.js";

const config = (fees: NonNullable<LaneConfigInput["fees"]> = {}, bumpBy = 0.125) => LaneConfig.parse({ bumpBy, fees });
const GWEI = 10n ** 9n;
const gwei = (n: number): bigint => BigInt(Math.round(n * 1e9));
const capIn = (worth: Parameters<typeof priceCap>[0], native: number | null, fees = config().fees): bigint =>
  priceCap(worth, 1_000_000n, native, fees);

describe("lane: fees", () => {
  const plain = { kind: "rebalance" as const, urgent: false };

  it("caps by what the transaction moves, by dollars where it moves nothing, and by gwei always", () => {
    const { fees } = config({ maxGwei: 500, maxShare: 0.01, maxUsd: 20, urgentMaxUsd: 200, cancelMaxUsd: 50 });
    // A million gas at 1 gwei and $2,000 costs $2.
    expect(capIn({ ...plain, notional: 1000 }, 2000, fees)).to.equal(gwei(5));
    expect(capIn({ ...plain, notional: null }, 2000, fees)).to.equal(gwei(10));
    expect(capIn({ ...plain, urgent: true, notional: 1000 }, 2000, fees)).to.equal(gwei(100));
    expect(capIn({ ...plain, urgent: true, notional: 40_000 }, 2000, fees)).to.equal(gwei(200));
    expect(capIn({ kind: "poke", urgent: false, notional: null }, 2000, fees)).to.equal(gwei(100));
    expect(capIn(null, 2000, fees)).to.equal(gwei(25));
    expect(capIn({ ...plain, notional: 1e9 }, 2000, fees)).to.equal(gwei(500));
    expect(capIn({ ...plain, notional: 1000 }, null, fees)).to.equal(gwei(500));
    expect(capIn({ ...plain, notional: 0 }, 2000, fees)).to.equal(0n);
    expect(capIn(null, null, fees)).to.equal(gwei(1000));
  });

  it("pays the tip, bears twice the base fee, and never more than the cap", () => {
    const market = { baseFee: gwei(10), priority: gwei(1) };
    expect(firstFees(market, gwei(100), config())).to.deep.equal({ maxFee: gwei(21), priority: gwei(1) });
    expect(firstFees(market, gwei(15), config())).to.deep.equal({ maxFee: gwei(15), priority: gwei(1) });
    expect(firstFees(market, gwei(11), config())).to.deep.equal({ maxFee: gwei(11), priority: gwei(1) });
    expect(firstFees(market, gwei(11) - 1n, config())).to.equal(null);
    expect(firstFees(market, gwei(100), config({ minPriorityGwei: 3 }))!.priority).to.equal(gwei(3));
  });

  it("raises both by so much that a node takes it, at least to the market, and never above the cap", () => {
    const fee = fc.bigInt({ min: 0n, max: 1000n * GWEI });
    const cases = fc.record({
      baseFee: fee,
      priority: fee,
      last: fee,
      tip: fee,
      cap: fee,
      bumpBy: fc.constantFrom(0.1, 0.125, 0.3),
    });
    fc.assert(
      fc.property(cases, ({ baseFee, priority, last, tip, cap, bumpBy }) => {
        const before = { maxFee: last > tip ? last : tip, priority: tip };
        const settings = config({}, bumpBy);
        const raised = raisedFees(before, { baseFee, priority }, cap, settings);
        const enough = (from: bigint, to: bigint): boolean =>
          to > from && to * 1000n >= from * BigInt(1000 + bumpBy * 1000);
        if (raised === null)
          return before.maxFee * BigInt(1000 + bumpBy * 1000) > (cap - 2n) * 1000n || priority > cap - 2n;
        const market = firstFees({ baseFee, priority }, cap, settings);
        return (
          enough(before.maxFee, raised.maxFee) &&
          enough(before.priority, raised.priority) &&
          raised.priority >= tip + (baseFee < cap ? baseFee : cap) / 50n &&
          raised.maxFee <= cap &&
          raised.priority <= raised.maxFee &&
          (market === null ? raised.maxFee === cap : raised.maxFee >= market.maxFee && raised.priority >= priority)
        );
      }),
      { numRuns: 2000 },
    );
  });
});
