import { parseDeployment } from "@crosshedge/sdk";
import { expect } from "chai";
import { MaxUint256, parseEther, parseUnits } from "ethers";
import { network } from "hardhat";
import { POOL_NAMES } from "../../scripts/devnet/assets.js";
import { readDeployment } from "../../scripts/devnet/deployment.js";
import { FluxAggregator__factory } from "../../scripts/devnet/generated/index.js";
import { latestTime } from "../../scripts/devnet/time.js";
import { perpPrice, poolPrice } from "../../scripts/devnet/venues.js";
import { attachWorld, deployWorld, fund, movePerp, movePool, setFeed, type World } from "../../scripts/devnet/world.js";
import { UsageError } from "../../scripts/errors.js";
import { apart, createFixture, failureOf, PRICES, START } from "./fixture.js";

const ZERO = "0x0000000000000000000000000000000000000000";

describe("the local world", () => {
  let load: () => Promise<World>;
  let world: World;
  before(async () => {
    load = await createFixture();
  });
  beforeEach(async () => {
    world = await load();
  });

  const usdc = (amount: number) => parseUnits(String(amount), 6);

  async function openShort(market: "ETH" | "BTC", base: string): Promise<void> {
    const { trader } = world.signers;
    await fund(world, trader.address, { USDC: usdc(100_000) });
    await world.tokens.USDC.connect(trader).approve(world.perp.vault, MaxUint256);
    await world.perp.vault.connect(trader).deposit(world.tokens.USDC, usdc(100_000));
    await world.perp.clearingHouse.connect(trader).openPosition({
      baseToken: world.perp.markets[market].base,
      isBaseToQuote: true,
      isExactInput: true,
      amount: parseEther(base),
      oppositeAmountBound: 0,
      deadline: MaxUint256,
      sqrtPriceLimitX96: 0,
      referralCode: `0x${"00".repeat(32)}`,
    });
  }

  it("is ready at its start time, each feed having just reported the price", async () => {
    expect(await latestTime(world.connection)).to.equal(START);
    for (const [asset, price] of Object.entries(PRICES)) {
      const { proxy } = world.feeds[asset as keyof typeof PRICES];
      const round = await proxy.latestRoundData();
      expect(round.answer).to.equal(BigInt(price) * 10n ** 8n);
      expect(round.updatedAt).to.equal(START);
      expect(await proxy.description()).to.equal(`${asset} / USD`);
      expect(await proxy.decimals()).to.equal(8n);
    }
  });

  it("has tokens of the usual decimals, with permits, minted by their minters only", async () => {
    const { tokens, signers } = world;
    expect(await tokens.USDC.decimals()).to.equal(6n);
    expect(await tokens.WBTC.decimals()).to.equal(8n);
    expect(await tokens.ALT.decimals()).to.equal(18n);
    expect(await tokens.ALT.symbol()).to.equal("ALT");
    await expect(tokens.USDC.connect(signers.stranger).mint(signers.stranger, 1)).to.be.revertedWithCustomError(
      tokens.USDC,
      "NotMinter",
    );
    const { chainId } = await world.ethers.provider.getNetwork();
    const domain = { name: "USD Coin", version: "1", chainId, verifyingContract: await tokens.USDC.getAddress() };
    const fields = ["owner address", "spender address", "value uint256", "nonce uint256", "deadline uint256"];
    const types = { Permit: fields.map((field) => ({ name: field.split(" ")[0]!, type: field.split(" ")[1]! })) };
    const [owner, spender] = [signers.alice.address, signers.bob.address];
    const message = { owner, spender, value: 5n, nonce: 0n, deadline: MaxUint256 };
    const { v, r, s } = world.ethers.Signature.from(await signers.alice.signTypedData(domain, types, message));
    await tokens.USDC.permit(owner, spender, 5n, MaxUint256, v, r, s);
    expect(await tokens.USDC.allowance(owner, spender)).to.equal(5n);
  });

  it("funds accounts with every token", async () => {
    const { tokens, signers } = world;
    const amounts = { USDC: 1n, WBTC: 2n, ALT: 3n, WETH: 4n };
    await fund(world, signers.alice.address, amounts);
    await fund(world, signers.alice.address, amounts);
    for (const [symbol, amount] of Object.entries(amounts)) {
      expect(await tokens[symbol as keyof typeof amounts].balanceOf(signers.alice)).to.equal(2n * amount);
    }
  });

  it("funds accounts with tokens that it may not mint", async () => {
    const { tokens, signers } = world;
    await tokens.USDC.setMinter(signers.deployer, false);
    await fund(world, signers.alice.address, { USDC: 7n });
    await fund(world, signers.alice.address, { USDC: 5n });
    expect(await tokens.USDC.balanceOf(signers.alice)).to.equal(12n);
    await tokens.USDC.connect(signers.alice).transfer(signers.bob, 12n);
    expect(await tokens.USDC.balanceOf(signers.bob)).to.equal(12n);
  });

  it("has pools at the given prices, deep, with half an hour of history", async () => {
    expect(apart(await poolPrice(world, "altUsdc"), 16)).to.be.below(1e-9);
    expect(apart(await poolPrice(world, "altWeth"), 16 / 2000)).to.be.below(1e-9);
    expect(apart(await poolPrice(world, "wethUsdc"), 2000)).to.be.below(1e-9);
    expect(apart(await poolPrice(world, "wbtcUsdc"), 40_000)).to.be.below(1e-9);
    for (const name of POOL_NAMES) {
      const pool = world.uniswap.pools[name];
      const { tick, observationCardinalityNext } = await pool.slot0();
      const { tickCumulatives } = await pool.observe([1800, 0]);
      expect((tickCumulatives[1]! - tickCumulatives[0]!) / 1800n).to.equal(tick);
      expect(observationCardinalityNext).to.be.at.least(100n);
    }
    expect(await world.uniswap.pools.altUsdc.fee()).to.equal(3000n);
    expect(await world.uniswap.pools.wethUsdc.fee()).to.equal(500n);
  });

  it("swaps through the router what the quoter says, with little impact", async () => {
    const { uniswap, tokens, signers } = world;
    await fund(world, signers.alice.address, { USDC: usdc(16_000) });
    const trade = { tokenIn: tokens.USDC, tokenOut: tokens.ALT, fee: 3000, sqrtPriceLimitX96: 0 };
    const amountIn = usdc(16_000);
    const quoted = await uniswap.quoter.quoteExactInputSingle.staticCall({ ...trade, amountIn });
    await tokens.USDC.connect(signers.alice).approve(uniswap.router, amountIn);
    const order = { ...trade, amountIn, recipient: signers.alice, deadline: MaxUint256, amountOutMinimum: 0 };
    await uniswap.router.connect(signers.alice).exactInputSingle(order);
    const received = await tokens.ALT.balanceOf(signers.alice);
    expect(received).to.equal(quoted.amountOut);
    expect(apart(Number(received) / 1e18, 1000 * 0.997)).to.be.below(0.002);
  });

  it("lends every token on Aave, priced by the world's feeds, and is attached to with it", async () => {
    const { aave, tokens } = world;
    for (const [asset, token] of [
      ["USDC", tokens.USDC],
      ["ETH", tokens.WETH],
      ["BTC", tokens.WBTC],
      ["ALT", tokens.ALT],
    ] as const) {
      expect(await aave!.oracle.getAssetPrice(token)).to.equal(BigInt(PRICES[asset]) * 10n ** 8n);
      const { variableBorrowRate } = await aave!.dataProvider.getReserveData(token);
      // At 40% of use, half of the 4% up to the optimal.
      expect(apart(Number(variableBorrowRate) / 1e27, 0.02)).to.be.below(0.01);
    }
    const { addressesProvider } = world.deployment.aave!;
    const again = await attachWorld(world.connection, parseDeployment(JSON.stringify(world.deployment)));
    expect(await again.aave!.pool.ADDRESSES_PROVIDER()).to.equal(addressesProvider);
    expect(await again.aave!.configurator.getAddress()).to.equal(await aave!.configurator.getAddress());
  });

  it("opens shorts in both perp markets at the market's price", async () => {
    const { perp, signers } = world;
    await openShort("ETH", "20");
    await openShort("BTC", "1");
    for (const [market, size] of [
      ["ETH", "20"],
      ["BTC", "1"],
    ] as const) {
      const { base } = perp.markets[market];
      expect(await perp.accountBalance.getTakerPositionSize(signers.trader, base)).to.equal(-parseEther(size));
      const notional = await perp.accountBalance.getTotalOpenNotional(signers.trader, base);
      const gross = Number(size) * PRICES[market];
      expect(apart(Number(notional) / 1e18, gross * 0.999)).to.be.below(0.002);
      expect(await perp.accountBalance.getMarkPrice(base)).to.be.above(0n);
    }
    expect(await perp.vault.getFreeCollateral(signers.trader)).to.be.above(usdc(80_000));
  });

  it("keeps every round of a feed, also across a change of phase", async () => {
    const { feeds, signers } = world;
    const { proxy, aggregator } = feeds.ETH;
    await setFeed(world, "ETH", 2100.5);
    const first = await proxy.latestRoundData();
    expect(first.answer).to.equal(210_050_000_000n);

    const link = await world.tokens.LINK.getAddress();
    const next = await new FluxAggregator__factory(signers.deployer).deploy(
      link,
      0,
      0,
      ZERO,
      1,
      10n ** 18n,
      8,
      "ETH / USD",
    );
    await next.changeOracles([], [signers.feedOwner.address], [signers.feedOwner.address], 1, 1, 0);
    await next.connect(signers.feedOwner).submit(1, 2_200n * 10n ** 8n);
    await proxy.proposeAggregator(next);
    await proxy.confirmAggregator(next);

    const latest = await proxy.latestRoundData();
    expect(latest.roundId).to.equal((2n << 64n) | 1n);
    expect(latest.answer).to.equal(2_200n * 10n ** 8n);
    expect((await proxy.getRoundData(first.roundId)).answer).to.equal(210_050_000_000n);
    expect(first.roundId).to.equal((1n << 64n) | (await aggregator.latestRound()));
  });

  it("moves a spot pool to a price, either way", async () => {
    for (const price of [17.3, 12.1]) {
      await movePool(world, "altUsdc", price);
      expect(apart(await poolPrice(world, "altUsdc"), price)).to.be.below(1e-9);
    }
    await movePool(world, "altWeth", 0.0075);
    expect(apart(await poolPrice(world, "altWeth"), 0.0075)).to.be.below(1e-9);
    expect(apart(await poolPrice(world, "wethUsdc"), 2000)).to.be.below(1e-9);
  });

  it("moves a perp market across a jump of its index, in one block or in several", async () => {
    for (const price of [2160, 3100, 1500]) {
      await setFeed(world, "ETH", price);
      await movePerp(world, "ETH", price);
      expect(apart(await perpPrice(world, "ETH"), price)).to.be.below(1e-9);
    }
    expect(apart(await perpPrice(world, "BTC"), 40_000)).to.be.below(1e-9);
  });

  it("refuses to move a perp market away from its index", async () => {
    expect((await failureOf(() => movePerp(world, "ETH", 2600))).message).to.contain("EX_OPB");
  });

  it("raises the arbitrageur's margin, and lets nobody else use him", async () => {
    const { mover, perp, signers } = world;
    const free = () => perp.vault.getFreeCollateral(mover!);
    const wanted = (await free()) + usdc(5);
    await mover!.step(wanted, [], [], [], []);
    expect(await free()).to.equal(wanted);
    await mover!.step(1, [], [], [], []);
    expect(await free()).to.equal(wanted);
    const stranger = mover!.connect(signers.stranger);
    await expect(stranger.step(1, [], [], [], [])).to.be.revertedWithCustomError(mover!, "NotOperator");
    await expect(stranger.uniswapV3SwapCallback(1, 1, "0x")).to.be.revertedWithCustomError(mover!, "NotPool");
  });

  it("aggregates calls like Multicall3", async () => {
    const { multicall, tokens } = world;
    const target = await tokens.USDC.getAddress();
    const good = tokens.USDC.interface.encodeFunctionData("decimals");
    const bad = tokens.USDC.interface.encodeFunctionData("transfer", [target, 1n]);
    const call = (callData: string, allowFailure: boolean) => ({ target, allowFailure, callData });
    const results = await multicall.aggregate3.staticCall([call(good, false), call(bad, true)]);
    expect(results.map(({ success }) => success)).to.deep.equal([true, false]);
    expect(BigInt(results[0]!.returnData)).to.equal(6n);
    expect((await failureOf(() => multicall.aggregate3.staticCall([call(bad, false)]))).message).to.contain(
      "CallFailed",
    );
    expect(await multicall.getBlockNumber()).to.equal(await world.ethers.provider.getBlockNumber());
    expect(await multicall.getCurrentBlockTimestamp()).to.be.at.least(START);
  });

  it("names the token as it is told, also LINK", async () => {
    const connection = await network.create("world");
    const other = await deployWorld(connection, { alt: "LINK", prices: PRICES });
    expect(await other.tokens.ALT.symbol()).to.equal("LINK");
    expect(other.deployment.tokens.LINK).to.equal(await other.tokens.ALT.getAddress());
    expect(await other.feeds.ALT.proxy.description()).to.equal("LINK / USD");
    const again = await failureOf(() => deployWorld(connection, { prices: PRICES, startTime: START }));
    expect(again).to.be.instanceOf(UsageError);
    const named = await failureOf(() => deployWorld(connection, { alt: "USDC", prices: PRICES }));
    expect(named.message).to.contain('"USDC" cannot name');
    await connection.close();
  });

  it("says which addresses are missing", async () => {
    const error = await failureOf(() => readDeployment("deployments/0.json"));
    expect(error).to.be.instanceOf(UsageError);
    expect(error.message).to.contain("npm run devnet");
  });
});
