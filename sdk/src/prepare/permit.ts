import { id, Signature, type TypedDataDomain, TypedDataEncoder, verifyTypedData } from "ethers";
import { erc20 } from "../abi/erc20.js";
import { type Eip712Domain, erc2612 } from "../abi/erc2612.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { Batch } from "../read/batch.js";
import type { PermitRequirement, TypedData } from "./prepared.js";

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
  readonly domain: TypedDataDomain;
  readonly nonce: bigint;
}

/** What a permit allows. Amounts in token units, the deadline in unix seconds. */
export interface PermitTerms {
  readonly owner: string;
  readonly spender: string;
  readonly value: bigint;
  readonly deadline: bigint;
}

/** A signed ERC-2612 permit for one token, as the vault takes it. */
export interface SignedPermit {
  token: string;
  value: bigint;
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
 * Adds the reads of a token's ERC-2612 domain; call the result once the batch is sent. Null where the token has no such permits.
 *
 * A domain counts only if it hashes to the token's own DOMAIN_SEPARATOR; tokens without ERC-5267 are tried with their name and version. Permits of
 * another shape (as DAI's) are told apart by their PERMIT_TYPEHASH.
 */
export function addPermitDomain(batch: Batch, token: string, owner: string): (chainId: bigint) => PermitDomain | null {
  const nonce = batch.add(erc2612.nonces(token, owner));
  const separator = batch.add(erc2612.domainSeparator(token));
  const typehash = batch.add(erc2612.permitTypehash(token));
  const described = batch.add(erc2612.eip712Domain(token));
  const name = batch.add(erc20.name(token));
  const version = batch.add(erc2612.version(token));
  return (chainId) => {
    const [next, hash, answer] = [nonce.orNull(), separator.orNull(), described.orNull()];
    if (next === null || hash === null || (typehash.orNull() ?? PERMIT_TYPEHASH) !== PERMIT_TYPEHASH) return null;
    const guess = (text: string) => ({ name: name.orNull() ?? "", version: text, chainId, verifyingContract: token });
    const candidates = answer ? [describedDomain(answer)] : [guess(version.orNull() ?? "1"), guess("1"), guess("2")];
    const domain = candidates.find(
      (candidate) => candidate !== null && TypedDataEncoder.hashDomain(candidate) === hash,
    );
    return domain ? { domain, nonce: next } : null;
  };
}

/** What a wallet signs for a permit, as `eth_signTypedData_v4` and ethers' `signTypedData` take it. */
export function permitTypedData({ domain, nonce }: PermitDomain, terms: PermitTerms): TypedData {
  const { owner, spender, value, deadline } = terms;
  return { domain, types: PERMIT_TYPE, primaryType: "Permit", message: { owner, spender, value, nonce, deadline } };
}

/**
 * A signature as the vault takes it.
 *
 * @throws {CrosshedgeError} BAD_ARGUMENT where it is not the owner's signature of these very terms
 */
export function signedPermit(requirement: PermitRequirement, owner: string, signature: string): SignedPermit {
  const { token, amount, deadline, typedData } = requirement;
  let signer: string;
  try {
    signer = verifyTypedData(typedData.domain, typedData.types, typedData.message, signature);
  } catch (cause) {
    throw refused(`The signature for ${token} is not one of 65 or 64 bytes.`, cause);
  }
  if (signer !== owner) throw refused(`The signature for ${token} is not ${owner}'s of this permit.`);
  const { v, r, s } = Signature.from(signature);
  return { token, value: amount, deadline: BigInt(deadline), v, r, s };
}

function refused(message: string, cause?: unknown): CrosshedgeError {
  return new CrosshedgeError("BAD_ARGUMENT", message, {
    nextStep:
      "Let the account sign the `typedData` of this very requirement, or approve instead and leave the signature out.",
    ...(cause === undefined ? {} : { cause }),
  });
}
