import { expect } from "chai";
import { HEDGED_LIMITS, PUBLIC_LIMITS, percent } from "../../scripts/deploy/parameters.js";
import { setFeed } from "../../scripts/devnet/world.js";
import { depositBasket, exitInKind, firstOrders, hedgedPosition } from "../support/actions.js";
import { START, vaultWithHistory } from "../support/fixture.js";
import { orders, rangeAround, usdc, wad } from "../support/orders.js";
import { limited, marketsOf, perpOf, poolOf, send, unhedgedPosition } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";

const fixture = reusable(vaultWithHistory);
const DAY = 86_400n;
const HOUR = 3_600n;
const REDUCE_ONLY = 2n;
const CLOSED = 3n;

describe("limits: cooldown", () => {
  it("keeps plans apart, and added margin free of it", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await limited(f, { cooldown: 300n });
    const order = orders.size(perpOf(f), marketsOf(f).ETH.base, -wad("0.1"));
    await send(f, [order]);
    const { keeper } = await f.rebalancer.readyAt();
    await f.world.networkHelpers.time.increaseTo(keeper - 2n);
    await send(f, [orders.margin(perpOf(f), usdc(10))]);
    await f.world.networkHelpers.time.setNextBlockTimestamp(keeper - 0n);
    await send(f, [order]);
    await expect(send(f, [order])).to.be.revertedWithCustomError(f.rebalancer, "TooSoon");
    expect((await f.rebalancer.readyAt()).keeper).to.equal(keeper + 300n);
  });
});

describe("limits: caps", () => {
  it("one venue's share of NAV, also for added margin alone", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await limited(f, { maxVenue: percent(34) });
    const most = usdc(100_000);
    expect(await f.vault.idle(f.world.tokens.USDC)).to.be.lessThan(most);
    await expect(send(f, [orders.margin(perpOf(f), usdc(5_000))])).to.be.revertedWithCustomError(
      f.rebalancer,
      "VenueTooLarge",
    );
    await send(f, [orders.margin(perpOf(f), usdc(500))]);
  });

  it("one venue's share of NAV for a plan that trades too, but nothing that makes it less", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { ETH } = marketsOf(f);
    await limited(f, { maxVenue: percent(30) });
    await expect(
      send(f, [orders.margin(perpOf(f), usdc(100)), orders.size(perpOf(f), ETH.base, -wad("0.1"))]),
    ).to.be.revertedWithCustomError(f.rebalancer, "VenueTooLarge");
    await send(f, [orders.margin(perpOf(f), -usdc(1_000)), orders.size(perpOf(f), ETH.base, -wad("0.1"))]);
  });

  it("exposure to an asset that is not a stable, but nothing that makes it less", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { ETH } = marketsOf(f);
    // Twenty ETH short are 27% of the NAV, the liquidity's ALT is 33%, USDC is 67%.
    await limited(f, { maxAsset: percent(28) });
    await expect(send(f, [orders.size(perpOf(f), ETH.base, -wad(2))])).to.be.revertedWithCustomError(
      f.rebalancer,
      "AssetTooLarge",
    );
    await send(f, [orders.size(perpOf(f), ETH.base, -wad("0.1"))]);
    await limited(f, { maxAsset: percent(20) });
    await expect(send(f, [orders.size(perpOf(f), ETH.base, -wad("0.1"))])).to.be.revertedWithCustomError(
      f.rebalancer,
      "AssetTooLarge",
    );
    await send(f, [
      orders.size(perpOf(f), ETH.base, wad(1)),
      orders.size(perpOf(f), marketsOf(f).BTC.base, -wad("0.01")),
    ]);
  });

  it("leverage, but nothing that makes it less", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { ETH, BTC } = marketsOf(f);
    // $55,000 short of $150,000
    await limited(f, { maxGross: percent(37) });
    await expect(send(f, [orders.size(perpOf(f), ETH.base, -wad(1))])).to.be.revertedWithCustomError(
      f.rebalancer,
      "GrossTooLarge",
    );
    await send(f, [orders.size(perpOf(f), ETH.base, -wad("0.1"))]);
    await limited(f, { maxGross: percent(30) });
    await send(f, [orders.size(perpOf(f), ETH.base, wad(2)), orders.size(perpOf(f), BTC.base, -wad("0.01"))]);
    await expect(send(f, [orders.size(perpOf(f), ETH.base, -wad("0.1"))])).to.be.revertedWithCustomError(
      f.rebalancer,
      "GrossTooLarge",
    );
  });

  it("gamma, but nothing that makes it less", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { liquidity } = await f.liquidity.position();
    await limited(f, { maxGammaVolatility: percent(0.1) });
    const short = orders.size(perpOf(f), marketsOf(f).ETH.base, -wad("0.1"));
    await expect(
      send(f, [orders.mint(poolOf(f), await rangeAround(f, 1.25), liquidity / 100n), short]),
    ).to.be.revertedWithCustomError(f.rebalancer, "GammaTooLarge");
    await send(f, [orders.burn(poolOf(f), liquidity / 10n), short]);
  });

  it("width of a range", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const { liquidity, tickLower } = await f.liquidity.position();
    const narrow = { tickLower: Number(tickLower), tickUpper: Number(tickLower) + 540 };
    const wide = { ...narrow, tickUpper: narrow.tickLower + 600 };
    const burn = orders.burn(poolOf(f), liquidity);
    await expect(send(f, [burn, orders.mint(poolOf(f), narrow, 10n ** 12n)]))
      .to.be.revertedWithCustomError(f.rebalancer, "RangeTooNarrow")
      .withArgs(poolOf(f), 540n, 600n);
    const upsideDown = { tickLower: wide.tickUpper, tickUpper: wide.tickLower };
    await expect(send(f, [burn, orders.mint(poolOf(f), upsideDown, 10n ** 12n)])).to.be.revertedWithCustomError(
      f.rebalancer,
      "RangeTooNarrow",
    );
    await send(f, [burn, orders.mint(poolOf(f), wide, 10n ** 12n)]);
  });
});

