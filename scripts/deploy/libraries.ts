import { readFileSync } from "node:fs";
import path from "node:path";
import { ContractFactory, type Signer } from "ethers";

const root = path.resolve(import.meta.dirname, "../..");

/** The external libraries that the vault's code is linked to, by the folder of contracts/ in which they stand. */
const VAULT_LIBRARIES = {
  Nav: "vault",
  FeeAccount: "vault",
  Intake: "vault",
  Leaving: "vault",
  LegSet: "vault",
  Queue: "vault",
  Quotes: "vault",
  Settlement: "vault",
  VaultSettings: "vault",
} as const;

/** Those of the Rebalancer's code. */
const REBALANCER_LIBRARIES = { Execution: "rebalance" } as const;

type Folders = Readonly<Record<string, string>>;
type Links<L extends Folders> = {
  [name in keyof L & string as `project/contracts/${L[name]}/${name}.sol:${name}`]: string;
};

export const deployVaultLibraries = (deployer: Signer) => deployLibraries(deployer, VAULT_LIBRARIES);

export const deployRebalancerLibraries = (deployer: Signer) => deployLibraries(deployer, REBALANCER_LIBRARIES);

/** Deploy them. TypeChain makes no factory of a library whose functions all take storage, so their artifacts are read. */
async function deployLibraries<L extends Folders>(deployer: Signer, libraries: L): Promise<Links<L>> {
  const links: Record<string, string> = {};
  for (const [name, folder] of Object.entries(libraries)) {
    const source = `contracts/${folder}/${name}.sol`;
    const file = path.join(root, "artifacts", source, `${name}.json`);
    const { abi, bytecode } = JSON.parse(readFileSync(file, "utf8")) as { abi: []; bytecode: string };
    const library = await new ContractFactory(abi, bytecode, deployer).deploy();
    links[`project/${source}:${name}`] = await library.getAddress();
  }
  return links as Links<L>;
}
