import { z } from "zod";
import { CAUTION } from "./model/carry/carry-coefficients.js";
import { METHODS } from "./model/forecast/methods.js";

const share = z.number().min(0).max(1);
const positive = z.number().positive();
const days = positive.max(3650);

/** How the keeper hedges: by covariance, not at all, or one dollar of ETH against each dollar of exposure. */
export const HedgePolicy = z.enum(["minVariance", "none", "naive"]);
export type HedgePolicy = z.infer<typeof HedgePolicy>;

const Model = z.strictObject({
  /**
   * By what betas of assets on their hedges are learned: keeper/src/model/forecast/methods.ts has them. A mixture of experts, the best by
   * hourly exchange prices, judges them by what rounds measure, and so prefers those whose betas are as attenuated: docs/measurements.md.
   */
  method: z.enum(Object.keys(METHODS)).default("aimed-anticipating"),
  /** Half-life of the covariance, which tells everything but those betas, days. */
  halfLifeDays: days.default(14),
  /** Length of the returns that the covariance is made of, hours: at least (3δ/σ)² years of the coarsest feed. */
  gridHours: positive.max(48).default(8),
  /** Grids that are averaged, each a fraction of the step later than the one before. */
  gridStaggers: z.int().min(1).max(48).default(8),
  /** History that is read back at the start, days. */
  warmUpDays: days.default(120),
  /** Span that the rounds must cover before the covariance is believed, days. */
  minSpanDays: z.number().min(0).max(365).default(7),
  /** Share of each variance added to the diagonal. */
  ridge: share.default(0.01),
});

/** How likely a venue is to fail in a year, and the share of what lies there that is lost then. */
const venueDefault = (probability: number, lossShare: number) =>
  z.strictObject({ probability: share.default(probability), lossShare: share.default(lossShare) }).prefault({});

const Hedge = z.strictObject({
  policy: HedgePolicy.default("minVariance"),
  /** Risk aversion: yearly cost, as a share of NAV, that is worth one unit of yearly variance, twice. */
  riskAversion: positive.default(100),
  /** Days ahead that funding is forecast for. */
  fundingDays: days.max(365).default(7),
  /**
   * By kind of venue: how likely it is to fail in a year and what is lost then. Assumptions, for the choice between venues: all of a perp
   * venue's margin once in fifty years, half of what lies in a lending market once in two hundred.
   */
  venueDefault: z
    .strictObject({
      "perp-v2": venueDefault(0.02, 1),
      "aave-v3": venueDefault(0.005, 0.5),
      other: venueDefault(0.02, 1),
    })
    .prefault({}),
  /** Most that NAV may lose by gamma, S²∂²V/∂S² as a share of NAV; no limit where it is null. Only options can keep it. */
  maxGamma: positive.nullable().default(null),
  /** Most that the expected value may lose by 1.00 more of volatility, share of NAV; no limit where it is null. Only options can keep it. */
  maxVega: positive.nullable().default(null),
  /** Days that liquidity is taken to be held for, where its vega is asked for. */
  vegaDays: days.max(365).default(30),
  /** Smallest trade, share of NAV. */
  minTrade: share.default(0.003),
  /** Largest impact of one trade on its market, share of its notional. */
  maxImpact: positive.max(0.05).default(0.015),
  /** Band of the naive policy, share of its target. */
  naiveBand: share.default(0.05),
  /** The perp that the naive policy shorts, by the symbol of the asset that moves it. */
  naiveAsset: z.string().min(1).default("WETH"),
});

const Basis = z.strictObject({
  /** True: an asset is bought and shorted in equal parts where its funding pays for it. Off, what is held so is left to hedge and liquidity. */
  enabled: z.boolean().default(false),
  /** Largest sum of such trades, share of NAV. */
  maxShare: share.default(0.2),
  /** What the money tied up in a trade must bring beside its costs, a year, share of its size. */
  minCarry: share.default(0.03),
  /** Standard deviations of the forecast's error that an entry must be worth it by. */
  caution: z.number().min(0).max(10).default(CAUTION),
  /** Smallest trade, share of NAV. */
  minTicket: share.default(0.02),
});

