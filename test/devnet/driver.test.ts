import { createRandom } from "@crosshedge/keeper/random";
import { expect } from "chai";
import { ASSETS, type Asset, MARKETS, POOL_NAMES, POOLS, type Prices } from "../../scripts/devnet/assets.js";
import { ARBITRAGE_MARGIN } from "../../scripts/devnet/deploy/mover.js";
import { createDriver, type Driver } from "../../scripts/devnet/driver.js";
import { DEFAULT_RULES, type FeedRule } from "../../scripts/devnet/feed-rules.js";
import { generatePath, type PricePath } from "../../scripts/devnet/path.js";
import { DAY, latestTime, QUARTER } from "../../scripts/devnet/time.js";
import { perpMove, perpPrice, play, poolPrice, setFeed, spotMove } from "../../scripts/devnet/venues.js";
import type { World } from "../../scripts/devnet/world.js";
import { apart, createFixture, failureOf, PRICES, pathOf, START } from "./fixture.js";

/** Answers and times of a feed's rounds after the first `skip`. */
async function roundsOf(world: World, asset: Asset, skip: bigint): Promise<[bigint, number][]> {
  const { proxy } = world.feeds[asset];
  const { roundId } = await proxy.latestRoundData();
  const rounds: [bigint, number][] = [];
  for (let id = (1n << 64n) | (skip + 1n); id <= roundId; id += 1n) {
    const { answer, updatedAt } = await proxy.getRoundData(id);
    rounds.push([answer, Number(updatedAt)]);
  }
  return rounds;
}

/** The rounds that a rule asks for, told from the path alone. */
function expectedRounds(prices: PricePath, asset: Asset, rule: FeedRule, until: number): [bigint, number][] {
  const rounds: [bigint, number][] = [];
  let last = { price: Math.round(prices.priceAt(prices.start)[asset] * 1e8), time: prices.start };
  for (let time = prices.start + QUARTER; time <= until; time += QUARTER) {
    const quote = prices.quoteAt(time)[asset];
    if (quote === undefined) continue;
    const price = Math.round(quote * 1e8);
    if (Math.abs(price - last.price) / last.price < rule.deviation && time - last.time < rule.heartbeat) continue;
    last = { price, time };
    rounds.push([BigInt(price), time]);
  }
  return rounds;
}

async function expectVenuesAt(world: World, prices: Prices): Promise<void> {
  for (const name of POOL_NAMES) {
    const [first, second] = POOLS[name].assets;
    const distance = apart(await poolPrice(world, name), prices[first] / prices[second]);
    expect(distance, name).to.be.below((POOLS[name].fee / 1e6) * 1.01);
  }
  for (const market of MARKETS) {
    expect(apart(await perpPrice(world, market), prices[market]), market).to.be.below(0.00101);
  }
}

