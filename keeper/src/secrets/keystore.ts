import { readFileSync, writeFileSync } from "node:fs";
import { encryptKeystoreJson, isKeystoreJson, Wallet } from "ethers";
import { KeeperError, WrongSettingError } from "../errors.js";

/** scrypt's work factor, 2^17 by default as geth has it. */
export interface KeystoreOptions {
  readonly scryptN?: number;
}

/**
 * Encrypt a key into a new file that only its owner may read.
 *
 * @throws {KeeperError} the file is there already, or its folder is not
 */
export async function writeKeystore(
  file: string,
  wallet: Wallet,
  password: string,
  { scryptN = 131_072 }: KeystoreOptions = {},
): Promise<void> {
  const json = await encryptKeystoreJson(wallet, password, { scrypt: { N: scryptN, r: 8, p: 1 } });
  try {
    writeFileSync(file, `${json}\n`, { mode: 0o600, flag: "wx" });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") throw existing(file);
    throw new KeeperError(`Cannot write ${file}: ${(cause as Error).message}.`, "Name another file with --keystore.");
  }
}

/** What is said where a keystore would be overwritten. */
export function existing(file: string): KeeperError {
  return new KeeperError(
    `${file} exists already.`,
    "Keystores are not overwritten: name another file, or move it away.",
  );
}

/**
 * The account of an encrypted keystore.
 *
 * @throws {WrongSettingError} the file is no keystore, or the password does not open it
 */
export async function readKeystore(file: string, password: string): Promise<Wallet> {
  let json: string;
  try {
    json = readFileSync(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new WrongSettingError(
      `Cannot read ${file} (${code}).`,
      "Name a readable keystore with signer.keystore.file.",
    );
  }
  if (!isKeystoreJson(json)) {
    throw new WrongSettingError(`${file} is not an encrypted keystore.`, "Make one with `crosshedge keys import`.");
  }
  try {
    const { privateKey } = await Wallet.fromEncryptedJson(json, password);
    return new Wallet(privateKey);
  } catch {
    throw new WrongSettingError(
      `The password does not open ${file}.`,
      "Correct the file that signer.keystore.passwordFile names.",
    );
  }
}
