import type { Guarding } from "../../model/breakdown/guard.js";

/** What a method that watches whether the relation holds knew at each decision; plain data. */
export interface Watch {
  /** Alarms that began, from the first decision on. */
  readonly alarms: number;
  /** One where an alarm was on. */
  readonly alarmed: Uint8Array;
  /** Probability that the relation holds; NaN as long as nothing is known. */
  readonly holds: Float64Array;
  /** Share of the hedge that was cut. */
  readonly cut: Float64Array;
}

/** Writes down what a model knows at each decision. */
export interface Watcher {
  note(at: number): void;
  watch(): Watch;
}

/** @param times Of the decisions */
export function createWatcher(model: Guarding, times: Float64Array): Watcher {
  const alarmed = new Uint8Array(times.length);
  const holds = new Float64Array(times.length).fill(Number.NaN);
  const cut = new Float64Array(times.length);
  const begun = new Set<number>();
  return {
    note(at) {
      const guard = model.guard();
      cut[at] = guard.cut;
      if (guard.state === null) return;
      const { alarmedAt, belief } = guard.state;
      alarmed[at] = guard.state.alarmed ? 1 : 0;
      holds[at] = belief.holds;
      if (alarmedAt !== null && alarmedAt >= times[0]!) begun.add(alarmedAt);
    },
    watch: () => ({ alarms: begun.size, alarmed, holds, cut }),
  };
}