describe("limits: modes", () => {
  for (const [name, mode] of [
    ["ReduceOnly", REDUCE_ONLY],
    ["Closed", CLOSED],
  ] as const) {
    it(`nothing but reductions in ${name}, for the keeper too`, async () => {
      const f = await fixture();
      const { shares } = await hedgedPosition(f);
      await f.vault.setMode(mode);
      const { ETH } = marketsOf(f);
      for (const refused of [
        orders.size(perpOf(f), ETH.base, -wad(1)),
        orders.margin(perpOf(f), -usdc(1)),
        orders.swap(poolOf(f), true, 1_000_000n),
        orders.mint(poolOf(f), await rangeAround(f, 1.25), 1n),
      ]) {
        await expect(send(f, [refused])).to.be.revertedWithCustomError(f.rebalancer, "OnlyReductions");
      }
      const { liquidity } = await f.liquidity.position();
      await send(f, [
        orders.burn(poolOf(f), liquidity),
        orders.margin(perpOf(f), usdc(1)),
        orders.size(perpOf(f), ETH.base, wad(1)),
      ]);
      await exitInKind(f, f.world.signers.alice, shares);
    });
  }

  it("everything in NoDeposit", async () => {
    const f = await fixture();
    await depositBasket(f, f.world.signers.alice, usdc(100_000), wad(5_000));
    await f.vault.setMode(1n);
    await send(f, await firstOrders(f));
  });
});

describe("limits: a bad price", () => {
  it("lets at most a step of each position be reduced, in one plan and a cooldown apart", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await limited(f, { cooldown: 300n, lossBudget: percent(3) });
    const { ETH, BTC } = marketsOf(f);
    await f.world.networkHelpers.time.increase(2 * 3_600);
    expect((await f.vault.portfolio())[1].ok).to.equal(false);
    const size = (market: string, amount: string) => orders.size(perpOf(f), market, wad(amount));
    await expect(send(f, [size(ETH.base, "2.01")])).to.be.revertedWithCustomError(f.rebalancer, "StepTooLarge");
    await expect(send(f, [size(ETH.base, "1"), size(ETH.base, "1.01")])).to.be.revertedWithCustomError(
      f.rebalancer,
      "StepTooLarge",
    );
    await send(f, [size(ETH.base, "1"), size(BTC.base, "0.05"), size(ETH.base, "1")]);
    await expect(send(f, [size(ETH.base, "1")])).to.be.revertedWithCustomError(f.rebalancer, "TooSoon");
    await f.world.networkHelpers.time.increase(300);
    await expect(send(f, [size(ETH.base, "1.81")])).to.be.revertedWithCustomError(f.rebalancer, "StepTooLarge");
    await send(f, [size(ETH.base, "1.8")]);
  });

  it("charges a reduction what it can cost at the most: a part of the largest hedge there may be", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await limited(f, { lossBudget: percent(1.4) });
    const { ETH, BTC } = marketsOf(f);
    await f.world.networkHelpers.time.increase(2 * 3_600);
    await f.world.networkHelpers.mine();
    const before = (await f.rebalancer.lossSpent()).keeper;
    const size = (market: string, amount: string) => orders.size(perpOf(f), market, wad(amount));
    await send(f, [size(ETH.base, "0.6"), size(BTC.base, "0.01"), size(ETH.base, "0.4")]);
    // A twentieth of the hedge, which may be 200% of the NAV, at 5%
    const charged = (await f.rebalancer.lossSpent()).keeper - before;
    expect(Number(charged) / 1e18).to.be.within(0.00499, 0.005);
    await expect(send(f, [size(ETH.base, "1.8")])).to.be.revertedWithCustomError(f.rebalancer, "Overspent");
    await send(f, [orders.margin(perpOf(f), usdc(100)), orders.burn(poolOf(f), 10n ** 12n)]);
  });
});

