import type { BetaModel } from "../../model/forecast/beta-model.js";
import { createBarLearner } from "./bar-learner.js";
import type { Learner, Observations } from "./learner.js";
import { createRoundLearner } from "./round-learner.js";

/** A model that learns from these observations. */
export function createLearner(model: BetaModel, observations: Observations): Learner {
  switch (observations.kind) {
    case "bars":
      return createBarLearner(model, observations);
    case "rounds":
      return createRoundLearner(model, observations);
  }
}
