import type { LimitsState, PublicLimitsState, SettingsState } from "../state/types.js";
import type { Ratio18 } from "../units.js";

/** Where a limit is set: `IRebalancer.Limits`, `IRebalancer.PublicLimits`, `IHedgeVault.Settings`, or for good in the vault's code. */
export type LimitSource = "limits" | "publicLimits" | "settings" | "code";

/** A limit by the name of its field; `bandWidth` is a constant of the code. */
export type LimitField = keyof LimitsState | keyof PublicLimitsState | keyof SettingsState | "bandWidth";

/** How much of one limit is used, rounded against the vault: inside exactly where the contracts let it pass. */
export interface LimitUse {
  source: LimitSource;
  name: LimitField;
  /** The asset or leg that it is about, by address, where there is one line for each; else null. */
  subject: string | null;
  /** Most that may be, or least that must be. */
  kind: "most" | "least";
  /** Of `limit`, `used` and `headroom`: 1e18 = 100%, USD 1e18, seconds, or ticks. */
  unit: "ratio" | "usd" | "seconds" | "ticks";
  limit: bigint;
  /** What is there now; null where it cannot be measured. */
  used: bigint | null;
  /** Used over limit, for a least one the other way round: above 100% where it is broken. Null where it cannot be told. */
  share: Ratio18 | null;
  /** What is left until the limit; negative where it is broken. */
  headroom: bigint | null;
  /** Null where it cannot be measured. */
  inside: boolean | null;
}
