import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { amountsByToken } from "../prepare/amountsByToken.js";
import type { Spending } from "../prepare/funds.js";
import type { TokenAmounts } from "../units.js";

/**
 * Amounts by token as the vault takes them: checksummed, in the vault's order, without zeros.
 *
 * @param assets The vault's assets
 * @throws {CrosshedgeError} BAD_ARGUMENT, TOKEN_NOT_IN_BASKET
 */
export function toSpendings(amounts: TokenAmounts, assets: readonly { address: string; symbol: string }[]): Spending[] {
  const given = amountsByToken(amounts, "amounts", assets);
  const spendings = assets
    .map(({ address }) => ({ token: address, amount: given.get(address) ?? 0n }))
    .filter(({ amount }) => amount > 0n);
  if (spendings.length === 0)
    throw new CrosshedgeError("BAD_ARGUMENT", "`amounts` is empty: there is nothing to deposit.");
  return spendings;
}
