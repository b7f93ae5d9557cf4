import { ContractFactory, type Signer } from "ethers";
import { artifactOf } from "./artifacts.js";

/**
 * Deploy the external libraries that a contract is linked to, each once.
 * @returns addresses by `project/contracts/vault/Nav.sol:Nav`, as TypeChain's factories take them
 */
export async function deployLibraries(
  name: string,
  deployer: Signer,
  links: Record<string, string> = {},
): Promise<Record<string, string>> {
  for (const [source, libraries] of Object.entries(artifactOf(name).linkReferences)) {
    for (const library of Object.keys(libraries)) {
      const key = `${source}:${library}`;
      if (links[key] !== undefined) continue;
      await deployLibraries(library, deployer, links);
      const { abi, bytecode } = linkedArtifact(library, links);
      const deployed = await new ContractFactory(abi, bytecode, deployer).deploy();
      links[key] = await deployed.getAddress();
    }
  }
  return links;
}

/** An artifact with the addresses of its libraries filled in. TypeChain makes no factory of a library whose functions all take storage. */
function linkedArtifact(name: string, links: Record<string, string>) {
  const { abi, bytecode, linkReferences } = artifactOf(name);
  return { abi, bytecode: fillIn(bytecode, linkReferences, links) };
}

/** Put the addresses of libraries into a bytecode. */
export function fillIn(
  bytecode: string,
  references: Record<string, Record<string, { start: number; length: number }[]>>,
  links: Record<string, string>,
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
