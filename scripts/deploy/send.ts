import { HedgeVault__factory, Rebalancer__factory, VaultFactory__factory } from "@crosshedge/sdk/contracts";
import {
  errorDeploymentResultToExceptionMessage,
  HardhatArtifactResolver,
} from "@nomicfoundation/hardhat-ignition/helpers";
import {
  type DeployConfig,
  type DeploymentResult,
  DeploymentResultType,
  deploy,
  type EIP1193Provider,
  type ExecutionEventListener,
  status,
} from "@nomicfoundation/ignition-core";
import { id, type Provider } from "ethers";
import { artifacts } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { UsageError } from "../errors.js";
import type { Wanted } from "./config/describe.js";
import { systemModule } from "./ignition-module.js";
import { beginningBlock, firstTransaction } from "./journal.js";
import { lostNonce, recover } from "./lost.js";
import type { Deployed } from "./parts.js";

interface Sending {
  connection: NetworkConnection;
  deployer: string;
  /** Where Ignition keeps its journal. */
  journal: string;
  log: (line: string) => void;
  /** How Ignition waits; its defaults suit a public chain. */
  config?: Partial<DeployConfig>;
}

/** Carry out every step that the journal does not have yet, and give what is deployed. */
export async function send(wanted: Wanted, sending: Sending): Promise<Deployed> {
  const { connection, deployer, journal, log } = sending;
  const counts = { done: 0 };
  const result = await deployOrRecover(wanted, sending, counts);
  if (result.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT) {
    throw new UsageError(
      `The deployment stopped: ${errorDeploymentResultToExceptionMessage(result)}`,
      `Mend the cause and run the same command again: it goes on where it stopped. Its journal is in ${journal}.`,
    );
  }
  if (counts.done === 0) log("Nothing to do: every step was done before.");
  return collect(wanted, journal, connection.ethers.provider, deployer);
}

async function deployOrRecover(wanted: Wanted, sending: Sending, counts: { done: number }): Promise<DeploymentResult> {
  const { connection, deployer, journal, log, config = {} } = sending;
  const provider = connection.provider as EIP1193Provider;
  for (;;) {
    try {
      return await deploy({
        config,
        artifactResolver: new HardhatArtifactResolver(artifacts),
        provider,
        executionEventListener: progress(log, counts),
        deploymentDir: journal,
        ignitionModule: systemModule(wanted),
        deploymentParameters: {},
        accounts: [deployer],
        defaultSender: deployer,
      });
    } catch (error) {
      const nonce = lostNonce(error);
      if (nonce === undefined) throw error;
      const lost = { journal, sender: deployer, nonce, since: beginningBlock(journal) };
      log(`  found again: ${await recover(lost, connection.ethers.provider, provider)}`);
    }
  }
}

const stepName = (futureId: string) => futureId.replace(/^Crosshedge#/, "");

/** Says what happens. Only transactions count as steps. */
function progress(log: (line: string) => void, counts: { done: number }): ExecutionEventListener {
  const quiet = async () => {};
  const sent = async ({ futureId, hash }: { futureId: string; hash: string }) =>
    log(`  ${stepName(futureId)} … ${hash}`);
  const confirmed = async ({ futureId }: { futureId: string }) => {
    counts.done++;
    log(`  ${stepName(futureId)} done`);
  };
  const listener: Partial<ExecutionEventListener> = { transactionSend: sent, transactionConfirm: confirmed };
  return new Proxy(listener, { get: (target, key) => Reflect.get(target, key) ?? quiet }) as ExecutionEventListener;
}

/** What a finished journal says was deployed. */
async function collect(
  { system, vault: { name, symbol, settlementToken, legs } }: Wanted,
  journal: string,
  provider: Provider,
  deployer: string,
): Promise<Deployed> {
  // Not the file of addresses beside it: a process that dies may leave it short of one for good.
  const { contracts } = await status(journal);
  const at = (contract: string) => contracts[`Crosshedge#${contract}`]?.address as string;
  const factory = VaultFactory__factory.connect(at("VaultFactory"), { provider });
  const vault = await factory.predictVault(deployer, id(name), {
    ...{ name, symbol, settlementToken },
    authority: at("Authority"),
    priceOracle: at("PriceOracle"),
    covarianceOracle: at("CovarianceOracle"),
  });
  const made = HedgeVault__factory.connect(vault, { provider });
  const rebalancer = Rebalancer__factory.connect(await made.rebalancer(), { provider });
  const legAddresses = await made.legs();
  const own = ["Authority", "PriceOracle", "CovarianceOracle", "VaultFactory", "HedgeVault", "Rebalancer"];
  const legContracts = Object.entries(system.legs).map(([venue, { contract }]) => [venue, contract] as const);
  const known = new Set([...own, ...legContracts.map(([, contract]) => contract)]);
  const names = Object.keys(contracts).map(stepName);
  return {
    vault,
    rebalancer: await rebalancer.getAddress(),
    priceOracle: at("PriceOracle"),
    covarianceOracle: at("CovarianceOracle"),
    accessManager: at("Authority"),
    legs: Object.fromEntries(legs.map((leg, k) => [leg.name, legAddresses[k] as string])),
    factory: at("VaultFactory"),
    implementations: {
      vault: at("HedgeVault"),
      rebalancer: at("Rebalancer"),
      legs: Object.fromEntries(legContracts.map(([venue, contract]) => [venue, at(contract)])),
    },
    libraries: Object.fromEntries(names.filter((each) => !known.has(each)).map((each) => [each, at(each)])),
    block: await firstBlock(journal, provider),
  };
}

/** Block of the first transaction that a journal has. */
async function firstBlock(journal: string, provider: Provider): Promise<number> {
  const receipt = await provider.getTransactionReceipt(firstTransaction(journal) ?? "");
  if (receipt === null) throw new TypeError("the journal's first transaction is not on the chain");
  return receipt.blockNumber;
}
