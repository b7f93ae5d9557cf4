import { readFileSync, statSync } from "node:fs";
import { WrongSettingError } from "../errors.js";

const OTHERS = 0o007;

/** True where others than its owner and group may read or write a file. Windows keeps no such bits. */
export function isOpenToOthers(file: string): boolean {
  return process.platform !== "win32" && (statSync(file).mode & OTHERS) !== 0;
}

/**
 * A file that holds a secret, without the white space around it.
 *
 * @param what Is in it, for messages
 * @param setting That names it
 * @throws {WrongSettingError} it cannot be read, is empty, or is open to everybody
 */
export function readPrivateFile(file: string, what: string, setting: string): string {
  let text: string;
  let open: boolean;
  try {
    open = isOpenToOthers(file);
    text = readFileSync(file, "utf8").trim();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new WrongSettingError(`Cannot read ${file} (${code}).`, `Name a readable file with ${setting}.`);
  }
  if (open) throw new WrongSettingError(`Everybody may read ${file}, which holds ${what}.`, `Run chmod 600 ${file}`);
  if (text === "") throw new WrongSettingError(`${file} is empty.`, `Put ${what} into it.`);
  return text;
}
