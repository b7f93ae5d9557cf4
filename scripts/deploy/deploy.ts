import { existsSync, readFileSync } from "node:fs";
import type { Deployment } from "@crosshedge/sdk";
import { parseDeployment } from "@crosshedge/sdk";
import type { DeployConfig as IgnitionConfig } from "@nomicfoundation/ignition-core";
import type { NetworkConnection } from "hardhat/types/network";
import { deploymentFile } from "../devnet/deployment.js";
import { UsageError } from "../errors.js";
import { checkChain } from "./chain-checks.js";
import { describe } from "./config/describe.js";
import { readParams, withParams } from "./config/params.js";
import { Problems } from "./config/problems.js";
import { type DeployConfig, readConfig } from "./config/schema.js";
import { genesisFor } from "./genesis.js";
import { begin, journalOf, resume } from "./journal.js";
import type { Deployed } from "./parts.js";
import { recordVault } from "./record.js";
import { rehearse } from "./rehearsal.js";
import { send } from "./send.js";
import { verifyDeployment } from "./verify/verify.js";

export interface DeployRequest {
  /** The configuration file. */
  config: string;
  /** A file of `crosshedge calibrate`, whose parameters count instead of the configuration's. */
  params?: string;
  connection: NetworkConnection;
  /** Where a fork of the chain can be taken from. */
  url: string;
  /** Below it are deployments/ and the journal. */
  root: string;
  log: (line: string) => void;
  /** The account that sends; the first one of the network if there is none. */
  from?: string;
  ignition?: Partial<IgnitionConfig>;
}

/** Deploy what a configuration file describes, or what is left of it; verify it; write it down. */
export async function deployFromFile(request: DeployRequest): Promise<Deployed> {
  const { connection, root, log } = request;
  const { provider } = connection.ethers;
  const next = `Mend ${request.config} and run the command again. Nothing was sent.`;
  const written = readJson(request.config);
  const { chain, file } = readChain(root, written);
  const content = request.params === undefined ? written : withParams(written, readParams(request.params), chain, log);
  const problems = new Problems();
  const config = readConfig(content, chain, problems);
  problems.throwIfAny(`${request.config} cannot be used:`, next);
  if (config === undefined) throw new TypeError("a configuration without problems was not read");

  const deployer = await deployerOf(connection, request.from);
  const journal = journalOf(root, config.chainId, config.vault.name);
  const begun = await resume(journal, { config: content, deployer }, provider);
  if (begun === undefined) {
    log(`Checking the configuration against chain ${config.chainId} …`);
    await checkChain(config, chain, { provider, deployer }, problems);
    problems.throwIfAny(`${request.config} does not fit the chain:`, next);
  } else log(`Going on with the deployment in ${journal}.`);
  const genesis = begun ?? (await genesisOf(config, provider));
  const wanted = describe(config, chain, genesis, problems);
  problems.throwIfAny(`${request.config} does not fit together:`, next);
  if (begun === undefined) {
    log("Rehearsing on a fork …");
    await rehearse(request.url, wanted, problems);
    problems.throwIfAny("The contracts refuse the configuration:", next);
    await begin(journal, { config: content, deployer, genesis }, provider);
  }
  log(`Deploying ${config.vault.name} from ${deployer} …`);
  const deployed = await send(wanted, { connection, deployer, journal, log, config: request.ignition ?? {} });
  await verifyDeployment(wanted, deployed, { provider, log });
  recordVault(file, config.vault.name, deployed, content);
  log(`The vault is at ${deployed.vault}; the addresses are in ${file}.`);
  return deployed;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}.`, "It must be a file of JSON.", error);
  }
}

/** The addresses of the chain that the configuration is for. */
function readChain(root: string, content: unknown): { chain: Deployment; file: string } {
  const chainId = (content as { chainId?: unknown } | null)?.chainId;
  if (!Number.isSafeInteger(chainId)) {
    throw new UsageError("chainId: expected a whole number.", "The configuration must name its chain.");
  }
  const file = deploymentFile(chainId as number, root);
  if (!existsSync(file)) {
    throw new UsageError(
      `There is no ${file}.`,
      "It must have the addresses of the chain's tokens, feeds and venues; `npm run devnet` writes its own.",
    );
  }
  return { chain: parseDeployment(readFileSync(file, "utf8")), file };
}

async function deployerOf(connection: NetworkConnection, from: string | undefined): Promise<string> {
  const accounts = (await connection.ethers.getSigners()).map(({ address }) => address);
  const [first] = accounts;
  if (first === undefined) throw new UsageError("The network has no account.", "Configure one in hardhat.config.ts.");
  if (from === undefined) return first;
  const found = accounts.find((account) => account.toLowerCase() === from.toLowerCase());
  if (found === undefined)
    throw new UsageError(`The network has no account ${from}.`, `It has ${accounts.join(", ")}.`);
  return found;
}

async function genesisOf(
  { assets, covariance }: DeployConfig,
  provider: DeployRequest["connection"]["ethers"]["provider"],
) {
  if (covariance.genesis !== undefined) return covariance.genesis;
  const feeds = assets.map(({ feed }) => (feed as { feed: string }).feed);
  return BigInt(await genesisFor(provider, feeds, covariance));
}
