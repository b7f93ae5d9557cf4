import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  type RetryPolicy,
  retry,
} from "cockatiel";
import type { EndpointOptions } from "./endpoint-options.js";
import { isEndpointFault, type RpcFault } from "./fault.js";
import type { RpcAnswer } from "./request.js";
import { RpcError } from "./rpc-error.js";

/** A node that asks for more patience than this is left alone instead of waited for. */
export const PATIENCE_MS = 1_000;
const FIRST_PAUSE_MS = 50;

type Answers = readonly RpcAnswer[];

/** Another try may help, and soon. */
function worthAnotherTry(error: unknown): boolean {
  if (!(error instanceof RpcError)) return false;
  const { meaning, code, retryAfterMs } = error.fault;
  if (meaning === "rateLimited") return retryAfterMs !== null && retryAfterMs <= PATIENCE_MS;
  return (meaning === "unavailable" && code !== "TIMEOUT") || meaning === "garbage";
}

/** Faults in answers that count against the endpoint; a transaction for another chain is the transaction's. */
export function endpointFaultIn(answers: Answers): RpcFault | undefined {
  const faults = answers.flatMap((answer) => (answer.ok ? [] : [answer.fault]));
  return faults.find(({ meaning }) => isEndpointFault(meaning) && meaning !== "wrongChain");
}

/** When an endpoint is asked again, and when it is left alone: only for faults of its own, never for what an application did wrong. */
export class EndpointPolicy {
  readonly #breaker: CircuitBreakerPolicy;
  readonly #retry: RetryPolicy;
  #openUntil = 0;

  constructor(
    { breaker: { failures, restMs }, retries }: EndpointOptions,
    on: { readonly onBreak: () => void; readonly onRetry: () => void },
  ) {
    const counts = handleWhen((error) => error instanceof RpcError && isEndpointFault(error.fault.meaning));
    this.#breaker = circuitBreaker(
      counts.orWhenResult((answers) => endpointFaultIn(answers as Answers) !== undefined),
      { halfOpenAfter: restMs, breaker: new ConsecutiveBreaker(failures) },
    );
    this.#breaker.onBreak(() => {
      this.#openUntil = Date.now() + restMs;
      on.onBreak();
    });
    const backoff = new DelegateBackoff(({ attempt, result }: { attempt: number; result: unknown }) => {
      const { error } = result as { error?: unknown };
      const asked = error instanceof RpcError ? error.fault.retryAfterMs : null;
      return asked ?? FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random());
    });
    this.#retry = retry(handleWhen(worthAnotherTry), { maxAttempts: retries, backoff });
    this.#retry.onRetry(on.onRetry);
  }

  /** True while it is left alone. */
  get open(): boolean {
    return this.#breaker.state === CircuitState.Open && Date.now() < this.#openUntil;
  }

  /** @throws {RpcError} as `attempt`; or what `leavesAlone` knows */
  run(attempt: () => Promise<Answers>, repeatable: boolean): Promise<Answers> {
    return this.#breaker.execute(() => (repeatable ? this.#retry.execute(attempt) : attempt()));
  }

  /** True for the error of an endpoint that is left alone. */
  static leavesAlone(error: unknown): boolean {
    return error instanceof BrokenCircuitError;
  }
}
