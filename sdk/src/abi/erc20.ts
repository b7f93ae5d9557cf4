import { Interface } from "ethers";
import { type ContractCall, interfaceCall } from "../read/call.js";

/** What the SDK needs of a token: ERC-20, ERC-2612 and ERC-5267. */
export const ERC20 = /* @__PURE__ */ new Interface([
  "function name() view returns (string)",
  "function symbol() view returns (string)",
  "function decimals() view returns (uint8)",
  "function totalSupply() view returns (uint256)",
  "function balanceOf(address account) view returns (uint256)",
  "function allowance(address owner, address spender) view returns (uint256)",
  "function approve(address spender, uint256 value) returns (bool)",
  "function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)",
  "function nonces(address owner) view returns (uint256)",
  "function version() view returns (string)",
  "function DOMAIN_SEPARATOR() view returns (bytes32)",
  "function PERMIT_TYPEHASH() view returns (bytes32)",
  "function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)",
]);

/** Typed reads of an ERC-20 token. */
export const erc20 = {
  /** The token's name. */
  name: (token: string): ContractCall<string> => interfaceCall(ERC20, token, "name"),
  /** The token's symbol. */
  symbol: (token: string): ContractCall<string> => interfaceCall(ERC20, token, "symbol"),
  /** Its decimals. */
  decimals: (token: string): ContractCall<bigint> => interfaceCall(ERC20, token, "decimals"),
  /** All there is, in token units. */
  totalSupply: (token: string): ContractCall<bigint> => interfaceCall(ERC20, token, "totalSupply"),
  /** What an account has, in token units. */
  balanceOf: (token: string, account: string): ContractCall<bigint> =>
    interfaceCall(ERC20, token, "balanceOf", account),
  /** What a spender may take of an owner, in token units. */
  allowance: (token: string, owner: string, spender: string): ContractCall<bigint> =>
    interfaceCall(ERC20, token, "allowance", owner, spender),
  /** The next nonce of an owner's permit. */
  nonces: (token: string, owner: string): ContractCall<bigint> => interfaceCall(ERC20, token, "nonces", owner),
  /** The version in the token's signing domain, where it has the function. */
  version: (token: string): ContractCall<string> => interfaceCall(ERC20, token, "version"),
  /** The hash of its signing domain. */
  domainSeparator: (token: string): ContractCall<string> => interfaceCall(ERC20, token, "DOMAIN_SEPARATOR"),
  /** The type hash of its permits. */
  permitTypehash: (token: string): ContractCall<string> => interfaceCall(ERC20, token, "PERMIT_TYPEHASH"),
  /** Its signing domain, where it has ERC-5267. */
  eip712Domain: (token: string): ContractCall<Eip712Domain> => interfaceCall(ERC20, token, "eip712Domain"),
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
