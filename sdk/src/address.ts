import { getAddress, ZeroAddress } from "ethers";
import { CrosshedgeError } from "./errors/CrosshedgeError.js";

/** The checksummed form of an address; `name` is the argument that an error names. */
export function checkAddress(value: string, name: string): string {
  try {
    return getAddress(value);
  } catch (cause) {
    throw new CrosshedgeError("BAD_ARGUMENT", `\`${name}\` is not an address: "${shown(value)}".`, { cause });
  }
}

/** As {@link checkAddress}; what the vault itself or the zero address gets, nobody could ever take out again. */
export function checkReceiver(value: string, name: string, vault: string): string {
  const receiver = checkAddress(value, name);
  if (receiver !== vault && receiver !== ZeroAddress) return receiver;
  const whose = receiver === vault ? "the vault itself" : "the zero address";
  throw new CrosshedgeError("BAD_ARGUMENT", `\`${name}\` is ${whose}: what it gets would be lost.`);
}

/** What is longer than an address may be a private key, or the words of one. */
function shown(value: unknown): string {
  const text = String(value);
  return text.length > 42 ? `${text.slice(0, 6)}…` : text;
}