describe("limits: who may set them, and how far", () => {
  it("refuses what is beyond a constant, by the name of the limit", async () => {
    const f = await fixture();
    const admin = f.rebalancer.connect(f.world.signers.deployer);
    const limits = await f.rebalancer.limits();
    const tooMuch: [keyof typeof HEDGED_LIMITS, bigint][] = [
      ["maxVolatility", percent(1_001)],
      ["minHedge", percent(100)],
      ["hedgeFloor", percent(1_001)],
      ["maxGammaVolatility", percent(1_001)],
      ["maxLoss", percent(3.01)],
      ["poolBand", percent(5.01)],
      ["minMarginRatio", percent(101)],
      ["lossBudget", percent(5.01)],
      ["maxAsset", percent(301)],
      ["maxVenue", percent(101)],
      ["maxGross", percent(301)],
      ["horizon", 7n * DAY + 1n],
      ["cooldown", DAY + 1n],
    ];
    for (const [name, value] of tooMuch) {
      await expect(admin.setLimits({ ...HEDGED_LIMITS, [name]: value }), name).to.be.revertedWithCustomError(
        f.rebalancer,
        "AboveCeiling",
      );
    }
    for (const [name, value] of [
      ["minMarginRatio", percent(14.9)],
      ["minRangeWidth", 19n],
    ] as const) {
      await expect(admin.setLimits({ ...HEDGED_LIMITS, [name]: value }), name).to.be.revertedWithCustomError(
        f.rebalancer,
        "BelowFloor",
      );
    }
    expect(await f.rebalancer.limits()).to.deep.equal(limits);
  });

  it("the same of the public ones", async () => {
    const f = await fixture();
    const admin = f.rebalancer.connect(f.world.signers.deployer);
    const usual = { ...PUBLIC_LIMITS, gasAsset: f.world.tokens.WETH };
    const tooMuch: [keyof typeof PUBLIC_LIMITS, bigint][] = [
      ["alarmVolatility", percent(1_001)],
      ["maxStep", percent(26)],
      ["minShare", percent(101)],
      ["maxCost", percent(3.1)],
      ["riskPrice", wad(1) + 1n],
      ["lossBudget", percent(5.1)],
      ["marginTarget", percent(101)],
      ["maxBounty", wad(201)],
      ["grace", DAY + 1n],
      ["cooldown", DAY + 1n],
      ["maxSilence", 7n * DAY + 1n],
    ];
    for (const [name, value] of tooMuch) {
      await expect(admin.setPublicLimits({ ...usual, [name]: value }), name).to.be.revertedWithCustomError(
        f.rebalancer,
        "AboveCeiling",
      );
    }
    const tooLittle: [keyof typeof PUBLIC_LIMITS, bigint][] = [
      ["alarmVolatility", percent(4.9)],
      ["minShare", percent(0.9)],
      ["grace", 599n],
      ["cooldown", 59n],
      ["maxSilence", HOUR - 1n],
      // Under what strangers may act for, they could never stop.
      ["marginTarget", percent(19.9)],
    ];
    for (const [name, value] of tooLittle) {
      await expect(admin.setPublicLimits({ ...usual, [name]: value }), name).to.be.revertedWithCustomError(
        f.rebalancer,
        "BelowFloor",
      );
    }
    await expect(admin.setLimits({ ...HEDGED_LIMITS, minMarginRatio: percent(31) })).to.be.revertedWithCustomError(
      f.rebalancer,
      "BelowFloor",
    );
    await expect(admin.setPublicLimits({ ...usual, gasAsset: f.world.tokens.LINK })).to.be.revertedWithCustomError(
      f.rebalancer,
      "NotAnAsset",
    );
    await admin.setPublicLimits({ ...usual, maxBounty: 0n });
  });

  it("refuses keeper and strangers", async () => {
    const f = await fixture();
    const usual = { ...PUBLIC_LIMITS, gasAsset: f.world.tokens.WETH };
    for (const who of [f.world.signers.keeper, f.world.signers.stranger]) {
      const asked = f.rebalancer.connect(who);
      for (const call of [asked.setLimits(HEDGED_LIMITS), asked.setPublicLimits(usual)]) {
        await expect(call).to.be.revertedWithCustomError(f.rebalancer, "AccessManagedUnauthorized");
      }
    }
    await expect(f.rebalancer.connect(f.world.signers.stranger).heartbeat()).to.be.revertedWithCustomError(
      f.rebalancer,
      "AccessManagedUnauthorized",
    );
  });
});

describe("limits: the keeper's signs of life", () => {
  it("are accepted plans and heartbeats", async () => {
    const f = await fixture();
    await unhedgedPosition(f);
    await setFeed(f.world, "ETH", START.ETH);
    const first = await f.rebalancer.lastSign();
    await expect(f.rebalancer.heartbeat()).to.emit(f.rebalancer, "Heartbeat");
    const second = await f.rebalancer.lastSign();
    expect(second).to.be.greaterThan(first);
    await f.world.networkHelpers.time.increase(10);
    await send(f, [orders.margin(perpOf(f), usdc(1))]);
    expect(await f.rebalancer.lastSign()).to.equal(BigInt(await f.world.networkHelpers.time.latest()));
  });
});
