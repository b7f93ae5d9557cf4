import { getAddress, isAddress } from "ethers";
import { parseParams } from "../calibrate/params-file.js";
import { KeeperConfig, type KeeperConfigInput } from "../config.js";
import { WrongSettingError } from "../errors.js";
import { overlaid } from "../keeper-part.js";
import type { ChainConfig } from "./chain-schema.js";
import type { LoadedConfig } from "./load.js";
import { configurationError, type Path, type Problem } from "./problem.js";
import { findVault, readDeployment } from "./read-deployment.js";
import type { SignerConfig } from "./signer-schema.js";
import { readYamlFile } from "./yaml-file.js";

/** One vault that is kept, with everything that counts for it. */
export interface VaultTarget {
  readonly name: string;
  /** Checksummed. */
  readonly address: string;
  readonly keeper: KeeperConfig;
  /** Longest time between two of its ticks, seconds. */
  readonly intervalSeconds: number;
}

/** One chain with what its files say. */
export interface ChainTarget {
  readonly chain: ChainConfig;
  /** Null: what the nodes say. */
  readonly chainId: number | null;
  readonly multicall: string | undefined;
  readonly signer: SignerConfig;
  readonly vaults: readonly VaultTarget[];
}

/**
 * The chains and vaults of a configuration, with what its deployment and parameter files say.
 *
 * @throws {WrongSettingError} naming what is wrong, and where
 */
export function targetsOf({ config, only, sourceOf }: LoadedConfig): ChainTarget[] {
  const problems: Problem[] = [];
  const wrong = (path: Path, message: string): void => void problems.push({ path, source: sourceOf(path), message });
  const all: Layer[] = [
    { path: ["params"], part: paramsOf(config.params) },
    { path: ["keeper"], part: config.keeper },
  ];
  const chains = config.chains.map((chain, i): ChainTarget => {
    const deployment = chain.deployment === undefined ? undefined : readDeployment(chain.deployment);
    const { chainId = deployment?.chainId ?? null } = chain;
    if (deployment !== undefined && chainId !== deployment.chainId) {
      wrong(["chains", i, "chainId"], `the deployment file is of chain ${deployment.chainId}`);
    }
    const common = [...all, { path: ["chains", i, "keeper"], part: chain.keeper }];
    const vaults = chain.vaults.map((vault, j): VaultTarget => {
      const place = ["chains", i, "vaults", j];
      const found = findVault(vault.vault, deployment);
      const own = { path: [...place, "keeper"], part: vault.keeper };
      const layers = [...common, { path: [...place, "params"], part: paramsOf(vault.params) }, own];
      return {
        name: vault.name ?? found.name ?? found.address,
        address: getAddress(found.address),
        keeper: complete(layers, wrong),
        intervalSeconds: vault.intervalSeconds ?? config.intervals.tickSeconds,
      };
    });
    const multicall = chain.multicall ?? deployment?.multicall;
    return { chain, chainId, multicall, signer: chain.signer ?? config.signer, vaults };
  });
  findRepeated(chains, wrong);
  if (problems.length > 0) throw configurationError(problems);
  return only === null ? chains : selected(chains, only);
}

/** Settings of a keeper, and where they are said. */
interface Layer {
  readonly path: Path;
  readonly part: KeeperConfigInput;
}

/** Settings laid over each other, with defaults; what is wrong between them is the last one's that says anything of the section. */
function complete(layers: readonly Layer[], wrong: (path: Path, message: string) => void): KeeperConfig {
  const { data, error } = KeeperConfig.safeParse(overlaid(...layers.map(({ part }) => part)));
  for (const { path, message } of error?.issues ?? []) {
    const section = String(path[0]);
    const layer = layers.findLast(({ part }) => Object.hasOwn(part, section)) ?? layers.at(-1)!;
    wrong([...layer.path, ...(path as Path)], message);
  }
  return data ?? KeeperConfig.parse({});
}

function findRepeated(chains: readonly ChainTarget[], wrong: (path: Path, message: string) => void): void {
  const names = new Set<string>();
  const addresses = new Set<string>();
  for (const [i, { chain, chainId, vaults }] of chains.entries()) {
    if (chains.length > 1 && chainId === null) {
      wrong(["chains", i, "chainId"], "expected a number: where there are several chains, each says which it is");
    }
    for (const [j, { name, address }] of vaults.entries()) {
      const place = ["chains", i, "vaults", j];
      if (names.has(name)) wrong([...place, "name"], `expected a name of its own: another vault is called ${name}`);
      if (addresses.has(`${chainId ?? i} ${address}`)) wrong([...place, "vault"], `${address} is there already`);
      names.add(name);
      addresses.add(`${chainId ?? i} ${address}`);
    }
    if (chain.rpc.length > 1 && new Set(chain.rpc.map((url) => url.reveal())).size < chain.rpc.length) {
      wrong(["chains", i, "rpc"], "expected addresses of different nodes: one is there twice");
    }
  }
}

/** The one vault that is meant. */
function selected(chains: readonly ChainTarget[], only: string): ChainTarget[] {
  const meant = (name: string, address: string): boolean =>
    name === only || (isAddress(only) && getAddress(only) === address);
  const found = chains.flatMap((target) =>
    target.vaults.filter(({ name, address }) => meant(name, address)).map((vault) => ({ ...target, vaults: [vault] })),
  );
  if (found.length === 1) return found;
  const names = chains.flatMap(({ vaults }) => vaults.map(({ name }) => name)).join(", ");
  const says = found.length === 0 ? `There is no vault called "${only}".` : `"${only}" is a vault of several chains.`;
  throw new WrongSettingError(says, `The configuration has ${names}: name one of them with --vault.`);
}

/** The keeper's part of a parameter file. */
function paramsOf(file: string | undefined): KeeperConfigInput {
  return file === undefined ? {} : parseParams(readYamlFile(file, "--params").content, file).keeper;
}
