import { concat, type Provider, toBeHex } from "ethers";
import { type Artifact, artifactOf } from "../artifacts.js";
import { fillIn } from "../libraries.js";
import type { Deployed } from "../parts.js";

/** An ERC-1167 clone of an implementation, with what it was made with behind its code. */
export const cloneOf = (implementation: string, args = "0x"): string =>
  `0x363d3d373d3d3d363d73${implementation.slice(2).toLowerCase()}5af43d82803e903d91602b57fd5bf3${args.slice(2)}`;

/** What the clone of a vault is made with: see contracts/vault/Fixed.sol. */
export function vaultArgs(
  vault: { priceOracle: string; covarianceOracle: string; settlementToken: string },
  assets: readonly { token: string; decimals: bigint }[],
): string {
  const word = (address: string, above: bigint) => toBeHex(BigInt(address) | (above << 160n), 32);
  const settlement = assets.findIndex(({ token }) => BigInt(token) === BigInt(vault.settlementToken));
  return concat([
    word(vault.priceOracle, BigInt(settlement)),
    word(vault.covarianceOracle, 0n),
    ...assets.map(({ token, decimals }) => word(token, 10n ** decimals)),
  ]);
}

/** Code with the bytes at some places set to zero. */
function blank(code: string, places: { start: number; length: number }[]): string {
  let result = code;
  for (const { start, length } of places) {
    result = result.slice(0, 2 + 2 * start) + "00".repeat(length) + result.slice(2 + 2 * (start + length));
  }
  return result;
}

/** Where a library has its own address, and where immutables stand: what the compiler cannot know. */
function unknownPlaces({ immutableReferences, deployedBytecode }: Artifact) {
  const immutables = Object.values(immutableReferences ?? {}).flat();
  const isLibrary = deployedBytecode.startsWith(`0x73${"00".repeat(20)}30`);
  return isLibrary ? [{ start: 1, length: 20 }, ...immutables] : immutables;
}

/** Compare the code of every contract with what the compiler made, its immutables apart. Returns what differs. */
export async function differingCode(deployed: Deployed, legs: Record<string, string>, provider: Provider) {
  const { implementations, libraries } = deployed;
  const links: Record<string, string> = {};
  for (const [name, address] of Object.entries(libraries)) {
    links[`${sourceKey(name)}:${name}`] = address;
  }
  const contracts: [string, string][] = [
    ["Authority", deployed.accessManager],
    ["PriceOracle", deployed.priceOracle],
    ["CovarianceOracle", deployed.covarianceOracle],
    ["VaultFactory", deployed.factory],
    ["HedgeVault", implementations.vault],
    ["Rebalancer", implementations.rebalancer],
    ...Object.entries(implementations.legs).map(([venue, at]): [string, string] => [legs[venue] as string, at]),
    ...Object.entries(libraries),
  ];
  const wrong: string[] = [];
  for (const [name, at] of contracts) {
    const artifact = artifactOf(name);
    const places = unknownPlaces(artifact);
    const expected = blank(fillIn(artifact.deployedBytecode, artifact.deployedLinkReferences, links), places);
    if (blank(await provider.getCode(at), places) !== expected) wrong.push(`${name} at ${at} has other code.`);
  }
  return { checked: contracts.length, wrong };
}

const sourceKey = (name: string): string => `project/${artifactOf(name).inputSourceName.replace(/^project\//, "")}`;

/** Compare the clones with their implementations. Returns what differs. */
export async function differingClones(
  clones: [name: string, at: string, implementation: string, args?: string][],
  provider: Provider,
) {
  const wrong: string[] = [];
  for (const [name, at, implementation, args] of clones) {
    if ((await provider.getCode(at)) !== cloneOf(implementation, args)) {
      wrong.push(`${name} at ${at} is no clone of ${implementation}.`);
    }
  }
  return { checked: clones.length, wrong };
}
