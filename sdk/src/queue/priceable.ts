import { WIDEST_BAND } from "../constants.js";
import { max } from "../math.js";
import type { VaultState } from "../state/types.js";
import { ONE, type Ratio18 } from "../units.js";

/** The largest disagreement between a leg's venue and the oracle; null where it cannot be told. */
export function worstDisagreement({ legs }: Pick<VaultState, "legs">): Ratio18 | null {
  let worst = 0n;
  for (const { disagreement } of legs) {
    if (disagreement === null) return null;
    worst = max(worst, disagreement);
  }
  return worst;
}

/** Whether a leg's venue and the oracle disagree by more than a vault lets pass, or may. */
export function poolsDisagree(facts: Pick<VaultState, "legs" | "settings">): boolean {
  const worst = worstDisagreement(facts);
  return worst === null || worst > facts.settings.depositBand;
}

/** Whether the NAV's band is too wide to price shares by. */
export function isBandTooWide({ nav }: Pick<VaultState, "nav">): boolean {
  return nav.half > (nav.mid * WIDEST_BAND) / ONE;
}
