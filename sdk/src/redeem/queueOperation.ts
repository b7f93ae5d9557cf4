import { type Events, interfaceOf } from "../abi/abi.js";
import type { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { IRedeemQueue__events } from "../generated/abi.js";
import type { IRedeemQueue } from "../generated/index.js";
import type { Prepared, Requirement, Warning } from "../prepare/prepared.js";
import { preparedOperation } from "../prepare/preparedOperation.js";
import { type OperationRequest, type Simulated, simulateOperation } from "../prepare/simulateOperation.js";
import { findEvent } from "../send/findEvent.js";
import type { CrosshedgeVault } from "../vault.js";

type QueueEvents = Events<IRedeemQueue>;

/** What one operation on the queue has of its own. */
export interface QueueOperation<T, B, E extends keyof QueueEvents & string, P, R> extends OperationRequest<T, B> {
  operation: string;
  /** Why it was refused, where that can be said better than the contract does. */
  explain?: (refusal: CrosshedgeError, before: B) => CrosshedgeError;
  /** What the user is shown. */
  show(value: T, simulated: Simulated<T, B>): Shown<P> | Promise<Shown<P>>;
  /** The event that tells what it did, and how to read it. */
  event: E;
  resultOf(args: QueueEvents[E]): R;
}

interface Shown<P> {
  preview: P;
  warnings: readonly Warning[];
  requirements?: readonly Requirement[];
}

/** Simulates an operation on the queue and makes it ready: its calldata does not depend on the preview, and it does not expire. */
export async function queueOperation<T, B, E extends keyof QueueEvents & string, P, R>(
  vault: CrosshedgeVault,
  { operation, explain, show, event, resultOf, ...request }: QueueOperation<T, B, E, P, R>,
): Promise<Prepared<P, R>> {
  const simulated = await simulateOperation(vault, request);
  const { outcome, before, chainId, block } = simulated;
  if (!outcome.ok) throw explain?.(outcome.error, before) ?? outcome.error;
  const queue = { address: vault.address, interface: interfaceOf(IRedeemQueue__events) };
  // An operator is set by the controller, and the event has no other sender.
  const isOwn = ({ sender, controller }: Record<string, unknown>) => (sender ?? controller) === request.account;
  return preparedOperation({
    operation,
    chainId,
    block,
    account: request.account,
    to: vault.address,
    encode: () => request.call.data,
    ...(await show(outcome.value, simulated)),
    expiresAt: null,
    resultOf: (receipt) => resultOf(findEvent(receipt, queue, event, isOwn).args as unknown as QueueEvents[E]),
  });
}
