import { dataSlice, toBigInt } from "ethers";
import { erc20 } from "../abi/erc20.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decodeError } from "../errors/decodeError.js";
import type { ApproveRequirement } from "../prepare/prepared.js";
import { Batch } from "../read/batch.js";
import { type Run, request, tell } from "./run.js";
import { waitFor } from "./waitFor.js";

/**
 * Sends the transactions of an approval that are needed from what is allowed now, one after the other.
 *
 * @throws {CrosshedgeError} INSUFFICIENT_ALLOWANCE where the wallet let its user approve less
 */
export async function approve<R>(
  run: Run<R>,
  { requirement, allowance }: { requirement: ApproveRequirement; allowance: bigint },
): Promise<void> {
  const { token, transactions } = requirement;
  const last = transactions.slice(-1);
  for (const transaction of allowance === 0n ? last : transactions) {
    const key = `${token} ${transaction.data}`;
    const amount = toBigInt(dataSlice(transaction.data, 36));
    const broadcast = await request(run, { key, transaction }, () =>
      tell(run, { stage: "awaiting-approval", token, amount }),
    );
    tell(run, { stage: "approving", token, hash: broadcast.hash });
    try {
      const onRepriced = (hash: string, by: string) => tell(run, { stage: "repriced", hash, by });
      await waitFor(run.provider, { ...run.options, confirmations: 1, broadcast, onRepriced });
    } catch (caught) {
      if (decodeError(caught).code !== "ABORTED") run.progress.requests.delete(key);
      throw caught;
    }
    run.progress.requests.delete(key);
  }
  await checkAllowance(run, requirement);
  tell(run, { stage: "approved", token });
}

/** Wallets let their users change an amount. */
async function checkAllowance<R>({ provider, prepared }: Run<R>, { token, spender, amount }: ApproveRequirement) {
  const batch = new Batch({ provider, blockNumber: await provider.getBlockNumber() });
  const allowance = batch.add(erc20.allowance(token, prepared.account, spender));
  await batch.send();
  if (allowance.value() >= amount) return;
  throw new CrosshedgeError(
    "INSUFFICIENT_ALLOWANCE",
    `${allowance.value()} units of ${token} are approved, fewer than the ${amount} that are needed.`,
    { nextStep: "Send again and leave the amount in the wallet as it is." },
  );
}
