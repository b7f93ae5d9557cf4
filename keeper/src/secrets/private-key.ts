import { Wallet } from "ethers";
import { WrongSettingError } from "../errors.js";

/**
 * The account of a private key. The key is never part of a message.
 *
 * @param next What to do where it is none
 */
export function walletOf(text: string, next: string): Wallet {
  const key = text.startsWith("0x") ? text : `0x${text}`;
  if (!/^0x[0-9a-fA-F]{64}$/.test(key)) throw new WrongSettingError("The key is not a private key.", next);
  try {
    return new Wallet(key);
  } catch {
    throw new WrongSettingError("The key is not a private key: no number of the curve.", next);
  }
}
