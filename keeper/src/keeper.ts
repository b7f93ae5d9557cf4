import { CrosshedgeVault } from "@crosshedge/sdk";
import type { Provider, Signer } from "ethers";
import type { KeeperConfig, KeeperConfigInput } from "./config.js";
import { KeeperError } from "./errors.js";
import { compareState } from "./execute/compare.js";
import { dueTimes, type PokeResult, poke } from "./execute/poke.js";
import { rebalance } from "./execute/rebalance.js";
import { RefusalCounter } from "./execute/refusals.js";
import { type Logger, silentLogger } from "./logger.js";
import { type Observation, Observer } from "./observe/observe.js";
import { parseConfig } from "./parse-config.js";
import { buildPlan, type PlanDecision } from "./plan/build-plan.js";
import { describeOrder } from "./plan/describe-order.js";
import { currentHedgeRatios } from "./plan/hedge-ratios.js";
import { hashOf } from "./record/canonical-json.js";
import { recordOf } from "./record/decision.js";
import { noRecorder, type Recorder } from "./record/recorder.js";
import type { TickResult } from "./tick-result.js";

/** What a keeper works with. */
export interface KeeperOptions {
  readonly provider: Provider;
  /** Without it the keeper can plan, but not act. It needs the keeper's role. */
  readonly signer?: Signer;
  /** The vault's entry in a deployment; the rest of its addresses is read from the vault itself. */
  readonly vault: { readonly vault: string };
  /** This chain's Multicall3; without it each read is a call of its own. */
  readonly multicall?: string | undefined;
  readonly config?: KeeperConfigInput;
  readonly logger?: Logger;
  /** Where decisions are recorded. */
  readonly recorder?: Recorder;
}

/** A plan that was made and not sent. */
export interface PlannedPass {
  readonly observation: Observation;
  readonly decision: PlanDecision;
  readonly decisionHash: string;
  /** Grid times of the covariance oracle that are due. */
  readonly due: number;
}

/** One vault's keeper. What it learns from the feeds is kept between passes, and rebuilt from their history at the start. */
export interface Keeper {
  /** One pass: observe, poke, plan, simulate, send, check, record. Passes never overlap. */
  tick(): Promise<TickResult>;
  /** Observe and plan, and send nothing. */
  plan(): Promise<PlannedPass>;
  /** How often the chain refused, by name. */
  readonly refusals: Readonly<Record<string, number>>;
}

/** Connect a keeper to a vault. */
export async function createKeeper(options: KeeperOptions): Promise<Keeper> {
  const { provider, signer, multicall, logger = silentLogger, recorder = noRecorder } = options;
  const config = parseConfig(options.config);
  const vault = await CrosshedgeVault.connect({ address: options.vault.vault, provider, multicall });
  const observer = new Observer(vault, provider, multicall, config);
  const counter = new RefusalCounter();
  let last: Promise<unknown> = Promise.resolve();

  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
  const requireSigner = (): Signer => {
    if (signer !== undefined) return signer;
    throw new KeeperError("The keeper has no key to act with.", "Give it a signer, or only plan.");
  };

  return {
    plan: () =>
      exclusive(async () => {
        const observation = await observer.observe();
        const decision = buildPlan(observation, config);
        const due = dueTimes(observation.grid, observation.state.block.timestamp).length;
        return { observation, decision, decisionHash: hashOf(recordOf(observation, config, decision)), due };
      }),
    tick: () => exclusive(() => pass({ observer, vault, config, signer: requireSigner(), counter, logger, recorder })),
    get refusals() {
      return counter.counts;
    },
  };
}

interface Pass {
  readonly observer: Observer;
  readonly vault: CrosshedgeVault;
  readonly config: KeeperConfig;
  readonly signer: Signer;
  readonly counter: RefusalCounter;
  readonly logger: Logger;
  readonly recorder: Recorder;
}

async function pass(context: Pass): Promise<TickResult> {
  const { observer, config, signer, counter, logger } = context;
  let observation = await observer.observe();
  const { timestamp } = observation.state.block;
  let poked: PokeResult = { folded: 0, gasUsed: 0n, refused: null };
  if (dueTimes(observation.grid, timestamp).length > 0) {
    poked = await poke(observation, signer, config);
    if (poked.refused !== null) {
      counter.add(poked.refused);
      logger.warn({ refusal: poked.refused.name }, "the covariance oracle did not take the rounds");
    }
    if (poked.folded > 0 || poked.refused !== null) observation = await observer.observe();
  }
  const decision = buildPlan(observation, config);
  const result = await act(context, observation, decision, poked);
  const { action, reasons, gasUsed, refused } = result;
  logger.info({ action, reasons, gasUsed: gasUsed.toString(), refusal: refused?.name }, "pass done");
  return result;
}

async function act(
  context: Pass,
  observation: Observation,
  decision: PlanDecision,
  poked: PokeResult,
): Promise<TickResult> {
  const { config, signer, vault, counter, recorder } = context;
  const { state } = observation;
  const record = recordOf(observation, config, decision);
  const decisionHash = hashOf(record);
  const resting = poked.folded > 0 && decision.action === "nothing" ? "poked" : decision.action;
  const base: TickResult = {
    action: resting === "rebalance" ? "refused" : resting,
    reasons: decision.reasons,
    block: state.block.number,
    timestamp: state.block.timestamp,
    orders: decision.orders,
    orderWords: decision.orders.map((order) => describeOrder(order, state)),
    predicted: decision.predicted,
    actual: null,
    mismatches: [],
    hedgeRatios: currentHedgeRatios(state),
    poked: poked.folded,
    gasUsed: poked.gasUsed,
    expectedCost: decision.expectedCost,
    decisionHash,
    transaction: null,
    refused: decision.action === "refused" ? { name: "NoAdmissiblePlan", message: decision.reasons.join("; ") } : null,
  };
  if (base.refused !== null) counter.add(base.refused);
  const result = decision.action === "rebalance" ? await carryOut() : base;
  const { action, actual, mismatches, transaction, refused, gasUsed } = result;
  await recorder.write({ record, decisionHash, result: { action, actual, mismatches, transaction, refused, gasUsed } });
  return result;

  async function carryOut(): Promise<TickResult> {
    const sent = await rebalance(state, decision, decisionHash, signer, config);
    if (!sent.landed) {
      counter.add(sent.refused);
      return { ...base, refused: sent.refused };
    }
    const now = await vault.readState();
    return {
      ...base,
      action: "rebalanced",
      actual: {
        outcome: sent.outcome,
        nav: Number(now.portfolio.nav) / 1e18,
        exposure: now.portfolio.exposure.map((value) => Number(value) / 1e18),
      },
      mismatches: decision.predicted === null ? [] : compareState(decision.predicted, now, config.execution.tolerance),
      hedgeRatios: currentHedgeRatios(now),
      gasUsed: base.gasUsed + sent.gasUsed,
      transaction: sent.hash,
    };
  }
}
