import { expect } from "chai";
import { hoursOf } from "../../../keeper/src/backtest/account/hours.js";
import { keepAllBooks } from "../../../keeper/src/backtest/account/strategies.js";
import type { BarObservations } from "../../../keeper/src/backtest/learn/learner.js";
import { Settings } from "../../../keeper/src/backtest/options.js";
import { watchedLosses } from "../../../keeper/src/backtest/score/watched-losses.js";
import { HOUR } from "../../../keeper/src/backtest/time.js";
import { walk } from "../../../keeper/src/backtest/walk/walk.js";
import type { Guarding } from "../../../keeper/src/model/breakdown/guard.js";
import { METHODS } from "../../../keeper/src/model/forecast/methods.js";
import { expectClose } from "../expect-close.js";
import { casesOf, smallMarket } from "./support.js";

describe("regimes through time", () => {
  const methods = ["experts", "anticipating", "guarded"];
  const settings = { every: 12 };
  const market = smallMarket(4, 220);
  const walks = casesOf(market, settings).cases.map((of) => {
    const { observations, times, hedges } = of;
    return { of, done: walk({ observations, hedges: hedges.length, methods, times, latency: 60 }) };
  });

  it("are what the method itself knew at each decision", () => {
    let alarms = 0;
    for (const { of, done } of walks) {
      expect(Object.keys(done.watches)).to.deep.equal(["guarded"]);
      const watch = done.watches["guarded"]!;
      const model = METHODS["guarded"]!(2);
      const { start, asset, hedges } = of.observations as BarObservations;
      const begun = new Set<number>();
      let row = 0;
      for (const [at, time] of of.times.entries()) {
        for (; start + row * HOUR < time - 60; row++) {
          const returns = hedges.map((series) => series[row]!);
          if (![asset[row]!, ...returns].some(Number.isNaN))
            model.update(start + row * HOUR, HOUR, asset[row]!, returns);
        }
        const { state, cut } = (model as unknown as Guarding).guard();
        expect(watch.holds[at]).to.equal(state!.belief.holds);
        expect(watch.alarmed[at]).to.equal(state!.alarmed ? 1 : 0);
        expect(watch.cut[at]).to.equal(cut);
        if (state!.alarmedAt !== null && state!.alarmedAt >= of.times[0]!) begun.add(state!.alarmedAt);
      }
      expect(watch.alarms).to.equal(begun.size);
      alarms += begun.size;
    }
    expect(alarms).to.be.above(0);
  });

  it("cost what the books with and without the guard differ by", () => {
    const all = Settings.parse({ minHistory: 10, ...settings });
    let days = 0;
    for (const { of, done } of walks) {
      const books = keepAllBooks(of, hoursOf(of, all), done.decisions, all);
      const watch = done.watches["guarded"]!;
      const losses = watchedLosses(of, books, watch, "guarded");
      const squares = (name: string, chosen: (hour: number) => boolean) =>
        books.methods[name]!.net.reduce((sum, x, hour) => sum + (Number.isNaN(x) || !chosen(hour) ? 0 : x * x), 0);
      const alarmed = (hour: number) => watch.alarmed[Math.floor(hour / 12)] === 1;
      expectClose(losses.alarmed.guarded, squares("guarded", alarmed), 1e-12);
      expectClose(losses.alarmed.unguarded, squares("anticipating", alarmed), 1e-12);
      expectClose(
        losses.all.guarded,
        squares("guarded", () => true),
        1e-12,
      );
      expectClose(
        losses.all.unguarded,
        squares("anticipating", () => true),
        1e-12,
      );
      expectClose(
        losses.daysAlarmed,
        watch.alarmed.reduce((sum, one) => sum + one / 2, 0),
        1e-9,
      );
      expect(watchedLosses(of, books, watch, "experts").all.unguarded).to.deep.equal(Number.NaN);
      days += losses.daysAlarmed;
    }
    expect(days).to.be.above(5);
  });
});
