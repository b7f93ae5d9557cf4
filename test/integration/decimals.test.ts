import { HedgeVault__factory, PerpV2Leg__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { parseUnits, ZeroAddress } from "ethers";
import { HEDGED_LIMITS, percent } from "../../scripts/deploy/parameters.js";
import { deployOracles, deployVault } from "../../scripts/deploy/system.js";
import { balancesOf, depositBasket, exitInKind, pricesOf, relative, worthOf } from "../support/actions.js";
import { type Fixture, GENESIS, START, vaultWithHistory } from "../support/fixture.js";
import { orders, planOf, usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import { moveStrangePool, strangePosition, vaultWithStrangeToken } from "../support/strange.js";

/** A swap through the vault's pool, by a plan. */
async function swap(f: Fixture, buyAlt: boolean, amount: bigint) {
  const altFirst = (await f.liquidity.token0()) === (await f.world.tokens.ALT.getAddress());
  return orders.swap(f.deployment.legs.liquidity as string, altFirst !== buyAlt, amount);
}

// 18 decimals are what every other test has.
for (const decimals of [6, 8, 24]) {
  const build = () => vaultWithStrangeToken(decimals);
  const fixture = reusable(build);
  const alt = (amount: number | string) => parseUnits(String(amount), decimals);

  describe(`an ALT of ${decimals} decimals`, () => {
    it("is worth at a deposit what it is worth", async () => {
      const f = await fixture();
      const { alice, bob } = f.world.signers;
      expect(await depositBasket(f, alice, usdc(100_000), alt(5_000))).to.equal(wad(99_750) + wad(49_500));
      const [mid, half] = await f.vault.nav();
      expect(mid).to.equal(wad(150_000));
      expect(half).to.equal(wad(250) + wad(500));
      // A unit, or so few of them that their worth is not zero, buys no more than it is worth.
      const few = decimals > 18 ? alt("0.000000001") : alt("0.000001");
      const supply = await f.vault.totalSupply();
      const virtual = await f.vault.VIRTUAL();
      const low = (few * wad("9.9")) / 10n ** BigInt(decimals);
      expect(await depositBasket(f, bob, 0n, few)).to.equal((low * (supply + virtual)) / (mid + half + virtual));
    });

    it("agrees with its pool, and disagrees by as much as the pool is moved", async () => {
      const f = await fixture();
      expect(await f.liquidity.disagreement(await pricesOf(f))).to.equal(0n);
      await moveStrangePool(f.world, decimals, START.ALT * 1.03);
      const altFirst = (await f.liquidity.token0()) === (await f.world.tokens.ALT.getAddress());
      const expected = (altFirst ? 0.03 : 1 - 1 / 1.03) - 0.0125;
      const found = Number(await f.liquidity.disagreement(await pricesOf(f))) / 1e18;
      expect(Math.abs(found - expected)).to.be.lessThan(1e-6);
    });

    it("is worth in the pool what went in, and comes out of it", async () => {
      const f = await fixture();
      const { alice } = f.world.signers;
      const { shares } = await strangePosition(f);
      const value = await f.liquidity.measure(await pricesOf(f));
      expect(relative(value.equity, wad(80_000))).to.be.lessThan(0.03);
      expect((value.exposure[0] as bigint) + (value.exposure[1] as bigint)).to.equal(value.equity);
      const [index0] = await f.liquidity.indices();
      const prices = await pricesOf(f);
      const held = await f.liquidity.amounts(
        prices.mid[Number(index0)] as bigint,
        prices.mid[1 - Number(index0)] as bigint,
      );
      const [altHeld, usdcHeld] = index0 === 1n ? [held.amount0, held.amount1] : [held.amount1, held.amount0];
      expect(relative(altHeld + (await f.vault.idle(f.world.tokens.ALT)), alt(5_000))).to.be.lessThan(1e-6);

      await exitInKind(f, alice, shares);
      const out = await balancesOf(f, alice.address);
      expect(relative(out[1] as bigint, alt(5_000))).to.be.lessThan(1e-5);
      expect(await worthOf(f, out)).to.be.within(wad(149_700), wad(150_000));
      expect(usdcHeld).to.be.greaterThan(usdc(39_000));
      expect(await f.vault.totalSupply()).to.equal(0n);
    });

    it("is swapped for no less than the oracle says, less the slippage", async () => {
      const f = await fixture();
      await strangePosition(f);
      const { deployer } = f.world.signers;
      await f.rebalancer.connect(deployer).setLimits({ ...HEDGED_LIMITS, poolBand: percent(5), maxLoss: percent(3) });
      await moveStrangePool(f.world, decimals, START.ALT * 1.045);
      const before = await f.vault.idle(f.world.tokens.USDC);
      await f.rebalancer.rebalance(await planOf(f, [await swap(f, false, alt(100))]));
      const got = (await f.vault.idle(f.world.tokens.USDC)) - before;
      expect(relative(got, usdc(1_045))).to.be.lessThan(0.004);
      const dear = await planOf(f, [await swap(f, true, usdc(1_000))]);
      await expect(f.rebalancer.rebalance(dear)).to.be.revertedWithCustomError(f.liquidity, "SwapTooDear");
      // The bound itself: 97% of what the oracle says.
      const error = await f.rebalancer.rebalance.staticCall(dear).catch((caught: { data: string }) => caught);
      const args = f.liquidity.interface.parseError((error as { data: string }).data)?.args;
      expect(relative(args?.minAmountOut as bigint, alt(97))).to.be.lessThan(1e-5);
    });

    it("is measured by a plan's guards: the pool's band and the loss", async () => {
      const f = await fixture();
      await strangePosition(f);
      await moveStrangePool(f.world, decimals, START.ALT * 1.03);
      await expect(
        f.rebalancer.rebalance(await planOf(f, [await swap(f, false, alt(1))])),
      ).to.be.revertedWithCustomError(f.rebalancer, "PoolOutOfBand");
      await moveStrangePool(f.world, decimals, START.ALT);
      const { deployer } = f.world.signers;
      await f.rebalancer.connect(deployer).setLimits({ ...HEDGED_LIMITS, maxLoss: percent(0.05) });
      // Each pair costs about $30 of $150,000.
      const wash = [await swap(f, true, usdc(5_000)), await swap(f, false, alt(496))];
      await expect(
        f.rebalancer.rebalance(await planOf(f, [...wash, ...wash, ...wash, ...wash])),
      ).to.be.revertedWithCustomError(f.rebalancer, "LossTooLarge");
    });

    it("pays a part and leaves the others what is theirs", async () => {
      const f = await fixture();
      const { alice, bob } = f.world.signers;
      await strangePosition(f);
      const shares = await depositBasket(f, bob, usdc(10_000), alt(1_000));
      await exitInKind(f, bob, shares);
      expect(await worthOf(f, await balancesOf(f, bob.address))).to.be.within(wad(19_000), wad(20_000));
      await exitInKind(f, alice, await f.vault.balanceOf(alice));
      expect(await f.vault.idle(f.world.tokens.ALT)).to.equal(0n);
      expect(await f.world.tokens.ALT.balanceOf(f.vault)).to.equal(0n);
    });
  });
}

describe("too many decimals", () => {
  /** A new vault in which one of the tokens is another one. */
  async function vaultOver(f: Fixture, symbol: "ALT" | "USDC", decimals: number) {
    const { deployer, keeper } = f.world.signers;
    const token = await f.world.ethers.deployContract("MockStrangeToken", ["T", "T", decimals]);
    const address = await token.getAddress();
    const chain = { ...f.world.deployment, tokens: { ...f.world.deployment.tokens, [symbol]: address } };
    const oracles = await deployOracles(deployer, chain, GENESIS);
    const options = { name: "T", symbol: "T", pool: "wethUsdc", keeper: keeper.address } as const;
    return { made: deployVault(deployer, chain, oracles, options), address };
  }

  const fixture = reusable(vaultWithHistory);

  it("are refused in any asset above 24, and in the settlement token above 18", async () => {
    const f = await fixture();
    const rows = [
      { symbol: "ALT", decimals: 25, most: 24 },
      { symbol: "USDC", decimals: 19, most: 18 },
    ] as const;
    for (const { symbol, decimals, most } of rows) {
      const { made, address } = await vaultOver(f, symbol, decimals);
      await expect(made)
        .to.be.revertedWithCustomError(HedgeVault__factory.connect(ZeroAddress), "TooManyDecimals")
        .withArgs(address, decimals, most);
    }
  });

  it("are refused by the perp leg too", async () => {
    const f = await fixture();
    const token = await f.world.ethers.deployContract("MockStrangeToken", ["T", "T", 19]);
    // The venue itself takes no such token, so its answer is changed.
    const { vault, clearingHouse } = f.world.perp;
    const data = vault.interface.encodeFunctionResult("getSettlementToken", [await token.getAddress()]);
    const answer = data.slice(2);
    await f.world.networkHelpers.setCode(await vault.getAddress(), `0x7f${answer}60005260206000f3`);
    await expect(new PerpV2Leg__factory(f.world.signers.deployer).deploy(clearingHouse))
      .to.be.revertedWithCustomError(f.perp, "TooManyDecimals")
      .withArgs(token, 19, 18);
  });
});
