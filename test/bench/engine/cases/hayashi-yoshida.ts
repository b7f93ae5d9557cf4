import { GridCovariance } from "../../../../keeper/src/model/grid-covariance.js";
import { HayashiYoshida } from "../../../../keeper/src/model/hayashi-yoshida.js";
import { seededUniforms } from "../../../support/random.js";
import type { EngineCase } from "../case.js";

const ROUNDS = 20_000;
const HOUR = 3600;
const DAY = 24 * HOUR;

/**
 * Rounds of all feeds taken in one by one, each with its products with every other feed, and the covariance at the end.
 */
export default function measure(): EngineCase[] {
  return [2, 20].map((feeds) => {
    const uniform = seededUniforms(feeds);
    const rounds = Array.from({ length: ROUNDS }, (_, k) => ({
      asset: Math.floor(uniform() * feeds),
      time: Math.round((k * 40 * 60) / feeds),
      logPrice: 0.01 * uniform(),
    }));
    const through = (estimate: HayashiYoshida | GridCovariance) => {
      for (const { asset, time, logPrice } of rounds) estimate.observe(asset, time, logPrice);
      return estimate.covariance();
    };
    const grid = { step: 8 * HOUR, staggers: 8, halfLife: 14 * DAY };
    return {
      ...{ name: `streaming Hayashi–Yoshida of ${feeds} feeds`, unit: "round", work: ROUNDS },
      own: { name: "Hayashi–Yoshida", run: () => through(new HayashiYoshida(feeds, 14 * DAY)) },
      others: [{ name: "eight staggered grids of eight hours", run: () => through(new GridCovariance(feeds, grid)) }],
    };
  });
}
