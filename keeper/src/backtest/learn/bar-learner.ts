import type { BetaModel } from "../../model/forecast/beta-model.js";
import { HOUR } from "../time.js";
import type { BarObservations, Learner } from "./learner.js";

/** Learns from hourly bars; an hour in which a return is not known is left out. */
export function createBarLearner(model: BetaModel, { start, asset, hedges }: BarObservations): Learner {
  let row = 0;
  const returns = new Array<number>(hedges.length).fill(0);
  return {
    advance(until) {
      for (; row < asset.length && start + row * HOUR < until; row++) {
        let known = !Number.isNaN(asset[row]!);
        for (let j = 0; j < hedges.length; j++) {
          returns[j] = hedges[j]![row]!;
          known &&= !Number.isNaN(returns[j]!);
        }
        if (known) model.update(start + row * HOUR, HOUR, asset[row]!, [...returns]);
      }
    },
    betas: () => model.betas(),
  };
}
