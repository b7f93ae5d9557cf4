import { createRequire } from "node:module";
import { isqrt } from "@crosshedge/sdk";
import { expect } from "chai";
import fc from "fast-check";
import { clamp } from "../../keeper/src/model/bigint.js";
import { amountsForLiquidity, liquidityForAmounts, swapExactIn } from "../../keeper/src/model/liquidity-math.js";
import {
  MAX_TICK,
  MIN_TICK,
  sqrtRatioAtTick,
  sqrtRatioFromPrices,
  tickAtSqrtRatio,
} from "../../keeper/src/model/tick-math.js";
import { edgeDistance, rangeAround } from "../../keeper/src/plan/range.js";
import { expectClose } from "./expect-close.js";

const require = createRequire(import.meta.url);
const uniswap = require("@uniswap/v3-sdk") as typeof import("@uniswap/v3-sdk");
const JSBI = require("jsbi") as { BigInt(value: string): import("jsbi").default };
const big = (value: bigint) => JSBI.BigInt(value.toString());
const back = (value: { toString(): string }) => BigInt(value.toString());

const ticks = fc.integer({ min: MIN_TICK, max: MAX_TICK });
const ordinary = fc.integer({ min: -200_000, max: 200_000 });

describe("tick maths, against Uniswap's own", () => {
  it("gives the √ratio of every tick and the tick of every √ratio", () => {
    fc.assert(
      fc.property(ticks, (tick) => {
        const ratio = sqrtRatioAtTick(tick);
        expect(ratio).to.equal(back(uniswap.TickMath.getSqrtRatioAtTick(tick)));
        if (tick < MAX_TICK) {
          expect(tickAtSqrtRatio(ratio + 1n)).to.equal(uniswap.TickMath.getTickAtSqrtRatio(big(ratio + 1n)));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("knows the tick just below, at and just above a tick's √ratio, and of what lies outside", () => {
    fc.assert(
      fc.property(ticks, (tick) => {
        const ratio = sqrtRatioAtTick(tick);
        expect(tickAtSqrtRatio(ratio)).to.equal(tick);
        expect(tickAtSqrtRatio(ratio - 1n)).to.equal(Math.max(MIN_TICK, tick - 1));
        expect(tickAtSqrtRatio(ratio + 1n)).to.equal(tick);
      }),
    );
    expect([0n, 1n, 1n << 200n].map(tickAtSqrtRatio)).to.deep.equal([MIN_TICK, MIN_TICK, MAX_TICK]);
  });

  it("gives the amounts of a position, rounded either way", () => {
    fc.assert(
      fc.property(
        ordinary,
        fc.integer({ min: 1, max: 50_000 }),
        ordinary,
        fc.bigInt(1n, 10n ** 24n),
        (lower, width, at, liquidity) => {
          const [a, b, price] = [lower, lower + width, at].map(sqrtRatioAtTick) as [bigint, bigint, bigint];
          const clamped = clamp(price, a, b);
          for (const roundUp of [true, false]) {
            const { amount0, amount1 } = amountsForLiquidity(price, a, b, liquidity, roundUp);
            const { SqrtPriceMath } = uniswap;
            expect(amount0).to.equal(
              back(SqrtPriceMath.getAmount0Delta(big(clamped), big(b), big(liquidity), roundUp)),
            );
            expect(amount1).to.equal(
              back(SqrtPriceMath.getAmount1Delta(big(a), big(clamped), big(liquidity), roundUp)),
            );
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("gives the liquidity for amounts, which they pay for", () => {
    const amounts = fc.bigInt(1n, 10n ** 24n);
    fc.assert(
      fc.property(
        ordinary,
        fc.integer({ min: 60, max: 50_000 }),
        ordinary,
        amounts,
        amounts,
        (lower, width, at, amount0, amount1) => {
          const [a, b, price] = [lower, lower + width, at].map(sqrtRatioAtTick) as [bigint, bigint, bigint];
          const liquidity = liquidityForAmounts(price, a, b, { amount0, amount1 });
          const expected = uniswap.maxLiquidityForAmounts(big(price), big(a), big(b), `${amount0}`, `${amount1}`, true);
          expect(liquidity).to.equal(back(expected));
          const needed = amountsForLiquidity(price, a, b, liquidity, false);
          expect(needed.amount0 <= amount0 && needed.amount1 <= amount1).to.equal(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("moves the price by a swap as the pool does", () => {
    fc.assert(
      fc.property(
        ordinary,
        fc.bigInt(10n ** 15n, 10n ** 22n),
        fc.bigInt(1n, 10n ** 18n),
        fc.boolean(),
        (tick, liquidity, amountIn, zeroForOne) => {
          const price = sqrtRatioAtTick(tick);
          const { TickMath, SwapMath } = uniswap;
          const limit = zeroForOne ? TickMath.MIN_SQRT_RATIO : TickMath.MAX_SQRT_RATIO;
          const step = SwapMath.computeSwapStep(big(price), limit, big(liquidity), big(amountIn), 3000 as never);
          const [after, , out] = step as unknown as { toString(): string }[];
          const ours = swapExactIn(price, liquidity, 3000, zeroForOne, amountIn);
          expect(ours.sqrtPriceAfter).to.equal(back(after!));
          expect(ours.amountOut).to.equal(back(out!));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("takes integer roots", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 1n << 300n), (value) => {
        const root = isqrt(value);
        expect(root * root <= value && (root + 1n) ** 2n > value).to.equal(true);
      }),
    );
  });
});

describe("ranges", () => {
  it("stands around the oracle's price on the pool's spacing, and has its price in the middle", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 50_000, noNaN: true }),
        fc.constantFrom(1, 10, 60, 200),
        (price, spacing) => {
          const root = sqrtRatioFromPrices(BigInt(Math.round(price * 1e18)), 10n ** 18n, 18, 6);
          const range = rangeAround(root, 1.25, spacing);
          expect(Math.abs(range.tickLower % spacing)).to.equal(0);
          expect(Math.abs(range.tickUpper % spacing)).to.equal(0);
          expect(edgeDistance(root, range)).to.be.below(0.08);
          expectClose(1.0001 ** ((range.tickUpper - range.tickLower) / 2), 1.25, 0.02);
        },
      ),
    );
  });
});
