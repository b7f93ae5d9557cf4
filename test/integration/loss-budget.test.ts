import { expect } from "chai";
import { HEDGED_LIMITS, percent } from "../../scripts/deploy/parameters.js";
import { setFeed } from "../../scripts/devnet/world.js";
import { depositBasket, hedgedPosition, relative } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { type EncodedOrder, orders, planOf, usdc, wad } from "../support/orders.js";
import { limited, marketsOf, nextGridTime, perpOf, poolOf, send, usdcFirst } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(vaultWithHistory);
const WEEK = 7 * 86_400;
const spentOf = async (f: Fixture) => (await f.rebalancer.lossSpent()).keeper;
const abs = (x: bigint) => (x < 0n ? -x : x);
const LOOSE = { maxVolatility: percent(1_000), minHedge: 0n, maxLoss: percent(3) };

/** Swaps there and back, which cost nothing but the pool's fee. */
async function wash(f: Fixture, pairs: number): Promise<EncodedOrder[]> {
  const buyAlt = await usdcFirst(f);
  const pair = [orders.swap(poolOf(f), buyAlt, usdc(20_000)), orders.swap(poolOf(f), !buyAlt, wad(1_992))];
  return Array.from({ length: pairs }, () => pair).flat();
}

/** A vault without legs in use, whose limits let a swap through that neither hedges nor reduces. */
async function idleVault(f: Fixture): Promise<void> {
  await depositBasket(f, f.world.signers.alice, usdc(100_000), wad(5_000));
  await limited(f, LOOSE);
}

describe("loss budget: what a plan is charged", () => {
  it("the fall of NAV and each feed's threshold on what was traded, over NAV", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const before = await f.vault.portfolio();
    const spent = await spentOf(f);
    const plan = await planOf(f, [orders.size(perpOf(f), marketsOf(f).ETH.base, -wad(2))]);
    const outcome = await f.rebalancer.rebalance.staticCall(plan);
    await f.rebalancer.rebalance(plan);
    const after = await f.vault.portfolio();
    const threshold = before[0].exposure.reduce<bigint>(
      (sum, x, i) =>
        sum +
        (abs((after[0].exposure[i] as bigint) - x) * (before[1].half[i] as bigint)) / (before[1].mid[i] as bigint),
      0n,
    );
    // 2 ETH at $2,000, threshold 0.5%: $20, and the venue's fee of 0.1%.
    expect(Number(threshold) / 1e18).to.be.within(19.9, 20.2);
    expect(outcome.navAfter).to.be.lessThan(outcome.navBefore);
    const expected = ((outcome.navBefore - outcome.navAfter + threshold) * wad(1)) / outcome.navBefore;
    expect(relative((await spentOf(f)) - spent, expected)).to.be.lessThan(0.001);
  });

  it("nothing for added margin alone, also with the bucket full", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await limited(f, { lossBudget: 0n });
    const spent = await spentOf(f);
    await expect(send(f, [orders.size(perpOf(f), marketsOf(f).ETH.base, -wad(1))])).to.be.revertedWithCustomError(
      f.rebalancer,
      "Overspent",
    );
    await send(f, [orders.margin(perpOf(f), usdc(1_000))]);
    expect(await spentOf(f)).to.equal(spent);
  });

  it("nothing back for a gain", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const market = marketsOf(f).ETH.base;
    // The oracle falls below the market: selling there is a gain for the NAV.
    await setFeed(f.world, "ETH", START.ETH * 0.985);
    const spent = await spentOf(f);
    const plan = await planOf(f, [orders.size(perpOf(f), market, -wad(4))]);
    const outcome = await f.rebalancer.rebalance.staticCall(plan);
    expect(outcome.navAfter).to.be.greaterThan(outcome.navBefore);
    await f.rebalancer.rebalance(plan);
    expect(await spentOf(f)).to.be.greaterThan(spent);
  });

  it("is in the event", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const receipt = await (await send(f, [orders.size(perpOf(f), marketsOf(f).ETH.base, -wad(2))])).wait();
    const [event] = await f.rebalancer.queryFilter(f.rebalancer.filters.Rebalanced, receipt?.blockNumber);
    expect(event?.args.lossSpent).to.equal(await spentOf(f));
  });
});

describe("loss budget: the bucket", () => {
  it("refuses what it does not hold, and drains in seven days", async () => {
    const f = await fixture();
    await idleVault(f);
    await send(f, await wash(f, 14));
    await expect(send(f, await wash(f, 16))).to.be.revertedWithCustomError(f.rebalancer, "Overspent");
    const spent = await spentOf(f);
    await f.world.networkHelpers.time.increase(86_400);
    await f.world.networkHelpers.mine();
    expect(relative(spent - (await spentOf(f)), (HEDGED_LIMITS.lossBudget as bigint) / 7n)).to.be.lessThan(0.001);
    await f.world.networkHelpers.time.increase(WEEK);
    expect(await spentOf(f)).to.equal(0n);
  });

  it("lets a stolen keeper take at most 2C in seven days, however often it repeats the dearest plan", async () => {
    const f = await fixture();
    await idleVault(f);
    const [start] = await f.vault.nav();
    const end = (await f.world.networkHelpers.time.latest()) + WEEK;
    let plans = 0;
    for (;;) {
      for (const pairs of [10, 2]) {
        const plan = await planOf(f, await wash(f, pairs));
        for (;;) {
          const refused = await f.rebalancer.rebalance.staticCall(plan).then(
            () => false,
            () => true,
          );
          if (refused) break;
          await f.rebalancer.rebalance(plan);
          plan.epoch = await f.rebalancer.epoch();
          plans++;
        }
      }
      if ((await f.world.networkHelpers.time.latest()) >= end) break;
      await nextGridTime(f);
    }
    const [left] = await f.vault.nav();
    const lost = ((start - left) * wad(1)) / start;
    const capacity = HEDGED_LIMITS.lossBudget as bigint;
    expect(plans).to.be.greaterThan(10);
    expect(lost).to.be.lessThanOrEqual(2n * capacity);
    // The attack goes as far as it may.
    expect(lost).to.be.greaterThan((19n * capacity) / 10n);
  });
});
