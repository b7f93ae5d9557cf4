import { hedgeEffectiveness, hourlyPnl } from "./metrics.js";
import type { CycleRecord, RunRecord } from "./record.js";

/** What the hedge did while the market stood somewhere in its cycle. */
export interface CycleRow {
  readonly name: string;
  readonly hours: number;
  /** Null where there are too few hours. */
  readonly hedgeEffectiveness: number | null;
}

/** Hours by regime and by liquidity, and what the hedge removed in them: an hour counts for what was known as it began. */
export function cycleRows({ hours, cycles }: Pick<RunRecord, "hours" | "cycles">): CycleRow[] {
  const known = new Map(cycles.map((one) => [one.time, one]));
  const [hedged, unhedged] = [hourlyPnl(hours.hedged), hourlyPnl(hours.unhedged)];
  const begun = hours.hedged.slice(0, -1).map(({ time }) => known.get(time));
  const rows = (of: (one: CycleRecord) => string | null, words: (state: string) => string): CycleRow[] => {
    const states = begun.map((one) => (one === undefined ? null : of(one)));
    const names = [...new Set(states.flatMap((state) => (state === null ? [] : [state])))].sort();
    return names.map((state) => {
      const chosen = (pnl: readonly number[]): number[] => pnl.filter((_, i) => states[i] === state);
      const own = chosen(hedged);
      return { name: words(state), hours: own.length, hedgeEffectiveness: hedgeEffectiveness(own, chosen(unhedged)) };
    });
  };
  return [
    ...rows(
      ({ regime }) => regime,
      (state) => `market: ${state}`,
    ),
    ...rows(
      ({ liquidity }) => liquidity,
      (state) => `liquidity: ${state}`,
    ),
  ];
}
