import type { Provider, Signer } from "ethers";
import type { FrozenTransaction, Prepared } from "../prepare/prepared.js";
import { checkAborted, unlessAborted } from "./abort.js";
import { broadcast, needsGasLimit } from "./broadcast.js";
import { checkChain } from "./checkTerms.js";
import { askOnce, type Progress } from "./progress.js";
import type { SendOptions, SendStage } from "./stages.js";
import type { Broadcast } from "./unsure.js";

/** One run of one preparation: what all of its steps work with. */
export interface Run<R> {
  readonly prepared: Prepared<unknown, R>;
  readonly signer: Signer;
  readonly provider: Provider;
  readonly progress: Progress;
  readonly options: SendOptions<R>;
}

/** Tells the caller where a run stands. */
export function tell<R>({ options }: Pick<Run<R>, "options">, event: SendStage<R>): void {
  options.onStage?.(event);
}

/** Asks for a transaction, unless it was asked for before; the first time after `before`. */
export async function request<R>(
  run: Run<R>,
  { key, transaction, gasLimit }: { key: string; transaction: FrozenTransaction; gasLimit?: bigint | undefined },
  before: () => void,
): Promise<Broadcast> {
  const { signer, provider, progress, prepared, options } = run;
  if (!progress.requests.has(key)) {
    await checkChain(provider, prepared.chainId);
    before();
    checkAborted(options.signal);
  }
  const unsigned = { ...transaction, ...(gasLimit === undefined ? {} : { gasLimit }) };
  const asked = askOnce(progress, key, () =>
    broadcast(signer, provider, unsigned, (unsure) => {
      if (key === OPERATION) progress.unsure = unsure;
    }),
  );
  return unlessAborted(asked, options.signal);
}

/** The request for the operation itself, among those for approvals. */
export const OPERATION = "operation";

/** A fifth above the node's estimate, since a later block may need more; undefined where the signer chooses. */
export async function gasLimitOf<R>(run: Run<R>, transaction: FrozenTransaction): Promise<bigint | undefined> {
  const { signer, provider, options } = run;
  if (options.gasLimit !== undefined) return options.gasLimit;
  if (!needsGasLimit(signer)) return undefined;
  const { from, to, data } = transaction;
  return ((await provider.estimateGas({ from, to, data })) * 6n) / 5n;
}
