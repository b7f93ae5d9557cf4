import { type ContractCall, type CrosshedgeVault, ethCall, simulateCalls, type VaultState } from "@crosshedge/sdk";
import type { IRebalancer } from "@crosshedge/sdk/contracts";
import type { Provider } from "ethers";
import type { KeeperConfig } from "../config.js";
import type { Logger } from "../logger.js";
import type { Decision } from "../plan/decide.js";
import { classifyRpcError } from "../rpc/classify.js";
import type { Meaning } from "../rpc/fault.js";
import { compareOutcome, compareState, type OutcomeUsd, outcomeUsd } from "./compare.js";
import { type Refusal, refusalOf } from "./refusals.js";
import { type DecidedCall, mostLoss, withMostLoss } from "./transaction.js";

/** What a simulation says of a decision. */
export type Simulated =
  | {
      readonly verdict: "send";
      /** As it is to be sent. */
      readonly call: ContractCall<unknown>;
      /** Null for the limit that the lane estimates. */
      readonly gasLimit: bigint | null;
      /** Of a plan. */
      readonly outcome: OutcomeUsd | null;
    }
  | { readonly verdict: "pointless" }
  | { readonly verdict: "refused"; readonly refusal: Refusal };

/** What a node means that does not know the third parameter of `eth_call`. */
const WITHOUT_OVERRIDES: readonly Meaning[] = ["unsupported", "invalid"];

/** Of the shares that wait, the part that a settlement must pay: what rounding and fees leave beside the least cash is no reason for one. */
const LEAST_PAID = 1_000n;

const isCrumb = (paid: bigint, { queue }: VaultState): boolean => paid * LEAST_PAID < queue.shares || paid === 0n;

/** Tries decisions out at the block they were made for, as the account that would send them. */
export class Simulator {
  readonly #vault: CrosshedgeVault;
  readonly #provider: Provider;
  readonly #from: string;
  readonly #config: KeeperConfig["execution"];
  readonly #logger: Logger;
  /** False once the node has refused state overrides, or there is no Multicall3. */
  #seesState: boolean;

  constructor(parts: {
    readonly vault: CrosshedgeVault;
    readonly provider: Provider;
    readonly multicall: string | undefined;
    readonly from: string;
    readonly config: KeeperConfig;
    readonly logger: Logger;
  }) {
    this.#vault = parts.vault;
    this.#provider = parts.provider;
    this.#from = parts.from;
    this.#config = parts.config.execution;
    this.#logger = parts.logger;
    this.#seesState = parts.multicall !== undefined;
    if (!this.#seesState) this.#sayBlind("there is no Multicall3");
  }

  /** One decision, and the gas that it needs, in one round trip. A revert is an answer; a node that does not answer is an error. */
  async simulate({ kind, simulated }: DecidedCall, decision: Decision, state: VaultState): Promise<Simulated> {
    const gas = this.#gasFor(simulated);
    // Where the call reverts, so does the estimate: the call's own answer says it better.
    gas.catch(() => undefined);
    try {
      const tried = kind === "rebalance" ? await this.#tryPlan(simulated, decision, state) : null;
      if (tried !== null) return tried.verdict === "send" ? { ...tried, gasLimit: await gas } : tried;
      const answer = simulated.decode(await this.#call(simulated, state));
      if (kind === "settle" && !decision.movesQueue && isCrumb((answer as readonly [bigint])[0], state))
        return { verdict: "pointless" };
      return { verdict: "send", call: simulated, gasLimit: await gas, outcome: null };
    } catch (caught) {
      return { verdict: "refused", refusal: refusalOf(caught) };
    }
  }

  async #tryPlan(call: ContractCall<unknown>, { plan }: Decision, state: VaultState): Promise<Simulated | null> {
    const { outcome, after } = await this.#planned(call, state);
    const { tolerance, slack } = this.#config;
    const predicted = plan?.predicted ?? null;
    const differences =
      predicted === null
        ? []
        : [
            ...compareOutcome(predicted, outcome, tolerance),
            ...(after ? compareState(predicted, after, tolerance) : []),
          ];
    if (differences.length > 0) {
      return { verdict: "refused", refusal: { name: "OutcomeDiffers", message: differences.join("; ") } };
    }
    return { verdict: "send", call: withMostLoss(call, mostLoss(outcome, slack)), gasLimit: null, outcome };
  }

  /** What the Rebalancer says that a plan does, and the whole vault after it where the node can show it. */
  async #planned(
    call: ContractCall<unknown>,
    state: VaultState,
  ): Promise<{ readonly outcome: OutcomeUsd; readonly after: VaultState | null }> {
    if (this.#seesState) {
      try {
        const { outcomes, state: after } = await simulateCalls(this.#vault, [call], this.#from, state);
        const [first] = outcomes;
        if (first?.ok !== true) throw first?.error.cause ?? first?.error;
        return { outcome: outcomeUsd(first.value as IRebalancer.OutcomeStructOutput), after };
      } catch (caught) {
        if (!WITHOUT_OVERRIDES.includes(classifyRpcError(caught).meaning)) throw caught;
        this.#seesState = false;
        this.#sayBlind("the node does not take state overrides");
      }
    }
    return {
      outcome: outcomeUsd(call.decode(await this.#call(call, state)) as IRebalancer.OutcomeStructOutput),
      after: null,
    };
  }

  #call({ target, data }: ContractCall<unknown>, { block }: VaultState): Promise<string> {
    const at = { provider: this.#provider, blockNumber: block.number, blockHash: block.hash ?? undefined };
    return ethCall(at, { to: target, data, from: this.#from });
  }

  /** With a quarter more: what a venue needs depends on where its price stands. */
  async #gasFor({ target, data }: ContractCall<unknown>): Promise<bigint> {
    if (this.#config.gasLimit !== null) return BigInt(this.#config.gasLimit);
    return ((await this.#provider.estimateGas({ to: target, data, from: this.#from })) * 5n) / 4n;
  }

  #sayBlind(why: string): void {
    const what = "plans are compared with what the Rebalancer says alone, and not with the vault after them";
    this.#logger.warn({ why }, what);
  }
}
