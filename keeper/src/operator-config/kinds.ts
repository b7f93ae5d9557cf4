import { getAddress, isAddress } from "ethers";
import { z } from "zod";
import { Secret } from "../secrets/secret.js";

const URLS = /^https?:\/\/[^\s/]+/i;
const DATABASES = /^postgres(?:ql)?:\/\//i;
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//i;

/** The address of a service that may carry a key: it is never shown. */
export const secretUrl = z
  .string()
  .regex(URLS, { message: "expected an address that begins with http:// or https://" })
  .transform((text) => new Secret(text));

/** A word that nobody is to see. */
export const secretText = z
  .string()
  .min(1)
  .transform((text) => new Secret(text));

/** An address of a contract or account; checksummed. */
export const address = z
  .string()
  .refine((text) => isAddress(text), { message: "expected an address: 0x and 40 hex digits" })
  .transform((text) => getAddress(text));

/** Where the journal lies. */
export type StorageTarget =
  | { readonly kind: "directory"; readonly directory: string }
  | { readonly kind: "postgres"; readonly url: Secret }
  | { readonly kind: "memory" };

/** A directory, `postgres://…`, or `memory`, which is forgotten when the process ends. */
export const storage = z
  .string()
  .min(1)
  .refine((text) => DATABASES.test(text) || !ADDRESS.test(text), {
    message: "expected a directory, postgres://… or memory",
  })
  .transform((text): StorageTarget => {
    if (DATABASES.test(text)) return { kind: "postgres", url: new Secret(text) };
    return text === "memory" ? { kind: "memory" } : { kind: "directory", directory: text };
  });
