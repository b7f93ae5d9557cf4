import { KeeperConfig } from "./config.js";
import { WrongSettingError } from "./errors.js";

/**
 * A configuration with its defaults filled in.
 *
 * @throws {WrongSettingError} naming the path of each wrong value
 */
export function parseConfig(input: unknown = {}): KeeperConfig {
  const result = KeeperConfig.safeParse(input);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `${path.join(".") || "(root)"}: ${message}`);
  throw new WrongSettingError(`The configuration is wrong at ${faults.join("; ")}.`, "Correct these values.");
}
