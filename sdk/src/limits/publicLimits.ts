import { volatilityLine } from "../risk/volatility.js";
import type { VaultState } from "../state/types.js";
import { linesOf } from "./limitUse.js";
import { cooldown } from "./planLimits.js";
import type { LimitUse } from "./types.js";

const { most, least } = linesOf("publicLimits");

/** What lets strangers act, and how far they are from it: outside the first or the last, anybody may make the vault safer. */
export function publicLimits(state: VaultState): LimitUse[] {
  const { publicLimits: limits, lossSpent, publicReadyAt, lastSign, covariance, block } = state;
  const volatility = covariance.usable ? volatilityLine(state).hedged : null;
  const silent = BigInt(Math.max(0, block.timestamp - lastSign));
  return [
    most({ name: "alarmVolatility", limit: limits.alarmVolatility, used: volatility }),
    most({ name: "lossBudget", limit: limits.lossBudget, used: lossSpent.public }),
    least({ name: "cooldown", unit: "seconds", ...cooldown(limits.cooldown, publicReadyAt, block.timestamp) }),
    most({ name: "maxSilence", unit: "seconds", limit: limits.maxSilence, used: silent }),
  ];
}
