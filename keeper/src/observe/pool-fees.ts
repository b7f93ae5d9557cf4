import type { VaultState } from "@crosshedge/sdk";
import { FeeRate } from "../model/collateral/fee-rate.js";
import type { PoolState } from "../plan/situation.js";
import type { PoolReading } from "./pools.js";

/** An hour of swaps says little: this much must be seen, and a day counts half after three. */
const WINDOW = { minHours: 6, halfLifeHours: 72 };

/** Knows what each leg's pool earns, from how its fee growth grows from pass to pass. Prices that are not good are waited for. */
export class PoolFees {
  readonly #rates = new Map<string, FeeRate>();

  /** Take the readings in, and give the pools with what they earn. */
  observe(state: VaultState, readings: Readonly<Record<string, PoolReading>>): Record<string, PoolState> {
    const pools: Record<string, PoolState> = {};
    for (const leg of state.legs) {
      const reading = readings[leg.address];
      if (leg.kind !== "liquidity" || reading === undefined) continue;
      const { feeGrowth, ...pool } = reading;
      const rate = this.#rateOf(leg.address);
      if (state.prices.ok) {
        const perUnit = (asset: number): number =>
          Number(state.prices.mid[asset]!) / 1e18 / 10 ** state.assets[asset]!.decimals;
        const prices = [perUnit(leg.indices[0]), perUnit(leg.indices[1])] as const;
        rate.add({ time: state.block.timestamp, growth: feeGrowth, prices });
      }
      pools[leg.address] = { ...pool, feeRate: rate.perLiquidity };
    }
    return pools;
  }

  #rateOf(leg: string): FeeRate {
    const known = this.#rates.get(leg) ?? new FeeRate(WINDOW);
    this.#rates.set(leg, known);
    return known;
  }
}
