import type { BetaModel } from "../../model/forecast/beta-model.js";
import { ReturnBlocks } from "../../model/return-blocks.js";
import { HOUR } from "../time.js";
import type { Learner, RoundObservations } from "./learner.js";

/** Learns from oracle rounds as the keeper does: from returns over hourly blocks in which all feeds have reported. */
export function createRoundLearner(model: BetaModel, { start, asset, hedges }: RoundObservations): Learner {
  const blocks = new ReturnBlocks(1 + hedges.length, HOUR, ({ time, elapsed, returns: [own, ...others] }) => {
    model.update(time, elapsed, own!, others);
  });
  const feeds = [asset, ...hedges].map(({ times, answers }) => {
    const first = times.findIndex((time) => time >= start);
    return { times, answers, next: first === -1 ? times.length : first };
  });
  const nextTime = ({ times, next }: (typeof feeds)[number]): number => times[next] ?? Number.POSITIVE_INFINITY;
  return {
    advance(until) {
      for (;;) {
        let oldest = 0;
        for (let feed = 1; feed < feeds.length; feed++)
          if (nextTime(feeds[feed]!) < nextTime(feeds[oldest]!)) oldest = feed;
        const feed = feeds[oldest]!;
        const time = nextTime(feed);
        if (!(time < until)) break;
        blocks.observe(oldest, time, Math.log(feed.answers[feed.next]!));
        feed.next += 1;
      }
      blocks.advance(until);
    },
    betas: () => model.betas(),
  };
}
