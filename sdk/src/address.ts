import { getAddress } from "ethers";
import { CrosshedgeError } from "./errors/CrosshedgeError.js";

/** The checksummed form of an address; `name` is the argument that an error names. */
export function checkAddress(value: string, name: string): string {
  try {
    return getAddress(value);
  } catch (cause) {
    throw new CrosshedgeError("BAD_ARGUMENT", `\`${name}\` is not an address: "${value}".`, { cause });
  }
}
