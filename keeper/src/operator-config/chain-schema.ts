import { z } from "zod";
import { keeperPart } from "../keeper-part.js";
import { LaneConfig } from "../lane/lane-config.js";
import { address, secretUrl } from "./kinds.js";
import { SignerConfig } from "./signer-schema.js";

const positive = z.number().positive();

/** One vault that is kept. */
export const VaultConfig = z.strictObject({
  /** What it is called in logs, metrics, webhooks and commands; by default its name in the deployment, else its address. */
  name: z
    .string()
    .regex(/^[\w.:-]{1,64}$/, { message: "expected 1 to 64 letters, digits or . : _ -" })
    .optional(),
  /** Its address, or its name in the chain's deployment file; may be left out where that has one vault. */
  vault: z.string().min(1).optional(),
  /** Parameters of `crosshedge calibrate`: their keeper's part counts over that of all vaults. */
  params: z.string().min(1).optional(),
  /** Longest time between two of its ticks, seconds; by default `intervals.tickSeconds`. */
  intervalSeconds: positive.max(86_400).optional(),
  /** Settings of its keeper over all others. */
  keeper: keeperPart.default({}),
});
export type VaultConfig = z.infer<typeof VaultConfig>;

/** A private way to the chain's block builders. */
export const RelayConfig = z.strictObject({
  /** What it is called in the journal. */
  name: z.string().min(1).default("relay"),
  url: secretUrl,
  method: z.enum(["eth_sendPrivateTransaction", "eth_sendRawTransaction"]).default("eth_sendPrivateTransaction"),
  /** Blocks within which it must have included a transaction. */
  expiresBlocks: z.int().positive().max(1000).default(25),
  /** True: what it did not include in time goes through the public nodes. */
  publicAfterExpiry: z.boolean().default(false),
});
export type RelayConfig = z.infer<typeof RelayConfig>;

/** One chain with its nodes, the key that signs there, and its vaults. */
export const ChainConfig = z.strictObject({
  /** By default that of the deployment file, else what the nodes say. */
  chainId: z.int().positive().optional(),
  /** Addresses of nodes; of two, both must agree on what is read. */
  rpc: z.array(secretUrl).min(1),
  relay: RelayConfig.optional(),
  /** A deployments/<chainId>.json, for the names of vaults and for Multicall3. */
  deployment: z.string().min(1).optional(),
  /** Multicall3, where no deployment names it. */
  multicall: address.optional(),
  /** Oldest latest block that is believed, seconds; null: any age. By default 120, and null on a local chain. */
  maxHeadAgeSeconds: positive.nullable().optional(),
  /** Time between looks at the head and at what was sent, seconds. */
  pollSeconds: positive.max(600).default(2),
  signer: SignerConfig.optional(),
  /** How its transactions are sent, followed and paid for. */
  lane: LaneConfig.prefault({}),
  /** Settings of the keeper for the chain's vaults, over those for all. */
  keeper: keeperPart.default({}),
  vaults: z.array(VaultConfig).min(1),
});
export type ChainConfig = z.infer<typeof ChainConfig>;
