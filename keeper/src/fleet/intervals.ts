import { z } from "zod";

const seconds = z.number().positive().max(86_400);

/** How often a fleet looks, how much it does at a time, and how long it waits before it gives something up. */
export const Intervals = z.strictObject({
  /** From the start of a tick of a vault to the start of the next, where nothing calls for one earlier. */
  tickSeconds: z.number().positive().max(604_800).default(3600),
  /** News of a vault within this time make one tick. */
  debounceSeconds: seconds.default(0.01),
  /** Pause before the tick that follows one which left something open. */
  soonSeconds: seconds.default(1),
  /** Pause before the tick that follows one which could not send what it wanted, or waits for a transaction. */
  waitSeconds: seconds.default(60),
  /** Ticks of one chain at a time. */
  concurrency: z.int().positive().max(1000).default(8),
  /** Time that a tick may take, its transaction included; it is told to end then, and given up `stopSeconds` later. */
  tickTimeoutSeconds: seconds.default(900),
  /** The process ends, to be started again, when a tick that was given up still has not ended after this time. */
  hungSeconds: seconds.default(900),
  /** Pause after a first failed tick of a vault; it doubles with each further one. */
  retrySeconds: z.int().positive().max(3600).default(5),
  /** Longest such pause. */
  retryMaxSeconds: z.int().positive().max(86_400).default(600),
  /** Time that ticks under way have to end when the process is told to stop; after a quarter of it they are told to end. */
  stopSeconds: seconds.default(20),
  /** Time after which a replica that gave no sign of life loses its lanes to another. */
  leaseSeconds: seconds.default(30),
  /** The process ends, to be started again, when no chain has given a new head for this time, or the database no answer. */
  goneSeconds: seconds.default(600),
  /** Vaults whose model is kept in memory; one that is not is built again from the feeds' history. */
  warmVaults: z.int().positive().max(1_000_000).default(2000),
});
export type Intervals = z.infer<typeof Intervals>;
