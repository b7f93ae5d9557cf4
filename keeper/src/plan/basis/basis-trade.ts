import type { CarryStance } from "../../model/carry/carry-rule.js";

/** What a plan makes of holding an asset against an equal short of it, for the funding alone. */
export interface BasisTrade {
  readonly asset: number;
  /** What the carry rule says, or what stands above it. */
  readonly stance: CarryStance;
  /** USD, before the plan and as it shall be; it may take several plans. */
  readonly held: number;
  readonly target: number;
  /** In words. */
  readonly reason: string;
}
