import { expect } from "chai";
import { betas } from "../../keeper/src/model/beta.js";
import type { CovarianceEstimator } from "../../keeper/src/model/covariance-estimator.js";
import { DEFAULT_METHOD, METHODS } from "../../keeper/src/model/forecast/methods.js";
import { GridCovariance } from "../../keeper/src/model/grid-covariance.js";
import { HayashiYoshida } from "../../keeper/src/model/hayashi-yoshida.js";
import type { OracleRound } from "../../keeper/src/model/rounds.js";
import { parseConfig } from "../../keeper/src/parse-config.js";
import { missingData } from "../integration/support/shared-data.js";
import { type HourlyReturns, hedgeEffectiveness } from "./support/hedge-effectiveness.js";
import { CHAINLINK_FILES, PRICES_FILE, readChainlink, readPrices } from "./support/market.js";
import { ofEstimate, ofForecaster, type RoundBetas } from "./support/round-betas.js";

const HOUR = 3600;
const DAY = 24 * HOUR;
const WARM_UP = 60 * DAY;
const DEFAULT_GRID = { step: 8 * HOUR, staggers: 8 };

/** ETH hedged by BTC, June 2023 to January 2024: the ratio set daily, scored by the hour on exchange prices. */
describe("rounds of feeds as the only input", function () {
  this.timeout(60_000);
  let rounds: OracleRound[][];
  let hours: HourlyReturns[];
  let exchange: { time: number; prices: number[] }[];
  const figures: string[] = [];

  before(function () {
    const absent = missingData(...CHAINLINK_FILES, PRICES_FILE);
    if (absent !== undefined) {
      console.log(`      skipped: ${absent}`);
      return this.skip();
    }
    rounds = readChainlink();
    const first = Math.max(...rounds.map((feed) => feed[0]!.updatedAt));
    const from = Math.ceil(first / DAY) * DAY + WARM_UP;
    const to = Math.floor(Math.min(...rounds.map((feed) => feed.at(-1)!.updatedAt)) / DAY) * DAY;
    exchange = readPrices(["ETH", "BTC"], first, to);
    const start = exchange.findIndex(({ time }) => time === from);
    hours = exchange.slice(start + 1).map(({ time, prices }, k) => {
      const [eth, btc] = prices.map((price, i) => price / exchange[start + k]!.prices[i]! - 1);
      return { time, asset: eth!, hedges: [btc!] };
    });
    expect(hours.length / 24).to.equal(238);
  });
  after(() => {
    for (const figure of figures) console.log(`      ${figure}`);
  });

  /** The ratio of a source that gets each day's rounds when they are over. */
  function onRounds(name: string, source: RoundBetas): number {
    let known = 0;
    const found = hedgeEffectiveness(hours, (time) => {
      source.add(rounds.map((feed) => feed.filter(({ updatedAt }) => updatedAt >= known && updatedAt < time)));
      known = time;
      return source.betas()[0]!;
    });
    figures.push(`${name}: ${found.toFixed(4)}`);
    return found;
  }

  function onExchange(name: string, estimator: CovarianceEstimator): number {
    let known = 0;
    const found = hedgeEffectiveness(hours, (time) => {
      for (; exchange[known]!.time < time; known++) {
        const { time: at, prices } = exchange[known]!;
        prices.forEach((price, asset) => {
          estimator.observe(asset, at, Math.log(price));
        });
      }
      return betas(estimator.covariance(), [1])[0]!;
    });
    figures.push(`${name}: ${found.toFixed(4)}`);
    return found;
  }

  for (const days of [7, 14, 30]) {
    it(`hedge as well as hourly exchange prices, half-life ${days} days`, () => {
      const halfLife = days * DAY;
      const hy = onRounds(`Hayashi–Yoshida of rounds, ${days} d`, ofEstimate(new HayashiYoshida(2, halfLife), 2, [1]));
      const grids = onRounds(
        `grids of 8 h of rounds, ${days} d`,
        ofEstimate(new GridCovariance(2, { ...DEFAULT_GRID, halfLife }), 2, [1]),
      );
      const hourly = onExchange(`exchange by the hour, ${days} d`, new HayashiYoshida(2, halfLife));
      const coarse = onExchange(
        `grids of 8 h, exchange, ${days} d`,
        new GridCovariance(2, { ...DEFAULT_GRID, halfLife }),
      );
      expect(hy / hourly).to.be.above(0.99);
      expect(grids / coarse).to.be.above(0.99);
      expect(hy).to.be.above(hedgeEffectiveness(hours, () => [1]));
    });
  }

  for (const name of new Set([
    ...["kalman", "kalman-slow", "kalman-multi-speed", "ewma-14d", "experts"],
    ...[DEFAULT_METHOD, parseConfig().model.method],
  ])) {
    it(`hedge as well as hourly exchange prices, ${name} in the keeper's forecast`, () => {
      const blocks = onRounds(`${name} on hourly blocks of rounds`, ofForecaster(name, 2, [1]));
      const learned = METHODS[name]!(1);
      let known = 1;
      const hourly = hedgeEffectiveness(hours, (time) => {
        for (; exchange[known]!.time < time; known++) {
          const [eth, btc] = exchange[known]!.prices.map((price, i) => price / exchange[known - 1]!.prices[i]! - 1);
          learned.update(exchange[known]!.time, HOUR, eth!, [btc!]);
        }
        return learned.betas() ?? [1];
      });
      figures.push(`${name}, exchange by the hour: ${hourly.toFixed(4)}`);
      expect(blocks / hourly).to.be.above(0.99);
    });
  }
});
