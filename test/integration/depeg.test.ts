import { expect } from "chai";
import { setFeed } from "../../scripts/devnet/world.js";
import { depositBasket, exitInKind, hedgedPosition, pricesOf, relative } from "../support/actions.js";
import { type Fixture, vaultWithHistory } from "../support/fixture.js";
import { orders, planOf, usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";
import { missingData, readRows } from "./support/shared-data.js";

const DATA = "depeg.csv.gz";
const missing = missingData(DATA);
const fixture = reusable(vaultWithHistory);
const STABLE_BAND = 0.02;

/** What Chainlink said of USDC, by the hour, around its low of 0.88 on 11 March 2023. */
function recorded(): { time: string; price: number }[] {
  const rows = readRows(DATA).filter(({ time }) => time! >= "2023-03-10T20:00" && time! <= "2023-03-13T16:00");
  return rows
    .map((row) => ({ time: row["time"] as string, price: Number(row["USDC_USD_chainlink"]) }))
    .filter(({ price }) => price > 0);
}

/** An hour later: USDC with its price, the others as before. */
async function hour(f: Fixture, price: number): Promise<void> {
  await f.world.networkHelpers.time.increase(3_600);
  for (const asset of ["ALT", "ETH", "BTC"] as const) {
    const { answer } = await f.world.feeds[asset].proxy.latestRoundData();
    await setFeed(f.world, asset, Number(answer) / 1e8);
  }
  await setFeed(f.world, "USDC", price);
}

describe("USDC loses its peg, as it did in March 2023", () => {
  before(function () {
    if (missing !== undefined) {
      console.log(`      skipped: ${missing}`);
      this.skip();
    }
  });

  it("deposits stop and go on with the feed's band, and nothing else stops", async () => {
    const f = await fixture();
    const { alice, bob } = f.world.signers;
    const { shares } = await hedgedPosition(f);
    const prices = recorded();
    const low = Math.min(...prices.map(({ price }) => price));
    expect(low).to.be.within(0.875, 0.885);
    const seen = { good: 0, bad: 0 };
    let left = shares;
    await f.vault.connect(alice).requestRedeem(wad(1_000), alice, alice);
    for (const { time, price } of prices) {
      await hour(f, price);
      const good = Math.abs(price - 1) <= STABLE_BAND;
      seen[good ? "good" : "bad"]++;
      const { USDC } = f.world.tokens;
      const { mid, ok } = await f.vault.nav();
      expect(ok, time).to.equal(good);
      // At the feed's price all the same: idle USDC alone is a part of it.
      const measured = (await f.vault.measure(await pricesOf(f))).nav;
      expect(relative(mid, measured), time).to.be.lessThan(1e-9);
      expect((await pricesOf(f)).mid[0], time).to.equal(BigInt(Math.round(price * 1e8)) * 10n ** 10n);
      expect((await f.vault.depositRoom(USDC)) > 0n, time).to.equal(good);
      if (good) await depositBasket(f, bob, usdc(10), 0n);
      else {
        await expect(depositBasket(f, bob, usdc(10), 0n), time).to.be.revertedWithCustomError(f.vault, "BadPrice");
      }
      const settle = f.vault.connect(f.world.signers.keeper).settle();
      if (good) await settle;
      else await expect(settle, time).to.be.revertedWithCustomError(f.vault, "BadPrice");
      if (price !== low) continue;
      // What waits is not priced, and can be called back.
      await f.vault.connect(alice).requestRedeem(wad(1_000), alice, alice);
      await f.vault.connect(alice).cancelRedeemRequest(wad(400), alice, alice);
      expect(await f.vault.pendingRedeemRequest(0n, alice)).to.equal(wad(600));
      // At the low: margin, burns and the exit.
      await f.vault.connect(f.world.signers.stranger).accrueFees();
      await f.rebalancer.rebalance(await planOf(f, [orders.margin(f.deployment.legs.perp as string, usdc(5_000))]));
      const { liquidity } = await f.liquidity.position();
      const pool = f.deployment.legs.liquidity as string;
      await f.rebalancer.rebalance(await planOf(f, [orders.burn(pool, liquidity / 2n)]));
      expect((await f.liquidity.position()).liquidity).to.equal(liquidity - liquidity / 2n);
      await expect(
        f.rebalancer.rebalance(await planOf(f, [orders.swap(pool, true, 1_000n)])),
      ).to.be.revertedWithCustomError(f.rebalancer, "OnlyReductions");
      await exitInKind(f, alice, left / 4n);
      left -= left / 4n;
      expect(await USDC.balanceOf(alice)).to.be.greaterThan(usdc(15_000));
    }
    expect(await f.vault.pendingRedeemRequest(0n, alice)).to.equal(0n);
    expect(await f.vault.maxRedeem(alice)).to.equal(wad(1_600));
    expect(seen.good).to.be.greaterThan(5);
    expect(seen.bad).to.be.greaterThan(20);
  });
});
