import { setTimeout } from "node:timers/promises";
import type { Provider, Signer } from "ethers";
import { type Logger, silentLogger } from "../logger.js";
import { publicRoute, type Route, type RpcSender } from "../rpc/route.js";
import type { Intent, Journal } from "../store/journal.js";
import { LaneLostError } from "../store/lane-lost-error.js";
import type { LaneContext } from "./context.js";
import { followUp } from "./follow.js";
import type { Lane, LaneListener, LaneResult, StepHook } from "./lane.js";
import { LaneConfig, type LaneConfigInput } from "./lane-config.js";
import { LaneHolder } from "./lane-holder.js";
import { laneLost } from "./reasons.js";
import { notSent, sendNew } from "./send.js";
import { wouldPass } from "./still-wanted.js";
import { readOutlook } from "./survey.js";
import { unsettledTrails } from "./trails.js";
import { Turns } from "./turns.js";

/** What a lane is made of. */
export interface LaneOptions {
  readonly provider: Provider & RpcSender;
  /** Signs transactions itself: a wallet or a key service, not a node's account. */
  readonly wallet: Pick<Signer, "getAddress" | "signTransaction">;
  readonly chainId: number;
  readonly journal: Journal;
  /** This process, unlike any other. */
  readonly owner: string;
  readonly config?: LaneConfigInput;
  /** How transactions go out; to everybody by `provider` where it is left out. */
  readonly route?: Route;
  readonly logger?: Logger;
  /** Unix ms. */
  readonly now?: () => number;
  /** Resolves after so many milliseconds, or at the signal. */
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly onStep?: StepHook;
  /** USD of a whole native coin as last seen; null or absent: the configured one counts. */
  readonly nativePriceUsd?: () => number | null;
  /** Whether an intent is still to land, asked before it is sent again or raised; by default whether the chain would take its call now. */
  readonly stillWanted?: (intent: Intent) => Promise<boolean>;
  readonly listener?: Partial<LaneListener>;
}

/** A lane for one account on one chain. Needs no request. */
export async function createLane(options: LaneOptions): Promise<Lane> {
  const context = await contextOf(options);
  const { journal, chainId, signer, provider, holder, logger } = context;
  const turns = new Turns();

  const follow = async (): Promise<LaneResult[]> => {
    if ((await journal.unsettled(chainId, signer)).length === 0) return [];
    const hold = await holder.take();
    if (hold === null) return [];
    await context.step("laneTaken");
    return followUp(context, hold, await unsettledTrails(context), true);
  };

  const lane: Lane = {
    chainId,
    signer,
    outlook: () => readOutlook(provider, signer),
    release: () => holder.release(),
    follow: async () => {
      if (turns.busy) return [];
      const results = await turns.take(() => follow().catch(unlessLost(() => [])));
      for (const result of results ?? []) report(logger, result);
      return results ?? [];
    },
    send: async (intent, signal, outlook) => {
      const waited = turns.busy;
      const work = async (): Promise<LaneResult> => {
        const hold = await holder.take();
        if (hold === null) return notSent({ code: "laneHeld", message: `Another keeper signs for ${signer}.` });
        return sendNew(context, hold, intent, signal, waited ? undefined : outlook);
      };
      const result = await turns.take(() => work().catch(unlessLost((error) => notSent(laneLost(error)))), signal);
      const told = result ?? notSent({ code: "aborted", message: "Told to stop before it was its turn." });
      report(logger, told);
      return told;
    },
  };
  return lane;
}

async function contextOf(options: LaneOptions): Promise<LaneContext> {
  const { provider, wallet, chainId, journal, owner, logger = silentLogger, now = Date.now, listener = {} } = options;
  const config = LaneConfig.parse(options.config ?? {});
  const signer = (await wallet.getAddress()).toLowerCase();
  const leaseMilliseconds = config.leaseSeconds * 1000;
  const holder = new LaneHolder({ journal, chainId, signer, owner, leaseMilliseconds, now, listener });
  const openRoute = publicRoute(provider);
  return {
    ...{ provider, wallet, chainId, signer, journal, holder, config, openRoute, logger, now, listener },
    route: options.route ?? openRoute,
    wait: options.wait ?? pause,
    step: options.onStep ?? (() => undefined),
    nativeUsd: () => options.nativePriceUsd?.() ?? config.fees.nativePriceUsd,
    stillWanted: options.stillWanted ?? ((intent) => wouldPass(provider, signer, intent)),
  };
}

/** Ends early at the signal, without an error. */
async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}

function unlessLost<T>(lost: (error: LaneLostError) => T): (error: unknown) => T {
  return (error) => {
    if (error instanceof LaneLostError) return lost(error);
    throw error;
  };
}

function report(logger: Logger, { state, intent, attempt, reason }: LaneResult): void {
  const details = { state, intent: intent?.id, kind: intent?.kind, hash: attempt?.hash, code: reason?.code };
  if (reason === null) logger.debug(details, "intent");
  else logger.warn(details, reason.message);
}
