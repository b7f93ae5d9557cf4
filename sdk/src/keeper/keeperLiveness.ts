import { volatilityLine } from "../risk/volatility.js";
import type { VaultState } from "../state/types.js";
import type { Ratio18 } from "../units.js";

/** Whether the keeper gives signs of life, and what anybody may do in its place. */
export interface KeeperLiveness {
  /** Its last sign of life, unix seconds. */
  lastSign: number;
  /** Seconds since then. */
  silentFor: number;
  /** Without another sign anybody may deleverage after this, unix seconds. */
  deadline: number;
  /** True once the deadline has passed. */
  isSilent: boolean;
  /** From when it may send a plan that does more than add margin, unix seconds. */
  readyAt: number;
  /** The volatility alarm. */
  alarm: {
    /** Unix seconds; null while there is none. */
    raisedAt: number | null;
    /** From when anybody may hedge, if volatility is still above the trigger, unix seconds; null while there is none. */
    hedgeOpensAt: number | null;
    /** √variance / NAV now; null where it cannot be measured. */
    volatility: Ratio18 | null;
    trigger: Ratio18;
  };
  /** What anybody may call now; what a call does is checked besides. */
  open: {
    raiseAlarm: boolean;
    clearAlarm: boolean;
    hedge: boolean;
    /** Adding margin; where more is asked than that, `publicReadyAt` of the state must have passed. */
    deleverage: boolean;
    settle: boolean;
  };
  /** Why `deleverage` is open. */
  reasons: ("KEEPER_SILENT" | "MARGIN_BELOW_FLOOR" | "QUEUE_WAITED")[];
}

/**
 * The keeper's last sign of life, its deadline, the alarm, and which public paths are open; by the block's own time.
 *
 * @example
 * const { isSilent, open } = keeperLiveness(await vault.readState());
 */
export function keeperLiveness(state: VaultState): KeeperLiveness {
  const { lastSign, alarmAt, publicLimits, publicReadyAt, covariance, mode, queue, settings, legs, limits } = state;
  const now = state.block.timestamp;
  const deadline = lastSign + Number(publicLimits.maxSilence);
  const isSilent = now > deadline;
  const volatility = covariance.usable ? volatilityLine(state).hedged : null;
  const trigger = publicLimits.alarmVolatility;
  const above = volatility !== null && volatility > trigger;
  const hedgeOpensAt = alarmAt === 0 ? null : alarmAt + Number(publicLimits.grace);
  const acts = mode === "Normal" || mode === "NoDeposit";
  const waited = queue.since > 0 && now > queue.since + Number(settings.maxWait);
  const thin = legs.some(({ marginRatio }) => marginRatio !== null && marginRatio < limits.minMarginRatio);
  const reasons: KeeperLiveness["reasons"] = [
    ...(isSilent ? (["KEEPER_SILENT"] as const) : []),
    ...(thin ? (["MARGIN_BELOW_FLOOR"] as const) : []),
    ...(waited && queue.shares > 0n ? (["QUEUE_WAITED"] as const) : []),
  ];
  return {
    lastSign,
    silentFor: Math.max(0, now - lastSign),
    deadline,
    isSilent,
    readyAt: state.keeperReadyAt,
    alarm: { raisedAt: alarmAt || null, hedgeOpensAt, volatility, trigger },
    open: {
      raiseAlarm: alarmAt === 0 && above,
      clearAlarm: alarmAt !== 0 && volatility !== null && !above,
      hedge: hedgeOpensAt !== null && now >= hedgeOpensAt && above && acts && now >= publicReadyAt,
      deleverage: reasons.length > 0,
      settle: waited,
    },
    reasons,
  };
}