describe("the market driver", () => {
  let load: () => Promise<World>;
  let world: World;
  const generated = generatePath({ seed: 5, days: 1, warmUpDays: 3, start: START, first: PRICES });
  before(async () => {
    load = await createFixture();
  });
  beforeEach(async () => {
    world = await load();
  });

  async function stepThrough(driver: Driver, steps: number): Promise<void> {
    for (let i = 0; i < steps; i += 1) await driver.step();
  }

  it("warms up with every oracle round, and ends with the venues in place and their history full", async () => {
    const first = await world.feeds.ETH.aggregator.latestRound();
    const driver = await createDriver(world, generated, { seed: 1 });
    const progress: number[] = [];
    await driver.warmUp((fraction) => progress.push(fraction));
    expect(driver.now).to.equal(generated.scored);
    expect(await latestTime(world.connection)).to.equal(generated.scored);
    expect(progress.at(-1)).to.equal(1);
    for (const asset of ASSETS) {
      const wanted = expectedRounds(generated, asset, DEFAULT_RULES[asset], generated.scored);
      expect(await roundsOf(world, asset, first)).to.deep.equal(wanted);
      expect(driver.rounds[asset]).to.equal(wanted.length);
    }
    expect(driver.rounds.ETH).to.be.above(72);
    await expectVenuesAt(world, generated.priceAt(generated.scored));
    const pools = [...Object.values(world.uniswap.pools), ...MARKETS.map((market) => world.perp.markets[market].pool)];
    for (const pool of pools) await pool.observe([1800, 0]);
  });

  it("keeps feeds to their own rules, whatever the rules are", async () => {
    const random = createRandom(11);
    for (let run = 0; run < 3; run += 1) {
      world = await load();
      const first = await world.feeds.ETH.aggregator.latestRound();
      const rule = () => ({
        deviation: 0.002 + random.uniform() * 0.02,
        heartbeat: Math.ceil(random.uniform() * 12) * QUARTER,
      });
      const rules = { ETH: rule(), BTC: rule(), ALT: rule(), USDC: rule() };
      const prices = generatePath({ seed: run, days: 0, warmUpDays: 1, start: START, first: PRICES });
      await (await createDriver(world, prices, { seed: 1, rules })).warmUp();
      for (const asset of ASSETS) {
        expect(await roundsOf(world, asset, first)).to.deep.equal(
          expectedRounds(prices, asset, rules[asset], prices.end),
        );
      }
    }
  });

  it("keeps every venue within its fee of the path after each step, in a block at the step's time", async () => {
    const prices = generatePath({ seed: 5, days: 1, warmUpDays: 0, start: START, first: PRICES });
    const driver = await createDriver(world, prices, { seed: 1 });
    const block = await world.ethers.provider.getBlockNumber();
    for (let i = 1; i <= 24; i += 1) {
      await driver.step();
      expect(driver.now).to.equal(START + i * QUARTER);
      expect(await latestTime(world.connection)).to.equal(driver.now);
      await expectVenuesAt(world, prices.priceAt(driver.now));
    }
    expect(await world.ethers.provider.getBlockNumber()).to.equal(block + 24);
  });

  it("crosses jumps of 8% and of 30% in one step, whatever the tick limit asks for", async () => {
    const { ETH: _, ...gap } = PRICES;
    const up = { ...PRICES, ETH: PRICES.ETH * 1.08 };
    const down = { ...up, ETH: up.ETH * 0.7, BTC: PRICES.BTC * 0.97 };
    const prices = pathOf([PRICES, gap, up, gap, down]);
    const driver = await createDriver(world, prices, { seed: 1 });
    while (!driver.done) {
      await driver.step();
      const expected = prices.priceAt(driver.now);
      for (const market of MARKETS) {
        expect(apart(await perpPrice(world, market), expected[market]), market).to.be.below(0.00101);
      }
    }
    await expectVenuesAt(world, down);
    expect((await failureOf(() => driver.step())).message).to.contain("price path ended");
  });

  it("updates nothing of an asset in a gap", async () => {
    const { ETH: _, ...gap } = PRICES;
    const rows = [PRICES, { ...gap, BTC: 41_000 }, { ...gap, BTC: 42_000 }, { ...PRICES, BTC: 43_000, ETH: 2100 }];
    const driver = await createDriver(world, pathOf(rows), { seed: 1 });
    const round = await world.feeds.ETH.aggregator.latestRound();
    const price = await perpPrice(world, "ETH");
    const spot = await poolPrice(world, "wethUsdc");
    await stepThrough(driver, 11);
    expect(await world.feeds.ETH.aggregator.latestRound()).to.equal(round);
    expect(await perpPrice(world, "ETH")).to.equal(price);
    expect(await poolPrice(world, "wethUsdc")).to.equal(spot);
    expect(driver.rounds.BTC).to.be.above(5);
    await driver.step();
    expect(driver.rounds.ETH).to.equal(1);
    expect(apart(await perpPrice(world, "ETH"), 2100)).to.be.below(0.00101);
  });

  it("prices pools in USDC when it leaves its peg", async () => {
    const off = { ...PRICES, USDC: 0.93 };
    const driver = await createDriver(world, pathOf([PRICES, off]), { seed: 1 });
    await stepThrough(driver, 4);
    await expectVenuesAt(world, off);
    const { answer } = await world.feeds.USDC.proxy.latestRoundData();
    expect(answer).to.equal(93_000_000n);
  });

  it("goes on where others have used the chain's time", async () => {
    const driver = await createDriver(world, pathOf([PRICES, PRICES]), { seed: 1 });
    await world.networkHelpers.time.increaseTo(START + QUARTER + 5);
    await driver.step();
    expect(driver.now).to.equal(START + QUARTER);
    await driver.step();
    expect(await latestTime(world.connection)).to.equal(START + 2 * QUARTER);
  });

  it("pays arbitrageurs, and makers when prices come back; noise pays for it", async () => {
    const away = { ...PRICES, ETH: 2060, ALT: 16.9, BTC: 40_600 };
    const rows = Array.from({ length: 9 }, (_, i) => (i % 4 === 2 ? away : PRICES));
    const driver = await createDriver(world, pathOf(rows), { seed: 1 });
    expect(await driver.profits()).to.deep.equal({ arbitrageurs: 0, makers: 0, noiseTraders: 0 });
    await stepThrough(driver, 32);
    const profits = await driver.profits();
    expect(profits.arbitrageurs).to.be.above(0);
    expect(profits.makers).to.be.above(0);
    expect(profits.noiseTraders).to.be.below(0);
  });

  it("counts what a trade earns at the prices that came with it", async () => {
    const { uniswap, tokens, perp } = world;
    const mover = world.mover!;
    const pool = await uniswap.pools.altUsdc.getAddress();
    const held = async () => ({
      usdc: Number(await tokens.USDC.balanceOf(pool)) / 1e6,
      alt: Number(await tokens.ALT.balanceOf(pool)) / 1e18,
    });
    const before = await held();
    await play(world, { spots: [spotMove(world, "altUsdc", { ...PRICES, ALT: 17 }, 0.003)] });
    const after = await held();
    const earned = (before.alt - after.alt) * 17 - (after.usdc - before.usdc);
    expect(earned).to.be.above(0);
    expect(apart(Number(await mover.spotProfit()) / 1e18, earned)).to.be.below(1e-6);

    for (const price of [42_000, 39_000]) {
      const { base } = perp.markets.BTC;
      const position = async () => {
        const size = Number(await perp.accountBalance.getTakerPositionSize(mover, base)) / 1e18;
        const notional = Number(await perp.accountBalance.getTakerOpenNotional(mover, base)) / 1e18;
        const [realized] = await perp.accountBalance.getPnlAndPendingFee(mover);
        return size * price + notional + Number(realized) / 1e18;
      };
      const [worth, counted] = [await position(), await mover.perpProfit()];
      await setFeed(world, "BTC", price);
      const time = (await latestTime(world.connection)) + 16;
      await play(world, { perps: [perpMove(world, "BTC", price, 0.001)] }, time);
      const profit = Number((await mover.perpProfit()) - counted) / 1e18;
      expect(profit).to.be.above(0);
      expect(apart(profit, (await position()) - worth)).to.be.below(1e-3);
    }
  });

  it("does the same for the same seeds, other noise for another", async () => {
    const run = async (seed: number) => {
      const fresh = await load();
      const driver = await createDriver(fresh, pathOf([PRICES, { ...PRICES, ETH: 2010 }]), { seed });
      await stepThrough(driver, 4);
      return { profits: await driver.profits(), price: await poolPrice(fresh, "altWeth") };
    };
    const [a, b, c] = [await run(1), await run(1), await run(2)];
    expect(a).to.deep.equal(b);
    expect(c.profits.noiseTraders).to.not.equal(a.profits.noiseTraders);
  });

  it("tops the arbitrageur's margin up once a day", async () => {
    const { mover, perp } = world;
    const free = () => perp.vault.getFreeCollateral(mover!);
    const rows = Array.from({ length: 27 }, () => PRICES);
    const driver = await createDriver(world, pathOf(rows, 24), { seed: 1, margin: 2n * ARBITRAGE_MARGIN });
    await driver.warmUp();
    expect(driver.now).to.equal(START + DAY);
    expect(await free()).to.equal(2n * ARBITRAGE_MARGIN);
    await mover!.step(3n * ARBITRAGE_MARGIN, [], [], [], []);
    await stepThrough(driver, 8);
    expect(await free()).to.equal(3n * ARBITRAGE_MARGIN);
  });
});
