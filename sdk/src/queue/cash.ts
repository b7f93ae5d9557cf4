import type { VaultState } from "../state/types.js";
import { type Usd18, usdValue } from "../units.js";

/** Idle settlement tokens, USD at the oracle's mid price. */
export function settlementCash({ assets, settlementToken }: Pick<VaultState, "assets" | "settlementToken">): Usd18 {
  const token = assets.find(({ address }) => address === settlementToken);
  return token === undefined ? 0n : usdValue(token.idle, token.decimals, token.price.mid);
}
