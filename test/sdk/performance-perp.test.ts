import { type ProfitReport, readProfit } from "@crosshedge/sdk";
import { expect } from "chai";
import {
  baseOf,
  blockNumber,
  closeMarket,
  liquidate,
  movePrices,
  quit,
  sizeOf,
  thinMargin,
} from "../integration/support/weather.js";
import { hedgedPosition } from "../support/actions.js";
import { connect } from "../support/connect.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import { expectClose } from "./support.js";

const fixture = reusable(vaultWithHistory);

async function profitSince(f: Fixture, from: number): Promise<ProfitReport> {
  const report = await readProfit(await connect(f), { from, to: await blockNumber(f) });
  const sum = Object.values(report.parts).reduce((total, part) => total + part, 0n);
  expect(report.navBefore + sum).to.equal(report.navAfter);
  return report;
}

describe("sdk: profit of a vault whose perps strangers end", () => {
  it("has a liquidation's penalty and its trade, and leaves nothing over", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    await thinMargin(f, 0.16);
    await movePrices(f, 1.1);
    const from = await blockNumber(f);
    await liquidate(f, "ETH", -wad(2));
    const { parts, roundingBound, unattributedBecause } = await profitSince(f, from);
    const house = f.world.perp.clearingHouse;
    const [fined] = await house.queryFilter(house.filters.PositionLiquidated(f.perp), from);
    const [traded] = await house.queryFilter(house.filters.PositionChanged(f.perp), from);
    expect(fined?.args.liquidationFee).to.be.above(wad(50));
    const near = (part: bigint, expected: bigint) => part - expected < 10n && expected - part < 10n;
    expect(near(parts.penalties, -(fined?.args.liquidationFee ?? 0n)), `${parts.penalties}`).to.equal(true);
    expect(near(parts.hedgeFees, -(traded?.args.fee ?? 0n)), `${parts.hedgeFees}`).to.equal(true);
    expect(unattributedBecause).to.deep.equal([]);
    expect(parts.unattributed <= roundingBound && -parts.unattributed <= roundingBound).to.equal(true);
  });

  it("says that a market was closed and settled, and has the gain in what is not attributed", async () => {
    const f = await fixture();
    await hedgedPosition(f);
    const from = await blockNumber(f);
    const short = Number(-(await sizeOf(f, "BTC"))) / 1e18;
    await closeMarket(f, "BTC", 0.9);
    const gain = short * START.BTC * 0.1;
    const expectGain = async (since: number, because: string[], expected: number): Promise<void> => {
      const { parts, unattributedBecause } = await profitSince(f, since);
      expect(unattributedBecause).to.deep.equal(because);
      expectClose(Number(parts.unattributed) / 1e18, expected, gain * 0.001);
      expectClose(Number(parts.funding) / 1e18, 0, gain * 0.001);
    };
    const market = baseOf(f, "BTC");
    await expectGain(from, [`the market ${market} was closed`], gain);
    const closed = await blockNumber(f);
    await f.world.networkHelpers.mine();
    await expectGain(closed, [], 0);
    await quit(f, "BTC");
    await expectGain(closed, [`the position in ${market} changed without a trade`], 0);
    await expectGain(from, [`the position in ${market} changed without a trade`], gain);
  });
});
