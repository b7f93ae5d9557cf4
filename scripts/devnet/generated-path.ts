import { createRandom } from "@crosshedge/keeper/random";
import type { Prices } from "./assets.js";
import { createPath, type PricePath } from "./path.js";
import { DAY, HOUR } from "./time.js";
import { DEFAULT_ALT, DEFAULT_START } from "./world.js";

/** The risky assets, in the order of a regime's figures. */
const RISKY = ["ETH", "BTC", "ALT"] as const;

export interface Regime {
  /** Annual, of ETH, BTC, ALT. */
  readonly volatility: readonly [number, number, number];
  readonly correlation: { readonly ethBtc: number; readonly ethAlt: number; readonly btcAlt: number };
}

/**
 * Calm until the middle of the scored period; from there on twice as wild and closer together, as in a sell-off, and ALT moves more with
 * each move of ETH than it did.
 */
export const REGIMES: { readonly calm: Regime; readonly stressed: Regime } = {
  calm: { volatility: [0.6, 0.5, 0.85], correlation: { ethBtc: 0.85, ethAlt: 0.75, btcAlt: 0.7 } },
  stressed: { volatility: [1.0, 0.8, 1.7], correlation: { ethBtc: 0.88, ethAlt: 0.82, btcAlt: 0.75 } },
};
/** Degrees of freedom of Student's t: hourly returns of real assets have tails about like that. */
const TAIL_DEGREES = 5;
const HOURS_A_YEAR = 8760;
export const FIRST_PRICES: Prices = { ETH: 2300, BTC: 42_000, ALT: 15, USDC: 1 };

type Triple = [number, number, number];

/** Prices that the project makes itself: correlated, fat-tailed, with a regime shift; all of it from the seed. */
export function generatePath(options: {
  seed: number;
  days: number;
  warmUpDays?: number;
  alt?: string;
  /** Where the warm-up begins. */
  start?: number;
  /** The prices to begin with. */
  first?: Prices;
}): PricePath {
  const { seed, days, warmUpDays = 30, alt = DEFAULT_ALT, start = DEFAULT_START, first = FIRST_PRICES } = options;
  const random = createRandom(seed);
  const scored = start + warmUpDays * DAY;
  const shift = regimeShift(scored, days);
  const rows: Prices[] = [first];
  let last = first;
  for (let time = start + HOUR; time <= scored + days * DAY; time += HOUR) {
    const regime = time > shift ? REGIMES.stressed : REGIMES.calm;
    const factor = cholesky(regime);
    const shocks: Triple = [random.normal(), random.normal(), random.normal()];
    const tail = Math.sqrt((TAIL_DEGREES - 2) / TAIL_DEGREES / random.chiSquared(TAIL_DEGREES));
    const next = { ...last };
    RISKY.forEach((asset, i) => {
      const row = factor[i] as Triple;
      const shock = row[0] * shocks[0] + row[1] * shocks[1] + row[2] * shocks[2];
      const deviation = (regime.volatility[i] as number) / Math.sqrt(HOURS_A_YEAR);
      next[asset] = last[asset] * Math.exp(deviation * shock * tail - deviation ** 2 / 2);
    });
    rows.push(next);
    last = next;
  }
  return createPath({ start, scored, altSymbol: alt, rows });
}

/** When the stressed regime begins: in the middle of the scored period, on the hour. */
export function regimeShift(scored: number, days: number): number {
  return scored + Math.floor((days * 24) / 2) * HOUR;
}

/** The lower triangle whose product with its transpose is the regime's correlation. */
function cholesky({ correlation: { ethBtc, ethAlt, btcAlt } }: Regime): Triple[] {
  const second = Math.sqrt(1 - ethBtc ** 2);
  const cross = (btcAlt - ethBtc * ethAlt) / second;
  return [
    [1, 0, 0],
    [ethBtc, second, 0],
    [ethAlt, cross, Math.sqrt(1 - ethAlt ** 2 - cross ** 2)],
  ];
}
