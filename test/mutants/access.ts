import type { Mutant } from "../../scripts/mutate/mutant.js";

/** Who may do what, and what a vault is made of. */
export const access: Mutant[] = [
  {
    id: "authority/admin-without-delay",
    file: "access/Authority.sol",
    find: "executionDelay >= MIN_ADMIN_DELAY",
    replace: "executionDelay >= 0",
    why: "an administrator acts at once",
    killers: ["integration/roles.test.ts: is made with a delay of two days or not at all"],
  },
  {
    id: "authority/keeper-gets-any-function",
    file: "access/Authority.sol",
    find: "roleId == ADMIN_ROLE || roleId == roleOf(selector)",
    replace: "true",
    why: "an administrator gives himself, as keeper, a function without delay",
    killers: ["integration/roles.test.ts: cannot give a function of his own"],
  },
  {
    id: "authority/guardian-without-tighten",
    file: "access/Authority.sol",
    find: "== IHedgeVault.tighten.selector",
    replace: "!= IHedgeVault.tighten.selector",
    why: "the guardian may be given everything but what is his",
    killers: ["integration/roles.test.ts"],
  },
  {
    id: "factory/any-leg",
    file: "factory/VaultFactory.sol",
    find: "require(isLegImplementation[implementation], NotApproved(implementation));",
    replace: "",
    why: "a vault of this factory runs code that nobody approved",
    killers: ["integration/factory.test.ts: clones approved legs only"],
  },
  {
    id: "factory/legs-for-strangers",
    file: "factory/VaultFactory.sol",
    find: "require(isVault[vault], NotAVault(vault));",
    replace: "",
    why: "a leg of this factory belongs to a contract that is no vault",
    killers: ["integration/factory.test.ts: makes further legs for its own vaults"],
  },
  {
    id: "factory/salt-of-everybody",
    file: "factory/VaultFactory.sol",
    find: "keccak256(abi.encode(creator, salt))",
    replace: "keccak256(abi.encode(salt, salt))",
    why: "whoever is first takes the address that somebody else has announced",
    killers: ["integration/factory.test.ts: gives each creator salts of his own"],
  },
  {
    id: "factory/known-too-early",
    file: "factory/VaultFactory.sol",
    find: "rebalancer = rebalancerImplementation.cloneDeterministic(own);",
    replace: "rebalancer = rebalancerImplementation.cloneDeterministic(own); isVault[vault] = true;",
    why: "an unfinished vault passes for one",
    killers: ["integration/factory.test.ts: calls nothing a vault that is not finished"],
  },
];
