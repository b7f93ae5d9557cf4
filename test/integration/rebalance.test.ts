import { expect } from "chai";
import { HEDGED_LIMITS, percent } from "../../scripts/deploy/parameters.js";
import { movePool, setFeed } from "../../scripts/devnet/world.js";
import { depositBasket, exitInKind, firstOrders, hedgedPosition, hedgeOrders, pricesOf } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory, vaultWithoutHistory } from "../support/fixture.js";
import { liquidityFor, orders, planOf, rangeAround, usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(vaultWithHistory);
const young = reusable(vaultWithoutHistory);

const perpOf = (f: Fixture) => f.deployment.legs.perp as string;
const poolOf = (f: Fixture) => f.deployment.legs.liquidity as string;
const marketsOf = (f: Fixture) => f.world.deployment.perp.markets;
const send = async (f: Fixture, ...list: Parameters<typeof planOf>) => f.rebalancer.rebalance(await planOf(...list));

/** True where the pool's token0 is USDC. */
async function usdcFirst(f: Fixture): Promise<boolean> {
  return (await f.liquidity.token0()) === (await f.world.tokens.USDC.getAddress());
}

async function limited(f: Fixture, changes: Partial<typeof HEDGED_LIMITS>): Promise<void> {
  await f.rebalancer.connect(f.world.signers.deployer).setLimits({ ...HEDGED_LIMITS, cooldown: 0n, ...changes });
}

describe("rebalance: what is accepted", () => {
  it("a plan that reduces the variance", async () => {
    const f = await fixture();
    await depositBasket(f, f.world.signers.alice, usdc(100_000), wad(5_000));
    const plan = await planOf(f, await firstOrders(f));
    const outcome = await f.rebalancer.rebalance.staticCall(plan);
    expect(outcome.reduced).to.equal(true);
    expect(outcome.varianceAfter).to.be.lessThan(outcome.varianceBefore / 2n);
    expect(outcome.varianceUnhedged).to.be.greaterThan(2n * outcome.varianceAfter);
    await expect(f.rebalancer.rebalance(plan)).to.emit(f.rebalancer, "Rebalanced");
    expect(await f.rebalancer.epoch()).to.equal(1n);
    const ethShort = await f.perp.position(marketsOf(f).ETH.base);
    expect(ethShort.size).to.equal(-wad(20));
  });

  it("a plan that does not, where the vault stays inside its limits and hedged", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const plan = await planOf(f, [orders.size(perpOf(f), marketsOf(f).ETH.base, wad(4))]);
    const outcome = await f.rebalancer.rebalance.staticCall(plan);
    expect(outcome.reduced).to.equal(false);
    expect(outcome.varianceAfter).to.be.greaterThan(outcome.varianceBefore);
    await f.rebalancer.rebalance(plan);
  });

  it("a move of the range with its swap", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { liquidity } = await f.liquidity.position();
    const range = await rangeAround(f, 1.5);
    await send(f, f, [
      orders.burn(poolOf(f), liquidity),
      orders.swap(poolOf(f), await usdcFirst(f), (await usdcFirst(f)) ? usdc(2_000) : wad(200)),
      orders.mint(poolOf(f), range, await liquidityFor(f, range, wad(3_500), usdc(35_000))),
    ]);
    expect((await f.liquidity.position()).tickLower).to.equal(BigInt(range.tickLower));
  });

  it("added margin alone, whatever the variance", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await limited(f, { maxVolatility: 0n });
    await send(f, f, [orders.margin(perpOf(f), usdc(1_000))]);
  });

  it("never changes the supply of shares", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    expect(await f.vault.totalSupply()).to.equal(shares);
  });
});

