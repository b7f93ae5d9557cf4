import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { JsonFragment } from "ethers";

const folder = path.resolve(import.meta.dirname, "../../artifacts/contracts");

/** Where something stands in a bytecode, in bytes. */
interface Place {
  start: number;
  length: number;
}

/** What the compiler made of one of our contracts. */
export interface Artifact {
  contractName: string;
  inputSourceName: string;
  abi: JsonFragment[];
  bytecode: string;
  deployedBytecode: string;
  linkReferences: Record<string, Record<string, Place[]>>;
  deployedLinkReferences: Record<string, Record<string, Place[]>>;
  immutableReferences: Record<string, Place[]>;
}

/** The artifact of a contract or library below contracts/, by its name. */
export function artifactOf(name: string): Artifact {
  for (const part of readdirSync(folder)) {
    const file = path.join(folder, part, `${name}.sol`, `${name}.json`);
    if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Artifact;
  }
  throw new TypeError(`contracts/ has no ${name}`);
}

/** Names of the external libraries that a contract is linked to. */
export function librariesOf(name: string): string[] {
  return Object.values(artifactOf(name).linkReferences).flatMap((libraries) => Object.keys(libraries));
}
