import { type ContractCall, interfaceCall } from "../read/call.js";
import { interfaceOf } from "./abi.js";

const ERC20 = `function name() view returns (string)
function symbol() view returns (string)
function decimals() view returns (uint8)
function totalSupply() view returns (uint256)
function balanceOf(address) view returns (uint256)
function allowance(address, address) view returns (uint256)
function approve(address, uint256) returns (bool)`;

const call = <T>(token: string, method: string, ...args: unknown[]): ContractCall<T> =>
  interfaceCall(interfaceOf(ERC20), token, method, ...args);

/** Typed calls of an ERC-20 token; amounts in its smallest units. */
export const erc20 = {
  /** The name. */
  name: (token: string): ContractCall<string> => call(token, "name"),
  /** The symbol. */
  symbol: (token: string): ContractCall<string> => call(token, "symbol"),
  /** Digits after the point. */
  decimals: (token: string): ContractCall<bigint> => call(token, "decimals"),
  /** Tokens in circulation. */
  totalSupply: (token: string): ContractCall<bigint> => call(token, "totalSupply"),
  /** What an account has. */
  balanceOf: (token: string, account: string): ContractCall<bigint> => call(token, "balanceOf", account),
  /** What a spender may take of an owner's. */
  allowance: (token: string, owner: string, spender: string): ContractCall<bigint> =>
    call(token, "allowance", owner, spender),
  /** Allows a spender an amount. */
  approve: (token: string, spender: string, amount: bigint): ContractCall<boolean> =>
    call(token, "approve", spender, amount),
};
