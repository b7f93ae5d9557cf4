import type { VaultState } from "../state/types.js";
import type { Usd18 } from "../units.js";
import { flowLimits } from "./flowLimits.js";
import { planLimits } from "./planLimits.js";
import { publicLimits } from "./publicLimits.js";
import type { LimitUse } from "./types.js";

/**
 * Every limit that measures something of the vault as it stands, and how much of it is used; computed as the contracts do. A plan must keep
 * the first ones, or not make them worse. What bounds a single call only (`maxLoss`, `maxStep`, `minShare`, `maxCost`, …) is not among them.
 *
 * @param rooms What may come in of each asset now, USD by the asset's index, as `depositRoom` tells; without it deposit windows are left out
 * @example
 * const broken = limitsUsed(await vault.readState()).filter(({ inside }) => inside === false);
 */
export function limitsUsed(state: VaultState, rooms?: readonly (Usd18 | null)[]): LimitUse[] {
  return [...planLimits(state), ...publicLimits(state), ...flowLimits(state, rooms)];
}
