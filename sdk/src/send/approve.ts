import { dataSlice, type Provider, toBigInt } from "ethers";
import { erc20 } from "../abi/erc20.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decodeError } from "../errors/decodeError.js";
import type { ApproveRequirement, FrozenTransaction } from "../prepare/prepared.js";
import { approveTransaction } from "../prepare/transaction.js";
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
  const { token } = requirement;
  let at = 0;
  for (const transaction of await neededNow(run, requirement, allowance)) {
    const key = `${token} ${transaction.data}`;
    const amount = toBigInt(dataSlice(transaction.data, 36));
    const broadcast = await request(run, { key, transaction }, () =>
      tell(run, { stage: "awaiting-approval", token, amount }),
    );
    tell(run, { stage: "approving", token, hash: broadcast.hash });
    try {
      const onRepriced = (hash: string, by: string) => tell(run, { stage: "repriced", hash, by });
      const wait = { ...run.options, confirmations: 1, broadcast, chainId: run.prepared.chainId, onRepriced };
      at = (await waitFor(run.provider, wait)).blockNumber;
    } catch (caught) {
      if (decodeError(caught).code !== "ABORTED") run.progress.requests.delete(key);
      throw caught;
    }
    run.progress.requests.delete(key);
  }
  await checkAllowance(run, requirement, at);
  tell(run, { stage: "approved", token });
}

/** The approval alone where it works; an allowance that the token refuses to change is set to zero first, whenever it came. */
async function neededNow<R>(
  { provider, prepared: { chainId } }: Run<R>,
  { token, spender, transactions }: ApproveRequirement,
  allowance: bigint,
): Promise<readonly FrozenTransaction[]> {
  const last = transactions.slice(-1);
  const [approval] = last;
  if (approval === undefined || allowance === 0n || (await isTaken(provider, approval))) return last;
  return [approveTransaction({ chainId, from: approval.from }, token, spender, 0n), approval];
}

async function isTaken(provider: Provider, { from, to, data }: FrozenTransaction): Promise<boolean> {
  try {
    const answer = await provider.call({ from, to, data });
    return answer === "0x" || toBigInt(answer) !== 0n;
  } catch (caught) {
    const error = decodeError(caught);
    if (error.code === "NETWORK") throw error;
    return false;
  }
}

/** Wallets let their users change an amount. Read where it was mined: a provider may remember an earlier block as the latest. */
async function checkAllowance<R>(
  { provider, prepared }: Run<R>,
  { token, spender, amount }: ApproveRequirement,
  blockNumber: number,
): Promise<void> {
  const batch = new Batch({ provider, blockNumber });
  const allowance = batch.add(erc20.allowance(token, prepared.account, spender));
  await batch.send();
  if (allowance.value() >= amount) return;
  throw new CrosshedgeError(
    "INSUFFICIENT_ALLOWANCE",
    `${allowance.value()} units of ${token} are approved, fewer than the ${amount} that are needed.`,
    { nextStep: "Send again and leave the amount in the wallet as it is." },
  );
}
