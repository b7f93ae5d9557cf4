import { erc20 } from "../abi/erc20.js";
import { deepFreeze } from "./freeze.js";
import type { FrozenTransaction } from "./prepared.js";

/** A transaction of no value, frozen. */
export function frozenTransaction(transaction: Omit<FrozenTransaction, "value">): FrozenTransaction {
  const { chainId, from, to, data } = transaction;
  return deepFreeze({ chainId, from, to, data, value: 0n });
}

/** The transaction that allows a spender exactly `amount` token units. */
export function approveTransaction(
  { chainId, from }: Pick<FrozenTransaction, "chainId" | "from">,
  token: string,
  spender: string,
  amount: bigint,
): FrozenTransaction {
  return frozenTransaction({ chainId, from, to: token, data: erc20.approve(token, spender, amount).data });
}
