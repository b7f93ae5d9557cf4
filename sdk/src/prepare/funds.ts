import { erc20 } from "../abi/erc20.js";
import type { Batch } from "../read/batch.js";
import { type ContractCall, interfaceCall } from "../read/call.js";
import type { TokenAmount } from "../units.js";

/** A token amount that an operation takes from an account. */
export interface Spending {
  readonly token: string;
  readonly amount: TokenAmount;
}

/** What an account has of a token that an operation takes. */
export interface Funds extends Spending {
  readonly balance: TokenAmount;
  /** Of the vault. */
  readonly allowance: TokenAmount;
  /** True for a token that refuses to change an allowance that is not zero, as USDT; null where it was not tried. */
  readonly needsReset: boolean | null;
}

/** True where the account has and allows enough. */
export function isReady({ amount, balance, allowance }: Funds): boolean {
  return balance >= amount && allowance >= amount;
}

/** Tokens answer `approve` with true, or with nothing. */
function approval(token: string, spender: string, amount: TokenAmount): ContractCall<boolean> {
  const call = erc20.approve(token, spender, amount);
  return { ...call, decode: (returnData) => returnData === "0x" || BigInt(returnData) !== 0n };
}

/**
 * Adds the reads of balances and allowances; call the result once the batch is sent.
 *
 * @param approve The calls are those of the account itself: it also approves what is spent, for as long as they last
 */
export function addFunds(
  batch: Batch,
  spendings: readonly Spending[],
  { account, spender, approve }: { account: string; spender: string; approve: boolean },
): () => Funds[] {
  const pending = spendings.map(({ token, amount }) => ({
    token,
    amount,
    balance: batch.add(erc20.balanceOf(token, account)),
    allowance: batch.add(erc20.allowance(token, account, spender)),
    approved: approve ? batch.add(approval(token, spender, amount)) : null,
  }));
  if (approve) {
    // Where the first approval was refused these two are what a user would send; elsewhere they change nothing.
    for (const { token, amount } of spendings) {
      batch.add(approval(token, spender, 0n));
      batch.add(approval(token, spender, amount));
    }
  }
  return () =>
    pending.map(({ token, amount, balance, allowance, approved }) => {
      const allowed = allowance.value();
      const needsReset = approved && allowed > 0n && approved.orNull() !== true;
      return { token, amount, balance: balance.value(), allowance: allowed, needsReset };
    });
}
