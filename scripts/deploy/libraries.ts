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

type Links = { [name in keyof typeof VAULT_LIBRARIES as `project/contracts/vault/${name}.sol:${name}`]: string };

/** Deploy them. TypeChain makes no factory of a library whose functions all take storage, so their artifacts are read. */
export async function deployVaultLibraries(deployer: Signer): Promise<Links> {
  const links: Record<string, string> = {};
  for (const [name, folder] of Object.entries(VAULT_LIBRARIES)) {
    const source = `contracts/${folder}/${name}.sol`;
    const file = path.join(root, "artifacts", source, `${name}.json`);
    const { abi, bytecode } = JSON.parse(readFileSync(file, "utf8")) as { abi: []; bytecode: string };
    const library = await new ContractFactory(abi, bytecode, deployer).deploy();
    links[`project/${source}:${name}`] = await library.getAddress();
  }
  return links as Links;
}
