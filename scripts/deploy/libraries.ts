import { ContractFactory, type Signer } from "ethers";
import { artifactOf } from "./artifacts.js";

/** Addresses of libraries by `project/contracts/vault/Nav.sol:Nav`. */
export type Links = Record<string, string>;

/**
 * Deploy a contract with the libraries that its artifact says it is linked to. Those in `links` are there already; new ones are added to it.
 * @returns the contract's address
 */
export async function deployLinked(
  name: string,
  args: readonly unknown[],
  deployer: Signer,
  links: Links = {},
): Promise<string> {
  const { abi, bytecode, linkReferences } = artifactOf(name);
  for (const [source, libraries] of Object.entries(linkReferences)) {
    for (const library of Object.keys(libraries)) {
      links[`${source}:${library}`] ??= await deployLinked(library, [], deployer, links);
    }
  }
  const factory = new ContractFactory(abi, fillIn(bytecode, linkReferences, links), deployer);
  return (await factory.deploy(...args)).getAddress();
}

/** Put the addresses of libraries into a bytecode. */
export function fillIn(
  bytecode: string,
  references: Record<string, Record<string, { start: number; length: number }[]>>,
  links: Links,
): string {
  let code = bytecode;
  for (const [source, libraries] of Object.entries(references)) {
    for (const [library, places] of Object.entries(libraries)) {
      const address = links[`${source}:${library}`]?.slice(2).toLowerCase();
      if (address === undefined) throw new TypeError(`no address of library ${library}`);
      for (const { start, length } of places) {
        code = code.slice(0, 2 + 2 * start) + address + code.slice(2 + 2 * (start + length));
      }
    }
  }
  return code;
}
