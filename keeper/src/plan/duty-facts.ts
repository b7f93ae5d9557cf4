import type { VaultMode, VaultState } from "@crosshedge/sdk";
import type { OracleRound } from "../model/rounds.js";
import { chainCovariance, chainVariance } from "./gate.js";

/** What the duties are decided by. */
export interface DutyFacts {
  readonly state: VaultState;
  /** The mode that `sync` would lead to; null where it cannot be simulated. */
  readonly modeAfterSync: VaultMode | null;
  /** Time of the oldest round among the assets that matter, unix seconds: a settlement fills requests from before it. */
  readonly pricedAt: number;
  /** √variance / NAV by the chain's measure, 1.0 = 100% a year; null where it does not measure. */
  readonly volatility: number | null;
}

/** An asset matters to a settlement if the exposure to it is above this part of NAV. */
const MATERIAL = 0.01;

/** Time of the oldest round among the assets that matter, unix seconds; not later than the block's. */
export function pricedAt(state: VaultState, histories: readonly (readonly OracleRound[])[]): number {
  const { nav, exposure } = state.portfolio;
  const times = histories.flatMap((rounds, asset) => {
    const matters = Math.abs(Number(exposure[asset] ?? 0n)) > MATERIAL * Number(nav);
    return matters ? [rounds.at(-1)?.updatedAt ?? 0] : [];
  });
  return Math.min(state.block.timestamp, ...times);
}

/** Facts from what one observation has read. */
export function dutyFacts(state: VaultState, reading: Pick<DutyFacts, "modeAfterSync" | "pricedAt">): DutyFacts {
  const { nav, exposure, gammas } = state.portfolio;
  const chain = chainCovariance(state);
  const measured = state.prices.ok && chain !== null && nav > 0n;
  const variance = measured ? chainVariance(chain, exposure, gammas, Number(state.limits.horizon)).total : null;
  const volatility = variance === null ? null : Math.sqrt(variance) / (Number(nav) / 1e18);
  return { state, ...reading, volatility };
}
