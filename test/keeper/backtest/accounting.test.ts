import { expect } from "chai";
import fc from "fast-check";
import { hoursOf } from "../../../keeper/src/backtest/account/hours.js";
import { type Hours, keepBooks } from "../../../keeper/src/backtest/account/ledger.js";
import { liveBand } from "../../../keeper/src/backtest/account/live-band.js";
import { lpPath } from "../../../keeper/src/backtest/account/lp-path.js";
import { constant, driftOfUnits, follow, track } from "../../../keeper/src/backtest/account/rules.js";
import { keepAllBooks } from "../../../keeper/src/backtest/account/strategies.js";
import { returnsOf } from "../../../keeper/src/backtest/data/table.js";
import { Settings } from "../../../keeper/src/backtest/options.js";
import { liquidityCost } from "../../../keeper/src/backtest/score/liquidity-cost.js";
import { hedgeEffectiveness } from "../../../keeper/src/backtest/statistics/hedge-effectiveness.js";
import { HOURS_A_YEAR } from "../../../keeper/src/backtest/time.js";
import { lpGreeks } from "../../../keeper/src/model/lp-greeks.js";
import { breakEvenFeeApr, relativeLvr } from "../../../keeper/src/model/lvr.js";
import { createRandom } from "../../../keeper/src/model/random.js";
import { expectClose } from "../expect-close.js";
import { casesOf, smallMarket, tableOf } from "./support.js";

/** Hours of one asset and its hedges, without what is not given. */
function hours(unhedged: readonly number[], legs: readonly (readonly number[])[], given: Partial<Hours> = {}): Hours {
  return {
    unhedged: Float64Array.from(unhedged),
    upkeep: new Float64Array(unhedged.length),
    legs: legs.map((leg) => Float64Array.from(leg)),
    funding: legs.map((leg) => new Float64Array(leg.length)),
    cost: 0.0005,
    ...given,
  };
}

/** Prices that go their own way, hourly. */
function gbm(seed: number, length: number, volatility: number): Float64Array {
  const { normal } = createRandom(seed);
  const deviation = volatility / Math.sqrt(HOURS_A_YEAR);
  let price = 20;
  return Float64Array.from({ length }, (_, i) => {
    if (i > 0) price *= Math.exp(deviation * normal() - deviation ** 2 / 2);
    return price;
  });
}

const returns = fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 30, maxLength: 30 });

