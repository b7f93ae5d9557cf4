import { expect } from "chai";
import type { CarryOutlook } from "../../../keeper/src/model/carry/outlook.js";
import { sqrtRatioFromPrices } from "../../../keeper/src/model/tick-math.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { planBasis } from "../../../keeper/src/plan/basis/plan-basis.js";
import { type Book, openBook } from "../../../keeper/src/plan/book.js";
import { SECOND_LEG } from "../collateral/two-pool-scene.js";
import { BTC_MARKET, ETH_MARKET, PERP_LEG, POOL_LEG, situationOf, USDC, WBTC, WETH } from "../situation.js";

const NAV = 200_000;
const config = parseConfig({ basis: { enabled: true } });
const rich: CarryOutlook = { holdingDays: 60, rate: 0.3, deviation: 0.05, negativeDays: 0 };
const dull: CarryOutlook = { ...rich, rate: 0.03 };

/** A vault with pools of ETH and BTC for USDC, and what is idle and short of BTC. */
function bookWith(btc: number, closed: string[] = []): Book {
  const scene = { pair: "ethUsdc" as const, idle: [140_000, 0, 0, btc] as [number, number, number, number], closed };
  const book = openBook(situationOf({ ...scene, perp: { cash: 30_000, btc: -btc } }));
  const pool = book.pools[POOL_LEG]!;
  const sqrtPriceX96 = sqrtRatioFromPrices(book.prices[WBTC]!, book.prices[USDC]!, 8, 6);
  const second = { ...pool, indices: [WBTC, USDC] as const, sqrtPriceX96, poolLiquidity: 10n ** 15n };
  return { ...book, pools: { ...book.pools, [SECOND_LEG]: second } };
}

/** What is wanted of ETH and BTC with room for a fifth of NAV in all, BTC known for this. */
function wanted(book: Book, btc: CarryOutlook, way: "shrink" | "grow" = "grow"): Record<number, number> {
  const funding = (outlook: CarryOutlook) => ({ rate: outlook.rate, basis: "made up", outlook });
  const { trades } = planBasis(
    book,
    [WETH, WBTC],
    {
      funding: { [PERP_LEG]: { [ETH_MARKET]: funding(rich), [BTC_MARKET]: funding(btc) } },
      symbols: ["USDC", "ALT", "WETH", "WBTC"],
      room: { share: 0.2 * NAV, capital: NAV, gross: NAV, venues: { [PERP_LEG]: NAV } },
      ...{ nav: NAV, band: 0.025, alarms: new Map(), frozen: false, way },
      venueDefaults: { [PERP_LEG]: { probability: 0.02, lossShare: 1 } },
      ...{ affordable: NAV, chargeShare: 0 },
    },
    config,
  );
  return Object.fromEntries(trades.map(({ asset, target }) => [asset, target]));
}

describe("room of several basis trades", () => {
  it("is first of what is held: none is given up for another", () => {
    const kept = wanted(bookWith(1), dull);
    expect(kept[WBTC]).to.be.closeTo(30_000, 1);
    expect(kept[WETH]).to.be.closeTo(10_000, 1);
    expect(wanted(bookWith(1), rich)[WBTC]).to.be.closeTo(30_000, 1);
    const left = wanted(bookWith(1), { ...rich, rate: -0.3, negativeDays: 3 });
    expect([left[WBTC], left[WETH]]).to.deep.equal([0, 0.2 * NAV]);
  });

  it("counts what is held in a market that cannot be traded now", () => {
    expect(wanted(bookWith(1, [BTC_MARKET]), dull)[WETH]).to.be.closeTo(10_000, 1);
  });
});
