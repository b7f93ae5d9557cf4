import { AbstractSigner, type Provider, type Signer, Transaction, type TransactionRequest } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { ErrorCode } from "../errors/codes.js";
import { decodeError } from "../errors/decodeError.js";
import { type Broadcast, lookFor, type Request, toBroadcast, type Unsure } from "./unsure.js";

/** A wallet behind a node or a browser's extension: ethers' JsonRpcSigner, of whatever copy of ethers. */
interface WalletSigner extends Signer {
  sendUncheckedTransaction(transaction: TransactionRequest): Promise<string>;
}

const UNSURE: readonly ErrorCode[] = ["NETWORK", "READ_FAILED", "UNKNOWN"];

/**
 * Has a transaction signed and sent.
 *
 * @param onUnsure Told what to look for later, before BROADCAST_UNKNOWN is thrown
 * @throws {CrosshedgeError} USER_REJECTED and others where nothing was sent; BROADCAST_UNKNOWN where nobody knows
 */
export async function broadcast(
  signer: Signer,
  provider: Provider,
  request: Request,
  onUnsure: (unsure: Unsure) => void = () => {},
): Promise<Broadcast> {
  let unsure: Unsure | undefined;
  try {
    const since = await provider.getTransactionCount(request.from);
    if (signsItself(signer)) {
      const signed = await sign(signer, request);
      unsure = { request, since, signed };
      await provider.broadcastTransaction(signed.serialized);
      return toBroadcast(signed, unsure);
    }
    unsure = { request, since, signed: null };
    return { ...(await askWallet(signer, provider, request)), since, request };
  } catch (caught) {
    const error = decodeError(caught);
    if (unsure === undefined || !(isUnsure(error) || isKnownTwice(error, unsure))) throw error;
    const found = await lookFor(provider, unsure, { resend: isUnsure(error) }).catch(() => null);
    if (found !== null) return found;
    if (!isUnsure(error)) throw error;
    onUnsure(unsure);
    throw new CrosshedgeError("BROADCAST_UNKNOWN", "Sending failed without telling whether the transaction went out.", {
      cause: error,
      ...(unsure.signed?.hash ? { hash: unsure.signed.hash } : {}),
    });
  }
}

/** Whether it is not known if a request that failed so went through. */
export function isUnsure({ code }: CrosshedgeError): boolean {
  return UNSURE.includes(code);
}

/** Whether it may be the transaction itself that has used its nonce: what lies before a node may have handed it over twice. */
function isKnownTwice({ code }: CrosshedgeError, { signed }: Unsure): boolean {
  return signed !== null && code === "NONCE_CONFLICT";
}

/** Whether ethers would take the node's bare estimate as the limit, which a later block may exceed. */
export function needsGasLimit(signer: Signer): boolean {
  return signsItself(signer) || isWallet(signer);
}

/** A signer with keys of its own that sends as ethers does: the hash is known before anything is sent. */
function signsItself(signer: Signer): boolean {
  return signer.sendTransaction === AbstractSigner.prototype.sendTransaction;
}

function isWallet(signer: Signer): signer is WalletSigner {
  return "sendUncheckedTransaction" in signer;
}

/** The nonce is asked for at once: nodes forget a transaction that was replaced. */
async function askWallet(
  signer: Signer,
  provider: Provider,
  request: Request,
): Promise<Pick<Broadcast, "hash" | "nonce">> {
  if (!isWallet(signer)) {
    const { hash, nonce } = await signer.sendTransaction(request);
    return { hash, nonce };
  }
  const hash = await signer.sendUncheckedTransaction(request);
  const seen = await provider.getTransaction(hash).catch(() => null);
  return { hash, nonce: seen?.nonce ?? null };
}

async function sign(signer: Signer, request: Request): Promise<Transaction> {
  const { from: _from, ...unsigned } = await signer.populateTransaction(request);
  return Transaction.from(await signer.signTransaction(unsigned));
}
