import { haircutOf } from "../model/collateral/haircut.js";
import { about, type Finding, percentText, roundUp } from "./finding.js";
import type { History } from "./history.js";
import { movesOf } from "./moves.js";
import type { VaultShape } from "./shape.js";

/** Time that selling takes, hours. */
const LIQUIDATION_HOURS = 24;

/** What each asset may lose until it is sold: the share of its value that does not count as collateral. */
export function haircutFindings({ assets, pool }: VaultShape, { prices }: History): Finding[] {
  return assets.map(({ symbol, series, stable, stableBand }, i) => {
    const still = prices[i]!.every((price) => price === prices[i]![0]);
    const downMove = still ? 0 : movesOf(prices[i]!, LIQUIDATION_HOURS, "down").tail;
    const { move, premium, depeg, total } = haircutOf({ downMove, premium: stable ? 0 : pool.fee, depeg: stableBand });
    const parts = [
      still ? "no prices of it are given" : `one day in a thousand took ${about(move)} of ${series} or more`,
      ...(stable
        ? [`its price counts as good down to ${about(depeg)} below a dollar`]
        : [`${about(premium, 2)} is the pool's fee`]),
    ];
    return {
      parameter: `haircuts.${symbol}`,
      value: percentText(roundUp(total, 0.005)),
      why: `${parts.join("; ")}; impact comes on top`,
    };
  });
}
