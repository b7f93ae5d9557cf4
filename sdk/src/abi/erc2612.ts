import { type ContractCall, interfaceCall } from "../read/call.js";
import { interfaceOf } from "./abi.js";

const ERC2612 = `function nonces(address) view returns (uint256)
function version() view returns (string)
function DOMAIN_SEPARATOR() view returns (bytes32)
function PERMIT_TYPEHASH() view returns (bytes32)
function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)`;

const call = <T>(token: string, method: string, ...args: unknown[]): ContractCall<T> =>
  interfaceCall(interfaceOf(ERC2612), token, method, ...args);

/** Typed reads of what a token's permits are signed with: ERC-2612 and ERC-5267. */
export const erc2612 = {
  nonces: (token: string, owner: string): ContractCall<bigint> => call(token, "nonces", owner),
  version: (token: string): ContractCall<string> => call(token, "version"),
  domainSeparator: (token: string): ContractCall<string> => call(token, "DOMAIN_SEPARATOR"),
  permitTypehash: (token: string): ContractCall<string> => call(token, "PERMIT_TYPEHASH"),
  eip712Domain: (token: string): ContractCall<Eip712Domain> => call(token, "eip712Domain"),
};

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
