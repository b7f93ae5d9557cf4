import { createPublicKey } from "node:crypto";
import { toBeHex } from "ethers";
import { KeeperError, WrongSettingError } from "../errors.js";

const next = "Give a key of the kind ECC_SECG_P256K1 for SIGN_VERIFY.";

/** The uncompressed public key, hex, of a DER SubjectPublicKeyInfo of secp256k1. */
export function publicKeyFromDer(der: Uint8Array): string {
  let jwk: { crv?: string | undefined; x?: string | undefined; y?: string | undefined };
  try {
    jwk = createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" }).export({ format: "jwk" });
  } catch {
    throw new WrongSettingError("The public key of the KMS key cannot be read.", next);
  }
  const { crv, x, y } = jwk;
  if (crv !== "secp256k1" || x === undefined || y === undefined) {
    throw new WrongSettingError("The KMS key is not of the curve secp256k1.", next);
  }
  const hex = (part: string): string => Buffer.from(part, "base64url").toString("hex").padStart(64, "0");
  return `0x04${hex(x)}${hex(y)}`;
}

/** r and s of a DER ECDSA signature: SEQUENCE { INTEGER r, INTEGER s }. */
export function signatureFromDer(der: Uint8Array): { readonly r: bigint; readonly s: bigint } {
  let at = 0;
  const take = (tag: number): number => {
    if (der[at] !== tag) throw new KeeperError("The signature of the KMS key cannot be read.", next);
    const length = der[at + 1] ?? 0x80;
    at += 2;
    if (length >= 0x80 || at + length > der.length) {
      throw new KeeperError("The signature of the KMS key cannot be read.", next);
    }
    return length;
  };
  const integer = (): bigint => {
    const length = take(0x02);
    const bytes = der.slice(at, at + length);
    at += length;
    return BigInt(`0x${Buffer.from(bytes).toString("hex") || "0"}`);
  };
  take(0x30);
  return { r: integer(), s: integer() };
}

/** 32 bytes, hex. */
export const word = (value: bigint): string => toBeHex(value, 32);
