import { expect } from "chai";
import { HEDGED_LIMITS, PUBLIC_LIMITS, percent } from "../../scripts/deploy/parameters.js";
import type { Prices } from "../../scripts/devnet/assets.js";
import { movePerp, setFeed } from "../../scripts/devnet/world.js";
import { depositBasket, pricesOf } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { type EncodedOrder, liquidityFor, orders, rangeAround, usdc, wad } from "../support/orders.js";
import {
  later,
  limited,
  marketsOf,
  perpOf,
  poolOf,
  publicLimited,
  send,
  strangerOf,
  usdcFirst,
} from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";
import { pushPerp, wholeMarket } from "./support/accomplice.js";
import { landed, mostProfitable, navAt, type Owner, printProfit, profitOf } from "./support/ledger.js";
import { CAPACITY, exhaust, sizeOf } from "./support/stolen.js";

/**
 * The threat: a stolen key drains the keeper's loss budget, so that nothing may be traded when the margin floor breaks; then the accomplice drains
 * the public one by reductions at a bad price, so that the keeper, honest again, stands before empty buckets.
 *
 * The bound (docs/threat-model.md): less than 2C of NAV in seven days by each of the two ("A stolen keeper key", "Strangers"). What saves the
 * vault does not depend on them: anybody reduces out of the public budget while the keeper's is empty, and added margin is charged to neither.
 */
const fixture = reusable(vaultWithHistory);
const RISEN: Prices = { ...START, ETH: START.ETH * 1.3 };
const margin = (f: Fixture, amount: number) => orders.margin(perpOf(f), usdc(amount));
const ratioOf = async (f: Fixture) => f.perp.marginRatio(await pricesOf(f));
const spentOf = (f: Fixture) => f.rebalancer.lossSpent();

/** A hedged vault with little idle cash, its keeper's bucket emptied. Returns what that brought the accomplices. */
async function drained(f: Fixture): Promise<{ accomplices: Owner[]; taken: bigint }> {
  await depositBasket(f, f.world.signers.alice, usdc(72_000), wad(5_000));
  const range = await rangeAround(f, 1.25);
  const { ETH, BTC } = marketsOf(f);
  await send(f, [
    margin(f, 22_000),
    orders.mint(poolOf(f), range, await liquidityFor(f, range, wad(5_000), usdc(49_000))),
    orders.size(perpOf(f), ETH.base, -wad(20)),
    orders.size(perpOf(f), BTC.base, -wad("0.5")),
  ]);
  const accomplices = await wholeMarket(f);
  await limited(f, { maxVolatility: percent(1_000), minHedge: 0n, maxLoss: percent(3) });
  const taken = await profitOf(f, START, accomplices, () => exhaust(f, { kind: "perp fees", push: 0, usd: 60_000 }));
  await limited(f, {});
  expect((await spentOf(f)).keeper * 100n).to.be.greaterThan(CAPACITY * 95n);
  return { accomplices, taken };
}

/** ETH rises, and the margin floor is broken. */
async function risen(f: Fixture): Promise<void> {
  for (const factor of [1.09, 1.19, 1.3]) {
    await setFeed(f.world, "ETH", START.ETH * factor);
    await movePerp(f.world, "ETH", START.ETH * factor);
  }
  expect(await ratioOf(f)).to.be.lessThan(HEDGED_LIMITS.minMarginRatio as bigint);
}

/** The accomplice reduces the hedge at the worst price that the venue's slippage lets pass, and again after each cooldown. */
async function reduceDearly(f: Fixture, push: number, eth: string): Promise<number> {
  let calls = 0;
  while (calls < 12) {
    const snapshot = await f.world.networkHelpers.takeSnapshot();
    await pushPerp(f, RISEN.ETH, 1 + push);
    const done = await landed(strangerOf(f).deleverage([sizeOf(f, wad(eth))]));
    if (!done) {
      await snapshot.restore();
      break;
    }
    calls++;
    await pushPerp(f, RISEN.ETH);
    await later(f, PUBLIC_LIMITS.cooldown as bigint);
  }
  return calls;
}

