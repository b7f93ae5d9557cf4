import { BrowserProvider, type Eip1193Provider, hexlify, randomBytes, toQuantity } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decodeError } from "../errors/decodeError.js";
import type { Prepared } from "../prepare/prepared.js";
import { checkAborted, unlessAborted } from "./abort.js";
import { batchOf, type Call } from "./batchOf.js";
import { isUnsure } from "./broadcast.js";
import { isAtomic, statusOfCalls, submitCalls } from "./callsWallet.js";
import { checkAccount, checkTerms } from "./checkTerms.js";
import { exclusively, type Progress, progressOf } from "./progress.js";
import { resumeCalls } from "./resumeCalls.js";
import { OPERATION } from "./run.js";
import type { CallsOptions, SentCalls } from "./stages.js";

/**
 * Sends a preparation as one batch of its approvals and its operation, by a wallet that knows EIP-5792: one question to the user.
 *
 * Sending the same preparation again after a lost answer or an abort asks what became of the batch, and sends no second one.
 *
 * @throws {CrosshedgeError} UNSUPPORTED where the wallet takes no such batches: use {@link send}; WRONG_ACCOUNT, WRONG_CHAIN,
 * STALE_PREPARATION, USER_REJECTED, BROADCAST_UNKNOWN, TRANSACTION_FAILED, ABORTED, IN_PROGRESS, and decoded reverts
 *
 * @example
 * const { shares } = await sendCalls(prepared, window.ethereum, { onStage: ({ stage }) => console.log(stage) });
 */
export async function sendCalls<R extends object>(
  prepared: Prepared<unknown, R>,
  wallet: Eip1193Provider,
  options: CallsOptions<R> = {},
): Promise<SentCalls<R>> {
  const progress = progressOf(prepared);
  return exclusively(progress, async () => {
    try {
      if (progress.requests.has(OPERATION) || progress.unsure !== null) {
        throw new CrosshedgeError("IN_PROGRESS", "This preparation was sent as a transaction.", {
          nextStep: "Call `send` with it.",
        });
      }
      const id = (await standing(progress, wallet)) ?? (await submit(prepared, wallet, progress, options));
      return await resumeCalls(prepared, id, wallet, options);
    } catch (caught) {
      const error = decodeError(caught);
      if (error.code === "TRANSACTION_FAILED") progress.batch = null;
      throw error;
    }
  });
}

/** The batch of a run before, where the wallet knows it. */
async function standing({ batch }: Progress, wallet: Eip1193Provider): Promise<string | null> {
  return batch !== null && (await statusOfCalls(wallet, batch)) !== null ? batch : null;
}

async function submit<R>(
  prepared: Prepared<unknown, R>,
  wallet: Eip1193Provider,
  progress: Progress,
  { onStage, signal }: CallsOptions<R>,
): Promise<string> {
  checkAborted(signal);
  onStage?.({ stage: "checking" });
  const calls = batchOf(prepared);
  await check(prepared, wallet, calls);
  onStage?.({ stage: "awaiting-signature", calls });
  checkAborted(signal);
  const id = progress.batch ?? hexlify(randomBytes(32));
  progress.batch = id;
  const asked = submitCalls(wallet, {
    ...{ version: "2.0.0", id, from: prepared.account, chainId: toQuantity(prepared.chainId) },
    atomicRequired: calls.length > 1,
    calls: calls.map(({ to, value, data }) => ({ to, value: toQuantity(value), data })),
  });
  try {
    progress.batch = await unlessAborted(asked, signal);
    return progress.batch;
  } catch (caught) {
    const error = decodeError(caught);
    if (error.code === "ABORTED") throw error;
    if (!isUnsure(error)) progress.batch = null;
    if (!isUnsure(error)) throw error;
    if ((await statusOfCalls(wallet, id).catch(() => null)) !== null) return id;
    throw new CrosshedgeError("BROADCAST_UNKNOWN", "The wallet failed without telling whether it took the batch.", {
      cause: error,
    });
  }
}

async function check(
  prepared: Prepared<unknown, unknown>,
  wallet: Eip1193Provider,
  calls: readonly Call[],
): Promise<void> {
  const { account, chainId } = prepared;
  const accounts = (await wallet.request({ method: "eth_accounts" })) as string[];
  checkAccount(accounts.find((each) => each.toLowerCase() === account.toLowerCase()) ?? accounts[0] ?? "none", account);
  const provider = new BrowserProvider(wallet, "any");
  try {
    await checkTerms(provider, prepared);
    const [only] = calls;
    if (calls.length === 1 && only !== undefined) await provider.call({ from: account, to: only.to, data: only.data });
  } finally {
    provider.destroy();
  }
  if ((await isAtomic(wallet, account, toQuantity(chainId))) || calls.length === 1) return;
  throw new CrosshedgeError("UNSUPPORTED", "The wallet cannot send several calls as one on this chain.", {
    nextStep: "Use `send` with the wallet's signer.",
  });
}
