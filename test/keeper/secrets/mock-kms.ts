import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { SigningKey } from "ethers";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** A DER INTEGER. */
function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  const body = bytes[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, body.length]), body]);
}

/** What AWS KMS would be: its JSON protocol over HTTP, real keys and DER; AWS itself cannot be reached from a test. */
export interface MockKms {
  readonly url: string;
  /** The private key behind it, hex. */
  readonly privateKey: string;
  /** Requests so far. */
  readonly asked: { readonly target: string; readonly body: Record<string, unknown> }[];
  /** The next answers have the high s. */
  highS: boolean;
  /** The next requests are refused so. */
  refusal: { readonly status: number; readonly type: string; readonly message: string } | null;
  close(): Promise<void>;
}

/** Serve a key of a curve under any id. */
export async function serveMockKms(namedCurve: "secp256k1" | "P-256" = "secp256k1"): Promise<MockKms> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve });
  const d = Buffer.from(privateKey.export({ format: "jwk" }).d!, "base64url")
    .toString("hex")
    .padStart(64, "0");
  const kms = {
    privateKey: `0x${d}`,
    asked: [] as MockKms["asked"],
    highS: false,
    refusal: null as MockKms["refusal"],
  };
  const answer = (target: string, body: Record<string, unknown>): object => {
    if (target.endsWith(".GetPublicKey")) {
      return { KeyId: body["KeyId"], PublicKey: der(publicKey).toString("base64"), KeySpec: "ECC_SECG_P256K1" };
    }
    const digest = Buffer.from(body["Message"] as string, "base64");
    const { r, s: low } = new SigningKey(kms.privateKey).sign(`0x${digest.toString("hex")}`);
    const s = kms.highS ? ORDER - BigInt(low) : BigInt(low);
    const parts = Buffer.concat([integer(BigInt(r)), integer(s)]);
    const signature = Buffer.concat([Buffer.from([0x30, parts.length]), parts]);
    return { KeyId: body["KeyId"], Signature: signature.toString("base64"), SigningAlgorithm: "ECDSA_SHA_256" };
  };
  const server = createServer(async (request, response) => {
    const target = String(request.headers["x-amz-target"]);
    const body = JSON.parse(await textOf(request)) as Record<string, unknown>;
    kms.asked.push({ target, body });
    const { refusal } = kms;
    const content = refusal === null ? answer(target, body) : { __type: refusal.type, message: refusal.message };
    response.writeHead(refusal?.status ?? 200, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(content));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return Object.assign(kms, { url: `http://127.0.0.1:${port}`, close });
}

const der = (key: KeyObject): Buffer => key.export({ format: "der", type: "spki" });

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}
