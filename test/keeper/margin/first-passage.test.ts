import { expect } from "chai";
import fc from "fast-check";
import { KeeperError } from "../../../keeper/src/errors.js";
import { firstPassageProbability } from "../../../keeper/src/model/margin/first-passage.js";
import { normalCdf } from "../../../keeper/src/model/normal.js";
import { createRandom } from "../../../keeper/src/model/random.js";
import { expectClose } from "../expect-close.js";
import { vectors } from "../vectors.js";

const figure = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe("first passage of a short", () => {
  it("gives the reference probabilities", () => {
    for (const { margin, mmr, mu, sigma, T_days, p } of vectors.first_passage_short) {
      const risk = { margin, maintenance: mmr, drift: mu, volatility: sigma, years: T_days / 365 };
      expectClose(firstPassageProbability(risk) / Number(p), 1, 1e-9);
    }
  });

  it("grows with volatility and time, falls with margin, and without drift is at most twice the probability of ending there", () => {
    fc.assert(
      fc.property(figure(0.05, 2), figure(0.1, 2), figure(0.001, 0.5), (margin, volatility, years) => {
        const risk = { margin, maintenance: 0.025, volatility, years };
        const p = firstPassageProbability(risk);
        const barrier = Math.log((1 + margin) / 1.025);
        expect(p).to.be.at.most(2 * normalCdf(-barrier / (volatility * Math.sqrt(years))) * (1 + 1e-9));
        const more = [{ volatility: volatility * 1.1 }, { years: years * 1.1 }, { margin: margin * 0.95 }];
        for (const change of more) expect(firstPassageProbability({ ...risk, ...change })).to.be.at.least(p);
      }),
    );
  });

  it("is where a simulation by hourly closes is, with the correction for the hours between, and not without it", () => {
    const { normal } = createRandom(7);
    const [volatility, hours, paths] = [0.9, 24, 40_000];
    const step = 1 / 8_760;
    const risk = { margin: 0.1, maintenance: 0.025, volatility, years: hours * step };
    const barrier = Math.log(1.1 / 1.025);
    let hit = 0;
    for (let path = 0; path < paths; path++) {
      let log = 0;
      for (let hour = 0; hour < hours; hour++) {
        log += -(volatility ** 2 / 2) * step + volatility * Math.sqrt(step) * normal();
        if (log < barrier) continue;
        hit++;
        break;
      }
    }
    const deviation = Math.sqrt((hit / paths) * (1 - hit / paths)) / Math.sqrt(paths);
    expect(firstPassageProbability({ ...risk, step })).to.be.closeTo(hit / paths, 4 * deviation);
    expect(firstPassageProbability(risk)).to.be.above(hit / paths + 6 * deviation);
  });

  it("is certain below maintenance, and finite where the closed form would overflow", () => {
    const risk = { margin: 0.02, maintenance: 0.025, volatility: 0.5, years: 0.01 };
    expect(firstPassageProbability(risk)).to.equal(1);
    const steady = { margin: 0.5, maintenance: 0, volatility: 0.01, years: 1 };
    expectClose(firstPassageProbability({ ...steady, drift: 1 }), 1, 1e-12);
    expect(firstPassageProbability({ ...steady, drift: 0.1 })).to.be.within(0, 1e-100);
    expect(firstPassageProbability({ ...steady, volatility: 0 })).to.equal(0);
    expect(() => firstPassageProbability({ ...steady, margin: Number.NaN })).to.throw(KeeperError, "finite");
  });

  it("is continuous where the expansion takes over", () => {
    // The second term's argument is 35 at a volatility of about 0.0404.
    const at = (volatility: number) =>
      firstPassageProbability({ margin: 1, maintenance: 0, volatility, drift: 0.7, years: 1 });
    for (let volatility = 0.039; volatility < 0.042; volatility += 0.00005) {
      expectClose(at(volatility + 0.00005) / at(volatility), 1, 0.02);
    }
  });
});