describe("attack: loss budgets drained before the margin floor breaks", () => {
  it("the keeper's: anybody reduces the hedge and adds margin all the same, and burns when the key is silent", async () => {
    const f = await fixture();
    const { taken } = await drained(f);
    const nav = await navAt(f, START);
    const bound = (2n * nav * CAPACITY) / wad(1);
    printProfit("bucket-drained, keeper's", { choice: "fees at the perp venue", profit: taken, tried: 1 }, bound);
    expect(taken).to.be.within(bound / 3n, bound);
    const calm = await f.world.networkHelpers.takeSnapshot();
    await later(f, (PUBLIC_LIMITS.maxSilence as bigint) + 1n);
    const { liquidity } = await f.liquidity.position();
    await strangerOf(f).deleverage([orders.burn(poolOf(f), liquidity / 10n)]);
    await calm.restore();

    await risen(f);
    const before = await ratioOf(f);
    await expect(send(f, [sizeOf(f, wad("2.5"))])).to.be.revertedWithCustomError(f.rebalancer, "Overspent");
    await strangerOf(f).deleverage([sizeOf(f, wad("2.5"))]);
    expect(await ratioOf(f)).to.be.greaterThan(before);
  });

  it("both: the keeper and anybody add margin all the same, and no more than 2C of each is gone", async () => {
    const f = await fixture();
    const { accomplices, taken } = await drained(f);
    const small = percent(0.5);
    await publicLimited(f, { lossBudget: small });
    await risen(f);
    const nav = await navAt(f, RISEN);
    const choices = [0.01, 0.02, 0.025].flatMap((push) => ["1.2", "1.8", "2.5"].map((eth) => ({ push, eth })));
    const best = await mostProfitable(f, choices, ({ push, eth }) =>
      profitOf(f, RISEN, accomplices, () => reduceDearly(f, push, eth)),
    );
    const bound = (2n * nav * (CAPACITY + small)) / wad(1);
    const total = { ...best, profit: best.profit + taken };
    printProfit("bucket-drained, both", total, bound);
    expect(best.profit).to.be.within(0n, (2n * nav * small) / wad(1));
    expect(total.profit).to.be.lessThanOrEqual(bound);

    await reduceDearly(f, best.choice.push, best.choice.eth);
    await reduceDearly(f, 0.025, "0.7");
    await reduceDearly(f, 0.01, "0.7");
    const { keeper, public_ } = await f.rebalancer.lossSpent();
    expect(keeper * 100n).to.be.greaterThan(CAPACITY * 95n);
    expect(public_ * 100n).to.be.greaterThan(small * 95n);
    expect(await ratioOf(f)).to.be.lessThan(HEDGED_LIMITS.minMarginRatio as bigint);
    await expect(strangerOf(f).deleverage([sizeOf(f, wad("1.8"))])).to.be.revertedWithCustomError(
      f.rebalancer,
      "Overspent",
    );
    const before = await ratioOf(f);
    await send(f, [margin(f, 400)]);
    await strangerOf(f).deleverage(await burnIntoMargin(f));
    expect(await ratioOf(f)).to.be.greaterThan(before + percent(3));
  });
});

/** A twelfth of the liquidity, whose dollars go into margin with all that is idle. */
async function burnIntoMargin(f: Fixture): Promise<EncodedOrder[]> {
  const { liquidity } = await f.liquidity.position();
  const { mid } = await pricesOf(f);
  const [index0, index1] = await f.liquidity.indices();
  const [amount0, amount1] = await f.liquidity.amounts(mid[Number(index0)] as bigint, mid[Number(index1)] as bigint);
  const raised = (await usdcFirst(f)) ? amount0 : amount1;
  const idle = await f.vault.idle(f.world.tokens.USDC);
  return [orders.burn(poolOf(f), liquidity / 12n), orders.margin(perpOf(f), idle + ((raised / 12n) * 97n) / 100n)];
}
