/** A model that can be told that what it knows may hold no longer. */
export interface Relearning {
  /**
   * Learn faster for a while.
   *
   * @param factor By how much faster betas are taken to change
   * @param duration Seconds from the last interval on
   */
  relearn(factor: number, duration: number): void;
}

/** Whether a model can be told to learn faster. */
export function canRelearn(model: object): model is Relearning {
  return "relearn" in model && typeof model.relearn === "function";
}
