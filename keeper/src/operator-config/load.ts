import { KeeperConfig } from "../config.js";
import { CONFIG_VARIABLE, KEY_VARIABLE, readEnvironment } from "./environment.js";
import { type ConfigFlags, readFlags } from "./flags.js";
import { configurationError, type Path, type Problem, pathName } from "./problem.js";
import { OperatorConfig } from "./schema.js";
import { putAt, type Setting } from "./setting.js";
import { variableOf } from "./signer-schema.js";
import { substitute } from "./substitute.js";
import { readYamlFile } from "./yaml-file.js";

/** What the configuration is read from, each over the one before. */
export interface ConfigSources {
  /** YAML; by default the one that CROSSHEDGE_CONFIG names, if it does. */
  readonly file?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly flags: ConfigFlags;
}

/** A configuration that is right as far as it says itself. */
export interface LoadedConfig {
  readonly config: OperatorConfig;
  /** The only vault that is meant, by its configured name, address or name in the deployment; null: all of them. */
  readonly only: string | null;
  /** File and line, variable or flag of a value; null where it is a default. */
  sourceOf(path: Path): string | null;
}

const DEFAULT_RPC = "http://127.0.0.1:8545";
const SECTIONS = Object.keys(KeeperConfig.shape);

/**
 * The configuration from its file, the environment and flags.
 *
 * @throws {KeeperError} naming path and source of each wrong value
 */
export function loadOperatorConfig({ file, environment, flags }: ConfigSources): LoadedConfig {
  const name = file ?? (environment[CONFIG_VARIABLE] || undefined);
  const yaml = name === undefined ? null : readYamlFile(name, file === undefined ? CONFIG_VARIABLE : "--config");
  const keeperOnly = isKeeperOnly(yaml?.content);
  const read = substitute(OperatorConfig, keeperOnly ? { keeper: yaml?.content } : (yaml?.content ?? {}), environment);
  const locate = (path: Path): string | null => yaml?.locate(keeperOnly ? path.slice(1) : path) ?? null;
  const problems: Problem[] = read.problems.map((problem) => ({ ...problem, source: locate(problem.path) }));
  if (typeof read.content !== "object" || read.content === null || Array.isArray(read.content)) {
    throw configurationError([...problems, { path: [], source: name ?? null, message: "expected names and values" }]);
  }
  const tree = read.content as Record<string, unknown>;

  const variables = readEnvironment(OperatorConfig, environment);
  const spoken = readFlags(OperatorConfig, flags);
  problems.push(...spoken.problems);
  const listed =
    Object.hasOwn(tree, "chains") || [...variables.settings, ...spoken.settings].some(({ path }) => names(path));
  if (!listed) tree["chains"] = [{ rpc: [DEFAULT_RPC], vaults: [{}] }];
  const vault: Setting[] =
    listed || flags.vault === undefined
      ? []
      : [{ path: ["chains", 0, "vaults", 0, "vault"], value: flags.vault, source: "--vault" }];
  const settings = [...variables.settings, ...spoken.settings, ...vault];
  const chains = Array.isArray(tree["chains"]) ? tree["chains"].length : 0;
  for (const setting of settings) {
    const short =
      setting.path[0] === "chains" && spoken.settings.includes(setting) && !setting.source.startsWith("--set");
    if (short && chains > 1) {
      const { path, source } = setting;
      problems.push({ path, source, message: `there are ${chains} chains: say --set ${pathName(path)}=… for one` });
      continue;
    }
    const problem = putAt(tree, setting);
    if (problem !== null) problems.push(problem);
  }

  const sourceOf = (path: Path): string | null => {
    for (let length = path.length; length >= 0; length--) {
      const above = path.slice(0, length);
      const setting = settings.findLast((each) => pathName(each.path) === pathName(above));
      if (setting !== undefined) return setting.source;
    }
    return locate(path);
  };
  const parsed = OperatorConfig.safeParse(tree);
  problems.push(...problemsOf(parsed.error?.issues ?? [], sourceOf));
  problems.push(...keyProblems(parsed.data, flags, environment, sourceOf));
  const named = new Set([...read.used, ...signerVariables(tree)]);
  for (const variable of variables.unknown) {
    if (named.has(variable)) continue;
    problems.push({ path: [], source: variable, message: "there is no such setting; is the name right?" });
  }
  if (parsed.data === undefined || problems.length > 0) throw configurationError(problems);
  return { config: parsed.data, only: listed ? (flags.vault ?? null) : null, sourceOf };
}

/** A key that is given and does not count: nobody is to guess which one signs. */
function keyProblems(
  config: OperatorConfig | undefined,
  flags: ConfigFlags,
  environment: NodeJS.ProcessEnv,
  sourceOf: LoadedConfig["sourceOf"],
): Problem[] {
  if (config === undefined) return [];
  const sources = config.chains.map(({ signer }, i) => ({
    signer: signer ?? config.signer,
    path: signer === undefined ? ["signer"] : ["chains", i, "signer"],
  }));
  const own = sources.findIndex(({ path }) => path.length > 1);
  if (flags.keyFile !== undefined && own >= 0) {
    const message = `the chain has a signer of its own: say --set chains.${own}.signer.keyFile=…`;
    return [{ path: ["signer"], source: "--key-file", message }];
  }
  const counts = sources.some(({ signer }) => variableOf(signer) === KEY_VARIABLE);
  if (!environment[KEY_VARIABLE] || counts) return [];
  const { path } = sources[0]!;
  return [{ path, source: sourceOf(path), message: `${KEY_VARIABLE} is set too: leave one of the two away` }];
}

/** True for a file that has a keeper's sections alone. */
function isKeeperOnly(content: unknown): boolean {
  if (typeof content !== "object" || content === null || Array.isArray(content)) return false;
  const keys = Object.keys(content);
  return keys.some((key) => SECTIONS.includes(key)) && !keys.some((key) => Object.hasOwn(OperatorConfig.shape, key));
}

/** True where a setting says which vault is meant, so that the list of chains is its author's. */
const names = ([first, ...rest]: Path): boolean => {
  const [, list, , key] = rest;
  return first === "chains" && (rest.length < 2 || (list === "vaults" && (key ?? "vault") === "vault"));
};

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

function problemsOf(issues: readonly Issue[], sourceOf: LoadedConfig["sourceOf"]): Problem[] {
  return issues.flatMap(({ code, path: where, message, keys = [] }) => {
    const path = where as Path;
    if (code !== "unrecognized_keys") return [{ path, source: sourceOf(path), message }];
    return keys.map((key) => {
      const place = [...path, key];
      return { path: place, source: sourceOf(place), message: "there is no such setting" };
    });
  });
}

/** Variables that hold keys, wherever a signer's source names one. */
function signerVariables(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "environment" && typeof inner === "string" ? [inner] : signerVariables(inner),
  );
}
