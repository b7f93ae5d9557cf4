import { type ContractCall, CrosshedgeVault, ethCall, interfaceCall, type VaultState } from "@crosshedge/sdk";
import { IHedgeVault__factory, IRebalancer__factory } from "@crosshedge/sdk/contracts";
import type { Provider, TransactionReceipt } from "ethers";
import type { KeeperConfig } from "./config.js";
import { KeeperError } from "./errors.js";
import { type Refusal, refusalOf } from "./execute/refusals.js";
import { pokeCall } from "./execute/transaction.js";
import type { KeeperOptions } from "./keeper.js";
import type { Lane, LaneIntent } from "./lane/lane.js";
import { type Logger, silentLogger } from "./logger.js";
import { type Observation, Observer } from "./observe/observe.js";
import { parseConfig } from "./parse-config.js";
import { describeOrder } from "./plan/describe-order.js";
import { dueTimes } from "./plan/grid.js";
import { encodeOrder } from "./plan/orders.js";
import { type RescueStep, rescueSteps } from "./plan/rescue.js";

/** What one pass of a rescuer did. */
export interface RescueResult {
  readonly action: RescueStep["kind"] | "nothing";
  readonly reason: string;
  /** What was done, in words, in order. */
  readonly orderWords: readonly string[];
  /** By the chain's measure, before the pass, 1.0 = 100% a year; null where it does not measure. */
  readonly volatility: number | null;
  /** Paid for gas, settlement-token units. */
  readonly bounty: bigint;
  readonly transaction: string | null;
  readonly gasUsed: bigint;
  /** What the gas cost, wei. */
  readonly gasFee: bigint;
  /** Why the steps before the one that was sent, or all of them, were not taken. */
  readonly refusals: readonly Refusal[];
}

/** Does for a vault what anybody may: needs a key with gas, and no role. */
export interface Rescuer {
  /** One pass: observe, try what would help, send the first that the chain takes. */
  pass(signal?: AbortSignal): Promise<RescueResult>;
}

interface RescuerParts {
  readonly provider: Provider;
  readonly observer: Observer;
  readonly lane: Lane;
  readonly config: KeeperConfig;
  readonly logger: Logger;
}

const REBALANCER = IRebalancer__factory.createInterface();

/** Connect a rescuer to a vault. */
export async function createRescuer(options: Omit<KeeperOptions, "journal" | "now" | "onStep">): Promise<Rescuer> {
  const { provider, lane, multicall, logger = silentLogger } = options;
  if (lane === undefined) throw new KeeperError("A rescuer has no key to act with.", "Give it a lane.");
  const config = parseConfig(options.config);
  const vault = await CrosshedgeVault.connect({ address: options.vault.vault, provider, multicall });
  const observer = new Observer(vault, provider, multicall, config);
  return { pass: (signal) => pass({ provider, observer, lane, config, logger }, signal) };
}

async function pass(parts: RescuerParts, signal: AbortSignal | undefined): Promise<RescueResult> {
  const { provider, lane, config, logger } = parts;
  const busy = (await lane.follow()).find(({ state }) => state === "inFlight");
  const observation = await upToDate(parts, signal);
  const { state, facts } = observation;
  const base = { orderWords: [], volatility: facts.volatility, bounty: 0n, transaction: null, gasUsed: 0n, gasFee: 0n };
  const refusals: Refusal[] = [];
  const steps = busy === undefined ? rescueSteps(observation, facts, config) : [];
  for (const step of steps) {
    const call = callOf(step, state.rebalancer);
    try {
      await simulate(parts, call, state);
    } catch (caught) {
      refusals.push(refusalOf(caught));
      continue;
    }
    const key = `${step.kind}:${state.epoch}:${state.block.number}`;
    const sent = await lane.send(intentOf(call, state, step.kind, key, config), signal);
    if (sent.state !== "landed" || sent.attempt === null) {
      refusals.push({
        name: sent.reason?.code ?? sent.state,
        message: sent.reason?.message ?? "it has not landed yet",
      });
      if (sent.state === "reverted") continue;
      break;
    }
    const receipt = (await provider.getTransactionReceipt(sent.attempt.hash))!;
    const { hash, gasUsed, fee: gasFee } = receipt;
    const bounty = bountyIn(receipt, state.address);
    const orderWords = "orders" in step ? step.orders.map((order) => describeOrder(order, state)) : [];
    logger.info({ action: step.kind, reason: step.reason, gasUsed: gasUsed.toString() }, "rescue done");
    const { kind: action, reason } = step;
    return { ...base, action, reason, orderWords, bounty, transaction: hash, gasUsed, gasFee, refusals };
  }
  const waiting = busy === undefined ? "the vault needs no help" : "a transaction is in flight";
  return { ...base, action: "nothing", reason: refusals.at(-1)?.message ?? waiting, refusals };
}

/** The state after the covariance oracle's due grid times are folded, which anybody may do, in batches. */
async function upToDate(parts: RescuerParts, signal: AbortSignal | undefined): Promise<Observation> {
  const { observer, lane, config } = parts;
  let observation = await observer.observe();
  while (dueTimes(observation.grid, observation.state.block.timestamp).length > 0) {
    const { state, grid } = observation;
    const call = pokeCall(observation, config);
    try {
      await simulate(parts, call, state);
    } catch (caught) {
      // Somebody else may have been quicker: what is due then is folded already.
      refusalOf(caught);
      return observer.observe();
    }
    const sent = await lane.send(intentOf(call, state, "poke", `poke:${grid.cursor}`, config), signal);
    observation = await observer.observe();
    if (sent.state !== "landed" || observation.grid.cursor === grid.cursor) break;
  }
  return observation;
}

function simulate({ provider, lane }: RescuerParts, { target, data }: ContractCall<unknown>, { block }: VaultState) {
  const at = { provider, blockNumber: block.number, blockHash: block.hash ?? undefined };
  return ethCall(at, { to: target, data, from: lane.signer });
}

function intentOf(
  { target, data }: ContractCall<unknown>,
  { address, block }: VaultState,
  kind: LaneIntent["kind"],
  key: string,
  { execution }: KeeperConfig,
): LaneIntent {
  const deadline = block.timestamp + execution.deadlineSeconds;
  const gas = execution.gasLimit === null ? {} : { gas_limit: BigInt(execution.gasLimit) };
  return { vault: address.toLowerCase(), tick_id: null, kind, key, target, data, deadline, notional: null, ...gas };
}

/** What the vault paid for the call, settlement-token units: a simulation has no gas price. */
function bountyIn({ logs }: TransactionReceipt, vault: string): bigint {
  const events = IHedgeVault__factory.createInterface();
  const paid = logs.map((log) => (log.address === vault ? events.parseLog(log) : null));
  return paid.find((event) => event?.name === "BountyPaid")?.args["amount"] ?? 0n;
}

function callOf(step: RescueStep, rebalancer: string): ContractCall<unknown> {
  const orders = "orders" in step ? [step.orders.map(encodeOrder)] : [];
  return interfaceCall(REBALANCER, rebalancer, step.kind, ...orders);
}
