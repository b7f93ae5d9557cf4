import { expect } from "chai";
import { betas as regress } from "../../keeper/src/model/beta.js";
import { GridCovariance } from "../../keeper/src/model/grid-covariance.js";
import { HayashiYoshida } from "../../keeper/src/model/hayashi-yoshida.js";
import { parseConfig } from "../../keeper/src/parse-config.js";
import { missingData, sharedFile } from "../integration/support/shared-data.js";
import { hedgeEffectiveness } from "./support/hedge-effectiveness.js";
import { PRICES_FILE } from "./support/market.js";
import { ofEstimate, ofForecaster, type RoundBetas } from "./support/round-betas.js";
import { devnetFeeds, recordedFeeds, type ThreeFeeds, walkingFeeds } from "./support/three-feeds.js";

const HOUR = 3600;
const DAY = 24 * HOUR;
const HALF_LIFE = 14 * DAY;
const SEEDS = [1, 2, 3, 4];
/** The first scored day of sixty, 2021 to 2023. */
const ALTCOINS = [
  ["LINK", "2021-07-01"],
  ["UNI", "2021-07-01"],
  ["MATIC", "2022-01-01"],
  ["LINK", "2022-05-01"],
  ["AAVE", "2022-05-01"],
  ["SOL", "2023-01-01"],
  ["AAVE", "2023-02-01"],
  ["AVAX", "2023-06-01"],
] as const;
const HEDGES = [1, 2];

const GRID = { step: 8 * HOUR, staggers: 8, halfLife: HALF_LIFE };
const LIVE = parseConfig().model.method;
const METHOD_NAMES = [...new Set(["kalman-slow", "kalman", "kalman-multi-speed", LIVE, "experts"])];
const SOURCES: Record<string, () => RoundBetas> = {
  "Hayashi–Yoshida": () => ofEstimate(new HayashiYoshida(3, HALF_LIFE), 3, HEDGES, 0.01),
  grids: () => ofEstimate(new GridCovariance(3, GRID), 3, HEDGES, 0.01),
  ...Object.fromEntries(METHOD_NAMES.map((method) => [method, () => ofForecaster(method, 3, HEDGES)])),
};

/** Mean effectiveness over several worlds of an altcoin hedged by ETH and BTC, set daily from the rounds before. */
function effectiveness(worlds: readonly ThreeFeeds[]): Record<string, number> {
  const mean = (found: readonly number[]) => found.reduce((sum, one) => sum + one, 0) / found.length;
  const hourly = worlds.map(({ prices, hours }) => {
    const estimate = new HayashiYoshida(3, HALF_LIFE);
    let known = 0;
    return hedgeEffectiveness(hours, (time) => {
      for (; prices[known]!.time < time; known++) {
        const { time: at, logs } = prices[known]!;
        for (const [asset, log] of logs.entries()) estimate.observe(asset, at, log);
      }
      return regress(estimate.covariance(), HEDGES)[0]!;
    });
  });
  const learned = Object.fromEntries(
    Object.entries(SOURCES).map(([name, source]) => {
      const found = worlds.map(({ rounds, hours }) => {
        const betas = source();
        let known = 0;
        return hedgeEffectiveness(hours, (time) => {
          betas.add(rounds.map((feed) => feed.filter(({ updatedAt }) => updatedAt >= known && updatedAt < time)));
          known = time;
          return betas.betas()[0]!;
        });
      });
      return [name, mean(found)];
    }),
  );
  return { hourly: mean(hourly), ...learned };
}

const brief = (found: Record<string, number>): string =>
  Object.entries(found)
    .map(([name, value]) => `${name} ${value.toFixed(4)}`)
    .join(", ");

describe("rounds of synthetic feeds", function () {
  this.timeout(60_000);

  it("hedge as well as hourly prices by any way where prices walk at random", () => {
    const { hourly, ...found } = effectiveness(SEEDS.map(walkingFeeds));
    console.log(`      ${brief({ hourly: hourly!, ...found })}`);
    for (const [name, value] of Object.entries(found)) expect(value / hourly!, name).to.be.above(0.985);
  });

  it("need a grid or blocks where prices go along lines, as on the devnet: rounds within a line are no news", () => {
    const found = effectiveness(SEEDS.map(devnetFeeds));
    console.log(`      ${brief(found)}`);
    expect(found["grids"]).to.be.above(found["Hayashi–Yoshida"]! + 0.1);
    for (const method of ["kalman-slow", LIVE]) expect(found[method], method).to.be.above(found["grids"]!);
  });

  it("hedge real altcoins better by the keeper's method than by its estimate of the covariance", function () {
    const absent = missingData(PRICES_FILE);
    if (absent !== undefined) {
      console.log(`      skipped: ${absent}`);
      return this.skip();
    }
    const found = effectiveness(ALTCOINS.map(([alt, from]) => recordedFeeds(sharedFile(PRICES_FILE), alt, from)));
    console.log(`      ${brief(found)}`);
    expect(found[LIVE]).to.be.above(found["grids"]!);
    expect(found[LIVE]! / found["hourly"]!).to.be.above(0.985);
  });
});
