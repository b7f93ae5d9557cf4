import { z } from "zod";
import { KEY_VARIABLE } from "./environment.js";
import { secretUrl } from "./kinds.js";

const file = z.string().min(1);

/** Where the key is that signs: at most one of these; by default the environment variable CROSSHEDGE_KEY. */
export const SignerConfig = z
  .strictObject({
    /** Name of the environment variable that holds the key, 64 hex digits. */
    environment: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { message: "expected the name of an environment variable" })
      .optional(),
    /** A file that holds the key; only its owner may read it. */
    keyFile: file.optional(),
    /** An encrypted keystore as `crosshedge keys import` makes it, and the file with its password. */
    keystore: z.strictObject({ file, passwordFile: file }).optional(),
    /** A key of AWS KMS (ECC_SECG_P256K1), by id, ARN or alias; credentials come as for any AWS client. */
    kms: z
      .strictObject({ keyId: z.string().min(1), region: z.string().min(1).optional(), endpoint: secretUrl.optional() })
      .optional(),
  })
  .refine((sources) => Object.values(sources).filter((source) => source !== undefined).length <= 1, {
    message: "expected one source of the key alone: environment, keyFile, keystore or kms",
  });
export type SignerConfig = z.infer<typeof SignerConfig>;

/** The environment variable that holds the key; null where it comes from elsewhere. */
export function variableOf({ environment, keyFile, keystore, kms }: SignerConfig): string | null {
  return (keyFile ?? keystore ?? kms) === undefined ? (environment ?? KEY_VARIABLE) : null;
}
