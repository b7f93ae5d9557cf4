import type { Mutant } from "../../scripts/mutate/mutant.js";

/** The leaky bucket of every budget and window. */
export const types: Mutant[] = [
  {
    id: "bucket/holds-two-capacities",
    file: "types/Bucket.sol",
    find: "zeroFloorSub(capacity, spent);",
    replace: "zeroFloorSub(2 * capacity, spent);",
    why: "twice the capacity can be spent at once",
    killers: ["contracts/Bucket.t.sol"],
  },
  {
    id: "bucket/off-by-one",
    file: "types/Bucket.sol",
    find: "amount <= room",
    replace: "amount < room",
    why: "the last unit of the capacity cannot be spent",
    killers: ["contracts/Bucket.t.sol"],
  },
  {
    id: "bucket/forgets-what-was-spent",
    file: "types/Bucket.sol",
    find: "spent += amount;",
    replace: "spent = amount;",
    why: "whoever spends little by little spends without an end",
    killers: ["contracts/Bucket.t.sol"],
  },
  {
    id: "bucket/zero-restarts-the-clock",
    file: "types/Bucket.sol",
    find: "if (amount == 0) return;",
    replace: "",
    why: "spending nothing again and again adds rounding up",
    killers: ["contracts/Bucket.t.sol"],
  },
  {
    id: "bucket/clock-stands-still",
    file: "types/Bucket.sol",
    find: "(uint128(spent), uint64(block.timestamp))",
    replace: "(uint128(spent), self.updatedAt)",
    why: "what was spent just now drains as if it had been long ago",
    killers: ["contracts/Bucket.t.sol"],
  },
];
