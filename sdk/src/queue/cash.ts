import { max } from "../math.js";
import type { VaultState } from "../state/types.js";
import { type Ratio18, type Usd18, usdValue } from "../units.js";

/** Idle settlement tokens, USD at the oracle's mid price. */
export function settlementCash({ assets, settlementToken }: Pick<VaultState, "assets" | "settlementToken">): Usd18 {
  const token = assets.find(({ address }) => address === settlementToken);
  return token === undefined ? 0n : usdValue(token.idle, token.decimals, token.price.mid);
}

/** The largest disagreement between a leg's venue and the oracle; null where it cannot be told. */
export function worstDisagreement({ legs }: Pick<VaultState, "legs">): Ratio18 | null {
  let worst = 0n;
  for (const { disagreement } of legs) {
    if (disagreement === null) return null;
    worst = max(worst, disagreement);
  }
  return worst;
}
