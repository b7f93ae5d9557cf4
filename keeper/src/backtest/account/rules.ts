import { insideBand } from "../../plan/no-trade-band.js";
import type { Drift, Hours, Rule } from "./ledger.js";

/** How far from its target a hedge may be, and where a trade goes. */
export interface Band {
  readonly width: number;
  readonly to: "edge" | "target";
}

/** Ratios through time: `ratios[step · hedges + hedge]` from hour `hours[step]` on. */
export interface Schedule {
  readonly hours: ArrayLike<number>;
  readonly ratios: Float64Array;
}

/** The same ratios from the first hour to the last. */
export function constant(ratios: readonly number[]): Schedule {
  return { hours: [0], ratios: Float64Array.from(ratios) };
}

/** Follows a schedule of ratios to the current notional; between its steps the ratios stay. */
export function follow({ hours, ratios }: Schedule, band: Band = { width: 0, to: "target" }): Rule {
  let step = -1;
  return (hour, held) => {
    const size = held.length;
    let moved = false;
    while (step + 1 < hours.length && hours[step + 1]! <= hour) {
      step += 1;
      moved = true;
    }
    if (moved) for (let j = 0; j < size; j++) held[j] = within(held[j]!, ratios[step * size + j]!, band);
  };
}

/**
 * Follows targets that move every hour, by hedge: `targets[hedge][hour]`. Where one is not known, nothing is traded.
 *
 * @param widths Of the band, by hour
 */
export function track(targets: readonly Float64Array[], widths: Float64Array, to: Band["to"]): Rule {
  return (hour, held) => {
    const band = { width: widths[hour]!, to };
    for (let j = 0; j < held.length; j++) {
      const target = targets[j]![hour]!;
      if (!Number.isNaN(target)) held[j] = within(held[j]!, target, band);
    }
  };
}

/** What units of each hedge are worth after the hour, per unit of the notional of then. */
export function driftOfUnits({ unhedged, legs }: Hours): Drift {
  return (hour, held) => {
    const growth = 1 + known(unhedged[hour]!);
    for (let j = 0; j < held.length; j++) held[j]! *= (1 + known(legs[j]![hour]!)) / growth;
    return 0;
  };
}

function within(current: number, target: number, { width, to }: Band): number {
  return insideBand(current, target, width, to === "edge" ? "edge" : "centre");
}

function known(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
