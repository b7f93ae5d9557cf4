import { id, isError, Signature, type Signer, type TypedDataDomain, TypedDataEncoder } from "ethers";
import { type Eip712Domain, erc20 } from "../abi/erc20.js";
import { decodeError } from "../errors/decodeError.js";
import type { ReadPoint } from "../multicall.js";
import { Batch } from "../read/batch.js";

const PERMIT_TYPE = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};
const PERMIT_TYPEHASH = id("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

/** What a permit of one token must be signed over. */
export interface PermitDomain {
  domain: TypedDataDomain;
  nonce: bigint;
}

/** A signed ERC-2612 permit for one token, as the vault takes it. */
export interface SignedPermit {
  token: string;
  value: bigint;
  /** Unix seconds. */
  deadline: bigint;
  v: number;
  r: string;
  s: string;
}

/** The domain that ERC-5267 describes; null where it uses extensions. */
function describedDomain(answer: Eip712Domain): TypedDataDomain | null {
  if (answer.extensions.length > 0) return null;
  const bits = Number(answer.fields);
  return {
    ...(bits & 1 ? { name: answer.name } : {}),
    ...(bits & 2 ? { version: answer.version } : {}),
    ...(bits & 4 ? { chainId: answer.chainId } : {}),
    ...(bits & 8 ? { verifyingContract: answer.verifyingContract } : {}),
    ...(bits & 16 ? { salt: answer.salt } : {}),
  };
}

/**
 * The ERC-2612 domain of a token, or null where it has no such permits.
 *
 * A domain counts only if it hashes to the token's own DOMAIN_SEPARATOR; tokens without ERC-5267 are tried with their
 * name and version. Permits of another shape (as DAI's) are told apart by their PERMIT_TYPEHASH.
 */
export async function readPermitDomain(at: ReadPoint, token: string, owner: string): Promise<PermitDomain | null> {
  const batch = new Batch(at);
  const nonce = batch.add(erc20.nonces(token, owner));
  const separator = batch.add(erc20.domainSeparator(token));
  const typehash = batch.add(erc20.permitTypehash(token));
  const described = batch.add(erc20.eip712Domain(token));
  const name = batch.add(erc20.name(token));
  const version = batch.add(erc20.version(token));
  const [{ chainId }] = await Promise.all([at.provider.getNetwork(), batch.send()]);

  const [next, hash, answer] = [nonce.orNull(), separator.orNull(), described.orNull()];
  if (next === null || hash === null || (typehash.orNull() ?? PERMIT_TYPEHASH) !== PERMIT_TYPEHASH) return null;
  const guess = (text: string) => ({ name: name.orNull() ?? "", version: text, chainId, verifyingContract: token });
  const candidates = answer ? [describedDomain(answer)] : [guess(version.orNull() ?? "1"), guess("1"), guess("2")];
  const domain = candidates.find((candidate) => candidate !== null && TypedDataEncoder.hashDomain(candidate) === hash);
  return domain ? { domain, nonce: next } : null;
}

/** Signers without typed data say so in many ways. */
function cannotSign(caught: unknown): boolean {
  if (isError(caught, "UNSUPPORTED_OPERATION")) return true;
  const { code, message } = caught as { code?: unknown; message?: unknown };
  return (
    code === -32601 ||
    code === -32004 ||
    code === 4200 ||
    /not (supported|implemented|found)|unsupported/i.test(String(message))
  );
}

/**
 * A permit signed by its owner, or null where the signer cannot sign typed data.
 *
 * @param value Token units: the exact amount, never more
 * @param deadline Unix seconds
 * @throws {CrosshedgeError} USER_REJECTED, where the owner refused in the wallet.
 */
export async function signPermit(
  signer: Signer,
  { domain, nonce }: PermitDomain,
  permit: { token: string; owner: string; spender: string; value: bigint; deadline: bigint },
): Promise<SignedPermit | null> {
  const { token, owner, spender, value, deadline } = permit;
  try {
    const signed = await signer.signTypedData(domain, PERMIT_TYPE, { owner, spender, value, nonce, deadline });
    const { v, r, s } = Signature.from(signed);
    return { token, value, deadline, v, r, s };
  } catch (caught) {
    const error = decodeError(caught);
    if (error.code === "UNSUPPORTED" || (error.code !== "USER_REJECTED" && cannotSign(caught))) return null;
    throw error;
  }
}
