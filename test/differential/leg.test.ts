import { expect } from "chai";
import fc from "fast-check";
import { pairGreeks } from "../../keeper/src/model/lp-greeks.js";
import type { Book } from "../../keeper/src/plan/book.js";
import { measureBook } from "../../keeper/src/plan/measure-book.js";
import { hedgedPosition, pricesOf } from "../support/actions.js";
import { type Fixture, vaultWithHistory } from "../support/fixture.js";
import { poolDecimals } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import { runs } from "./host.js";

const fixture = reusable(vaultWithHistory);
const WAD = 10n ** 18n;

/** The vault's liquidity as the keeper books it, and as a range in whole tokens. */
async function bookedPosition(f: Fixture) {
  const prices = await pricesOf(f);
  const [index0, index1] = (await f.liquidity.indices()).map(Number) as [number, number];
  const decimals = prices.mid.map(() => 18);
  [decimals[index0], decimals[index1]] = (await poolDecimals(f)).map(Number) as [number, number];
  const { tickLower, tickUpper, liquidity } = await f.liquidity.position();
  const { fees0, fees1 } = await f.liquidity.amounts(prices.mid[index0]!, prices.mid[index1]!);
  const position = {
    indices: [index0, index1] as const,
    fee: 3_000,
    tickLower: Number(tickLower),
    tickUpper: Number(tickUpper),
    liquidity,
    fees: [fees0, fees1] as const,
    sqrtPriceX96: 0n,
    poolLiquidity: 0n,
  };
  const book = (mid: readonly bigint[]): Book => ({
    decimals,
    prices: mid,
    settlement: 0,
    idle: mid.map(() => 0n),
    pools: { liquidity: position },
    hedges: {},
  });
  const whole = 10 ** (decimals[index0]! - decimals[index1]!);
  const range = {
    liquidity: Number(liquidity) / 10 ** ((decimals[index0]! + decimals[index1]!) / 2),
    lower: 1.0001 ** position.tickLower * whole,
    upper: 1.0001 ** position.tickUpper * whole,
  };
  return { prices, book, range, index0, index1 };
}

describe("UniswapV3Leg.measure against the keeper", () => {
  it("is the keeper's own measure to the unit, and the closed form to 1e-6, at any prices", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { prices, book, range, index0, index1 } = await bookedPosition(f);
    expect(book(prices.mid).pools.liquidity!.fees, "no fees, which the closed form does not know").to.deep.equal([
      0n,
      0n,
    ]);
    /** Thousandths of the price: below, inside and above a range of ±25%. */
    const factor = fc.integer({ min: 500, max: 2_000 });
    let inRange = 0;
    await fc.assert(
      fc.asyncProperty(factor, factor, fc.bigInt(0n, 10n ** 12n), async (part0, part1, nudge) => {
        const mid = [...prices.mid];
        mid[index0] = (mid[index0]! * BigInt(part0)) / 1_000n + nudge;
        mid[index1] = (mid[index1]! * BigInt(part1)) / 1_000n;
        const found = await f.liquidity.measure({ ...prices, mid });
        const expected = measureBook(book(mid));
        expect(found.equity).to.equal(expected.nav);
        expect([...found.exposure]).to.deep.equal(expected.exposure);
        const gammas = found.gammas.map(({ c, i, j }) => ({ c, i: Number(i), j: Number(j) }));
        expect(gammas).to.deep.equal(expected.gammas);

        const [usd0, usd1] = [Number(mid[index0]) / 1e18, Number(mid[index1]) / 1e18];
        const closed = pairGreeks(range, usd0, usd1);
        near(found.equity, closed.value, closed.value);
        near(found.exposure[index0]!, closed.gradient[0] * usd0, closed.value);
        near(found.exposure[index1]!, closed.gradient[1] * usd1, closed.value);
        near(gammas[0]?.c ?? 0n, closed.c, closed.value);
        if (gammas.length > 0) inRange += 1;
      }),
      runs(100, 1),
    );
    expect(inRange, "inside and outside").to.be.within(10, 90);
  });
});

function near(found: bigint, expected: number, size: number): void {
  const distance = Math.abs(Number(found) / Number(WAD) - expected);
  expect(distance, `${found} is not ${expected}`).to.be.at.most(1e-6 * size);
}
