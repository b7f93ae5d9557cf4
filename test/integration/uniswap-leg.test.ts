import { createRequire } from "node:module";
import { Token } from "@uniswap/sdk-core";
import { expect } from "chai";
import { percent, UNHEDGED_LIMITS } from "../../scripts/deploy/parameters.js";
import { movePool } from "../../scripts/devnet/world.js";
import { depositBasket, hedgedPosition, liquidityLegIn, pricesOf, relative } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { oracleSqrtPrice, orders, planOf, poolDecimals, TickMath, usdc, wad } from "../support/orders.js";
import { emptyPool, giveLiquidity } from "../support/pools.js";
import { reusable } from "../support/reusable.js";

const require = createRequire(import.meta.url);
const { Pool, Position } = require("@uniswap/v3-sdk") as typeof import("@uniswap/v3-sdk");
const { BigInt: toJsbi } = require("jsbi") as { BigInt(value: string): import("jsbi").default };
const fixture = reusable(vaultWithHistory);

/** What the Uniswap SDK says that the leg's position holds at the oracle's price. */
async function sdkAmounts(f: Fixture, prices: Awaited<ReturnType<typeof pricesOf>>): Promise<[bigint, bigint]> {
  const [decimals0, decimals1] = await poolDecimals(f);
  const token = (address: string, decimals: bigint) => new Token(1, address, Number(decimals));
  const token0 = token(await f.liquidity.token0(), decimals0);
  const token1 = token(await f.liquidity.token1(), decimals1);
  const sqrtPrice = toJsbi((await oracleSqrtPrice(f, prices)).toString());
  const pool = new Pool(token0, token1, 3_000, sqrtPrice, 0, TickMath.getTickAtSqrtRatio(sqrtPrice));
  const { tickLower, tickUpper, liquidity } = await f.liquidity.position();
  const position = new Position({
    pool,
    liquidity: liquidity.toString(),
    tickLower: Number(tickLower),
    tickUpper: Number(tickUpper),
  });
  return [BigInt(position.amount0.quotient.toString()), BigInt(position.amount1.quotient.toString())];
}

/** The snapshot with the price of ALT changed by a factor. */
function withAlt(prices: Awaited<ReturnType<typeof pricesOf>>, factor: number) {
  const mid = [...prices.mid];
  mid[1] = ((mid[1] as bigint) * BigInt(Math.round(factor * 1e12))) / 10n ** 12n;
  return { ...prices, mid };
}

