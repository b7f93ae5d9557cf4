import { VAULT_MODES, type VaultState } from "@crosshedge/sdk";
import type { OracleRound } from "../model/rounds.js";
import type { DutyFacts } from "../plan/duty-facts.js";
import { chainCovariance, chainVariance } from "../plan/gate.js";
import { currentHedgeRatios } from "../plan/hedge-ratios.js";

/** The part of an observation that is watched. */
export interface ObservedFacts {
  readonly state: VaultState;
  readonly grid: { readonly cursor: number; readonly step: number };
  readonly histories: readonly (readonly OracleRound[])[];
  readonly facts: Pick<DutyFacts, "volatility">;
}

/** A price feed as it stands; times in unix seconds. */
export interface FeedFact {
  readonly asset: string;
  /** Null before its first round was read. */
  readonly updatedAt: number | null;
  /** Seconds. */
  readonly heartbeat: number;
}

/** What is watched of a vault, in plain numbers: USD, shares of one, unix seconds. Null where it cannot be measured. */
export interface VaultFacts {
  readonly block: number;
  readonly blockTime: number;
  /** The covariance oracle's last grid time, and seconds from one to the next. */
  readonly oracleAt: number;
  readonly oracleStep: number;
  readonly feeds: readonly FeedFact[];
  readonly pricesOk: boolean;
  readonly nav: number | null;
  readonly sharePrice: number | null;
  readonly volatility: number | null;
  readonly volatilityLimit: number;
  readonly hedgeRatios: Readonly<Record<string, number>>;
  readonly varianceRemoved: number | null;
  /** By venue, numbered where a vault has several legs there. */
  readonly margins: Readonly<Record<string, number>>;
  readonly marginFloor: number;
  readonly queueShares: number;
  /** Zero where nobody waits. */
  readonly queueSince: number;
  readonly queueMaxWait: number;
  /** Of the keeper's loss budget, 1 = all of it. */
  readonly lossBudgetLeft: number;
  readonly epoch: number;
  readonly mode: VaultState["mode"];
  readonly alarm: boolean;
  readonly lastSign: number;
  readonly maxSilence: number;
  /** Share of the NAV a year. */
  readonly managementFee: number;
}

const plain = (value: bigint): number => Number(value) / 1e18;

/** What is watched of an observation. */
export function factsOf({ state, grid, histories, facts }: ObservedFacts): VaultFacts {
  const { limits, publicLimits, settings, queue, lossSpent, prices, sharePrice } = state;
  const budget = plain(limits.lossBudget);
  return {
    block: state.block.number,
    blockTime: state.block.timestamp,
    oracleAt: grid.cursor,
    oracleStep: grid.step,
    feeds: state.assets.map(({ symbol, feed }, asset) => ({
      asset: symbol,
      updatedAt: histories[asset]?.at(-1)?.updatedAt ?? null,
      heartbeat: Number(feed.heartbeat),
    })),
    pricesOk: prices.ok,
    nav: prices.ok ? plain(state.portfolio.nav) : null,
    sharePrice: sharePrice === null ? null : plain(sharePrice.mid),
    volatility: facts.volatility,
    volatilityLimit: plain(limits.maxVolatility),
    hedgeRatios: prices.ok ? currentHedgeRatios(state) : {},
    varianceRemoved: varianceRemoved(state),
    margins: marginsOf(state),
    marginFloor: plain(limits.minMarginRatio),
    queueShares: plain(queue.shares),
    queueSince: queue.shares > 0n ? queue.since : 0,
    queueMaxWait: Number(settings.maxWait),
    lossBudgetLeft: budget > 0 ? Math.max(0, 1 - plain(lossSpent.keeper) / budget) : 0,
    epoch: Number(state.epoch),
    mode: state.mode,
    alarm: state.alarmAt > 0,
    lastSign: state.lastSign,
    maxSilence: Number(publicLimits.maxSilence),
    managementFee: plain(settings.managementFee),
  };
}

/** A mode's place in the order of strictness. */
export function modeRank(mode: VaultState["mode"]): number {
  return VAULT_MODES.indexOf(mode);
}

function varianceRemoved(state: VaultState): number | null {
  const chain = chainCovariance(state);
  if (chain === null || !state.prices.ok) return null;
  const { exposure, hedgeExposure, gammas } = state.portfolio;
  const horizon = Number(state.limits.horizon);
  const bare = exposure.map((value, asset) => value - hedgeExposure[asset]!);
  const unhedged = chainVariance(chain, bare, gammas, horizon).total;
  return unhedged > 0 ? 1 - chainVariance(chain, exposure, gammas, horizon).total / unhedged : null;
}

function marginsOf({ legs }: VaultState): Record<string, number> {
  const margins: Record<string, number> = {};
  const seen = new Map<string, number>();
  for (const { venue, marginRatio, isHedge } of legs) {
    if (!isHedge) continue;
    const place = (seen.get(venue) ?? 0) + 1;
    seen.set(venue, place);
    if (marginRatio !== null) margins[place === 1 ? venue : `${venue}-${place}`] = plain(marginRatio);
  }
  return margins;
}
