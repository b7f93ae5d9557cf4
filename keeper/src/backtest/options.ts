import { z } from "zod";
import { DEFAULT_METHOD } from "./learn/registry.js";
import { DAY, HOUR, parseStamp } from "./time.js";

const names = z.array(z.string().regex(/^[A-Za-z][\w.-]*$/, "a name such as LINK")).min(1);

/** A day, a month or an hour, UTC; as its first second, or its last where it ends a period. */
function moment(end: boolean) {
  return z.string().transform((text, context) => {
    const [, year, month, day] = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(text) ?? [];
    let time = parseStamp(text);
    if (year !== undefined) {
      const start = parseStamp(`${year}-${month}-${day ?? "01"}T00:00:00Z`);
      const real = new Date(start * 1000).toISOString().startsWith(text);
      const next = day === undefined ? Date.UTC(Number(year), Number(month), 1) / 1000 : start + DAY;
      if (real) time = end ? next : start;
    }
    if (Number.isNaN(time) || time % HOUR !== 0) {
      context.addIssue({ code: "custom", message: "a day such as 2022-05-01, a month, or a full hour" });
      return z.NEVER;
    }
    return time;
  });
}

const text = z.string().min(1);

/** Files and names: what a backtest is run on. */
export const Inputs = z.strictObject({
  prices: text.optional(),
  perps: text.optional(),
  funding: text.optional(),
  rounds: z.record(z.string(), text).default({}),
  /** All of the prices' columns but the hedges if left out. */
  assets: names.optional(),
  hedges: names.default(["ETH", "BTC"]),
  seed: z.number().int().nonnegative().default(1),
});
export type Inputs = z.output<typeof Inputs>;

/** How a backtest is run: everything that a grid of points may vary. */
export const Settings = z.strictObject({
  from: moment(false).optional(),
  to: moment(true).optional(),
  methods: names.optional(),
  default: z.string().default(DEFAULT_METHOD),
  /** Hours from decision to decision. */
  every: z.number().int().min(1).max(720).default(24),
  /** Seconds: a decision at t sees what is stamped before t minus this. */
  latency: z.number().min(0).max(DAY).default(60),
  /** Basis points of what is traded. */
  cost: z.number().min(0).max(1000).default(5),
  /** How far a hedge may be from its target, in units of the notional; with `lp` at a volatility of 1% an hour. */
  band: z.number().min(0).max(10).optional(),
  bandTo: z.enum(["edge", "target"]).default("edge"),
  lp: z.enum(["usdc", "eth", "own"]).optional(),
  rangeFactor: z.number().gt(1).max(1000).default(1.25),
  /** What the position earns in fees a year while the price is in its range, as a share of its value. */
  feeApr: z.number().min(0).max(100).default(0),
  /** Hours by which the tokens in an LP position are known late; 0: they are read as the hedge is traded. */
  positionLag: z.number().int().min(0).max(720).default(0),
  /** Margin of the hedge's account over its notional, or `data`: what the moves until a top-up arrives call for. No account is kept if left out. */
  marginTarget: z
    .union([z.literal("data"), z.number().positive().max(10)], { error: "data, or a ratio such as 0.33" })
    .optional(),
  /** A top-up is ordered below this share of the target. */
  marginLow: z.number().min(0).max(1).default(0.8),
  /** What is beyond the target is taken back above this multiple of it. */
  marginHigh: z.number().min(1).max(100).default(2),
  /** Of `data`: how often a short may move further than what the margin that orders a top-up is for. */
  marginExceedance: z.number().gt(0).max(0.5).default(0.001),
  /** Of `data`: the least margin that orders a top-up. */
  marginFloor: z.number().min(0).max(10).default(0.15),
  /** Of `data`: the most that it is; as much as the shorts bears all but a doubling. */
  marginCap: z.number().gt(0).max(100).default(1),
  /** What can be added from one decision to the next, a share of the hedged notional; without limit if left out. */
  marginReserve: z.number().min(0).max(100).optional(),
  /** Hours from the order of a top-up to its arrival. */
  topUpLatency: z.number().int().min(0).max(720).default(24),
  /** Ratio below which the venue liquidates, and below which nothing can be reduced. */
  maintenance: z.number().gt(0).max(1).default(0.0625),
  /** Ratio that a trade that adds to the shorts must leave. */
  initialMargin: z.number().gt(0).max(1).default(0.1),
  /** Penalty of a liquidation, share of the notional. */
  liquidationFee: z.number().min(0).max(1).default(0.025),
  /** What a liquidation loses beside it. */
  liquidationSlippage: z.number().min(0).max(1).default(0.01),
  /** Days that models learn before the first decision, where there are data. */
  warmUp: z.number().int().min(0).max(3650).default(180),
  /** Days of an asset's data before it is hedged and scored. */
  minHistory: z.number().int().min(1).max(3650).default(30),
});
export type Settings = z.output<typeof Settings>;
export type SettingsInput = z.input<typeof Settings>;

/** The band that is meant: an LP position's delta moves all day, a beta does not. */
export function bandOf({ band, lp }: Settings): number {
  return band ?? (lp === undefined ? 0 : 0.034);
}
