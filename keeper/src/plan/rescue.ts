import type { KeeperConfig } from "../config.js";
import { openBook, symbolOf } from "./book.js";
import type { DutyFacts } from "./duty-facts.js";
import { chainCovariance } from "./gate.js";
import { chooseHedge } from "./hedge.js";
import { addMargin } from "./margin.js";
import { type Measured, measureBook } from "./measure-book.js";
import type { PlannedOrder } from "./orders.js";
import { isStable, type Situation } from "./situation.js";
import { sizeOrders } from "./size-orders.js";

/** One thing that anybody may do for a vault. */
export type RescueStep =
  | { readonly kind: "raiseAlarm" | "clearAlarm"; readonly reason: string }
  | { readonly kind: "hedge" | "deleverage"; readonly orders: readonly PlannedOrder[]; readonly reason: string };

/** A stranger keeps off every limit by this part: prices move between planning and landing. */
const HEADROOM = 0.97;
/** Parts of the hedge that is wanted, in case that the chain refuses more. */
const SCALES = [1, 0.5, 0.25];

const ratio = (value: bigint): number => Number(value) / 1e18;
const percent = (value: number): string => `${(100 * value).toFixed(1)}%`;

/**
 * What anybody may do now to make the vault safer, the most useful first. The chain decides which of it passes: whoever carries it out
 * simulates one after the other and sends the first that it takes.
 */
export function rescueSteps(situation: Situation, facts: DutyFacts, config: KeeperConfig): RescueStep[] {
  const { state } = situation;
  const { publicLimits, alarmAt, block, lastSign } = state;
  const { volatility } = facts;
  const trigger = ratio(publicLimits.alarmVolatility);
  const silent = block.timestamp > lastSign + Number(publicLimits.maxSilence);
  const steps: RescueStep[] = marginSteps(situation, config, silent);
  if (volatility === null) return silent ? [...steps, ...burnSteps(situation)] : steps;
  const words = `volatility ${percent(volatility)}, trigger ${percent(trigger)}`;
  if (volatility <= trigger) {
    if (alarmAt > 0) steps.unshift({ kind: "clearAlarm", reason: words });
    return steps;
  }
  if (alarmAt === 0) steps.unshift({ kind: "raiseAlarm", reason: words });
  const mayHedge = alarmAt > 0 && block.timestamp >= alarmAt + Number(publicLimits.grace);
  const hedges = mayHedge ? hedgeSteps(situation, config, words) : [];
  return [...hedges, ...steps, ...(silent ? burnSteps(situation) : [])];
}

/** Shorts towards the least variance by the chain's own measure, no more than a step in each asset. */
function hedgeSteps(situation: Situation, config: KeeperConfig, words: string): RescueStep[] {
  const { state } = situation;
  const chain = chainCovariance(state);
  if (chain === null) return [];
  const book = openBook(situation);
  const measured = measureBook(book);
  const nav = ratio(measured.nav);
  const n = state.assets.length;
  const covariance = Array.from({ length: n }, (_, i) => chain.fast.slice(i * n, (i + 1) * n));
  const { targets } = chooseHedge(
    {
      book,
      measured,
      stable: state.assets.map(isStable),
      covariance,
      marginFloor: ratio(state.limits.minMarginRatio) / HEADROOM,
      reserve: 0,
      maxGross: ratio(state.limits.maxGross) * nav * HEADROOM,
      maxVenue: ratio(state.limits.maxVenue) * nav * HEADROOM,
      minTrade: config.hedge.minTrade * nav,
      banded: false,
      // Nothing but less variance is paid for.
      funding: {},
      symbols: state.assets.map(({ symbol }) => symbol),
      naiveAsset: -1,
    },
    { ...config, hedge: { ...config.hedge, policy: "minVariance" } },
  );
  const step = ratio(state.publicLimits.maxStep) * nav * HEADROOM;
  return SCALES.flatMap((scale) => {
    const near = targets.map((target) => {
      const change = Math.max(-step, Math.min(step, (target.target - target.current) * scale));
      return { ...target, target: Math.min(0, target.current + change) };
    });
    const { minTrade, maxImpact } = config.hedge;
    const orders = sizeOrders(book, near, minTrade * nav, maxImpact, (asset) => symbolOf(state, asset));
    return orders.length > 0 ? [{ kind: "hedge" as const, orders, reason: words }] : [];
  });
}

/** Idle cash into margin where a leg is under its floor, or under the public target while the keeper is silent. */
function marginSteps(situation: Situation, config: KeeperConfig, silent: boolean): RescueStep[] {
  const { state } = situation;
  if (!state.prices.ok) return [];
  const book = openBook(situation);
  const { marginRatio }: Measured = measureBook(book);
  const floor = state.limits.minMarginRatio;
  const target = state.publicLimits.marginTarget;
  return Object.entries(marginRatio).flatMap(([leg, held]) => {
    const low = ratio(silent ? target : floor);
    if (held === null || ratio(held) >= low) return [];
    const most = ratio(held) + (ratio(target) - ratio(held)) * HEADROOM;
    const order = addMargin(book, leg, book.idle[book.settlement]!, most, {
      ...config,
      margin: { ...config.margin, low },
    });
    const reason = `margin ratio ${percent(ratio(held))}, ${silent ? "keeper silent" : "under its floor"}`;
    return order === undefined ? [] : [{ kind: "deleverage" as const, orders: [order], reason }];
  });
}

/** A step of liquidity out of each pool: it bends no more, and its tokens are at hand. */
function burnSteps(situation: Situation): RescueStep[] {
  const { state } = situation;
  const nav = state.nav.mid;
  return state.legs.flatMap((leg) => {
    if (leg.kind !== "liquidity" || leg.liquidity === 0n || leg.value === null) return [];
    const part = (ratio(state.publicLimits.maxStep) * ratio(nav) * HEADROOM) / ratio(leg.value.equity);
    const liquidity = part >= 1 ? leg.liquidity : (leg.liquidity * BigInt(Math.floor(part * 1e9))) / 1_000_000_000n;
    const reason = "the keeper is silent";
    return [
      {
        kind: "deleverage" as const,
        orders: [{ leg: leg.address, action: "burn" as const, liquidity, reason }],
        reason,
      },
    ];
  });
}
