import { VIRTUAL_SHARES } from "../constants.js";
import { mulDiv } from "../math.js";
import type { VaultState } from "../state/types.js";
import type { TokenAmount, Usd18 } from "../units.js";

/** What shares would be paid by a settlement. */
export interface PaidForShares {
  readonly usd: Usd18;
  /** Settlement tokens. */
  readonly assets: TokenAmount;
}

/** What a settlement at the prices of now would pay for shares that it fills, rounded down as the vault does; null while none can be priced. */
export function paidDown(
  { nav, assets, settlementToken, supplyWithFees }: VaultState,
  shares: bigint,
): PaidForShares | null {
  const token = assets.find(({ address }) => address === settlementToken);
  if (token === undefined || !nav.ok || nav.mid <= 0n || nav.half > nav.mid) return null;
  const usd = (shares * (nav.mid - nav.half + VIRTUAL_SHARES)) / (supplyWithFees + VIRTUAL_SHARES);
  const paid = mulDiv(usd, 10n ** BigInt(token.decimals), token.price.mid);
  return paid === null ? null : { usd, assets: paid };
}
