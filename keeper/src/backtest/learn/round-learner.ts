import type { BetaModel } from "../../model/forecast/beta-model.js";
import type { Learner, RoundObservations } from "./learner.js";

/**
 * Learns from oracle rounds by the rounds in force on a grid of times (previous tick). The grid must be wide: (3δ/σ)² or more for a feed of
 * deviation threshold δ, or correlations are measured too low (Epps 1979).
 */
export function createRoundLearner(model: BetaModel, observations: RoundObservations): Learner {
  const { start, grid } = observations;
  const feeds = [observations.asset, ...observations.hedges].map((feed) => ({ ...feed, next: 0 }));
  let time = Math.ceil(start / grid) * grid;
  let before: number[] | undefined;
  return {
    advance(until) {
      for (; time < until; time += grid) {
        for (const feed of feeds)
          while (feed.next < feed.times.length && feed.times[feed.next]! <= time) feed.next += 1;
        if (feeds.some(({ next }) => next === 0)) continue;
        const now = feeds.map(({ answers, next }) => answers[next - 1]!);
        if (before !== undefined) {
          const [asset = 0, ...hedges] = now.map((answer, i) => answer / before![i]! - 1);
          model.update(time, grid, asset, hedges);
        }
        before = now;
      }
    },
    betas: () => model.betas(),
  };
}
