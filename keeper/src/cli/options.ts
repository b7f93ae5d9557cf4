import { readFileSync } from "node:fs";
import { type Deployment, parseDeployment } from "@crosshedge/sdk";
import { getAddress, isAddress } from "ethers";
import { parseParams } from "../calibrate/params-file.js";
import type { KeeperConfigInput } from "../config.js";
import { KeeperError } from "../errors.js";
import { parseConfig } from "../parse-config.js";

/** Environment variable that may hold the key. */
export const KEY_VARIABLE = "CROSSHEDGE_KEY";

/** Options that every command takes. */
export interface CommonOptions {
  readonly rpc: string;
  readonly deployment?: string;
  readonly vault?: string;
  readonly multicall?: string;
  readonly config?: string;
  readonly params?: string;
  readonly record?: string;
  readonly keyFile?: string;
}

/** The vault that is meant, and the chain's Multicall3. */
export interface Target {
  readonly vault: { readonly vault: string };
  readonly multicall: string | undefined;
}

/** The text of a file that an option names. */
function read(file: string, option: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new KeeperError(`Cannot read ${file}.`, `Name a readable file with ${option}.`, cause);
  }
}

/** The vault by its name in the deployment, or by its address. */
export function findTarget(options: CommonOptions): Target {
  const deployment =
    options.deployment === undefined ? undefined : parseDeployment(read(options.deployment, "--deployment"));
  const multicall = options.multicall ?? deployment?.multicall;
  return { vault: { vault: findVault(options.vault, deployment) }, multicall };
}

function findVault(wanted: string | undefined, deployment: Deployment | undefined): string {
  if (wanted !== undefined && isAddress(wanted)) return getAddress(wanted);
  const vaults = deployment?.vaults ?? {};
  const names = Object.keys(vaults);
  if (wanted === undefined) {
    const [only, ...others] = names;
    if (only !== undefined && others.length === 0) return vaults[only]!.vault;
    const next = names.length > 0 ? `Name one with --vault: ${names.join(", ")}.` : "Give its address with --vault.";
    throw new KeeperError("It is not said which vault is meant.", next);
  }
  const entry = Object.hasOwn(vaults, wanted) ? vaults[wanted] : undefined;
  if (entry !== undefined) return entry.vault;
  const next =
    names.length > 0 ? `The deployment has ${names.join(", ")}.` : "Give its address, or a --deployment that names it.";
  throw new KeeperError(`There is no vault called "${wanted}".`, next);
}

/** The configuration file's content, checked; defaults where there is none. */
export function readConfig(file: string | undefined): KeeperConfigInput {
  return file === undefined ? {} : parseConfig(parseJson(read(file, "--config"), file));
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new KeeperError(`${file} is not JSON.`, "Correct it; an empty configuration is {}.", cause);
  }
}

/** A configuration file as it is written, without defaults, once it is known to be one. */
function checked(file: string): KeeperConfigInput {
  const content = parseJson(read(file, "--config"), file);
  parseConfig(content);
  return content as KeeperConfigInput;
}

/** Settings of the second over those of the first, section by section. */
function overlaid(below: KeeperConfigInput, above: KeeperConfigInput): KeeperConfigInput {
  const sections = new Set([...Object.keys(below), ...Object.keys(above)]) as Set<keyof KeeperConfigInput>;
  return Object.fromEntries([...sections].map((key) => [key, { ...below[key], ...above[key] }]));
}

/** The keeper's configuration: what --config says, and below it the keeper's part of --params. */
export function configOf({ config, params }: Pick<CommonOptions, "config" | "params">): KeeperConfigInput {
  if (params === undefined) return readConfig(config);
  const { keeper } = parseParams(parseJson(read(params, "--params"), params), params);
  return overlaid(keeper, config === undefined ? {} : checked(config));
}

/** The signing key, from the file or the environment. It is never part of a message. */
export function readKey(keyFile: string | undefined, environment: NodeJS.ProcessEnv): string {
  const text = (keyFile === undefined ? environment[KEY_VARIABLE] : read(keyFile, "--key-file"))?.trim();
  const next = `Put it in ${KEY_VARIABLE}, or in a file named with --key-file: 64 hex digits.`;
  if (text === undefined || text === "") throw new KeeperError("There is no key to sign with.", next);
  const key = text.startsWith("0x") ? text : `0x${text}`;
  if (!/^0x[0-9a-fA-F]{64}$/.test(key)) throw new KeeperError("The key is not a private key.", next);
  return key;
}
