import { z } from "zod";
import { Intervals } from "../fleet/intervals.js";
import { keeperPart } from "../keeper-part.js";
import { HealthBounds } from "../monitor/health-bounds.js";
import { ChainConfig } from "./chain-schema.js";
import { secretText, secretUrl, storage } from "./kinds.js";
import { SignerConfig } from "./signer-schema.js";

/** Where alerts are sent. */
export const WebhookConfig = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("json"), url: secretUrl }),
  z.strictObject({ kind: z.literal("slack"), url: secretUrl }),
  z.strictObject({ kind: z.literal("pagerduty"), routingKey: secretText, url: secretUrl.optional() }),
]);
export type WebhookConfig = z.infer<typeof WebhookConfig>;

/** Everything that an operator sets. */
export const OperatorConfig = z.strictObject({
  /** Where the journal lies: a directory, `postgres://…`, or `memory`. */
  storage: storage.prefault("./crosshedge-data"),
  /** The key that signs on every chain that names none of its own. */
  signer: SignerConfig.prefault({}),
  chains: z.array(ChainConfig).min(1),
  /** Parameters of `crosshedge calibrate` for all vaults: their keeper's part counts where `keeper` says nothing. */
  params: z.string().min(1).optional(),
  /** The keeper's settings for all vaults. */
  keeper: keeperPart.default({}),
  /** Where metrics and health are served; no port: nowhere. */
  http: z
    .strictObject({
      host: z.string().min(1).default("127.0.0.1"),
      port: z.int().min(0).max(65_535).nullable().default(null),
    })
    .prefault({}),
  webhooks: z.array(WebhookConfig).default([]),
  /** By default info for `run`, warn for what ends by itself. */
  logLevel: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).optional(),
  /** What a healthy keeper stays within; /livez, /readyz and alerts go by it. */
  health: HealthBounds.prefault({}),
  /** How often the keeper looks, and how long it waits before it gives something up. */
  intervals: Intervals.prefault({}),
});
export type OperatorConfig = z.infer<typeof OperatorConfig>;
