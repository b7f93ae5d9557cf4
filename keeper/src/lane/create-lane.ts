import { setTimeout } from "node:timers/promises";
import type { Provider, Signer } from "ethers";
import { type Logger, silentLogger } from "../logger.js";
import { publicRoute, type Route, type RpcSender } from "../rpc/route.js";
import type { Journal } from "../store/journal.js";
import { LaneLostError } from "../store/lane-lost-error.js";
import type { IntentStatus } from "../store/schema.js";
import type { LaneContext } from "./context.js";
import { followUp } from "./follow.js";
import { followOthers } from "./follow-others.js";
import type { Lane, LaneListener, LaneResult, StepHook } from "./lane.js";
import { LaneConfig, type LaneConfigInput } from "./lane-config.js";
import { LaneHolder } from "./lane-holder.js";
import { NoAnswerError } from "./no-answer-error.js";
import { laneLost } from "./reasons.js";
import { notSent, sendNew } from "./send.js";
import type { Found } from "./standing.js";
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
  /** Whether an intent is still to land, asked before it is sent again or raised, or sent after its turn was waited for; by default whether the chain would take its call now. */
  readonly stillWanted?: LaneContext["stillWanted"];
  readonly listener?: Partial<LaneListener>;
}

/** Milliseconds between two looks at what other accounts have left: nothing waits for it. */
const OTHERS_EVERY = 60_000;

/** A lane for one account on one chain. Needs no request. */
export async function createLane(options: LaneOptions): Promise<Lane> {
  const context = await contextOf(options);
  const { journal, chainId, signer, provider, holder, logger } = context;
  const turns = new Turns();
  const news = new News();
  /** Block of the last own transaction that this lane has watched. */
  let minedAt = 0;
  let othersAt = Number.NEGATIVE_INFINITY;

  const follow = async (): Promise<Found[]> => {
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
      const found = (await turns.take(() => follow().catch(noneIfLost))) ?? [];
      return found.map((one) => report(logger, news.tell(one)));
    },
    followOthers: async () => {
      if (Math.abs(context.now() - othersAt) < OTHERS_EVERY) return [];
      othersAt = context.now();
      const found = await followOthers(context, (other) => holderFor(options, context, other));
      return found.map((one) => report(logger, news.tell(one)));
    },
    send: async (intent, signal, seen) => {
      const waited = turns.busy;
      const work = async (): Promise<Found> => {
        const hold = await holder.take();
        if (hold === null) return notSent({ code: "laneHeld", message: `Another keeper signs for ${signer}.` });
        const changed = waited || (seen !== undefined && seen.block < minedAt);
        return sendNew(context, hold, intent, signal, changed ? "changed" : seen?.outlook);
      };
      const found = await turns.take(() => work().catch(notSentFor), signal);
      minedAt = Math.max(minedAt, found?.attempt?.block ?? 0);
      const aborted = { code: "aborted" as const, message: "Told to stop before it was its turn." };
      return report(logger, news.tell(found ?? notSent(aborted)));
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

/** Takes another account's lane in a name of its own, so that nobody's is given back who signs for it in this process. */
function holderFor({ owner }: LaneOptions, context: LaneContext, other: string): LaneHolder {
  const { journal, chainId, signer, config, now } = context;
  const leaseMilliseconds = config.leaseSeconds * 1000;
  const name = `${owner}, for ${signer}`;
  return new LaneHolder({ journal, chainId, signer: other, owner: name, leaseMilliseconds, now, listener: {} });
}

/** Ends early at the signal, without an error. */
async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** @throws What says nothing about the account: the journal's own failures */
function notSentFor(error: unknown): Found {
  if (error instanceof LaneLostError) return notSent(laneLost(error));
  if (error instanceof NoAnswerError) return notSent({ code: "unreachable", message: error.message });
  throw error;
}

function noneIfLost(error: unknown): Found[] {
  if (error instanceof LaneLostError) return [];
  throw error;
}

/** What callers were told of each intent, so that they hear of each change, whoever of this process has seen it first. */
class News {
  readonly #told = new Map<number, IntentStatus>();

  tell(found: Found): LaneResult {
    const { intent } = found;
    if (intent === null) return { ...found, changed: false };
    const changed = (this.#told.get(intent.id) ?? "open") !== intent.status;
    if (intent.status === "final" || intent.status === "void") this.#told.delete(intent.id);
    else this.#told.set(intent.id, intent.status);
    return { ...found, changed };
  }
}

function report(logger: Logger, result: LaneResult): LaneResult {
  const { state, intent, attempt, reason, changed } = result;
  const details = { state, intent: intent?.id, kind: intent?.kind, hash: attempt?.hash, code: reason?.code };
  if (reason === null) logger.debug(details, "intent");
  else if (changed || intent?.status === "open" || intent === null) logger.warn(details, reason.message);
  return result;
}
