import { KeeperError } from "../errors.js";

/** What an account has and what it spends. */
export interface GasUse {
  readonly balanceWei: bigint;
  readonly spentWei: bigint;
  /** Days that this was spent in. */
  readonly days: number;
  /** Assumed where less was spent: a quiet week is no promise. */
  readonly floorWeiPerDay: bigint;
}

/** Above this a runway is as good as endless. */
export const MOST_DAYS = 3_650;

/** Days that the balance lasts at the rate of those days, at most ten years. */
export function runwayDays({ balanceWei, spentWei, days, floorWeiPerDay }: GasUse): number {
  if (!(days > 0)) throw new KeeperError("A rate needs a time above zero.", "Give the days that were looked at.");
  const rate = Math.max(Number(spentWei) / days, Number(floorWeiPerDay));
  return rate > 0 ? Math.min(MOST_DAYS, Number(balanceWei) / rate) : MOST_DAYS;
}
