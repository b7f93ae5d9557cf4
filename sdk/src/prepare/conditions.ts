import { VIRTUAL_SHARES } from "../constants.js";
import type { PinnedBlock } from "../read/block.js";
import type { BasicState } from "../state/readBasics.js";
import type { VaultMode } from "../state/types.js";
import { ONE, type Ratio18, type Usd18 } from "../units.js";

/** The state of a vault just before an operation, as far as warnings and costs depend on it: the part of a `VaultState` without the legs. */
export interface Conditions extends Readonly<BasicState> {
  readonly block: PinnedBlock;
  /** The mode that the vault would go to if it looked at its venues now (`sync()`); null where the node could not simulate it. */
  readonly modeAfterSync: VaultMode | null;
}

/** Half the NAV's band over the NAV; zero for a vault without value. */
export function bandOf({ nav }: Pick<Conditions, "nav">): Ratio18 {
  return nav.mid > 0n ? (nav.half * ONE) / nav.mid : 0n;
}

/** What a deposit or an exit counts with: USD per whole share at mid, fees that are due counted; null while the vault cannot be valued. */
export function priceWithFees({ nav, supplyWithFees }: Pick<Conditions, "nav" | "supplyWithFees">): Usd18 | null {
  return nav.ok && nav.mid >= 0n ? ((nav.mid + VIRTUAL_SHARES) * ONE) / (supplyWithFees + VIRTUAL_SHARES) : null;
}