const Liquidity = z.strictObject({
  /** False: the keeper hedges the liquidity that it finds, and leaves it as it is. */
  manage: z.boolean().default(true),
  /** The range is [price/factor, price·factor]. */
  rangeFactor: z.number().gt(1).max(100).default(1.25),
  /** Distance from the centre, as a share of the half range in logs, at which the range is made anew. */
  recentreAt: z.number().min(0.1).max(2).default(0.9),
  /** Largest share of the deployable value in pools. */
  maxShare: share.default(0.65),
  /** Liquidity is added or removed when it is off its target by more than this share of NAV. */
  resizeBand: share.default(0.1),
  /** Share of the token amounts left out of a mint, for what the pool does between planning and landing. */
  slack: share.default(0.002),
  /** How liquidity is spread over several pools: equally, or by risk and by income net of LVR (plan/allocate.ts). */
  allocation: z.enum(["equal", "risk"]).default("risk"),
  /** Largest part of the liquidity in one pool. */
  maxPoolShare: share.default(1),
  /** A pool is left at so much less net income than is asked, and entered at so much more, share a year: a move costs about one per cent. */
  incomeBand: positive.max(1).default(0.2),
  /** True: liquidity is taken out of all pools while none pays. */
  leaveWhenNonePays: z.boolean().default(false),
});

const Margin = z.strictObject({
  /** Margin over notional that margin moves aim at. */
  target: positive.max(10).default(0.5),
  /** Margin is added below this ratio. */
  low: positive.max(10).default(0.4),
  /** Margin is taken back above this ratio. */
  high: positive.max(100).default(1),
  /** Dollars of short that one dollar of exposure may need, for the split between pool and margin. */
  hedgePerExposure: positive.max(10).default(1.25),
  /** Hours until a top-up has landed: noticing that it is needed, raising and bringing the money, inclusion. Data may raise the ratios by it. */
  latencyHours: z.int().positive().max(720).default(24),
  /** Probability with which a move within that time may be more than the margin bears. */
  exceedance: positive.max(0.1).default(0.001),
  /** Margin over notional at which the venue liquidates; one that lends does at zero. */
  maintenance: share.default(0.0625),
});

const Execution = z.strictObject({
  /** Time that a plan has to land, seconds. */
  deadlineSeconds: z.int().positive().max(86_400).default(600),
  /** Allowed difference between a predicted and an actual exposure, share of NAV. */
  tolerance: share.default(0.02),
  /** How much more than in its simulation a plan may cost, share of NAV: the most that somebody who sees it coming can take. */
  slack: share.default(0.0005),
  /** Gas limit of each transaction; estimated, with a quarter more, where it is null. */
  gasLimit: z.int().positive().nullable().default(null),
  /** Grid times folded by one poke. */
  pokeBatch: z.int().positive().max(200).default(24),
  /** Feed rounds read by one call. */
  roundBatch: z.int().positive().max(5000).default(200),
  /** Blocks whose logs one call reads. */
  logRange: z.int().positive().max(10_000_000).default(10_000),
  /** Calls for logs of one venue in one pass: a plan does not wait for all of its past. */
  logRequests: z.int().positive().max(100_000).default(50),
});

const Duties = z.strictObject({
  /** A sign of life after this time without a plan, minutes; a quarter of the vault's `maxSilence` where it is null. */
  heartbeatMinutes: positive.max(10_080).nullable().default(null),
  /** False: settlements are left to others. */
  settle: z.boolean().default(true),
  /** False: fees are accrued only with plans and by others. */
  accrueFees: z.boolean().default(true),
});

const Journal = z.strictObject({
  /** Days that the inputs of a tick are kept for `replay`; 0 keeps none. Of keepers on one journal the shortest time counts. */
  inputsDays: z.number().min(0).max(36_500).default(90),
});

/** Everything about the keeper that is a choice. */
export const KeeperConfig = z.strictObject({
  model: Model.prefault({}),
  hedge: Hedge.prefault({}),
  basis: Basis.prefault({}),
  liquidity: Liquidity.prefault({}),
  margin: Margin.prefault({}).refine(({ low, target, high }) => low < target && target < high, {
    message: "low < target < high is required",
    path: ["target"],
  }),
  duties: Duties.prefault({}),
  execution: Execution.prefault({}),
  journal: Journal.prefault({}),
});
export type KeeperConfig = z.infer<typeof KeeperConfig>;
/** A configuration as it is written: everything may be left out. */
export type KeeperConfigInput = z.input<typeof KeeperConfig>;
