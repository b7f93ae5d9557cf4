import { interfaceOf } from "../abi/abi.js";
import { HedgeVault__writes, PriceOracle__writes, Rebalancer__writes } from "../generated/abi.js";
import type { VaultState } from "../state/types.js";
import type { RoleFunction } from "./types.js";

/** The names of docs/roles.md: what the authority is asked for. Everything else is anybody's, or nobody's. */
const RESTRICTED = {
  vault: ["tighten", "setMode", "setSettings", "setInBasket", "addLeg", "removeLeg", "setRebalancer"],
  rebalancer: ["rebalance", "heartbeat", "setLimits", "setPublicLimits"],
  priceOracle: ["setFeed"],
} as const;
const ABIS = { vault: HedgeVault__writes, rebalancer: Rebalancer__writes, priceOracle: PriceOracle__writes } as const;

/** What only administrators may do with the authority itself. */
const OF_AUTHORITY = [
  ...["grantRole", "revokeRole", "labelRole", "setRoleAdmin", "setRoleGuardian", "setGrantDelay"],
  ...["setTargetFunctionRole", "setTargetClosed", "setTargetAdminDelay", "updateAuthority"],
] as const;

type Places = Pick<VaultState, "address" | "rebalancer" | "priceOracle" | "authority">;

/** A restricted function with its selector. */
export interface Restricted extends RoleFunction {
  selector: string;
}

const CONTRACTS = Object.keys(RESTRICTED) as (keyof typeof RESTRICTED)[];

/** The contracts of a vault that ask the authority. */
export function targetsOf({ address, rebalancer, priceOracle }: Places): Record<(typeof CONTRACTS)[number], string> {
  return { vault: address, rebalancer, priceOracle };
}

/** Every function of a vault's contracts that is restricted. */
export function restrictedFunctions(places: Places): Restricted[] {
  return CONTRACTS.flatMap((contract) =>
    RESTRICTED[contract].map((name) => ({
      contract,
      address: targetsOf(places)[contract],
      name,
      selector: interfaceOf(ABIS[contract]).getFunction(name)?.selector ?? "0x",
    })),
  );
}

/** The functions of the authority that are the administrators'. */
export function authorityFunctions({ authority }: Places): RoleFunction[] {
  return OF_AUTHORITY.map((name) => ({ contract: "authority", address: authority, name }));
}
