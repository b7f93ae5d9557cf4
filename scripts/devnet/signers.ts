import type { HardhatEthers, HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { UsageError } from "../errors.js";

/** Who is who, in the order of the node's accounts. */
export const ROLES = [
  "deployer",
  "feedOwner",
  "arbitrageur",
  "maker",
  "trader",
  "keeper",
  "alice",
  "bob",
  "carol",
  "stranger",
  "dave",
] as const;
export type Role = (typeof ROLES)[number];
export type Signers = Record<Role, HardhatEthersSigner>;

/** The mnemonic of Hardhat's accounts: everybody knows it, so nothing of worth may ever be sent to them. */
export const TEST_MNEMONIC = "test test test test test test test test test test test junk";

export async function worldSigners(ethers: HardhatEthers): Promise<Signers> {
  const signers = await ethers.getSigners();
  if (signers.length < ROLES.length) {
    throw new UsageError(
      `The node has ${signers.length} unlocked accounts, the world needs ${ROLES.length}.`,
      "Use a local development node with its usual test accounts.",
    );
  }
  return Object.fromEntries(ROLES.map((role, i) => [role, signers[i]])) as Signers;
}
