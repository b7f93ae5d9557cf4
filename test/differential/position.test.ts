import { createRequire } from "node:module";
import { expect } from "chai";
import fc from "fast-check";
import { clamp } from "../../keeper/src/model/bigint.js";
import { amountsForLiquidity } from "../../keeper/src/model/liquidity-math.js";
import { MAX_TICK, MIN_TICK, Q96, sqrtRatioAtTick, sqrtRatioFromPrices } from "../../keeper/src/model/tick-math.js";
import { vectors } from "../keeper/vectors.js";
import { deployHost, type Host, runs } from "./host.js";

const require = createRequire(import.meta.url);
const { SqrtPriceMath, TickMath } = require("@uniswap/v3-sdk") as typeof import("@uniswap/v3-sdk");
const JSBI = require("jsbi") as { BigInt(value: string): import("jsbi").default };
const big = (value: bigint) => JSBI.BigInt(value.toString());
const back = (value: { toString(): string }) => BigInt(value.toString());

const WAD = 10n ** 18n;
const wad = (value: number) => BigInt(Math.round(value * 1e9)) * 10n ** 9n;
type Held = { amount0: bigint; amount1: bigint; reserve1: bigint };

/** Relative to the figure itself, or to `scale` where that is larger. */
function near(actual: number, expected: number, tolerance: number, scale = 0): void {
  const distance = Math.abs(actual - expected);
  expect(distance, `${actual} is not ${expected}`).to.be.at.most(tolerance * Math.max(Math.abs(expected), scale));
}

/** The range [a, b] has its edges between ticks: what the nearest ticks hold, and by how much more than [a, b] itself would. */
async function heldBetween(host: Host, a: number, b: number, liquidity: number, mid0: number, mid1: number) {
  const [lower, upper] = [a, b].map((price) => Math.round(Math.log(price) / Math.log(1.0001))) as [number, number];
  const sqrtPrice = await host.ask<bigint>("sqrtPriceDown", wad(mid0), wad(mid1), 18, 18);
  const held = await host.ask<Held>("position", lower, upper, wad(liquidity), sqrtPrice);
  const amounts = (low: number, high: number) => {
    const root = Math.sqrt(Math.min(Math.max(mid0 / mid1, low), high));
    return [liquidity * (1 / root - 1 / Math.sqrt(high)), liquidity * (root - Math.sqrt(low))] as const;
  };
  const [x, y] = amounts(a, b);
  const [onTicks0, onTicks1] = amounts(1.0001 ** lower, 1.0001 ** upper);
  return {
    amount0: Number(held.amount0) / 1e18 - (onTicks0 - x),
    amount1: Number(held.amount1) / 1e18 - (onTicks1 - y),
    /** The gamma c that a leg reports, in token1. */
    c: -Number(held.reserve1) / 2e18,
  };
}

