import { expect } from "chai";
import fc from "fast-check";
import { createRoundLearner } from "../../keeper/src/backtest/learn/round-learner.js";
import { KeeperError } from "../../keeper/src/errors.js";
import { BlockBetas } from "../../keeper/src/model/block-betas.js";
import { WlsEwmaBeta } from "../../keeper/src/model/forecast/wls-ewma.js";
import { type BlockReturns, ReturnBlocks } from "../../keeper/src/model/return-blocks.js";
import { RoundStream } from "../../keeper/src/model/round-stream.js";

const HOUR = 3600;

/** Ticks of two feeds: gaps in seconds and which feed reports after each. */
const ticks = fc
  .array(fc.record({ gap: fc.integer({ min: 0, max: 30 }), feed: fc.nat(1), move: fc.integer({ min: -9, max: 9 }) }), {
    maxLength: 60,
  })
  .map((steps) => {
    let time = 0;
    return steps.map(({ gap, feed, move }) => {
      time += gap;
      return { time, feed, log: move / 100 };
    });
  });

function blocksOf(all: readonly { time: number; feed: number; log: number }[], until: number): BlockReturns[] {
  const found: BlockReturns[] = [];
  const blocks = new ReturnBlocks(2, 10, (block) => found.push(block));
  for (const { time, feed, log } of all) blocks.observe(feed, time, log);
  blocks.advance(until);
  return found;
}

describe("blocks of returns", () => {
  it("end at the first grid time by which all feeds have reported, and have the returns of the prices in force", () => {
    fc.assert(
      fc.property(ticks, fc.integer({ min: 0, max: 40 }), (all, more) => {
        const until = (all.at(-1)?.time ?? 0) + more;
        const wanted: BlockReturns[] = [];
        let opened: { time: number; logs: number[] } | undefined;
        for (let end = 0; end < until; end += 10) {
          const since = (feed: number) =>
            all.filter((tick) => tick.feed === feed && tick.time <= end && tick.time > (opened?.time ?? -1));
          if (since(0).length === 0 || since(1).length === 0) continue;
          const logs = [0, 1].map((feed) => since(feed).at(-1)!.log);
          const before = opened;
          opened = { time: end, logs };
          if (before === undefined) continue;
          const returns = logs.map((log, feed) => log - before.logs[feed]!);
          wanted.push({ time: end, elapsed: end - before.time, returns });
        }
        expect(blocksOf(all, until)).to.deep.equal(wanted);
      }),
      { numRuns: 500 },
    );
  });

  it("teach the backtester what they teach the keeper", () => {
    fc.assert(
      fc.property(fc.array(ticks, { minLength: 1, maxLength: 4 }), (parts) => {
        const model = () => new WlsEwmaBeta(1, { halfLife: 200 * HOUR, varianceHalfLife: 50 * HOUR, minimum: 0 });
        const found = [0, 1].map((feed) => {
          let end = 0;
          return parts.flatMap((part) => {
            const start = end;
            end += (part.at(-1)?.time ?? 0) + 1;
            return part.filter((tick) => tick.feed === feed).map(({ time, log }) => ({ time: start + time, log }));
          });
        });
        // No move here is large enough for the keeper's cleaner to doubt it.
        const feeds = found.map((all) => {
          const once = all.filter(({ time }, k) => time !== all[k + 1]?.time);
          const rounds = once.map(({ time, log }, k) => ({
            ...{ roundId: BigInt(k + 1), updatedAt: HOUR + time * 300 },
            answer: BigInt(Math.round(1e12 * Math.exp(log / 10))),
          }));
          const times = Float64Array.from(rounds, ({ updatedAt }) => updatedAt);
          return { rounds, times, answers: Float64Array.from(rounds, ({ answer }) => Number(answer)) };
        });
        const keeper = new BlockBetas({ size: 2, hedges: [1], step: HOUR, model });
        const backtester = createRoundLearner(model(), {
          ...{ kind: "rounds", start: 0, asset: feeds[0]!, hedges: [feeds[1]!] },
        });
        const last = Math.max(0, ...feeds.flatMap(({ times }) => [...times]));
        for (let until = 0; until < last; until += 7 * HOUR) {
          backtester.advance(until);
        }
        // What the keeper has learned when it takes in the last round: nothing has told it yet that a block ends with that.
        backtester.advance(last);
        for (const { asset, time, logPrice } of new RoundStream(2).add(feeds.map(({ rounds }) => rounds))) {
          keeper.observe(asset, time, logPrice);
        }
        expect(backtester.betas()).to.deep.equal(keeper.betas()[0]);
      }),
    );
  });

  it("have a length", () => {
    expect(() => new ReturnBlocks(2, 0, () => {})).to.throw(KeeperError, "positive length");
  });
});
