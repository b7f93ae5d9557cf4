import type { Mutant } from "../../scripts/mutate/mutant.js";

/** The lock, and who may enter while it is held. */
export const lock: Mutant[] = [
  {
    id: "lock/entered-twice",
    file: "vault/VaultBase.sol",
    find: "require(!_locked, Locked());",
    replace: "",
    why: "a token or a venue that calls back enters in the middle of an operation",
    killers: ["integration/lock.test.ts"],
  },
  {
    id: "lock/views-tell-in-the-middle",
    file: "vault/VaultBase.sol",
    find: "require(!_locked || msg.sender == rebalancer || msg.sender == address(this), Locked());",
    replace: "",
    why: "a NAV from the middle of an exit is somebody's price",
    killers: ["integration/lock.test.ts"],
  },
  {
    id: "lock/anybody-is-the-rebalancer",
    file: "vault/VaultBase.sol",
    find: "require(msg.sender == rebalancer, NotRebalancer(msg.sender));",
    replace: "",
    why: "anybody carries out orders",
    killers: ["integration/entries.test.ts", "integration/lock.test.ts", "integration/rebalance.test.ts"],
  },
  {
    id: "lock/deadline-ignored",
    file: "vault/VaultBase.sol",
    find: "require(block.timestamp <= deadline, TooLate(deadline, block.timestamp));",
    replace: "",
    why: "a transaction that was held back lands when it suits somebody",
    killers: [
      "integration/exit.test.ts: keeps minimums",
      "integration/deposit.test.ts: refuses fewer shares than asked",
    ],
  },
  {
    id: "lock/bounty-without-it",
    file: "vault/HedgeVault.sol",
    after: "function payBounty",
    find: "require(_locked, Locked());",
    replace: "",
    why: "a Rebalancer pays bounties outside of a plan",
    killers: ["integration/entries.test.ts: of the Rebalancer hold for any contract in its place"],
  },
  {
    id: "lock/leg-shows-itself",
    file: "legs/Leg.sol",
    find: "require(msg.sender == address(host) || !host.locked() || msg.sender == host.rebalancer(), VaultLocked());",
    replace: "host;",
    why: "a leg's value from the middle of an operation is somebody's price",
    killers: ["integration/lock.test.ts"],
  },
  {
    id: "lock/leg-obeys-anybody",
    file: "legs/Leg.sol",
    find: "require(msg.sender == vault, NotVault(msg.sender));",
    replace: "",
    why: "anybody empties a leg",
    killers: ["integration/rebalance.test.ts: anybody but the keeper", "integration/aave-leg.test.ts: obeys nobody"],
  },
  {
    id: "lock/alarm-in-the-middle",
    file: "rebalance/Rebalancer.sol",
    find: "require(!host.locked(), VaultLocked());",
    replace: "",
    why: "an alarm is raised by figures from the middle of a plan",
    killers: [
      "integration/lock.test.ts",
      "integration/public-paths.test.ts: stops every entry in the middle of a plan",
    ],
  },
];
