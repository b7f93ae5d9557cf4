import { UniswapV3Leg__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { MaxUint256 } from "ethers";
import { movePool, setFeed } from "../../scripts/devnet/world.js";
import { hedgedPosition, liquidityLegIn, pricesOf, relative } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { oracleSqrtPrice, usdc, wad } from "../support/orders.js";
import { emptyPool, giveLiquidity } from "../support/pools.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(vaultWithHistory);
const QUARTER = 900;
/** What the feeds of ALT (1%) and USDC (0.25%) may lag. */
const EXPLAINED = 0.0125;
/** One tick: the average is known to no better. */
const TICK = 1.1e-4;

/** What the leg says, as a fraction. */
async function disagreement(f: Fixture): Promise<number> {
  return Number(await f.liquidity.disagreement(await pricesOf(f))) / 1e18;
}

/** The price of ALT in the pool over its feed's, as the pool's price of token0 in token1. */
async function ratioInPool(f: Fixture, factor: number): Promise<number> {
  const altFirst = (await f.liquidity.token0()) === (await f.world.tokens.ALT.getAddress());
  return altFirst ? factor : 1 / factor;
}

/** The pool's price at `factor` times the oracle's, in the next block. */
const at = (f: Fixture, factor: number) => movePool(f.world, "altUsdc", START.ALT * factor);
/** Let chain time pass; the keeper's feeds last a day. */
const pass = async (f: Fixture, seconds: number) => f.world.networkHelpers.time.increase(seconds);

/** A pool of the vault's tokens that nobody knows yet. */
const freshPool = async (f: Fixture) => emptyPool(f.world, 10_000, await oracleSqrtPrice(f));

/** A trade in a pool, large enough to move a tick. */
async function trade(f: Fixture, sell: boolean) {
  const { uniswap, signers, tokens } = f.world;
  await uniswap.router.connect(signers.maker).exactInputSingle({
    tokenIn: sell ? tokens.ALT : tokens.USDC,
    tokenOut: sell ? tokens.USDC : tokens.ALT,
    fee: 10_000,
    recipient: signers.maker.address,
    deadline: MaxUint256,
    amountIn: sell ? wad(200) : usdc(2_000),
    amountOutMinimum: 0,
    sqrtPriceLimitX96: 0,
  });
}

describe("agreement of a pool with the oracle", () => {
  it("is complete where the pool stands at the oracle's price, with a position and without", async () => {
    const f = await fixture();
    expect(await disagreement(f)).to.equal(0);
    await hedgedPosition(f);
    expect(await disagreement(f)).to.equal(0);
  });

  for (const factor of [1.03, 0.97]) {
    it(`sees a spot price at ${factor} times the oracle's at once, with a position and without`, async () => {
      const f = await fixture();
      const expected = Math.abs((await ratioInPool(f, factor)) - 1) - EXPLAINED;
      await at(f, factor);
      expect(Math.abs((await disagreement(f)) - expected)).to.be.lessThan(1e-6);
      await at(f, 1);
      await hedgedPosition(f);
      await at(f, factor);
      expect(Math.abs((await disagreement(f)) - expected)).to.be.lessThan(1e-6);
    });
  }

  it("is excused as far as the feeds' thresholds explain it, and no further", async () => {
    const f = await fixture();
    await at(f, 1.012);
    expect(await disagreement(f)).to.equal(0);
    await at(f, 1.014);
    expect(await disagreement(f)).to.be.greaterThan(0);
    await at(f, 0.986);
    expect(await disagreement(f)).to.be.greaterThan(0);
  });

  it("remembers in the average what was undone in the spot price, until the quarter of an hour is over", async () => {
    const f = await fixture();
    await at(f, 1.04);
    await pass(f, QUARTER);
    await at(f, 1);
    const expected = Math.abs((await ratioInPool(f, 1.04)) - 1) - EXPLAINED;
    expect(Math.abs((await disagreement(f)) - expected)).to.be.lessThan(TICK);
    await pass(f, QUARTER / 2);
    // Half of the window at 1.04: the geometric mean is its root.
    const half = Math.abs((await ratioInPool(f, Math.sqrt(1.04))) - 1) - EXPLAINED;
    expect(Math.abs((await disagreement(f)) - half)).to.be.lessThan(2 * TICK);
    await pass(f, QUARTER / 2);
    expect(await disagreement(f)).to.equal(0);
  });

  it("notices a slow push that the spot price no longer shows", async () => {
    const f = await fixture();
    for (let minute = 0; minute < 10; minute++) {
      await at(f, 1 + 0.006 * minute);
      await pass(f, 60);
    }
    await at(f, 1);
    expect(await disagreement(f)).to.be.greaterThan(0.003);
    await pass(f, QUARTER);
    expect(await disagreement(f)).to.equal(0);
  });

  it("sees a feed that lags behind a market that moved, and agrees again when the feed follows", async () => {
    const f = await fixture();
    await at(f, 1.05);
    await pass(f, QUARTER);
    expect(await disagreement(f)).to.be.greaterThan(0.03);
    await setFeed(f.world, "ALT", START.ALT * 1.05);
    expect(await disagreement(f)).to.equal(0);
  });

  it("stops a deposit in the transaction that moves the pool, and not one after it was moved back", async () => {
    const f = await fixture();
    const { tokens, uniswap, signers } = f.world;
    const [alt, usd] = [await tokens.ALT.getAddress(), await tokens.USDC.getAddress()];
    const [router, vault] = [await uniswap.router.getAddress(), f.deployment.vault];
    // It makes the calls that it is given in one transaction.
    const thief = await f.world.ethers.deployContract("MockListener");
    const self = await thief.getAddress();
    for (const token of [tokens.ALT, tokens.USDC]) await token.connect(signers.deployer).mint(self, wad(40_000));
    const approve = (target: string, spender: string) => ({
      target,
      data: tokens.ALT.interface.encodeFunctionData("approve", [spender, MaxUint256]),
    });
    const swap = (tokenIn: string, tokenOut: string, amountIn: bigint) => ({
      target: router,
      data: uniswap.router.interface.encodeFunctionData("exactInputSingle", [
        {
          tokenIn,
          tokenOut,
          fee: 3_000,
          recipient: self,
          deadline: MaxUint256,
          amountIn,
          amountOutMinimum: 0,
          sqrtPriceLimitX96: 0,
        },
      ]),
    });
    const deposit = {
      target: vault,
      data: f.vault.interface.encodeFunctionData("depositBasket", [[usd], [usdc(1_000)], 0n, self, 2n ** 63n]),
    };
    await thief.getFunction("prepare")([
      approve(alt, router),
      approve(usd, router),
      approve(usd, vault),
      swap(alt, usd, wad(30_000)),
      deposit,
      swap(usd, alt, usdc(296_000)),
      deposit,
    ]);
    await thief.getFunction("act")();
    const done = "0x00000000";
    const stopped = f.vault.interface.getError("PoolDisagrees")?.selector;
    expect([...(await thief.getFunction("answers")())]).to.deep.equal([done, done, done, done, stopped, done, done]);
  });

  it("agrees with nothing at a price of zero", async () => {
    const f = await fixture();
    const prices = await pricesOf(f);
    expect(await f.liquidity.disagreement({ ...prices, mid: prices.mid.map(() => 0n) })).to.equal(MaxUint256);
  });

  it("costs a deposit less than 40,000 gas", async () => {
    const f = await fixture();
    const gas = await f.liquidity.disagreement.estimateGas(await pricesOf(f));
    // A transaction's own 21,000 are in it, and its data.
    expect(Number(gas)).to.be.lessThan(21_000 + 40_000);
  });
});

describe("a pool without history", () => {
  it("agrees with nothing for a quarter of an hour, and is usable then though it is traded in every block", async () => {
    const f = await fixture();
    const { tokens, uniswap, signers } = f.world;
    for (const token of [tokens.ALT, tokens.USDC])
      await token.connect(signers.maker).approve(uniswap.router, MaxUint256);
    const pool = await freshPool(f);
    await giveLiquidity(f.world, pool, { tickLower: -887_200, tickUpper: 887_200 }, 1_000_000n);
    const leg = UniswapV3Leg__factory.connect(
      await liquidityLegIn(f, await pool.getAddress(), 1),
      f.world.signers.deployer,
    );
    for (let second = 0; second < QUARTER; second += 12) {
      expect(await leg.disagreement(await pricesOf(f)), `after ${second} seconds`).to.equal(MaxUint256);
      const next = (await f.world.networkHelpers.time.latest()) + 12;
      await f.world.networkHelpers.time.setNextBlockTimestamp(next);
      await trade(f, second % 24 === 0);
    }
    await pass(f, 12);
    expect(await leg.disagreement(await pricesOf(f))).to.be.lessThan(10n ** 16n);
  });

  it("is given room for the window once, and not again", async () => {
    const f = await fixture();
    const pool = await freshPool(f);
    expect((await pool.slot0()).observationCardinalityNext).to.equal(1n);
    const address = await pool.getAddress();
    const { gas: first } = await gasOf(f, () => liquidityLegIn(f, address, 1));
    expect((await pool.slot0()).observationCardinalityNext).to.equal(await f.liquidity.MIN_OBSERVATIONS());
    const { gas: second } = await gasOf(f, () => liquidityLegIn(f, address, 2));
    expect((await pool.slot0()).observationCardinalityNext).to.equal(await f.liquidity.MIN_OBSERVATIONS());
    // 75 fresh slots at 22,100 gas, and the loop around them.
    expect(relative(first - second, 75n * 22_300n)).to.be.lessThan(0.02);
  });

  it("keeps the room that it has", async () => {
    const f = await fixture();
    const before = (await f.world.uniswap.pools.altUsdc.slot0()).observationCardinalityNext;
    expect(before).to.be.greaterThan(await f.liquidity.MIN_OBSERVATIONS());
    await liquidityLegIn(f, await f.world.uniswap.pools.altUsdc.getAddress(), 1);
    expect((await f.world.uniswap.pools.altUsdc.slot0()).observationCardinalityNext).to.equal(before);
  });
});

/** Gas of the last transaction of an action. */
async function gasOf(f: Fixture, act: () => Promise<unknown>): Promise<{ gas: bigint }> {
  await act();
  const block = await f.world.ethers.provider.getBlock("latest");
  return { gas: block?.gasUsed ?? 0n };
}
