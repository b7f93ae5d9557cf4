import type { BreakdownState } from "./detector.js";

/** What is known of whether an asset still moves with its hedges, and what is done about it. */
export interface Guard {
  /** Null before the first hour. */
  readonly state: BreakdownState | null;
  /** Factor on the margin buffers. */
  readonly marginBuffer: number;
  /** What the hedges may add up to, Σ|β|, as long as increases are frozen; null while they are not. */
  readonly most: number | null;
  /** Share of the hedge that is cut, from 0 to 1. */
  readonly cut: number;
}

/** A model that watches whether the relation that it hedges by still holds. */
export interface Guarding {
  guard(): Guard;
}

/** Whether a model watches the relation. */
export function canGuard(model: object): model is Guarding {
  return "guard" in model && typeof model.guard === "function";
}
