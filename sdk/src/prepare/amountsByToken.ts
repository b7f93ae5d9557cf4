import { checkAddress } from "../address.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { TokenAmount, TokenAmounts } from "../units.js";

/**
 * What a caller gives by token, checked, by checksummed address.
 *
 * @param name The argument that an error names
 * @param assets The vault's assets
 * @throws {CrosshedgeError} BAD_ARGUMENT, TOKEN_NOT_IN_BASKET
 */
export function amountsByToken(
  amounts: TokenAmounts,
  name: string,
  assets: readonly { address: string; symbol: string }[],
): Map<string, TokenAmount> {
  const given = new Map<string, TokenAmount>();
  for (const [key, amount] of Object.entries(amounts)) {
    const token = checkAddress(key, name);
    if (typeof amount !== "bigint" || amount < 0n) {
      const message = `\`${name}\` of ${token} must be a bigint of at least 0, in token units.`;
      throw new CrosshedgeError("BAD_ARGUMENT", message);
    }
    if (given.has(token)) throw new CrosshedgeError("BAD_ARGUMENT", `\`${name}\` names ${token} twice.`);
    if (!assets.some(({ address }) => address === token)) {
      const basket = assets.map(({ symbol }) => symbol).join(", ");
      throw new CrosshedgeError("TOKEN_NOT_IN_BASKET", `${token} is not in the vault's basket (${basket}).`);
    }
    given.set(token, amount);
  }
  return given;
}
