import { GetPublicKeyCommand, type KMSClient, SignCommand } from "@aws-sdk/client-kms";
import { redact } from "@crosshedge/sdk";
import {
  AbstractSigner,
  computeAddress,
  getAddress,
  getBytes,
  hashMessage,
  type Provider,
  recoverAddress,
  resolveAddress,
  resolveProperties,
  Signature,
  Transaction,
  type TransactionLike,
  type TransactionRequest,
  type TypedDataDomain,
  TypedDataEncoder,
  type TypedDataField,
} from "ethers";
import { KeeperError } from "../errors.js";
import { publicKeyFromDer, signatureFromDer, word } from "./der.js";

/** Order of secp256k1. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** An account whose key is AWS KMS's and never leaves it. */
export class KmsSigner extends AbstractSigner {
  readonly #client: KMSClient;
  readonly #keyId: string;
  readonly #address: string;

  private constructor(client: KMSClient, keyId: string, address: string, provider: Provider | null) {
    super(provider);
    this.#client = client;
    this.#keyId = keyId;
    this.#address = address;
  }

  /**
   * Ask KMS for the key's address.
   *
   * @throws {KeeperError} KMS refuses or does not answer, or the key is of another kind
   */
  static async open(client: KMSClient, keyId: string): Promise<KmsSigner> {
    const { PublicKey } = await asked(() => client.send(new GetPublicKeyCommand({ KeyId: keyId })));
    return new KmsSigner(client, keyId, computeAddress(publicKeyFromDer(PublicKey ?? new Uint8Array())), null);
  }

  override async getAddress(): Promise<string> {
    return this.#address;
  }

  override connect(provider: Provider | null): KmsSigner {
    return new KmsSigner(this.#client, this.#keyId, this.#address, provider);
  }

  override async signTransaction(request: TransactionRequest): Promise<string> {
    const { from, to, ...rest } = await resolveProperties(request);
    if (from != null && getAddress(await resolveAddress(from, this.provider)) !== this.#address) {
      throw new KeeperError("The transaction is another account's.", `This key is ${this.#address}'s.`);
    }
    const target = to == null ? null : await resolveAddress(to, this.provider);
    const transaction = Transaction.from({ ...rest, to: target } as TransactionLike<string>);
    transaction.signature = await this.#sign(transaction.unsignedHash);
    return transaction.serialized;
  }

  override async signMessage(message: string | Uint8Array): Promise<string> {
    return (await this.#sign(hashMessage(message))).serialized;
  }

  override async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    return (await this.#sign(TypedDataEncoder.hash(domain, types, value))).serialized;
  }

  /** KMS gives r and any of both s; chains take the low one, and which of two points it is. */
  async #sign(digest: string): Promise<Signature> {
    const { Signature: der } = await asked(() =>
      this.#client.send(
        new SignCommand({
          KeyId: this.#keyId,
          Message: getBytes(digest),
          MessageType: "DIGEST",
          SigningAlgorithm: "ECDSA_SHA_256",
        }),
      ),
    );
    const { r, s } = signatureFromDer(der ?? new Uint8Array());
    const low = s > ORDER / 2n ? ORDER - s : s;
    for (const yParity of [0, 1] as const) {
      const signature = Signature.from({ r: word(r), s: word(low), yParity });
      if (recoverAddress(digest, signature) === this.#address) return signature;
    }
    throw new KeeperError("KMS signed with another key.", "Check signer.kms.keyId, and start again.");
  }
}

/** What KMS answers; its errors without addresses. */
async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (caught) {
    const { name, message } = caught as Error;
    throw new KeeperError(
      `AWS KMS: ${name}: ${redact(message)}.`,
      "Check signer.kms, the credentials (AWS_… or the machine's role) and their rights: kms:GetPublicKey, kms:Sign.",
    );
  }
}
