import { z } from "zod";

const positive = z.number().positive();
const share = z.number().min(0).max(1);

/** What a transaction may cost. Above any of these it is not sent, and one that is stuck is not raised beyond them. */
const Fees = z.strictObject({
  /** Times the base fee that a transaction can bear before it waits. */
  baseFeeFactor: z.number().min(1).max(10).default(2),
  /** Least tip, gwei. */
  minPriorityGwei: z.number().min(0).max(1000).default(0),
  /** Most that a unit of gas may cost, gwei. */
  maxGwei: positive.default(500),
  /** Largest fee as a share of the dollars that the transaction moves or brings. */
  maxShare: share.default(0.01),
  /** Largest fee of one that moves nothing, USD. */
  maxUsd: positive.default(25),
  /** Largest fee of one that cannot wait, USD: pokes, signs of life that are nearly overdue, margin. */
  urgentMaxUsd: positive.default(250),
  /** The same two for the empty transaction that cancels. */
  cancelMaxGwei: positive.default(1000),
  cancelMaxUsd: positive.default(50),
  /** USD of a whole native coin where the vault does not tell it; null: only the limits in gwei hold then. */
  nativePriceUsd: positive.nullable().default(null),
});

/** How transactions are sent and followed. */
export const LaneConfig = z.strictObject({
  /** From when a block counts as one that stays: so many blocks deep, or the node's word for it. */
  finality: z.union([z.int().min(0).max(100_000), z.literal("finalized")]).default("finalized"),
  /** Time after which another keeper may take the lane over if this one falls silent, seconds. */
  leaseSeconds: z.int().min(5).max(3600).default(60),
  /** Longest time that one tick watches its transaction, seconds; the next tick goes on. */
  watchSeconds: z.int().min(0).max(3600).default(180),
  /** Time between two looks while watching, milliseconds. */
  pollMilliseconds: z.int().min(1).max(60_000).default(1000),
  /** Time without inclusion after which both fees are raised, seconds. */
  bumpAfterSeconds: z.int().min(1).max(3600).default(45),
  /** By how much at least, as a share: nodes ask for 0.1 on both. */
  bumpBy: z.number().min(0.1).max(2).default(0.125),
  fees: Fees.prefault({}),
});
export type LaneConfig = z.infer<typeof LaneConfig>;
export type LaneConfigInput = z.input<typeof LaneConfig>;
