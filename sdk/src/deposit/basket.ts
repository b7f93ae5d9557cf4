import { checkAddress } from "../address.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { Spending } from "../prepare/funds.js";
import type { TokenAmounts } from "../units.js";

/**
 * Amounts by token as the vault takes them: checksummed, in the vault's order, without zeros.
 *
 * @param assets The vault's assets
 * @throws {CrosshedgeError} BAD_ARGUMENT, TOKEN_NOT_IN_BASKET
 */
export function toSpendings(amounts: TokenAmounts, assets: readonly { address: string; symbol: string }[]): Spending[] {
  const given = new Map<string, bigint>();
  for (const [key, amount] of Object.entries(amounts)) {
    const token = checkAddress(key, "amounts");
    if (typeof amount !== "bigint" || amount < 0n) {
      throw new CrosshedgeError(
        "BAD_ARGUMENT",
        `The amount of ${token} must be a bigint of at least 0, in token units.`,
      );
    }
    if (given.has(token)) throw new CrosshedgeError("BAD_ARGUMENT", `\`amounts\` names ${token} twice.`);
    if (!assets.some(({ address }) => address === token)) {
      const basket = assets.map(({ symbol }) => symbol).join(", ");
      throw new CrosshedgeError("TOKEN_NOT_IN_BASKET", `${token} is not in the vault's basket (${basket}).`);
    }
    given.set(token, amount);
  }
  const spendings = assets
    .map(({ address }) => ({ token: address, amount: given.get(address) ?? 0n }))
    .filter(({ amount }) => amount > 0n);
  if (spendings.length === 0)
    throw new CrosshedgeError("BAD_ARGUMENT", "`amounts` is empty: there is nothing to deposit.");
  return spendings;
}
