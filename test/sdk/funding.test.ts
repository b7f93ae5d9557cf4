import { expect } from "chai";
import { movePerp, setFeed } from "../../scripts/devnet/venues.js";
import { freeAaveVault, marketOf, shortPosition } from "../support/aave.js";
import { refreshFeeds } from "../support/actions.js";
import { connect } from "../support/connect.js";
import { type Fixture, START } from "../support/fixture.js";
import { hedgedVault } from "../support/hedged.js";
import { reusable } from "../support/reusable.js";

const DAY = 86_400;
const UNIT = 1e18;

const aaveVault = reusable(freeAaveVault);

/** The hedge leg through the SDK. */
async function legOf(f: Pick<Fixture, "world" | "deployment">) {
  const leg = (await (await connect(f)).readState()).legs.find(({ kind }) => kind === "hedge");
  if (leg?.kind !== "hedge") throw new Error("no hedge leg");
  return leg;
}

/** A figure is within a share of another. */
function expectWithin(actual: number, expected: number, share: number): void {
  expect(Math.abs(actual / expected - 1), `${actual} is not ${expected}`).to.be.below(share);
}

describe("sdk: funding", () => {
  it("is what the shorts of both markets are charged over a day, to 1%", async () => {
    const f = await hedgedVault();
    await movePerp(f.world, "ETH", START.ETH * 1.01);
    await movePerp(f.world, "BTC", START.BTC * 0.985);
    await f.world.networkHelpers.time.increase(901);
    const { positions, fundingSource } = await legOf(f);
    const { exchange, clearingHouseConfig } = f.world.perp;
    const pending = () => Promise.all(positions.map(({ market }) => exchange.getPendingFundingPayment(f.perp, market)));
    const before = await pending();
    await f.world.networkHelpers.time.increase(DAY);
    const after = await pending();
    for (const [i, price] of [START.ETH, START.BTC].entries()) {
      const { size, funding } = positions[i]!;
      const charged = Number(after[i]! - before[i]!) / UNIT;
      const notional = (Number(size) / UNIT) * price;
      expectWithin((Number(funding) / UNIT / 365) * notional, charged, 1e-6);
    }
    // Longs pay where the market stands above its index, so the short is paid, and the other way round.
    expect(positions[0]!.funding! > 0n && after[0]! < before[0]!).to.equal(true);
    expect(positions[1]!.funding! < 0n && after[1]! > before[1]!).to.equal(true);
    expectWithin(Number(positions[0]!.funding) / UNIT, 0.01 * 365, 0.01);
    expect(fundingSource).to.deep.equal({
      exchange: await exchange.getAddress(),
      maxDailyRate: await clearingHouseConfig.getMaxFundingRate(),
    });
  });

  it("keeps to the venue's cap and its averaging time of now", async () => {
    const f = await hedgedVault();
    const { clearingHouseConfig } = f.world.perp;
    await movePerp(f.world, "ETH", START.ETH * 1.04);
    await f.world.networkHelpers.time.increase(901);
    await clearingHouseConfig.setMaxFundingRate(20_000);
    expectWithin(Number((await legOf(f)).positions[0]!.funding) / UNIT, 0.02 * 365, 1e-9);
    await clearingHouseConfig.setMaxFundingRate(100_000);
    await movePerp(f.world, "ETH", START.ETH * 0.99);
    await clearingHouseConfig.setTwapInterval(3_600);
    const slow = (await legOf(f)).positions[0]!.funding!;
    await clearingHouseConfig.setTwapInterval(1_000);
    expect((await legOf(f)).positions[0]!.funding! > slow).to.equal(true);
  });

  it("averages the index as long as the market", async () => {
    const f = await hedgedVault();
    const rate = async () => Number((await legOf(f)).positions[0]!.funding) / UNIT;
    await f.world.networkHelpers.time.increase(901);
    const before = await rate();
    await setFeed(f.world, "ETH", START.ETH * 1.01);
    expect(Math.abs((await rate()) - before)).to.be.below(0.05 * 3.65);
    await f.world.networkHelpers.time.increase(450);
    expect((await rate()) - before).to.be.within(-0.6 * 3.65, -0.4 * 3.65);
    await f.world.networkHelpers.time.increase(451);
    expectWithin((await rate()) - before, (1 / 1.01 - 1) * 365, 0.01);
  });

  it("is nothing in a market that stands still", async () => {
    const f = await hedgedVault();
    await movePerp(f.world, "ETH", START.ETH * 1.01);
    await f.world.networkHelpers.time.increase(901);
    await f.world.perp.markets.ETH.base.pause();
    const { positions } = await legOf(f);
    expect(positions[0]!.funding).to.equal(0n);
  });

  it("is the interest on a borrowed token less that on its proceeds, on Aave", async () => {
    const f = await aaveVault();
    await shortPosition(f);
    await refreshFeeds(f);
    const { positions, fundingSource, venue } = await legOf(f);
    expect([venue, fundingSource]).to.deep.equal(["aave-v3", null]);
    const { pool } = f.venue;
    const debtOf = async (market: string) => pool.getReserveNormalizedVariableDebt(market);
    const supplied = async () => pool.getReserveNormalizedIncome(f.world.tokens.USDC);
    const eth = marketOf(f, "ETH");
    const [debt, income] = [await debtOf(eth), await supplied()];
    await f.world.networkHelpers.time.increase(DAY);
    const paid = Number((await debtOf(eth)) - debt) / Number(debt);
    const earned = Number((await supplied()) - income) / Number(income);
    const { funding } = positions.find(({ market }) => market === eth)!;
    expect(paid).to.be.above(earned);
    expectWithin(Number(funding) / UNIT / 365, earned - paid, 0.01);
  });
});
