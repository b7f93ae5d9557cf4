import { CrosshedgeVault } from "@crosshedge/sdk";
import type { Provider, Signer } from "ethers";
import type { KeeperConfigInput } from "./config.js";
import { KeeperError } from "./errors.js";
import { dueTimes } from "./execute/poke.js";
import { RefusalCounter } from "./execute/refusals.js";
import { type Logger, silentLogger } from "./logger.js";
import { type Observation, Observer } from "./observe/observe.js";
import { FundingObserver } from "./observe/observe-funding.js";
import { parseConfig } from "./parse-config.js";
import { buildPlan, type PlanDecision } from "./plan/build-plan.js";
import { hashOf } from "./record/canonical-json.js";
import { recordOf } from "./record/decision.js";
import { noRecorder, type Recorder } from "./record/recorder.js";
import { type Notes, tick } from "./tick.js";
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
  const observer = new Observer(vault, provider, multicall, config, new FundingObserver(provider, config));
  const counter = new RefusalCounter();
  const notes: Notes = { memory: null, faults: null };
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
    tick: () =>
      exclusive(() => tick({ observer, vault, config, signer: requireSigner(), counter, logger, recorder, notes })),
    get refusals() {
      return counter.counts;
    },
  };
}