describe("rebalance: what is refused", () => {
  it("liquidity without a hedge", async () => {
    const f = await fixture();
    await depositBasket(f, f.world.signers.alice, usdc(100_000), wad(5_000));
    const [, mint] = await firstOrders(f);
    await expect(send(f, f, [mint as never])).to.be.revertedWithCustomError(f.rebalancer, "NeitherReducedNorHedged");
    expect((await f.liquidity.position()).liquidity).to.equal(0n);
  });

  it("removal of the hedge", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { ETH, BTC } = marketsOf(f);
    await expect(
      send(f, f, [orders.size(perpOf(f), ETH.base, wad(20)), orders.size(perpOf(f), BTC.base, wad("0.5"))]),
    ).to.be.revertedWithCustomError(f.rebalancer, "NeitherReducedNorHedged");
  });

  it("a hedge that overshoots, and one above the volatility limit", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await expect(send(f, f, [orders.size(perpOf(f), marketsOf(f).ETH.base, -wad(45))])).to.be.revertedWithCustomError(
      f.rebalancer,
      "NeitherReducedNorHedged",
    );
    await limited(f, { maxVolatility: percent(1) });
    await expect(send(f, f, [orders.size(perpOf(f), marketsOf(f).ETH.base, wad(1))])).to.be.revertedWithCustomError(
      f.rebalancer,
      "NeitherReducedNorHedged",
    );
  });

  it("a plan that leaves the variance as it is, where the vault is above its limit", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const same = [orders.burn(poolOf(f), 0n)];
    await send(f, f, same);
    await limited(f, { maxVolatility: 0n });
    await expect(send(f, f, same)).to.be.revertedWithCustomError(f.rebalancer, "NeitherReducedNorHedged");
  });

  it("a plan for another epoch, and the same plan twice", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const plan = await planOf(f, [orders.margin(perpOf(f), usdc(10))]);
    await expect(f.rebalancer.rebalance({ ...plan, epoch: 2n }))
      .to.be.revertedWithCustomError(f.rebalancer, "WrongEpoch")
      .withArgs(1n, 2n);
    await f.rebalancer.rebalance(plan);
    await expect(f.rebalancer.rebalance(plan))
      .to.be.revertedWithCustomError(f.rebalancer, "WrongEpoch")
      .withArgs(2n, 1n);
  });

  it("a late plan and an empty one", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const now = BigInt(await f.world.networkHelpers.time.latest());
    const order = orders.margin(perpOf(f), usdc(10));
    await expect(send(f, f, [order], { deadline: now })).to.be.revertedWithCustomError(f.rebalancer, "TooLate");
    await expect(send(f, f, [])).to.be.revertedWithCustomError(f.rebalancer, "EmptyPlan");
    await send(f, f, [order], { deadline: now + 10n });
  });

  it("a plan that loses more than the cap", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await limited(f, { maxLoss: percent(0.2) });
    const buyAlt = await usdcFirst(f);
    const swaps = [orders.swap(poolOf(f), buyAlt, usdc(5_000)), orders.swap(poolOf(f), !buyAlt, wad(497))];
    const wash = (times: number) => Array.from({ length: times }, () => swaps).flat();
    // Each pair costs about $30 of $150,000.
    await expect(send(f, f, wash(15))).to.be.revertedWithCustomError(f.rebalancer, "LossTooLarge");
    await expect(send(f, f, wash(5))).not.to.be.revertedWithCustomError(f.rebalancer, "LossTooLarge");
    const own = (maxLoss: bigint) => send(f, f, wash(5), { maxLoss });
    await expect(own(percent(0.05))).to.be.revertedWithCustomError(f.rebalancer, "LossTooLarge");
    await expect(own(percent(0.15))).not.to.be.revertedWithCustomError(f.rebalancer, "LossTooLarge");
  });

  it("a mint or a swap in a pool that somebody moved", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await movePool(f.world, "altUsdc", START.ALT * 1.04);
    const range = await rangeAround(f, 1.25);
    const { liquidity } = await f.liquidity.position();
    await expect(send(f, f, [orders.mint(poolOf(f), range, 10n ** 12n)])).to.be.revertedWithCustomError(
      f.rebalancer,
      "PoolOutOfBand",
    );
    await expect(send(f, f, [orders.swap(poolOf(f), await usdcFirst(f), 1_000_000n)])).to.be.revertedWithCustomError(
      f.rebalancer,
      "PoolOutOfBand",
    );
    // A burn needs no check: at any pool price the tokens are worth at least the position at the true one.
    await send(f, f, [orders.burn(poolOf(f), liquidity)]);
  });

  it("a mint after the plan's own swap has moved the pool out of the band", async () => {
    const f = await fixture();
    await depositBasket(f, f.world.signers.alice, usdc(3_000_000), wad(300_000));
    await limited(f, { poolBand: percent(0.5), maxLoss: percent(3) });
    const range = await rangeAround(f, 1.25);
    const swap = orders.swap(poolOf(f), !(await usdcFirst(f)), wad(20_000));
    const mint = orders.mint(poolOf(f), range, 10n ** 15n);
    await expect(send(f, f, [swap, mint])).to.be.revertedWithCustomError(f.rebalancer, "PoolOutOfBand");
    await send(f, f, [swap]);
  });

  it("a swap that is too dear against the oracle, inside the band", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await limited(f, { poolBand: percent(5) });
    await movePool(f.world, "altUsdc", START.ALT * 1.045);
    const buyAlt = await usdcFirst(f);
    await expect(send(f, f, [orders.swap(poolOf(f), buyAlt, usdc(1_000))])).to.be.revertedWithCustomError(
      f.liquidity,
      "SwapTooDear",
    );
    await send(f, f, [orders.swap(poolOf(f), !buyAlt, wad(100))]);
  });

  it("liquidity with too much gamma", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await limited(f, { minRangeWidth: 60n });
    const { liquidity } = await f.liquidity.position();
    const narrow = await rangeAround(f, 1.004);
    await expect(
      send(f, f, [
        orders.burn(poolOf(f), liquidity),
        orders.mint(poolOf(f), narrow, await liquidityFor(f, narrow, wad(3_900), usdc(39_000))),
      ]),
    ).to.be.revertedWithCustomError(f.rebalancer, "GammaTooLarge");
  });

  it("margin below its floor", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await expect(send(f, f, [orders.margin(perpOf(f), -usdc(40_000))])).to.be.revertedWithCustomError(
      f.rebalancer,
      "MarginTooThin",
    );
  });

  it("an increase while the margin is thin, but nothing that repairs it step by step", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await send(f, f, [orders.margin(perpOf(f), -usdc(30_000))]);
    await setFeed(f.world, "ETH", START.ETH * 1.3);
    expect(await f.perp.marginRatio(await pricesOf(f))).to.be.lessThan(percent(15));
    const { liquidity } = await f.liquidity.position();
    await expect(
      send(f, f, [orders.margin(perpOf(f), usdc(100)), orders.size(perpOf(f), marketsOf(f).BTC.base, -wad("0.001"))]),
    ).to.be.revertedWithCustomError(f.rebalancer, "MarginTooThin");
    await send(f, f, [orders.margin(perpOf(f), usdc(1_000))]);
    await send(f, f, [orders.burn(poolOf(f), liquidity / 4n)]);
  });

  it("tokens that the ledger does not count, though the vault has them", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { USDC } = f.world.tokens;
    const idle = await f.vault.idle(USDC);
    await USDC.connect(f.world.signers.deployer).mint(f.vault, usdc(50_000));
    await expect(send(f, f, [orders.margin(perpOf(f), idle + 1n)]))
      .to.be.revertedWithCustomError(f.vault, "NotEnoughIdle")
      .withArgs(USDC, idle + 1n, idle);
  });

  it("a long position", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await expect(
      send(f, f, [orders.size(perpOf(f), marketsOf(f).ETH.base, wad("20.000000001"))]),
    ).to.be.revertedWithCustomError(f.perp, "WouldFlipLong");
  });

  it("anybody but the keeper, a foreign leg, an action of another kind of leg", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const plan = await planOf(f, [orders.margin(perpOf(f), usdc(1))]);
    await expect(f.rebalancer.connect(f.world.signers.stranger).rebalance(plan)).to.be.revertedWithCustomError(
      f.rebalancer,
      "AccessManagedUnauthorized",
    );
    const { stranger } = f.world.signers;
    await expect(
      f.vault.connect(stranger).carryOut(plan.orders, 0n, 1n, { mid: [], half: [], ok: true }, 0n),
    ).to.be.revertedWithCustomError(f.vault, "NotRebalancer");
    await expect(f.vault.connect(stranger).appraise([], true, 0n)).to.be.revertedWithCustomError(
      f.vault,
      "NotRebalancer",
    );
    await expect(f.perp.connect(stranger).appraise([], true, 0n)).to.be.revertedWithCustomError(f.perp, "NotVault");
    await expect(f.vault.connect(stranger).pay(f.world.tokens.USDC, stranger, 1n)).to.be.revertedWithCustomError(
      f.vault,
      "NotALeg",
    );
    await expect(
      f.perp.connect(stranger).execute(plan.orders[0] as never, { mid: [], half: [], ok: true }),
    ).to.be.revertedWithCustomError(f.perp, "NotVault");
    await expect(f.perp.connect(stranger).exit(1n, 1n)).to.be.revertedWithCustomError(f.perp, "NotVault");
    await expect(send(f, f, [orders.burn(perpOf(f), 1n)])).to.be.revertedWithCustomError(f.perp, "UnsupportedAction");
    const { liquidity, ...second } = await import("../support/fixture.js").then((m) => m.vaultIn(f.world, f.oracles));
    await expect(send(f, f, [orders.burn(await liquidity.getAddress(), 0n)])).to.be.revertedWithCustomError(
      f.vault,
      "NotALeg",
    );
    expect(second.deployment.vault).to.not.equal(f.deployment.vault);
  });
});

