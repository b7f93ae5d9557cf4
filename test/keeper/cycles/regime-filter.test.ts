import { expect } from "chai";
import { MarketWatch } from "../../../keeper/src/model/cycles/market-watch.js";
import type { Regime } from "../../../keeper/src/model/cycles/regime-filter.js";
import { TrailingHigh } from "../../../keeper/src/model/cycles/trailing-high.js";
import { createRandom } from "../../../keeper/src/model/random.js";

const HOUR = 3_600;
/** Volatility of an hour at calm times, and of a crash over it. */
const CALM = 0.007;

/** Hours of regimes: t-distributed market moves, and an alt with a correlation of 0.8 to it but while decoupled. */
function simulate(seed: number, stretches: readonly (readonly [Regime, number])[]) {
  const random = createRandom(seed);
  const t = (): number => random.normal() / Math.sqrt(2 * random.chiSquared(4));
  const watch = new MarketWatch(1);
  const truth: Regime[] = [];
  const told: (Regime | null)[] = [];
  for (const [regime, hours] of stretches) {
    for (let hour = 0; hour < hours; hour += 1) {
      const time = (truth.length + 1) * HOUR;
      const crash = regime === "crash";
      const volatility = crash ? 3 * CALM : CALM;
      const market = volatility * t() - (crash ? 0.5 * CALM : 0);
      const own = volatility * t() * 1.5;
      const alt = regime === "decoupled" ? own : 1.2 * market + 0.6 * own;
      watch.market(time, HOUR, [market]);
      watch.relation(0, time, HOUR, alt, [market]);
      truth.push(regime);
      told.push(watch.state?.regime ?? null);
    }
  }
  return { truth, told, watch };
}

describe("regime filter of the market", () => {
  const SCRIPT = [
    ["calm", 1500],
    ["crash", 96],
    ["calm", 1200],
    ["decoupled", 240],
    ["calm", 800],
  ] as const;

  it("tells what known regimes were: nine hours in ten in all, seven in ten of a crash, three in four of a parting", () => {
    const right: Record<Regime, number> = { calm: 0, crash: 0, decoupled: 0 };
    const hours: Record<Regime, number> = { calm: 0, crash: 0, decoupled: 0 };
    for (let seed = 1; seed <= 20; seed += 1) {
      const { truth, told } = simulate(seed, SCRIPT);
      truth.forEach((regime, i) => {
        if (told[i] === null) return;
        hours[regime] += 1;
        if (told[i] === regime) right[regime] += 1;
      });
    }
    const share = (regime: Regime): number => right[regime] / hours[regime];
    expect(share("calm"), "calm").to.be.above(0.9);
    expect(share("crash"), "crash").to.be.above(0.7);
    expect(share("decoupled"), "decoupled").to.be.above(0.75);
  });

  it("takes an asset's move by the length of its interval", () => {
    const watches = [new MarketWatch(1), new MarketWatch(1)] as const;
    const random = createRandom(6);
    for (let hour = 1; hour <= 900; hour += 1) {
      const time = hour * HOUR;
      const [market, other] = [CALM * random.normal(), CALM * random.normal()];
      const own = hour > 600 ? other : market + 0.5 * other;
      const hours = hour % 3 === 0 ? 16 : 1;
      watches.forEach((watch, i) => {
        const scale = i === 0 ? 1 : Math.sqrt(hours);
        watch.market(time, HOUR, [market]);
        watch.relation(0, time, i === 0 ? HOUR : hours * HOUR, scale * own, [scale * market]);
      });
    }
    const [plain, scaled] = watches.map(({ state }) => state!.probabilities.decoupled);
    expect(plain).to.be.above(0.5);
    expect(Math.abs(scaled! - plain!)).to.be.below(1e-9);
  });

  it("takes a rise as wild as a crash for none", () => {
    let told = 0;
    for (let seed = 1; seed <= 10; seed += 1) {
      const random = createRandom(seed);
      const watch = new MarketWatch(0);
      for (let hour = 1; hour <= 1100; hour += 1) {
        const wild = hour > 1000;
        watch.market(hour * HOUR, HOUR, [(wild ? 2.5 : 1) * CALM * random.normal() + (wild ? CALM : 0)]);
        if (wild && watch.state!.regime === "crash") told += 1;
      }
    }
    expect(told).to.be.below(50);
  });

  it("says at a time what follows from returns up to then, and its probabilities add up to one", () => {
    const short = simulate(3, [
      ["calm", 600],
      ["crash", 50],
    ]);
    const long = simulate(3, [
      ["calm", 600],
      ["crash", 50],
      ["decoupled", 200],
    ]);
    expect(long.told.slice(0, 650)).to.deep.equal(short.told);
    const { probabilities, regime, since } = long.watch.state!;
    const sum = probabilities.calm + probabilities.crash + probabilities.decoupled;
    expect(Math.abs(sum - 1)).to.be.below(1e-12);
    expect(long.told[since / HOUR - 1], "the hour in which it began").to.equal(regime);
    expect(long.told[since / HOUR - 2]).not.to.equal(regime);
  });

  it("knows nothing before a week, and the length of an interval by itself is no move", () => {
    const { told } = simulate(1, [["calm", 400]]);
    expect(told.findIndex((regime) => regime !== null)).to.equal(7 * 24);
    const random = createRandom(5);
    const watch = new MarketWatch(1);
    // Blocks of seven hours with seven hours' variance, among hours.
    let [time, other] = [0, 0];
    for (let block = 0; block < 1000; block += 1) {
      const hours = block % 5 === 0 ? 7 : 1;
      time += hours * HOUR;
      const move = CALM * Math.sqrt(hours) * random.normal();
      watch.market(time, hours * HOUR, [move]);
      watch.relation(0, time, hours * HOUR, move + 0.5 * CALM * Math.sqrt(hours) * random.normal(), [move]);
      if (watch.state !== null && watch.state.regime !== "calm") other += 1;
    }
    expect(other).to.be.below(30);
  });
});

describe("trailing high", () => {
  it("is the largest of the window, the present included", () => {
    const random = createRandom(9);
    const high = new TrailingHigh(10);
    const all: { time: number; value: number }[] = [];
    for (let i = 0, time = 0; i < 500; i += 1) {
      time += 1 + Math.floor(4 * random.uniform());
      const value = random.normal();
      all.push({ time, value });
      const largest = Math.max(...all.filter((one) => one.time > time - 10).map((one) => one.value));
      expect(high.add(time, value)).to.equal(largest - value);
    }
  });
});
