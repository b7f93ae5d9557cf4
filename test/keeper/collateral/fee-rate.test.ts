import { expect } from "chai";
import { KeeperError } from "../../../keeper/src/errors.js";
import { FeeRate } from "../../../keeper/src/model/collateral/fee-rate.js";
import { expectClose } from "../expect-close.js";

const HOUR = 3_600;
const YEAR = 365 * 86_400;
const Q128 = 1n << 128n;
const WRAP = 1n << 256n;
const PRICES = [1e-6, 2e-15] as const;

/** Growth of so many units of token0 and token1 an hour, a unit of liquidity, from just below the counters' end. */
const growthAt = (hour: number, per0: bigint, per1: bigint): [bigint, bigint] => [
  (WRAP - 5n * Q128 + BigInt(hour) * per0 * Q128) % WRAP,
  (WRAP - 1n + BigInt(hour) * per1 * Q128) % WRAP,
];

describe("fee rate of a pool", () => {
  const options = { minHours: 6, halfLifeHours: 72 };
  const earning = (per0: bigint, per1: bigint) => (Number(per0) * PRICES[0] + Number(per1) * PRICES[1]) * (YEAR / HOUR);

  it("is what both tokens' growth is worth a year, over the counters' end, known after some hours", () => {
    const rate = new FeeRate(options);
    for (let hour = 0; hour <= 20; hour++) {
      rate.add({ time: hour * HOUR, growth: growthAt(hour, 3n, 7_000_000n), prices: PRICES });
      if (hour < 6) expect(rate.perLiquidity).to.equal(null);
    }
    expectClose(rate.perLiquidity!, earning(3n, 7_000_000n), 1e-9 * earning(3n, 7_000_000n));
  });

  it("does not depend on how often it is looked at, nor on looks that are not newer", () => {
    const often = new FeeRate(options);
    const seldom = new FeeRate(options);
    for (let hour = 0; hour <= 48; hour++) {
      const seen = { time: hour * HOUR, growth: growthAt(hour, 2n, 0n), prices: PRICES };
      often.add(seen);
      often.add({ ...seen, growth: [0n, 0n] });
      if (hour % 12 === 0) seldom.add(seen);
    }
    expectClose(often.perLiquidity! / seldom.perLiquidity!, 1, 1e-9);
  });

  it("forgets by halves", () => {
    const rate = new FeeRate(options);
    let total = 0n;
    for (let hour = 0; hour <= 720 + 72; hour++) {
      total += hour <= 720 ? 8n : 0n;
      rate.add({ time: hour * HOUR, growth: [total * Q128, 0n], prices: PRICES });
    }
    const before = earning(8n, 0n);
    expectClose(rate.perLiquidity! / before, 0.5, 0.01);
  });

  it("takes no price that is none", () => {
    const bad = { time: 1, growth: [0n, 0n], prices: [0, 1] } as const;
    expect(() => new FeeRate(options).add(bad)).to.throw(KeeperError, "good prices");
  });
});