describe("UniswapV3Leg", () => {
  it("holds the Uniswap SDK's amounts at the oracle's price, below, inside and above the range", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const [index0, index1] = await f.liquidity.indices();
    for (const factor of [0.5, 0.79, 0.8123, 0.97, 1, 1.0371, 1.2, 1.26, 2]) {
      const prices = withAlt(await pricesOf(f), factor);
      const held = await f.liquidity.amounts(
        prices.mid[Number(index0)] as bigint,
        prices.mid[Number(index1)] as bigint,
      );
      const [amount0, amount1] = await sdkAmounts(f, prices);
      for (const difference of [held.amount0 - amount0, held.amount1 - amount1]) {
        expect(difference).to.be.within(-1n, 1n);
      }
    }
  });

  it("has as equity and exposure what the amounts are worth", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const prices = await pricesOf(f);
    const value = await f.liquidity.measure(prices);
    expect(relative(value.equity, wad(80_000))).to.be.lessThan(0.03);
    expect(relative(value.exposure[0] as bigint, wad(40_000))).to.be.lessThan(0.06);
    expect((value.exposure[0] as bigint) + (value.exposure[1] as bigint)).to.equal(value.equity);
  });

  it("has as exposure the first and as gamma the second derivative of its equity", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const prices = await pricesOf(f);
    const step = 0.002;
    const at = async (factor: number) => Number((await f.liquidity.measure(withAlt(prices, factor))).equity) / 1e18;
    const [down, here, up] = [await at(1 - step), await at(1), await at(1 + step)];
    const value = await f.liquidity.measure(prices);
    const delta = (up - down) / (2 * step);
    const gamma = (up - 2 * here + down) / step ** 2;
    expect(Math.abs(Number(value.exposure[1]) / 1e18 / delta - 1)).to.be.lessThan(1e-4);
    expect(value.gammas.length).to.equal(1);
    expect(Math.abs(Number(value.gammas[0]?.c) / 1e18 / gamma - 1)).to.be.lessThan(1e-3);
    const outside = await f.liquidity.measure(withAlt(prices, 1.5));
    expect(outside.gammas.length).to.equal(0);
  });

  it("is not moved by the pool's own price", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const prices = await pricesOf(f);
    const before = await f.liquidity.measure(prices);
    await movePool(f.world, "altUsdc", START.ALT * 1.2);
    await movePool(f.world, "altUsdc", START.ALT * 0.85);
    const after = await f.liquidity.measure(prices);
    // Nothing but the fees of those swaps came in.
    expect(after.equity).to.be.greaterThan(before.equity);
    expect(relative(after.equity, before.equity)).to.be.lessThan(0.01);
  });

  it("counts exactly the fees that a burn collects", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await movePool(f.world, "altUsdc", START.ALT * 1.05);
    await movePool(f.world, "altUsdc", START.ALT);
    const prices = await pricesOf(f);
    const [i, j] = (await f.liquidity.indices()).map(Number) as [number, number];
    const mids = [prices.mid[i]!, prices.mid[j]!] as const;
    const { amount0, amount1, fees0, fees1 } = await f.liquidity.amounts(...mids);
    expect(fees0 > 0n && fees1 > 0n).to.equal(true);
    const unit = (index: number) => 10n ** (index === 0 ? 6n : 18n);
    const value = await f.liquidity.measure(prices);
    expect(value.exposure[i]).to.equal(((amount0 + fees0) * mids[0]) / unit(i));
    expect(value.exposure[j]).to.equal(((amount1 + fees1) * mids[1]) / unit(j));
    const tokens = [await f.liquidity.token0(), await f.liquidity.token1()] as const;
    const before = [await f.vault.idle(tokens[0]), await f.vault.idle(tokens[1])] as const;
    await f.rebalancer.rebalance(
      await planOf(f, [
        orders.burn(f.deployment.legs.liquidity as string, 0n),
        orders.size(f.deployment.legs.perp as string, f.world.deployment.perp.markets.ETH.base, wad("0.01")),
      ]),
    );
    expect((await f.vault.idle(tokens[0])) - before[0]).to.equal(fees0);
    expect((await f.vault.idle(tokens[1])) - before[1]).to.equal(fees1);
  });

  for (const [where, factor] of [
    ["below", 0.7],
    ["above", 1.4],
  ] as const) {
    it(`counts the same fees when the pool's price has left the range ${where}`, async () => {
      const f = await fixture();
      await hedgedPosition(f);
      await movePool(f.world, "altUsdc", START.ALT * factor);
      const prices = await pricesOf(f);
      const [index0, index1] = await f.liquidity.indices();
      const { fees0, fees1 } = await f.liquidity.amounts(prices.mid[Number(index0)]!, prices.mid[Number(index1)]!);
      const { tickLower, tickUpper } = await f.liquidity.position();
      const leg = await f.liquidity.getAddress();
      await f.world.networkHelpers.impersonateAccount(leg);
      await f.world.networkHelpers.setBalance(leg, 10n ** 18n);
      const pool = f.world.uniswap.pools.altUsdc.connect(await f.world.ethers.getSigner(leg));
      await pool.burn(tickLower, tickUpper, 0n);
      const owed = await pool.collect.staticCall(leg, tickLower, tickUpper, 2n ** 100n, 2n ** 100n);
      expect([fees0, fees1]).to.deep.equal([owed.amount0, owed.amount1]);
      expect(fees0 + fees1).to.be.greaterThan(0n);
    });
  }

  it("is paid, and books, in the middle of an operation only", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const leg = await f.liquidity.getAddress();
    await f.world.networkHelpers.impersonateAccount(leg);
    await f.world.networkHelpers.setBalance(leg, 10n ** 18n);
    const vault = f.vault.connect(await f.world.ethers.getSigner(leg));
    const { USDC } = f.world.tokens;
    await expect(vault.pay(USDC, leg, 1n))
      .to.be.revertedWithCustomError(vault, "NotALeg")
      .withArgs(leg);
    await expect(vault.book(USDC, 1n)).to.be.revertedWithCustomError(vault, "NotALeg").withArgs(leg);
  });

  it("pays nobody but its pool", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const leg = f.liquidity.connect(f.world.signers.stranger);
    await expect(leg.uniswapV3MintCallback(1n, 1n, "0x")).to.be.revertedWithCustomError(f.liquidity, "NotPool");
    await expect(leg.uniswapV3SwapCallback(1n, 1n, "0x")).to.be.revertedWithCustomError(f.liquidity, "NotPool");
  });

  it("books what was filled where the pool runs dry in the middle of a swap", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { tokens, signers } = f.world;
    // A pool with $20,000 a side within half a percent of the price, and nothing beyond.
    await depositBasket(f, signers.bob, 0n, wad(5_000));
    const pool = await emptyPool(f.world, 500, await oracleSqrtPrice(f));
    const { tick } = await pool.slot0();
    const middle = Math.round(Number(tick) / 10) * 10;
    await giveLiquidity(f.world, pool, { tickLower: middle - 50, tickUpper: middle + 50 }, 20_000n);
    const made = await liquidityLegIn(f, await pool.getAddress(), 1, percent(3));
    await f.vault.connect(signers.deployer).addLeg(made);
    const altFirst = (await f.liquidity.token0()) === (await tokens.ALT.getAddress());
    const [alt, usd] = [await f.vault.idle(tokens.ALT), await f.vault.idle(tokens.USDC)];
    await f.rebalancer.connect(signers.deployer).setLimits({ ...UNHEDGED_LIMITS, maxLoss: percent(3) });
    await f.rebalancer.rebalance(await planOf(f, [orders.swap(made, altFirst, wad(4_000))]));
    const [sold, bought] = [alt - (await f.vault.idle(tokens.ALT)), (await f.vault.idle(tokens.USDC)) - usd];
    expect(sold).to.be.within(wad(1_500), wad(2_500));
    expect(relative(bought * 10n ** 11n, sold)).to.be.lessThan(0.01);
    expect(await tokens.ALT.balanceOf(f.vault)).to.equal(await f.vault.idle(tokens.ALT));
    expect(await tokens.USDC.balanceOf(f.vault)).to.equal(await f.vault.idle(tokens.USDC));
  });

  it("keeps to one range until it is empty, and burns no more than it has", async () => {
    const f = await fixture();
    const { range } = await hedgedPosition(f);
    const leg = f.deployment.legs.liquidity as string;
    const other = { ...range, tickUpper: range.tickUpper + 60 };
    const { liquidity } = await f.liquidity.position();
    await expect(
      f.rebalancer.rebalance(await planOf(f, [orders.mint(leg, other, 1_000n)])),
    ).to.be.revertedWithCustomError(f.liquidity, "RangeInUse");
    await expect(
      f.rebalancer.rebalance(await planOf(f, [orders.burn(leg, liquidity + 1n)])),
    ).to.be.revertedWithCustomError(f.liquidity, "NotEnoughLiquidity");
  });

  it("knows mint, burn and swap, and collects nothing where it holds nothing", async () => {
    const f = await fixture();
    const leg = f.deployment.legs.liquidity as string;
    const short = orders.size(leg, f.world.deployment.perp.markets.ETH.base, 1n);
    await depositBasket(f, f.world.signers.alice, usdc(1_000), 0n);
    await expect(f.rebalancer.rebalance(await planOf(f, [short])))
      .to.be.revertedWithCustomError(f.liquidity, "UnsupportedAction")
      .withArgs(3);
    const [before] = await f.vault.nav();
    await f.rebalancer.rebalance(await planOf(f, [orders.burn(leg, 0n)]));
    expect((await f.vault.nav())[0]).to.equal(before);
    expect((await f.liquidity.position()).liquidity).to.equal(0n);
  });
});
