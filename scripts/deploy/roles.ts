import { HedgeVault__factory, Rebalancer__factory } from "@crosshedge/sdk/contracts";
import type { Interface } from "ethers";

/** Roles of contracts/access/Authority.sol. */
export const ADMIN_ROLE = 0n;
export const KEEPER_ROLE = 1n;
export const GUARDIAN_ROLE = 2n;

/** The one thing that is restricted to a role that acts at once; every other restricted function is the administrators'. */
export interface Assignment {
  readonly contract: "vault" | "rebalancer";
  readonly role: bigint;
  readonly selectors: string[];
}

const selectors = (contract: Interface, names: string[]) =>
  names.map((name) => contract.getFunction(name)?.selector as string);

/** What keeper and guardian may call. */
export const ASSIGNMENTS: readonly Assignment[] = [
  {
    contract: "rebalancer",
    role: KEEPER_ROLE,
    selectors: selectors(Rebalancer__factory.createInterface(), ["rebalance", "heartbeat"]),
  },
  {
    contract: "vault",
    role: GUARDIAN_ROLE,
    selectors: selectors(HedgeVault__factory.createInterface(), ["tighten"]),
  },
];
