import { z } from "zod";
import { KeeperError } from "../../errors.js";
import { COMPONENT_KINDS } from "../../model/contagion/dependency-graph.js";

/** How often one kind of thing fails, and for how long. */
interface Figures {
  readonly failuresPerYear: number;
  readonly repairHours: number | null;
  readonly meaning: string;
}

/**
 * What is assumed of the parts that a vault depends on. No vault's own history is long enough to estimate these: they are a careful reader's
 * figures, rounded up, to be replaced by one's own. The losses are not assumed: they follow from what the vault has there.
 */
export const FIGURES = {
  feed: {
    failuresPerYear: 0.5,
    repairHours: 6,
    meaning: "a feed is silent beyond its heartbeat, paused or wrong: no plan passes",
  },
  sequencer: { failuresPerYear: 2, repairHours: 3, meaning: "the rollup's sequencer is down: nothing lands" },
  bridge: { failuresPerYear: 0.005, repairHours: null, meaning: "the bridge behind the rollup's stable is emptied" },
  venueHalts: {
    failuresPerYear: 1,
    repairHours: 12,
    meaning: "the venue pauses trading: the shorts stay, and cannot follow",
  },
  venueDefaults: {
    failuresPerYear: 0.02,
    repairHours: null,
    meaning: "the venue is emptied or bankrupt: all that is there is gone",
  },
  stableSlips: {
    failuresPerYear: 0.1,
    repairHours: 72,
    meaning: "the stable pays 0.88, the low of USDC on 2023-03-11; what is sold there is lost",
  },
  stableFails: { failuresPerYear: 0.003, repairHours: null, meaning: "the stable pays nothing" },
  keeper: { failuresPerYear: 6, repairHours: 8, meaning: "the keeper is down, has lost its key or its node" },
  pool: { failuresPerYear: 0.002, repairHours: null, meaning: "the pool's contract is emptied: what is in it is gone" },
  hedge: { failuresPerYear: 0, repairHours: 24, meaning: "the vault stands without the hedge that it should have" },
} as const satisfies Readonly<Record<string, Figures>>;

/** How likely one failure brings another, and after how many hours. */
export const SPREADS = {
  /** A hedge that nobody can adjust is off by what a day moves: a range is crossed in about that time. */
  drifts: { probability: 0.5, delayHours: 24 },
  /** Where the keeper is silent, anybody may act after the vault's maxSilence; one time in four nobody does. */
  keeperMissed: { probability: 0.25, delayHours: 24 },
  slipHaltsVenue: { probability: 0.5, delayHours: 0 },
  slipBreaksVenue: { probability: 0.05, delayHours: 24 },
  failBreaksVenue: { probability: 1, delayHours: 24 },
  bridgeBreaksStable: { probability: 1, delayHours: 0 },
  /** Shorts whose liquidity is gone hedge nothing. */
  poolEmpty: { probability: 1, delayHours: 0 },
} as const;

/** What a stable pays when it slips. */
export const SLIP = 0.88;
/** Holders' loss, share of NAV, from which on a vault counts as insolvent: a vault without debts owes its holders no fixed sum. */
export const INSOLVENCY_LOSS = 0.5;
/** Venues that are on a rollup with a sequencer and a bridged stable. */
export const ROLLUP_VENUES: readonly string[] = ["perp-v2"];

const share = z.number().min(0).max(1);
const component = z.strictObject({
  kind: z.enum(COMPONENT_KINDS).optional(),
  failuresPerYear: z.number().min(0).optional(),
  repairHours: z.number().min(0).nullable().optional(),
  loss: share.optional(),
  meaning: z.string().optional(),
});

/** Figures that replace the assumed ones: by component's name, links in the form "from -> to". */
const Overrides = z.strictObject({
  components: z.record(z.string(), component).default({}),
  dependencies: z
    .record(z.string().regex(/^.+ -> .+$/), z.strictObject({ probability: share, delayHours: z.number().min(0) }))
    .default({}),
  unhedgedVolatility: z.number().min(0).optional(),
  insolvencyLoss: z.number().gt(0).max(1).optional(),
});
export type FailureOverrides = z.infer<typeof Overrides>;

/** @throws {KeeperError} Figures that are none */
export function parseFailureOverrides(content: unknown): FailureOverrides {
  const parsed = Overrides.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new KeeperError(
    `The failure figures are not usable: ${z.prettifyError(parsed.error)}.`,
    'Write {"components": {"keeper": {"failuresPerYear": 2}}, "dependencies": {"keeper -> hedge": {"probability": 0.5, "delayHours": 24}}}; what is left out keeps its default.',
  );
}
