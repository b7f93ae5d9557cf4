import type { VaultState } from "@crosshedge/sdk";
import type { KeeperConfig } from "../../config.js";
import type { VenueDefault } from "../../model/carry/venue-default.js";
import { allocateBudget } from "../allocate-budget.js";
import type { Book } from "../book.js";
import { budgetLeft, rulesOf } from "../gate.js";
import type { PlannedOrder } from "../orders.js";
import { isStable, type Situation } from "../situation.js";
import { basisRoom } from "./basis-limits.js";
import type { BasisTrade } from "./basis-trade.js";
import { type BasisPlan, basisAssets, planBasis } from "./plan-basis.js";
import { setAside } from "./set-aside.js";

/** What the basis trades are planned from, beside the book. */
export interface BasisInputs {
  readonly situation: Situation;
  readonly config: KeeperConfig;
  readonly covariance: readonly (readonly number[])[] | null;
  /** False: nothing is traded for them, and what is held stays. */
  readonly trading: boolean;
  /** True where shorts must not grow, and in a crash or dry markets. */
  readonly frozen: boolean;
  /** NAV, USD. */
  readonly nav: number;
  /** Settlement tokens that the redemption queue asks for, USD. */
  readonly reserve: number;
  /** Largest sum of shorts and largest equity of one leg, USD. */
  readonly maxGross: number;
  readonly maxVenue: number;
  readonly venueDefaults: Readonly<Record<string, VenueDefault>>;
}

/** The basis trades around a plan of the liquidity. */
export interface BasisStage {
  readonly orders: readonly PlannedOrder[];
  readonly trades: readonly BasisTrade[];
  readonly book: Book;
}

/** Part of what a plan may cost that a basis trade may take. */
const COST_SHARE = 0.5;

/**
 * Basis trades give way first, the liquidity is planned without them, and they grow with what it leaves, unless it trades itself: a mint counts
 * on the price that it was planned at.
 *
 * @param liquidity Plans the liquidity on a book; true if it trades
 */
export function withBasis(
  start: Book,
  inputs: BasisInputs,
  liquidity: (book: Book, sold: Book) => [Book, boolean],
): BasisStage {
  const { situation, config, trading } = inputs;
  const stable = situation.state.assets.map(isStable);
  const { enabled } = config.basis;
  const assets = enabled && config.hedge.policy === "minVariance" ? basisAssets(start, stable) : [];
  if (assets.length === 0) return { orders: [], trades: [], book: liquidity(start, start)[0] };
  const shrunk = trading ? plan(start, assets, stable, inputs, "shrink") : { orders: [], trades: [], book: start };
  const { rest, restore } = setAside(shrunk.book, assets, config.margin.target);
  const [after, trades] = liquidity(rest, shrunk.book);
  const planned = restore(after);
  if (!trading || trades || shrunk.orders.length > 0) return { ...shrunk, book: planned };
  return plan(planned, assets, stable, inputs, "grow");
}

function plan(
  book: Book,
  assets: readonly number[],
  stable: readonly boolean[],
  inputs: BasisInputs,
  way: "shrink" | "grow",
): BasisPlan {
  const { situation, config, covariance, frozen, nav, reserve, maxGross, maxVenue, venueDefaults } = inputs;
  const { state, funding } = situation;
  const { rest } = setAside(book, assets, config.margin.target);
  const liquidityMargin = config.liquidity.manage
    ? allocateBudget(situation, rest, covariance, reserve, config).budget.margin
    : 0;
  const caps = { nav, maxGross, maxVenue, reserve, liquidityMargin };
  const rules = rulesOf(state);
  const mayCost = Math.min(budgetLeft(rules), Number(rules.limits.maxLoss) / 1e18);
  return planBasis(
    book,
    assets,
    {
      ...{ funding, frozen, venueDefaults, way, nav },
      symbols: state.assets.map(({ symbol }) => symbol),
      room: basisRoom(book, assets, stable, caps, config),
      band: Number(state.limits.poolBand) / 1e18,
      alarms: alarmsOf(situation, assets),
      affordable: COST_SHARE * mayCost * nav,
      chargeShare: rules.thresholds[rules.settlement]!,
    },
    config,
  );
}

/** What asks for an end of a trade whatever it brings. */
function alarmsOf({ state, forecast }: Situation, assets: readonly number[]): Map<number, string> {
  const why = (asset: number, { alarmAt }: VaultState): string | null => {
    if (alarmAt > 0) return "the vault's alarm is raised";
    return forecast?.guards[asset]?.state?.alarmed ? "it may no longer move with its hedges" : null;
  };
  return new Map(
    assets.flatMap((asset): [number, string][] => {
      const reason = why(asset, state);
      return reason === null ? [] : [[asset, reason]];
    }),
  );
}
