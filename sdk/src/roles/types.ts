import type { PinnedBlock } from "../read/block.js";

/** A function that only members of a role may call. */
export interface RoleFunction {
  /** Whose it is. */
  contract: "vault" | "rebalancer" | "priceOracle" | "authority";
  address: string;
  name: string;
}

/** An account that has a role, or is about to. */
export interface RoleMember {
  account: string;
  /** From when it has it, unix seconds: with a delay of the grant that may be ahead. */
  since: number;
  /** True if it has it at this block. */
  isActive: boolean;
  /** Seconds between announcing a call and making it; zero where it acts at once. */
  delay: number;
  /** Another delay that comes into force; null where none is set. */
  pendingDelay: { delay: number; from: number } | null;
}

/** One role and what it may do. */
export interface Role {
  id: bigint;
  /** "admin", "keeper", "guardian", or the number of a role that this version of the SDK does not know. */
  name: string;
  functions: RoleFunction[];
  /** Of the accounts that were asked about. */
  members: RoleMember[];
}

/** Who may do what at one block. */
export interface VaultRoles {
  block: PinnedBlock;
  /** The AccessManager. */
  authority: string;
  /** By number; the administrators' first. */
  roles: Role[];
  /** Contracts whose restricted functions nobody may call now. */
  closed: string[];
}

/** A call that a member with a delay has announced. */
export interface ScheduledCall {
  /** By which the authority knows it. */
  id: string;
  caller: string;
  target: string;
  /** Calldata, hex. */
  data: string;
  /** Name of the function where it is one of the vault's contracts; else its selector. */
  name: string;
  /** From when it may be made, unix seconds. */
  from: number;
  /** After which it lapses, unix seconds. */
  until: number;
}
