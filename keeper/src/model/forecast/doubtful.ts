/** A model that knows how sure it is of its betas. */
export interface Doubtful {
  /** Covariance of the betas given the returns so far, `[hedge][hedge]`; null as long as there are no betas. */
  posterior(): number[][] | null;
}

/** Whether a model knows how sure it is. */
export function canDoubt(model: object): model is Doubtful {
  return "posterior" in model && typeof model.posterior === "function";
}
