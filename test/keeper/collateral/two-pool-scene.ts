import { sqrtRatioFromPrices } from "../../../keeper/src/model/tick-math.js";
import { openBook } from "../../../keeper/src/plan/book.js";
import type { Situation } from "../../../keeper/src/plan/situation.js";
import { ALT, POOL_LEG, type Scene, situationOf, WETH } from "../situation.js";

export const SECOND_LEG = "0x8888888888888888888888888888888888888888";
/** The scene with an ALT/WETH pool beside ALT/USDC, and what each earns: USD a year of a unit of liquidity. */
export function twoPools(scene: Scene, feeRates: [number | null, number | null] = [null, null]): Situation {
  const situation = situationOf({ idle: [140_000, 6_000, 0, 0], ...scene });
  const { state } = situation;
  const first = state.legs.find(({ address }) => address === POOL_LEG)!;
  const second = { ...first, address: SECOND_LEG, indices: [ALT, WETH], tickLower: 0, tickUpper: 0, liquidity: 0n };
  (state.legs as unknown[]).splice(1, 0, second);
  const { mid } = state.prices;
  const pool = { sqrtPriceX96: sqrtRatioFromPrices(mid[ALT]!, mid[WETH]!, 18, 18), liquidity: 10n ** 24n, fee: 3000 };
  const pools = {
    [POOL_LEG]: { ...situation.pools[POOL_LEG]!, feeRate: feeRates[0] },
    [SECOND_LEG]: { ...pool, tickSpacing: 60, feeRate: feeRates[1] },
  };
  return { ...situation, pools };
}

/** A rate that a dollar of a centred range earns so much of a year by, where no liquidity but the pool's is there. */
export const rateFor = (situation: Situation, leg: string, apr: number): number => {
  const book = openBook(situation);
  const [i, j] = book.pools[leg]!.indices;
  const usd = (asset: number) => Number(book.prices[asset]) / 1e18 / 10 ** book.decimals[asset]!;
  // Value of a unit of liquidity in the middle of [P/r, P·r]: 2·√(p0·p1)·(1 − r^−½).
  return apr * 2 * Math.sqrt(usd(i) * usd(j)) * (1 - 1 / Math.sqrt(1.25));
};
