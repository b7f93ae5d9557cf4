import type { IRebalancer } from "@crosshedge/sdk/contracts";
import { parseUnits } from "ethers";
import { percent } from "../deploy/parameters.js";

/** What differs for the vault whose keeper falls silent: a trigger near the volatility that a hedged vault has, so that it is reached within days. */
export const SILENCE_LIMITS = {
  alarmVolatility: percent(40),
  maxBounty: parseUnits("20", 18),
} satisfies Partial<IRebalancer.PublicLimitsStruct>;
