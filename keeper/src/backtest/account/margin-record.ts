import type { Liquidation, MarginLevels, ShortAccount } from "../../model/margin/short-account.js";

/** What became of the account behind a hedge. Ratios are of equity to notional; NaN in hours without a position. */
export interface MarginRecord {
  /** At the beginning of each hour, after it was traded and looked after. */
  readonly ratio: Float32Array;
  /** Below which a top-up was ordered. */
  readonly low: Float32Array;
  /** One where the account was liquidated at the end of the hour. */
  readonly liquidated: Uint8Array;
  liquidations: number;
  topUps: number;
  /** Of its notional then. */
  largestTopUp: number;
  /** Trades that the venue would not have taken. */
  refused: number;
  hoursBelowLow: number;
  /** By how much the shorts could still have risen before a liquidation, at the worst mark; negative where there was one. */
  leastDistance: number;
  /** What the venue lost in liquidations, of the notional then. */
  shortfall: number;
}

/** A record before the first hour. */
export function emptyRecord(hours: number): MarginRecord {
  return {
    ratio: new Float32Array(hours).fill(Number.NaN),
    low: new Float32Array(hours).fill(Number.NaN),
    liquidated: new Uint8Array(hours),
    ...{ liquidations: 0, topUps: 0, largestTopUp: 0, refused: 0, hoursBelowLow: 0 },
    ...{ leastDistance: Number.POSITIVE_INFINITY, shortfall: 0 },
  };
}

/** Notes an hour's beginning. @param ordered USD, negative where margin was released */
export function note(
  record: MarginRecord,
  hour: number,
  of: { readonly account: ShortAccount; readonly levels: MarginLevels; readonly ordered: number },
): void {
  const { notional, equity } = of.account;
  if (notional === 0) return;
  record.ratio[hour] = equity / notional;
  record.low[hour] = of.levels.low;
  if (equity < of.levels.low * notional) record.hoursBelowLow += 1;
  if (of.ordered <= 0) return;
  record.topUps += 1;
  record.largestTopUp = Math.max(record.largestTopUp, of.ordered / notional);
}

/** Notes an hour's end, after the account was marked. */
export function noteMark(
  record: MarginRecord,
  hour: number,
  account: ShortAccount,
  liquidation: Liquidation | undefined,
): void {
  const { notional, equity } = liquidation ?? account;
  if (notional === 0) return;
  const distance = (1 + equity / notional) / (1 + account.terms.maintenance) - 1;
  record.leastDistance = Math.min(record.leastDistance, distance);
  if (liquidation === undefined) return;
  record.liquidated[hour] = 1;
  record.liquidations += 1;
  record.shortfall += liquidation.shortfall / notional;
}
