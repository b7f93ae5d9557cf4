import { CrosshedgeVault, IHedgeVault__factory, IRebalancer__factory } from "@crosshedge/sdk";
import type { Signer, TransactionReceipt } from "ethers";
import type { KeeperConfig } from "./config.js";
import { KeeperError } from "./errors.js";
import { dueTimes, poke } from "./execute/poke.js";
import { type Refusal, refusalOf } from "./execute/refusals.js";
import { type BoundCall, send } from "./execute/send.js";
import type { KeeperOptions } from "./keeper.js";
import { type Logger, silentLogger } from "./logger.js";
import { type Observation, Observer } from "./observe/observe.js";
import { parseConfig } from "./parse-config.js";
import { describeOrder } from "./plan/describe-order.js";
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
  tick(): Promise<RescueResult>;
}

/** Connect a rescuer to a vault. */
export async function createRescuer(options: Omit<KeeperOptions, "recorder">): Promise<Rescuer> {
  const { provider, signer, multicall, logger = silentLogger } = options;
  if (signer === undefined) throw new KeeperError("A rescuer has no key to act with.", "Give it a signer.");
  const config = parseConfig(options.config);
  const vault = await CrosshedgeVault.connect({ address: options.vault.vault, provider, multicall });
  const observer = new Observer(vault, provider, multicall, config);
  return { tick: () => pass(observer, signer, config, logger) };
}

async function pass(observer: Observer, signer: Signer, config: KeeperConfig, logger: Logger): Promise<RescueResult> {
  const observation = await upToDate(observer, signer, config);
  const { state, facts } = observation;
  const base = { orderWords: [], volatility: facts.volatility, bounty: 0n, transaction: null, gasUsed: 0n, gasFee: 0n };
  const refusals: Refusal[] = [];
  for (const step of rescueSteps(observation, facts, config)) {
    const call = boundCall(step, state.rebalancer, signer);
    try {
      await call.simulate();
      const receipt = await send(call, config.execution);
      const { hash, gasUsed, fee: gasFee } = receipt;
      const bounty = bountyIn(receipt, state.address);
      const orderWords = "orders" in step ? step.orders.map((order) => describeOrder(order, state)) : [];
      logger.info({ action: step.kind, reason: step.reason, gasUsed: gasUsed.toString() }, "rescue done");
      const { kind: action, reason } = step;
      return { ...base, action, reason, orderWords, bounty, transaction: hash, gasUsed, gasFee, refusals };
    } catch (caught) {
      refusals.push(refusalOf(caught));
    }
  }
  return { ...base, action: "nothing", reason: refusals.at(-1)?.message ?? "the vault needs no help", refusals };
}

/** The state after the covariance oracle's due grid times are folded, which anybody may do. */
async function upToDate(observer: Observer, signer: Signer, config: KeeperConfig): Promise<Observation> {
  const observation = await observer.observe();
  if (dueTimes(observation.grid, observation.state.block.timestamp).length === 0) return observation;
  await poke(observation, signer, config);
  return observer.observe();
}

/** What the vault paid for the call, settlement-token units: a simulation has no gas price. */
function bountyIn({ logs }: TransactionReceipt, vault: string): bigint {
  const events = IHedgeVault__factory.createInterface();
  const paid = logs.map((log) => (log.address === vault ? events.parseLog(log) : null));
  return paid.find((event) => event?.name === "BountyPaid")?.args["amount"] ?? 0n;
}

interface SimulatedCall extends BoundCall {
  /** Throws where it would revert. */
  simulate(): Promise<unknown>;
}

function boundCall(step: RescueStep, address: string, signer: Signer): SimulatedCall {
  const rebalancer = IRebalancer__factory.connect(address, signer);
  if (!("orders" in step)) {
    const { [step.kind]: method } = rebalancer;
    return {
      simulate: () => method.staticCall(),
      estimate: () => method.estimateGas(),
      send: (overrides) => method(overrides),
    };
  }
  const orders = step.orders.map(encodeOrder);
  const { [step.kind]: method } = rebalancer;
  return {
    simulate: () => method.staticCall(orders),
    estimate: () => method.estimateGas(orders),
    send: (overrides) => method(orders, overrides),
  };
}
