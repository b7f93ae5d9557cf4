import type { Provider, Signer } from "ethers";
import type { Logger } from "../logger.js";
import type { Route } from "../rpc/route.js";
import type { Intent, Journal } from "../store/journal.js";
import type { LaneListener, StepHook } from "./lane.js";
import type { LaneConfig } from "./lane-config.js";
import type { LaneHolder } from "./lane-holder.js";

/** What all parts of one lane work with. */
export interface LaneContext {
  readonly provider: Provider;
  readonly wallet: Pick<Signer, "signTransaction">;
  readonly chainId: number;
  /** Lower-case address. */
  readonly signer: string;
  readonly journal: Journal;
  readonly holder: LaneHolder;
  readonly config: LaneConfig;
  /** How transactions go out. */
  readonly route: Route;
  /** How they go out to everybody: those that cancel, and what a relay has let expire where its policy allows that. */
  readonly openRoute: Route;
  readonly logger: Logger;
  /** Unix ms. */
  readonly now: () => number;
  readonly wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly step: StepHook;
  /** USD of a whole native coin; null where it is not known. */
  readonly nativeUsd: () => number | null;
  /** Whether the chain would still take it; throws where nobody answers. */
  readonly stillWanted: (intent: Pick<Intent, "vault" | "kind" | "key" | "target" | "data">) => Promise<boolean>;
  readonly listener: Partial<LaneListener>;
}
