import { type ContractCall, interfaceCall } from "../read/call.js";
import { interfaceOf } from "./abi.js";

const ERC2612 = `function nonces(address) view returns (uint256)
function permit(address, address, uint256, uint256, uint8, bytes32, bytes32)
function version() view returns (string)
function DOMAIN_SEPARATOR() view returns (bytes32)
function PERMIT_TYPEHASH() view returns (bytes32)
function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)`;

const call = <T>(token: string, method: string, ...args: unknown[]): ContractCall<T> =>
  interfaceCall(interfaceOf(ERC2612), token, method, ...args);

/** Typed calls of a token's permits, and of what they are signed with: ERC-2612 and ERC-5267. */
export const erc2612 = {
  /** Of the owner's next permit. */
  nonces: (token: string, owner: string): ContractCall<bigint> => call(token, "nonces", owner),
  /** Allows a spender an amount, by the owner's signature. */
  permit: (token: string, ...terms: PermitArguments): ContractCall<void> => call(token, "permit", ...terms),
  /** Of the domain that permits are signed in. */
  version: (token: string): ContractCall<string> => call(token, "version"),
  /** Hash of the domain that permits are signed in. */
  domainSeparator: (token: string): ContractCall<string> => call(token, "DOMAIN_SEPARATOR"),
  /** Hash of the permit's type. */
  permitTypehash: (token: string): ContractCall<string> => call(token, "PERMIT_TYPEHASH"),
  /** The domain that permits are signed in (ERC-5267). */
  eip712Domain: (token: string): ContractCall<Eip712Domain> => call(token, "eip712Domain"),
};

/** Owner, spender, amount, deadline (unix seconds), and the signature's v, r and s. */
export type PermitArguments = [string, string, bigint, bigint, number, string, string];

/** The answer of `eip712Domain()`. */
export interface Eip712Domain {
  fields: string;
  name: string;
  version: string;
  chainId: bigint;
  verifyingContract: string;
  salt: string;
  extensions: bigint[];
}
