import type { Signer } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decodeError } from "../errors/decodeError.js";
import type { Prepared } from "../prepare/prepared.js";
import { checkAborted, unlessAborted } from "./abort.js";
import { checkAccount, checkChain, checkTerms, hasExpired } from "./checkTerms.js";
import { finish } from "./finish.js";
import { exclusively, progressOf } from "./progress.js";
import { meetRequirements } from "./requirements.js";
import { gasLimitOf, OPERATION, type Run, request, tell } from "./run.js";
import type { SendOptions, Sent } from "./stages.js";
import { type Broadcast, lookFor } from "./unsure.js";

/**
 * Meets the requirements of a preparation, simulates its transaction, has it signed and waits until it is mined.
 *
 * A preparation is one operation: after a refusal, a lost answer or an abort, sending it again goes on where things stand now, and
 * asks for nothing that is there already.
 *
 * @throws {CrosshedgeError} WRONG_ACCOUNT, WRONG_CHAIN, STALE_PREPARATION, USER_REJECTED, BROADCAST_UNKNOWN, TRANSACTION_FAILED,
 * TRANSACTION_REPLACED, ABORTED, IN_PROGRESS, and decoded reverts of the simulation; `hash` is there from the broadcast on
 *
 * @example
 * const prepared = await prepareDeposit(vault, { account, token: usdc, amount: parseToken("1000", 6) });
 * const { shares, hash } = await send(prepared, signer, { onStage: ({ stage }) => console.log(stage) });
 */
export async function send<R extends object>(
  prepared: Prepared<unknown, R>,
  signer: Signer,
  options: SendOptions<R> = {},
): Promise<Sent<R>> {
  const progress = progressOf(prepared);
  return exclusively(progress, async () => {
    try {
      if (progress.batch !== null) {
        throw new CrosshedgeError("IN_PROGRESS", "This preparation was submitted as a batch.", {
          nextStep: "Call `sendCalls` with it.",
        });
      }
      const { provider } = signer;
      if (provider === null) throw new CrosshedgeError("PROVIDER_REQUIRED", "The signer has no provider to send with.");
      const run: Run<R> = { prepared, signer, provider, progress, options };
      checkAborted(options.signal);
      tell(run, { stage: "checking" });
      const broadcast = (await standing(run)) ?? (await start(run));
      return await finish(run, broadcast).catch((caught: unknown) => {
        const error = decodeError(caught);
        if (isOver(error)) progress.requests.delete(OPERATION);
        throw error;
      });
    } catch (caught) {
      throw decodeError(caught);
    }
  });
}

/** What a run before has sent, or may have sent. */
async function standing<R>({ progress, provider, prepared, options }: Run<R>): Promise<Broadcast | null> {
  const asked = progress.requests.get(OPERATION);
  if (asked !== undefined) return unlessAborted(asked, options.signal);
  const { unsure } = progress;
  if (unsure === null) return null;
  await checkChain(provider, prepared.chainId);
  const found = await lookFor(provider, unsure, { resend: !(await hasExpired(provider, prepared)) });
  if (found === null && unsure.signed === null && (await hasPending(provider, prepared.account))) {
    throw new CrosshedgeError(
      "BROADCAST_UNKNOWN",
      `${prepared.account} has a transaction pending that may be this one.`,
      {
        nextStep: "Wait until it is mined, or cancel it in the wallet; then send the same preparation again.",
      },
    );
  }
  progress.unsure = null;
  if (found !== null) progress.requests.set(OPERATION, Promise.resolve(found));
  return found;
}

async function start<R>(run: Run<R>): Promise<Broadcast> {
  const { prepared, signer, provider, progress, options } = run;
  checkAccount(await signer.getAddress(), prepared.account);
  await checkTerms(provider, prepared);
  await meetRequirements(run);
  checkAborted(options.signal);
  const transaction = prepared.build({ ...progress.signatures });
  tell(run, { stage: "simulating", transaction });
  const { from, to, data } = transaction;
  await provider.call({ from, to, data });
  const gasLimit = await gasLimitOf(run, transaction);
  checkAborted(options.signal);
  return request(run, { key: OPERATION, transaction, gasLimit }, () =>
    tell(run, { stage: "awaiting-signature", transaction }),
  );
}

/** Whether the transaction can do nothing any more, so that another one may be sent. */
function isOver({ code }: CrosshedgeError): boolean {
  return code === "TRANSACTION_FAILED" || code === "TRANSACTION_REPLACED";
}

async function hasPending(provider: Run<unknown>["provider"], account: string): Promise<boolean> {
  const [mined, all] = await Promise.all([
    provider.getTransactionCount(account),
    provider.getTransactionCount(account, "pending"),
  ]);
  return all > mined;
}