describe("UniswapV3Position against reference vectors and Uniswap's own arithmetic", () => {
  let host: Host;
  before(async () => {
    host = await deployHost("PositionHost");
  });

  it("has amounts, value, delta and gamma of the reference positions, to 1e-9", async () => {
    for (const { P, L, a, b, x, y, V, delta, gamma } of vectors.lp) {
      const held = await heldBetween(host, a, b, L, P, 1);
      near(held.amount0, Number(x), 1e-9, 1);
      near(held.amount1, Number(y), 1e-9, 1);
      near(held.amount0 * P + held.amount1, Number(V), 1e-9);
      near(held.amount0, Number(delta), 1e-9, 1);
      near(held.c / P ** 2, Number(gamma), 1e-9);
    }
  });

  it("has value, gradient and Hessian of the reference position in two factors, to 1e-9", async () => {
    const { A, E, L, pa, pb, U, dU_dA, dU_dE, U_AA, U_AE, U_EE } = vectors.lp_alt_eth;
    const held = await heldBetween(host, Number(pa), Number(pb), L, A, E);
    near(held.amount0 * A + held.amount1 * E, Number(U), 1e-9);
    near(held.amount0, Number(dU_dA), 1e-9);
    near(held.amount1, Number(dU_dE), 1e-9);
    // The Hessian is c·uu' over the prices, u = e0 − e1.
    const c = held.c * E;
    near(c / A ** 2, Number(U_AA), 1e-9);
    near(-c / (A * E), Number(U_AE), 1e-9);
    near(c / E ** 2, Number(U_EE), 1e-9);
  });

  it("has the very amounts of the keeper's arithmetic and of Uniswap's SDK, and the virtual reserve rounded down", async () => {
    const ordinary = fc.integer({ min: -400_000, max: 400_000 });
    const width = fc.integer({ min: 1, max: 100_000 });
    const liquidity = fc.bigInt(1n, 2n ** 100n);
    await fc.assert(
      fc.asyncProperty(ordinary, width, ordinary, fc.bigInt(0n, 10n ** 9n), liquidity, async (low, w, at, nudge, L) => {
        const high = low + w;
        const [a, b] = [sqrtRatioAtTick(low), sqrtRatioAtTick(high)];
        // At the edges too, where one unit decides.
        for (const price of [sqrtRatioAtTick(at) + nudge, a, a + 1n, b - 1n, b]) {
          const { amount0, amount1, reserve1 } = await host.ask<Held>("position", low, high, L, price);
          expect({ amount0, amount1 }).to.deep.equal(amountsForLiquidity(price, a, b, L, false));
          const inside = clamp(price, a, b);
          expect(amount0).to.equal(back(SqrtPriceMath.getAmount0Delta(big(inside), big(b), big(L), false)));
          expect(amount1).to.equal(back(SqrtPriceMath.getAmount1Delta(big(a), big(inside), big(L), false)));
          expect(reserve1).to.equal(price > a && price < b ? (L * price) / Q96 : 0n);
        }
      }),
      runs(150, 1),
    );
  });

  it("has the √ratio of every tick and the tick of every √ratio", async () => {
    const ticks = fc.integer({ min: MIN_TICK, max: MAX_TICK - 1 });
    await fc.assert(
      fc.asyncProperty(ticks, fc.bigInt(0n, Q96), async (tick, part) => {
        const ratio = sqrtRatioAtTick(tick);
        expect(await host.ask<bigint>("sqrtPriceAtTick", tick)).to.equal(ratio);
        const between = ratio + ((sqrtRatioAtTick(tick + 1) - ratio) * part) / (Q96 + 1n);
        expect(await host.ask<bigint>("tickAtSqrtPrice", between)).to.equal(BigInt(tick));
        expect(TickMath.getTickAtSqrtRatio(big(between))).to.equal(tick);
      }),
      runs(200, 2),
    );
  });

  it("takes the root of a ratio of prices as the keeper does, rounded down", async () => {
    const price = fc.bigInt(10n ** 12n, 10n ** 24n);
    const decimals = fc.integer({ min: 6, max: 18 });
    let large = 0;
    await fc.assert(
      fc.asyncProperty(price, price, decimals, decimals, async (mid0, mid1, d0, d1) => {
        const root = await host.ask<bigint>("sqrtPriceDown", mid0, mid1, d0, d1);
        const [n, d] = [mid0 * 10n ** BigInt(d1), mid1 * 10n ** BigInt(d0)];
        // root² ≤ n/d·2^192
        expect(root * root * d <= n << 192n).to.equal(true);
        const exact = sqrtRatioFromPrices(mid0, mid1, d0, d1);
        if (n >> 64n < d) expect(root).to.equal(exact);
        else {
          large += 1;
          expect(exact - root < 1n << 32n, "32 bits are dropped, of 128 at least").to.equal(true);
        }
      }),
      runs(300, 3),
    );
    expect(large, "both ways are tried").to.be.within(1, 299);
  });

  it("rounds a deviation up, by no more than a unit of the root moves its square", async () => {
    const root = fc.bigInt(2n ** 64n, 2n ** 128n);
    await fc.assert(
      fc.asyncProperty(root, fc.bigInt(10n ** 17n, 10n ** 19n), async (oracle, factor) => {
        const spot = (oracle * factor) / WAD;
        const deviation = await host.ask<bigint>("deviationUp", spot, oracle);
        // |spot²/oracle² − 1|, over oracle²
        const difference = spot * spot - oracle * oracle;
        const exact = (difference < 0n ? -difference : difference) * WAD;
        const square = oracle * oracle;
        expect(deviation * square >= exact, "at least").to.equal(true);
        const most = difference < 0n ? 4n : 3n + (2n * spot) / oracle;
        expect((deviation - most) * square <= exact, "at most").to.equal(true);
      }),
      runs(300, 4),
    );
  });
});