describe("backtest accounting", () => {
  it("adds up: net is gross less what was traded times its cost, plus funding", () => {
    fc.assert(
      fc.property(returns, returns, returns, returns, (asset, first, second, wanted) => {
        const funding = [first, second].map((leg) => Float64Array.from(leg, (value) => value / 100));
        const of = hours(asset, [first, second], { funding });
        const ratios = Float64Array.from(wanted.flatMap((value) => [value * 5, 1 - value]));
        const book = keepBooks(of, follow({ hours: asset.map((_, hour) => hour), ratios }));
        let before = [0, 0];
        let costs = 0;
        asset.forEach((value, hour) => {
          const [a, b] = [ratios[2 * hour]!, ratios[2 * hour + 1]!];
          const gross = value - a * first[hour]! - b * second[hour]!;
          const cost = 0.0005 * (Math.abs(a - before[0]!) + Math.abs(b - before[1]!));
          const received = (a * first[hour]! + b * second[hour]!) / 100;
          expectClose(book.gross[hour], gross, 1e-15);
          expectClose(book.net[hour], gross - cost + received, 1e-15);
          before = [a, b];
          costs += cost;
        });
        expectClose(
          book.costs.reduce((sum, value) => sum + value, 0),
          costs,
          1e-8,
        );
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it("a hedge of itself removes everything but the cost of opening it", () => {
    const asset = [0.01, -0.02, 0.03];
    const book = keepBooks(hours(asset, [asset]), follow(constant([1])));
    expect([...book.gross]).to.deep.equal([0, 0, 0]);
    expect([...book.net]).to.deep.equal([-0.0005, 0, 0]);
    expect([...book.traded]).to.deep.equal([0, 0, 0]);
    expect(hedgeEffectiveness(book.gross, asset)).to.equal(1);
  });

  it("nothing short leaves everything", () => {
    const asset = [0.01, -0.02];
    expect([...keepBooks(hours(asset, [[0.5, 0.5]]), follow(constant([0]))).net]).to.deep.equal(asset);
  });

  it("an hour that is not known is not scored; what was traded for it is paid in the next", () => {
    const of = hours([0.01, Number.NaN, 0.02], [[0, Number.NaN, 0]]);
    const book = keepBooks(of, follow({ hours: [0, 1], ratios: Float64Array.of(1, 3) }));
    expect(book.net[1]).to.be.NaN;
    expectClose(book.net[2], 0.02 - 0.0005 * 2, 1e-15);
    expectClose(book.traded[1], 2, 1e-6);
  });

  it("a band keeps what is near, and trades to its edge or to the target", () => {
    const schedule = { hours: [0, 1, 2], ratios: Float64Array.of(1, 1.08, 1.3) };
    const held = (to: "edge" | "target") => {
      const book = keepBooks(hours([0, 0, 0], [[0, 0, 0]]), follow(schedule, { width: 0.1, to }));
      return [...book.held].map((value) => Number(value.toFixed(6)));
    };
    expect(held("edge")).to.deep.equal([0.9, 0.98, 1.2]);
    expect(held("target")).to.deep.equal([1, 1, 1.3]);
  });

  it("units drift: shorts that nobody trades earn what the hedge fell by in all", () => {
    const [asset, hedge] = [gbm(1, 200, 1), gbm(2, 200, 1)];
    const of = hours([...returnsOf(asset)].slice(1), [[...returnsOf(hedge)].slice(1)], { cost: 0 });
    const target = [Float64Array.from(of.unhedged, (_, hour) => (hour === 0 ? 0.7 : Number.NaN))];
    const book = keepBooks(
      of,
      track(
        target,
        of.unhedged.map(() => 0),
        "target",
      ),
      driftOfUnits(of),
    );
    // In USD: the return on the notional of then, times that notional.
    const earned = book.gross.reduce((sum, value, hour) => sum + value * asset[hour]!, 0);
    const exact = asset.at(-1)! - asset[0]! - 0.7 * asset[0]! * (hedge.at(-1)! / hedge[0]! - 1);
    expectClose(earned, exact, 1e-9);
  });

  it("the first hour is the one after the first decision", () => {
    const [of] = casesOf(smallMarket(3, 60, 2), { from: "2022-01-20" }).cases;
    const { unhedged, legs } = hoursOf(of!, Settings.parse({}));
    const row = (of!.times[0]! - of!.grid.start) / 3600;
    expect(unhedged[0]).to.equal(of!.price[row + 1]! / of!.price[row]! - 1);
    expect(legs[0]![0]).to.equal(of!.legs[0]![row + 1]);
    expect(unhedged.length).to.equal(of!.lastRow - row);
  });

  it("the static hedge is the best constant one, the oracle the best of each day, naive one to one", () => {
    const market = smallMarket(3, 60, 2);
    const settings = Settings.parse({ minHistory: 10 });
    const [of] = casesOf(market).cases;
    const books = keepAllBooks(of!, hoursOf(of!, settings), {}, settings);
    const effect = (gross: Float64Array): number => {
      const known = [...books.hours.unhedged.keys()].filter((hour) => !Number.isNaN(books.hours.unhedged[hour]!));
      return hedgeEffectiveness(
        known.map((hour) => gross[hour]!),
        known.map((hour) => books.hours.unhedged[hour]!),
      );
    };
    const best = effect(books.static.gross);
    const ratios = [...books.static.held.slice(0, 2)];
    for (const [da, db] of [
      [0.01, 0],
      [-0.01, 0],
      [0, 0.01],
      [0, -0.01],
    ] as const) {
      const other = keepBooks(books.hours, follow(constant([ratios[0]! + da, ratios[1]! + db])));
      expect(effect(other.gross)).to.be.lessThan(best);
    }
    expect(effect(books.oracle.gross)).to.be.greaterThan(best);
    expect([...books.methods["naive"]!.held.slice(-2)]).to.deep.equal([1, 0]);
  });

  describe("of an LP position", () => {
    it("in its range the value is L(2√P − P/√b − √a), out of it one token, and exposures are the tokens held", () => {
      const price0 = Float64Array.of(100, 110, 95, 120, 124.9);
      const path = lpPath({ price0 }, 1.25);
      const [a, b] = [80, 125];
      const liquidity = 1 / (2 * 10 - 100 / Math.sqrt(b) - Math.sqrt(a));
      price0.forEach((price, row) => {
        const root = Math.sqrt(price);
        expectClose(path.value[row], liquidity * (2 * root - price / Math.sqrt(b) - Math.sqrt(a)), 1e-12);
        expectClose(path.share0[row]! * path.value[row]!, liquidity * (1 / root - 1 / Math.sqrt(b)) * price, 1e-12);
        expectClose(path.share0[row]! + path.share1[row]!, 1, 1e-12);
      });
      expect([...path.swapped]).to.deep.equal([0, 0, 0, 0, 0]);
    });

    it("is re-centred at the first price out of its range, and keeps its value", () => {
      const price0 = Float64Array.of(100, 130, 130, 150, 30);
      const path = lpPath({ price0 }, 1.25);
      const first = {
        liquidity: 1 / lpGreeks({ liquidity: 1, lower: 80, upper: 125 }, 100).value,
        lower: 80,
        upper: 125,
      };
      expectClose(path.value[1], lpGreeks(first, 130).value, 1e-12);
      expectClose(path.lower[1], 104, 1e-9);
      expectClose(path.share0[1], 0.5, 0.06);
      expect([...path.swapped]).to.deep.equal([0, 0.5, 0, 0, 0.5]);
      const second = { lower: 104, upper: 162.5 };
      const value = path.value[1]! / lpGreeks({ ...second, liquidity: 1 }, 130).value;
      expectClose(path.value[3], lpGreeks({ ...second, liquidity: value }, 150).value, 1e-12);
      expectClose(path.value[4], value * (1 / Math.sqrt(104) - 1 / Math.sqrt(162.5)) * 30, 1e-12);
    });

    it("in ETH is worth what it holds of both tokens, in USD; a common move of both moves it as much", () => {
      const price0 = Float64Array.of(20, 22, 44);
      const price1 = Float64Array.of(2000, 2000, 4000);
      const path = lpPath({ price0, price1 }, 1.5);
      const range = { lower: 0.01 / 1.5, upper: 0.015 };
      const unit = lpGreeks({ ...range, liquidity: 1 }, 0.01).value * 2000;
      const lp = lpGreeks({ ...range, liquidity: 1 / unit }, 0.011);
      expectClose(path.value[1], lp.amount0 * 22 + lp.amount1 * 2000, 1e-12);
      expectClose(path.share0[1]! * path.value[1]!, lp.amount0 * 22, 1e-12);
      expectClose(path.share1[1]! * path.value[1]!, lp.amount1 * 2000, 1e-12);
      expectClose(path.value[2]! / path.value[1]!, 2, 1e-12);
    });

    it("hedged with its own asset loses what its loss versus rebalancing is, by its path and by the formula's rate", () => {
      const volatility = 0.8;
      let [lost, realised, expected] = [0, 0, 0];
      for (let seed = 1; seed <= 10; seed++) {
        const price0 = gbm(seed, 24 * 120, volatility);
        const path = lpPath({ price0 }, 1.5);
        const returnsOfLp = returnsOf(path.value).slice(1);
        const of = hours([...returnsOfLp], [[...returnsOf(price0)].slice(1)], { cost: 0 });
        const book = keepBooks(
          of,
          track(
            [path.share0.slice(0, -1)],
            of.unhedged.map(() => 0),
            "target",
          ),
          driftOfUnits(of),
        );
        const wanted = hedgeEffectiveness(book.gross, of.unhedged);
        expect(wanted).to.be.greaterThan(0.99);
        book.gross.forEach((value, hour) => {
          lost -= value;
          const [lower, upper] = [path.lower[hour]!, path.upper[hour]!];
          expected += relativeLvr({ liquidity: 1, lower, upper }, price0[hour]!, volatility) / HOURS_A_YEAR;
        });
        const cost = liquidityCost(path, 1.5, 0.0005);
        realised += (cost.lvr * of.unhedged.length) / HOURS_A_YEAR;
        expectClose(cost.volatility, volatility, 0.04);
      }
      expectClose(realised / expected, 1, 0.03);
      expectClose(lost / realised, 1, 0.03);
    });

    it("breaks even by fees that pay for every move and every swap, over the hours whose price is known", () => {
      // Out of [80, 125] in the third hour, two hours after the last known price.
      const price0 = Float64Array.of(100, 110, Number.NaN, 132, 120);
      const path = lpPath({ price0 }, 1.25);
      const loss = (price: number, centre: number, next: number): number => {
        const { value, gamma } = lpGreeks({ liquidity: 1, lower: centre / 1.25, upper: centre * 1.25 }, price);
        return (-gamma * (next - price) ** 2) / 2 / value;
      };
      const years = 3 / HOURS_A_YEAR;
      const found = liquidityCost(path, 1.25, 0.001);
      const moves = [Math.log(1.1), Math.log(1.2), Math.log(120 / 132)];
      const volatility = Math.sqrt(moves.reduce((sum, move) => sum + move * move, 0) / years);
      const lvr = (loss(100, 100, 110) + loss(110, 100, 132) + loss(132, 132, 120)) / years;
      const wanted = { volatility, lvr, recentring: 0.0005 / years, breakEvenFeeApr: lvr + 0.0005 / years };
      for (const [figure, value] of Object.entries(wanted)) {
        expectClose(found[figure as keyof typeof wanted] / value, 1, 1e-9);
      }
      expectClose(found.centredFeeApr, breakEvenFeeApr(1.25, volatility), 1e-9);
      // What they pay for: with these fees the upkeep is minus the loss.
      const settings = Settings.parse({ minHistory: 10, lp: "own", rangeFactor: 1.1, band: 0 });
      const of = casesOf(smallMarket(4, 60, 1), { lp: "own" }).cases[0]!;
      const { lp, cost, upkeep: dear } = hoursOf(of, settings);
      const { lvr: lost, breakEvenFeeApr: feeApr } = liquidityCost(lp!, 1.1, cost);
      const { upkeep } = hoursOf(of, { ...settings, feeApr });
      const priced = lp!.price.filter((price) => !Number.isNaN(price)).length - 1;
      const paid = upkeep.reduce((sum, value) => sum - value, 0);
      expect(dear.reduce((sum, value) => sum + value, 0)).to.be.greaterThan(0);
      expectClose(paid / ((lost * priced) / HOURS_A_YEAR), 1, 0.005);
    });

    it("waits through hours without a price", () => {
      const price0 = Float64Array.of(100, Number.NaN, 110);
      const path = lpPath({ price0 }, 1.25);
      expect(path.value[1]).to.be.NaN;
      expectClose(path.value[2], lpPath({ price0: Float64Array.of(100, 110) }, 1.25).value[1]!, 1e-15);
    });

    it("earns the fees that are taken as given, and no more; tokens that are known late hedge worse", () => {
      const market = smallMarket(4, 60, 1);
      const of = casesOf(market, { lp: "own" }).cases[0]!;
      const net = (given: object) => {
        const settings = Settings.parse({ minHistory: 10, lp: "own", rangeFactor: 1.1, band: 0, ...given });
        const { hours: own, methods } = keepAllBooks(of, hoursOf(of, settings), {}, settings);
        const pnl = methods["delta"]!.net.filter((value) => !Number.isNaN(value));
        return { sum: pnl.reduce((a, b) => a + b, 0), squares: pnl.reduce((a, b) => a + b * b, 0), own };
      };
      const without = net({});
      const priced = without.own.lp!.value.slice(0, -1).filter((value) => !Number.isNaN(value)).length;
      expectClose(net({ feeApr: 0.5 }).sum - without.sum, (0.5 * priced) / HOURS_A_YEAR, 1e-4);
      expect(net({ positionLag: 1 }).squares).to.be.greaterThan(1.2 * without.squares);
    });

    it("the band is as set at 1% an hour, and goes with the root of the volatility before the hour", () => {
      const rows = 24 * 400;
      const calm = 24 * 200;
      // Up and down by 1% an hour, then by 4%.
      const price = Array.from({ length: rows }, (_, row) => (row % 2 === 0 ? 1 : Math.exp(row < calm ? 0.01 : 0.04)));
      const market = { prices: tableOf({ X: price, ETH: price, BTC: price }) };
      const given = { lp: "own", band: 0.02, warmUp: 0, from: "2022-02-01" } as const;
      const settings = Settings.parse(given);
      const [of] = casesOf(market, given, { assets: ["X"] }).cases;
      const first = (of!.times[0]! - market.prices.grid.start) / 3600;
      const widths = liveBand(of!, rows - first - 1, settings);
      // The first move by 4% ends an hour after `calm`: the band sees it another hour later.
      for (const hour of [0, calm - first + 1]) expectClose(widths[hour]!, 0.02, 1e-9);
      const sigma = (moves: number) => Math.sqrt(16 - 15 * 2 ** (-moves / 720));
      expectClose(widths[calm - first + 2]!, 0.02 * Math.sqrt(sigma(1)), 1e-6);
      expectClose(widths[calm - first + 721]!, 0.02 * Math.sqrt(sigma(720)), 1e-6);
    });

    it("own perp: the delta hedge leaves almost nothing, half of the value much more, and upkeep is paid", () => {
      const market = smallMarket(4, 120, 1);
      const settings = Settings.parse({ minHistory: 10, lp: "own", rangeFactor: 1.1 });
      const [of] = casesOf(market, settings as never).cases;
      const books = keepAllBooks(of!, hoursOf(of!, settings), {}, settings);
      const pick = (series: Float64Array) => series.filter((_, hour) => !Number.isNaN(books.hours.unhedged[hour]!));
      const effect = (name: string) => hedgeEffectiveness(pick(books.methods[name]!.gross), pick(books.hours.unhedged));
      expect(effect("delta")).to.be.greaterThan(0.9);
      expect(effect("naive")).to.be.lessThan(effect("delta"));
      const swaps = books.hours.lp!.swapped.filter((share) => share > 0).length;
      expect(swaps).to.be.greaterThan(3);
      expectClose(
        books.hours.upkeep.reduce((sum, value) => sum + value, 0),
        swaps * 0.5 * 0.0005,
        0.0003,
      );
    });
  });
});
