import type { GammaTerm } from "@crosshedge/sdk";
import { Q96, sqrtRatioAtTick } from "../model/tick-math.js";
import { type Book, oracleSqrtPrice, positionAmounts, worth } from "./book.js";
import { accountOf, lends, priceAt } from "./hedge-account.js";

/** The vault at the snapshot's prices, by the chain's own measure. USD, 1e18. */
export interface Measured {
  readonly nav: bigint;
  readonly exposure: readonly bigint[];
  /** The part of `exposure` that hedge legs contribute. */
  readonly hedgeExposure: readonly bigint[];
  readonly gammas: readonly GammaTerm[];
  /** Margin over notional by hedge leg, 1e18 = 100%; null where there is no position. */
  readonly marginRatio: Readonly<Record<string, bigint | null>>;
  /** By hedge leg, USD, 1e18. */
  readonly legEquity: Readonly<Record<string, bigint>>;
}

/** Measure a book: LP positions at the oracle's √price, hedge legs' equity at the oracle's prices. */
export function measureBook(book: Book): Measured {
  const exposure = book.idle.map((amount, asset) => worth(book, asset, amount));
  const hedgeExposure = exposure.map(() => 0n);
  const gammas: GammaTerm[] = [];
  const marginRatio: Record<string, bigint | null> = {};
  const legEquity: Record<string, bigint> = {};
  let nav = exposure.reduce((sum, usd) => sum + usd, 0n);

  for (const pool of Object.values(book.pools)) {
    const sqrtPrice = oracleSqrtPrice(book, pool.indices);
    positionAmounts(pool, sqrtPrice).forEach((amount, side) => {
      const asset = pool.indices[side as 0 | 1];
      const usd = worth(book, asset, amount);
      exposure[asset]! += usd;
      nav += usd;
    });
    const inRange = sqrtPrice > sqrtRatioAtTick(pool.tickLower) && sqrtPrice < sqrtRatioAtTick(pool.tickUpper);
    if (pool.liquidity === 0n || !inRange) continue;
    const [i, j] = pool.indices;
    gammas.push({ c: -worth(book, j, (pool.liquidity * sqrtPrice) / Q96) / 2n, i, j });
  }

  const unit = book.prices[book.settlement]!;
  for (const [leg, hedge] of Object.entries(book.hedges)) {
    const { equity, capital, notional } = accountOf(book.prices, hedge);
    const usd = (equity * unit) / 10n ** 18n;
    nav += usd;
    legEquity[leg] = usd;
    // Where the venue lends, the proceeds of the sales are collateral, which moves with the settlement token.
    hedgeExposure[book.settlement]! += lends(hedge) ? (hedge.cash * unit) / 10n ** 18n : usd;
    for (const { asset, size } of hedge.positions) {
      hedgeExposure[asset]! += (((size * priceAt(book.prices, hedge, asset)) / 10n ** 18n) * unit) / 10n ** 18n;
    }
    marginRatio[leg] = notional === 0n ? null : (capital * 10n ** 18n) / notional;
  }
  hedgeExposure.forEach((usd, asset) => {
    exposure[asset]! += usd;
  });
  return { nav, exposure, hedgeExposure, gammas, marginRatio, legEquity };
}
