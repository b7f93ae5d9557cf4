import type { Mutant } from "../../scripts/mutate/mutant.js";

export const access: Mutant[] = [
  {
    id: "authority/admin-without-delay",
    file: "access/Authority.sol",
    find: "executionDelay >= MIN_ADMIN_DELAY",
    replace: "executionDelay >= 0",
    why: "an administrator acts at once",
    killers: ["integration/roles.test.ts"],
  },
  {
    id: "authority/keeper-gets-any-function",
    file: "access/Authority.sol",
    find: "roleId == ADMIN_ROLE || roleId == roleOf(selector)",
    replace: "true",
    why: "an administrator gives himself, as keeper, a function without delay",
    killers: ["integration/roles.test.ts"],
  },
];
