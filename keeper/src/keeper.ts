import { CrosshedgeVault } from "@crosshedge/sdk";
import type { Provider } from "ethers";
import type { KeeperConfigInput } from "./config.js";
import { KeeperError } from "./errors.js";
import { RefusalCounter } from "./execute/refusals.js";
import { Simulator } from "./execute/simulate.js";
import type { KeeperContext } from "./keeper-context.js";
import type { Lane, StepHook } from "./lane/lane.js";
import { type Logger, silentLogger } from "./logger.js";
import { type Observation, Observer } from "./observe/observe.js";
import { FundingObserver } from "./observe/observe-funding.js";
import { parseConfig } from "./parse-config.js";
import { type PassResult, passResultOf } from "./pass-result.js";
import { buildPlan, type PlanDecision } from "./plan/build-plan.js";
import { dueTimes } from "./plan/grid.js";
import { modelHash } from "./record/model-hash.js";
import type { Journal } from "./store/journal.js";
import { type TickHint, tick } from "./tick.js";
import type { TickResult } from "./tick-result.js";

/** What a keeper works with. */
export interface KeeperOptions {
  readonly provider: Provider;
  /** The vault's entry in a deployment; the rest of its addresses is read from the vault itself. */
  readonly vault: { readonly vault: string };
  /** This chain's Multicall3; without it each read is a call of its own, and simulations do not see the vault after a plan. */
  readonly multicall?: string | undefined;
  readonly config?: KeeperConfigInput;
  readonly logger?: Logger;
  /** Where everything is written before it is done. */
  readonly journal: Journal;
  /** Of the account with the keeper's role; vaults of one account share it. Without it ticks are those of a shadow: decided, written down, not sent. */
  readonly lane?: Lane | undefined;
  /** Milliseconds. */
  readonly now?: () => number;
  /** Oldest latest block that is believed, seconds: by an older one nothing is done. Null, the default, where the chain's clock is its own. */
  readonly maxHeadAge?: number | null;
  /** Called at each point of a tick. */
  readonly onStep?: StepHook;
}

/** A plan that was made and not sent. */
export interface PlannedPass {
  readonly observation: Observation;
  readonly decision: PlanDecision;
  /** Grid times of the covariance oracle that are due. */
  readonly due: number;
}

/** One vault's keeper. What it learns from the feeds is kept between ticks, and rebuilt from their history at the start. */
export interface Keeper {
  /** One observation, one decision, at most one transaction. Ticks never overlap. */
  tick(hint?: TickHint): Promise<TickResult>;
  /** Ticks until nothing more is to be done, or the signal. */
  pass(signal?: AbortSignal): Promise<PassResult>;
  /** Observe and plan; nothing is sent, and nothing written down. */
  plan(): Promise<PlannedPass>;
  /** How often plans and calls were refused, by name. */
  readonly refusals: Readonly<Record<string, number>>;
}

/** Ticks that a pass makes at most: a row of pokes is the longest. */
const MOST_TICKS = 200;

/** Connect a keeper to a vault. */
export async function createKeeper(options: KeeperOptions): Promise<Keeper> {
  const parts = await partsOf(options);
  const { observer, config, counter } = parts;
  let last: Promise<unknown> = Promise.resolve();
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
  return {
    tick: (hint = {}) => exclusive(() => tick(parts, hint)),
    pass: (signal) =>
      exclusive(async () => {
        const ticks = [await tick(parts, { signal })];
        while (ticks.at(-1)!.more && ticks.length < MOST_TICKS && signal?.aborted !== true) {
          ticks.push(await tick(parts, { signal }));
        }
        return passResultOf(ticks);
      }),
    plan: () =>
      exclusive(async () => {
        const observation = await observer.observe();
        const due = dueTimes(observation.grid, observation.state.block.timestamp).length;
        return { observation, decision: buildPlan(observation, config), due };
      }),
    get refusals() {
      return counter.counts;
    },
  };
}

async function partsOf(options: KeeperOptions): Promise<KeeperContext> {
  const { provider, multicall, journal, lane, logger = silentLogger, now = Date.now, maxHeadAge = null } = options;
  const config = parseConfig(options.config);
  const vault = await CrosshedgeVault.connect({ address: options.vault.vault, provider, multicall });
  const chainId = Number((await provider.getNetwork()).chainId);
  if (lane !== undefined && lane.chainId !== chainId) {
    throw new KeeperError(
      `The lane is one of chain ${lane.chainId}, and the node is on chain ${chainId}.`,
      "Give the keeper a lane of its own chain.",
    );
  }
  const simulator = lane && new Simulator({ vault, provider, multicall, from: lane.signer, config, logger });
  return {
    where: { chainId, vault: vault.address.toLowerCase() },
    observer: new Observer(vault, provider, multicall, config, new FundingObserver(provider, config, logger), logger),
    acting: lane && simulator ? { lane, simulator } : null,
    counter: new RefusalCounter(),
    step: options.onStep ?? (() => undefined),
    notes: { duties: null, faults: null, tried: [], minedAt: 0, prunedAt: 0, predicted: null, awaited: null },
    model: modelHash(),
    ...{ provider, vault, config, journal, logger, now, maxHeadAge },
  };
}
