import { expect } from "chai";
import { HEDGED_LIMITS, percent } from "../../scripts/deploy/parameters.js";
import { movePerp, movePool } from "../../scripts/devnet/world.js";
import { hedgedPosition } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { type EncodedOrder, liquidityFor, orders, rangeAround, usdc, wad } from "../support/orders.js";
import { limited, nextGridTime, poolOf, send } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";
import { margin, size, sizeOf } from "./support/weather.js";

const fixture = reusable(vaultWithHistory);
const WEEK = 7 * 86_400;
const CAPACITY = HEDGED_LIMITS.lossBudget as bigint;
const midOf = async (f: Fixture) => (await f.vault.nav()).mid;
const spentOf = async (f: Fixture) => (await f.rebalancer.lossSpent()).keeper;

/** True if the plan landed. */
async function lands(f: Fixture, list: EncodedOrder[]): Promise<boolean> {
  return send(f, list).then(
    () => true,
    () => false,
  );
}

/** Part of the NAV that an attack took, 1e18 = all of it. */
async function taken(f: Fixture, attack: () => Promise<void>): Promise<bigint> {
  const before = await midOf(f);
  await attack();
  return ((before - (await midOf(f))) * wad(1)) / before;
}

/** A hedged vault whose limits let everything through that costs no more than the budget. */
async function stolen(f: Fixture): Promise<void> {
  await hedgedPosition(f);
  await limited(f, { maxVolatility: percent(1_000), minHedge: 0n, maxLoss: percent(3) });
}

describe("a stolen keeper, whose accomplice moves the markets", () => {
  it("gets nothing by moving margin back and forth", async () => {
    const f = await fixture();
    await stolen(f);
    const lost = await taken(f, async () => {
      for (let i = 0; i < 15; i++) {
        await send(f, [margin(f, usdc(10_000))]);
        await send(f, [margin(f, -usdc(10_000))]);
      }
    });
    // Funding of half a minute
    expect(lost).to.be.lessThan(percent(0.001));
  });

  it("gets nothing by burning and minting where the pool stands right", async () => {
    const f = await fixture();
    await stolen(f);
    const range = await rangeAround(f, 1.25);
    const { liquidity } = await f.liquidity.position();
    const lost = await taken(f, async () => {
      for (let i = 0; i < 10; i++) {
        await send(f, [orders.burn(poolOf(f), liquidity), orders.mint(poolOf(f), range, liquidity)]);
      }
    });
    expect(lost).to.be.lessThan(percent(0.001));
  });

  it("is charged for what it mints at a pool that was moved within its band", async () => {
    const f = await fixture();
    await stolen(f);
    const start = await spentOf(f);
    const { liquidity } = await f.liquidity.position();
    await send(f, [orders.burn(poolOf(f), liquidity)]);
    let rounds = 0;
    const lost = await taken(f, async () => {
      for (; rounds < 12; rounds++) {
        const up = rounds % 2 === 0;
        await movePool(f.world, "altUsdc", START.ALT * (up ? 1.024 : 0.977));
        const range = await rangeAround(f, 1.06);
        const minted = await liquidityFor(f, range, wad(2_000), usdc(20_000));
        if (!(await lands(f, [orders.mint(poolOf(f), range, minted)]))) break;
        await movePool(f.world, "altUsdc", START.ALT * (up ? 0.977 : 1.024));
        await send(f, [orders.burn(poolOf(f), (await f.liquidity.position()).liquidity)]);
      }
      await movePool(f.world, "altUsdc", START.ALT);
    });
    expect(rounds).to.be.greaterThan(1);
    expect(lost).to.be.lessThanOrEqual((await spentOf(f)) - start + percent(0.01));
  });

  it("is charged for trading at a perp that was moved within its slippage", async () => {
    const f = await fixture();
    await stolen(f);
    const start = await spentOf(f);
    let trades = 0;
    const lost = await taken(f, async () => {
      for (; trades < 40; trades++) {
        const sells = trades % 2 === 0;
        await movePerp(f.world, "ETH", START.ETH * (sells ? 0.975 : 1.025));
        if (!(await lands(f, [size(f, "ETH", sells ? -wad(5) : wad(5))]))) break;
      }
      await movePerp(f.world, "ETH", START.ETH);
    });
    expect(trades).to.be.within(2, 39);
    expect(lost).to.be.greaterThan(CAPACITY / 4n);
    expect(lost).to.be.lessThanOrEqual((await spentOf(f)) - start + percent(0.05));
  });

  it("takes at most 2C in seven days by reducing at no price and building up at a good one", async () => {
    const f = await fixture();
    await stolen(f);
    const { time } = f.world.networkHelpers;
    const end = (await time.latest()) + WEEK;
    let blind = 0;
    const lost = await taken(f, async () => {
      while ((await time.latest()) < end) {
        await time.increase(2 * 3_600);
        expect((await f.vault.portfolio())[1].ok).to.equal(false);
        for (let step = 0; step < 5; step++) {
          await movePerp(f.world, "ETH", START.ETH * 1.025);
          const landed = await lands(f, [size(f, "ETH", -(await sizeOf(f, "ETH")) / 10n)]);
          await movePerp(f.world, "ETH", START.ETH);
          if (!landed) break;
          blind++;
        }
        await nextGridTime(f);
        await lands(f, [size(f, "ETH", -wad(20) - (await sizeOf(f, "ETH")))]);
      }
    });
    expect(blind).to.be.within(2, 8);
    expect(lost).to.be.lessThanOrEqual(2n * CAPACITY);
  });
});