describe("rebalance: while the measure is missing", () => {
  it("lets only reductions pass on an oracle without history", async () => {
    const f = await young();
    await depositBasket(f, f.world.signers.alice, usdc(100_000), wad(5_000));
    const [margin, mint] = await firstOrders(f);
    await expect(send(f, f, [margin as never, mint as never])).to.be.revertedWithCustomError(
      f.rebalancer,
      "OnlyReductions",
    );
    await expect(send(f, f, [margin as never, ...hedgeOrders(f)])).to.be.revertedWithCustomError(
      f.rebalancer,
      "OnlyReductions",
    );
    await send(f, f, [margin as never]);
    await f.covariance.poke(f.rounds);
    await send(f, f, (await firstOrders(f)).slice(1));
  });

  it("lets reductions of each kind pass, and nothing else, when the oracle is too old", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await f.world.networkHelpers.time.increase(3 * 86_400);
    for (const asset of ["ETH", "BTC", "ALT", "USDC"] as const) await setFeed(f.world, asset, START[asset]);
    const { liquidity } = await f.liquidity.position();
    const { ETH } = marketsOf(f);
    for (const refused of [
      orders.size(perpOf(f), ETH.base, -wad(1)),
      orders.margin(perpOf(f), -usdc(1)),
      orders.swap(poolOf(f), true, 1_000_000n),
      orders.mint(poolOf(f), await rangeAround(f, 1.25), 1n),
    ]) {
      await expect(send(f, f, [refused])).to.be.revertedWithCustomError(f.rebalancer, "OnlyReductions");
    }
    await send(f, f, [
      orders.margin(perpOf(f), usdc(1)),
      orders.size(perpOf(f), ETH.base, wad(1)),
      orders.burn(poolOf(f), liquidity / 2n),
    ]);
  });

  it("lets burns, added margin and small reductions pass while a price is bad", async () => {
    const f = await fixture();
    const { shares } = await hedgedPosition(f);
    await f.world.networkHelpers.time.increase(2 * 3_600);
    const { liquidity } = await f.liquidity.position();
    const { ETH } = marketsOf(f);
    for (const refused of [orders.size(perpOf(f), ETH.base, -wad(1)), orders.margin(perpOf(f), -usdc(1))]) {
      await expect(send(f, f, [refused])).to.be.revertedWithCustomError(f.rebalancer, "OnlyReductions");
    }
    await send(f, f, [
      orders.burn(poolOf(f), liquidity),
      orders.margin(perpOf(f), usdc(100)),
      orders.size(perpOf(f), ETH.base, wad(1)),
    ]);
    await exitInKind(f, f.world.signers.alice, shares);
  });
});

describe("rebalance: limits", () => {
  it("refuses values beyond the ceilings, and anybody but the authority", async () => {
    const f = await fixture();
    const admin = f.rebalancer.connect(f.world.signers.deployer);
    for (const [name, value] of [
      ["maxLoss", percent(3.01)],
      ["poolBand", percent(5.01)],
      ["minHedge", percent(100)],
      ["horizon", 8n * 86_400n],
    ] as const) {
      await expect(admin.setLimits({ ...HEDGED_LIMITS, [name]: value })).to.be.revertedWithCustomError(
        f.rebalancer,
        "AboveCeiling",
      );
    }
    await expect(admin.setLimits({ ...HEDGED_LIMITS, minMarginRatio: percent(14.9) })).to.be.revertedWithCustomError(
      f.rebalancer,
      "BelowFloor",
    );
    await expect(f.rebalancer.setLimits(HEDGED_LIMITS)).to.be.revertedWithCustomError(
      f.rebalancer,
      "AccessManagedUnauthorized",
    );
    await admin.setLimits({ ...HEDGED_LIMITS, maxLoss: percent(3) });
    expect((await f.rebalancer.limits()).maxLoss).to.equal(percent(3));
  });
});
