import { UNGUARDED } from "../../model/forecast/methods.js";
import type { Ledger } from "../account/ledger.js";
import type { Books } from "../account/strategies.js";
import type { AssetCase } from "../data/cases.js";
import { HOUR } from "../time.js";
import type { Watch } from "../walk/watch.js";

/** Sums of squares over some hours of one asset, net. */
export interface Squares {
  readonly bare: number;
  readonly guarded: number;
  /** By the same method without its guard; NaN where that was not run. */
  readonly unguarded: number;
}

/** What one asset's alarms came to. */
export interface WatchedLosses {
  readonly alarms: number;
  /** Days that were decided under an alarm, and all. */
  readonly daysAlarmed: number;
  readonly days: number;
  readonly alarmed: Squares;
  readonly all: Squares;
}

/** Sums up what the guard of a method came to, while it was alarmed and over all. */
export function watchedLosses(of: AssetCase, books: Books, watch: Watch, method: string): WatchedLosses {
  const { hours, methods } = books;
  const [guarded, unguarded] = [methods[method]!, methods[UNGUARDED[method] ?? ""]];
  const sums = { alarmed: { bare: 0, guarded: 0, unguarded: 0 }, all: { bare: 0, guarded: 0, unguarded: 0 } };
  let alarmedHours = 0;
  let decision = 0;
  for (let hour = 0; hour < hours.unhedged.length; hour++) {
    while (decision + 1 < of.times.length && of.times[decision + 1]! <= hours.start + hour * HOUR) decision += 1;
    const alarmed = watch.alarmed[decision] === 1;
    alarmedHours += alarmed ? 1 : 0;
    if (Number.isNaN(hours.unhedged[hour]!)) continue;
    const squareOf = (ledger: Ledger | undefined): number => (ledger?.net[hour] ?? Number.NaN) ** 2;
    for (const sum of alarmed ? [sums.alarmed, sums.all] : [sums.all]) {
      sum.bare += (hours.unhedged[hour]! - hours.upkeep[hour]!) ** 2;
      sum.guarded += squareOf(guarded);
      sum.unguarded += squareOf(unguarded);
    }
  }
  return { alarms: watch.alarms, daysAlarmed: alarmedHours / 24, days: hours.unhedged.length / 24, ...sums };
}
