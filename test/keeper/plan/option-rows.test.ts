import { expect } from "chai";
import { optionGreeks } from "../../../keeper/src/model/options/black-scholes.js";
import { expectedVega } from "../../../keeper/src/model/options/expected-value.js";
import { tickAtSqrtRatio } from "../../../keeper/src/model/tick-math.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { openBook, oracleSqrtPrice } from "../../../keeper/src/plan/book.js";
import { buildPlan } from "../../../keeper/src/plan/build-plan.js";
import { chooseHedge, type HedgeInputs } from "../../../keeper/src/plan/hedge.js";
import { measureBook } from "../../../keeper/src/plan/measure-book.js";
import { optionRows } from "../../../keeper/src/plan/option-rows.js";
import { ownGammas, ownVegas } from "../../../keeper/src/plan/own-sensitivities.js";
import type { OptionMarket } from "../../../keeper/src/plan/situation.js";
import { expectClose } from "../expect-close.js";
import { ALT, BTC_MARKET, ETH_MARKET, NOW, type Scene, SIGMA, situationOf, USDC, WBTC, WETH } from "../situation.js";

const SYMBOLS = ["USDC", "ALT", "WETH", "WBTC"];
const MONTH = 30 * 86_400;

/** ALT/USDC liquidity around 10, ±25%: ticks of the pool whose token0 is ALT. */
const position = (() => {
  const tick = tickAtSqrtRatio(oracleSqrtPrice(openBook(situationOf()), [ALT, USDC]));
  const width = Math.floor(Math.log(1.25) / Math.log(1.0001) / 60) * 60;
  const centre = Math.round(tick / 60) * 60;
  return { tickLower: centre - width, tickUpper: centre + width, liquidity: 8n * 10n ** 16n };
})();
const scene: Scene = { idle: [40_000, 0, 0, 0], position, perp: { cash: 60_000, eth: -10 }, closed: [BTC_MARKET] };

function option(asset: number, spot: number, change: Partial<OptionMarket> = {}): OptionMarket {
  const volatility = Math.sqrt(SIGMA[asset]![asset]!);
  const { price } = optionGreeks({ kind: "put", strike: spot, time: 30 / 365 }, { spot, volatility });
  return {
    ...{ leg: "0x8", name: `put on ${SYMBOLS[asset]}`, asset, kind: "put", strike: spot, expiry: NOW + MONTH },
    ...{ volatility, held: 0, quote: { bid: price * 0.98, ask: price * 1.02 } },
    ...change,
  };
}
const onAlt = option(ALT, 10);
const onEth = option(WETH, 2_000);

function choose(
  options: readonly OptionMarket[],
  hedge: { maxGamma?: number; maxVega?: number } = {},
  change: Partial<HedgeInputs> = {},
  // Little enough for no option to be worth its theta by its delta alone.
  riskAversion = 1,
) {
  const book = openBook(situationOf(scene));
  const measured = measureBook(book);
  const inputs: HedgeInputs = {
    ...{ book, measured, stable: [true, false, false, false], covariance: SIGMA, symbols: SYMBOLS },
    ...{ marginFloor: 0.25, reserve: 0, maxGross: 1e6, maxVenue: 1e6, minTrade: 600, banded: false, naiveAsset: -1 },
    ...{ funding: {}, sensitivities: { options, now: NOW } },
    ...change,
  };
  const nav = Number(measured.nav) / 1e18;
  const own = ownGammas(measured).reduce((sum, { usd }) => sum + usd, 0);
  const choice = chooseHedge(inputs, parseConfig({ hedge: { riskAversion, ...hedge } }));
  const eth = choice.targets.find(({ market }) => market === ETH_MARKET)!.target;
  return { ...choice, eth, nav, own, book, measured };
}

describe("options in the hedge program", () => {
  const plain = choose([], {}, { sensitivities: undefined as never });

  it("change nothing where there are none, or no limit asks for them", () => {
    for (const same of [choose([]), choose([onAlt, onEth])]) {
      expectClose(same.eth, plain.eth, 1e-6);
      expect(same.notes).to.deep.equal([]);
      for (const { target } of same.options!) expect(target).to.equal(0);
    }
    expect(choose([]).solution).to.deep.equal(plain.solution);
    expect(choose([]).targets).to.deep.equal(plain.targets);
    // To who is averse enough a put on ALT is worth its theta, as a short in what no perp shorts; one on ETH is not.
    const bought = choose([onAlt], {}, {}, 100);
    expect(bought.options![0]!.target).to.be.above(100);
    expect(choose([onEth], {}, {}, 100).options![0]!.target).to.equal(0);
  });

  it("are bought up to a limit on gamma, and the perp takes their delta", () => {
    const { own, nav } = plain;
    expect(own).to.be.below(-0.5 * nav);
    const maxGamma = (-0.5 * own) / nav;
    const { options, eth, solution } = choose([onAlt], { maxGamma });
    const [bought] = options!;
    const greeks = optionGreeks({ ...onAlt, time: 30 / 365 }, { spot: 10, volatility: onAlt.volatility });
    const price = (onAlt.quote!.bid + onAlt.quote!.ask) / 2;
    const count = bought!.target / price;
    // The pool's ratio has USDC's 1% of volatility besides ALT's.
    expectClose(count * 100 * greeks.gamma, -0.5 * own, 2e-4 * -own);
    // Its delta is short ALT already: the perp is short less, by its beta.
    const beta = SIGMA[ALT]![WETH]! / SIGMA[WETH]![WETH]!;
    expectClose(eth - plain.eth, -count * 10 * greeks.delta * beta, 1);
    expect(eth).to.be.above(plain.eth);
    expect(solution!.reasons.join("; ")).to.match(/a gamma of at least -[\d,]+ binds/);
    // Theta is what holding them costs, half the spread what buying them costs, over a year as everything else.
    const carry = bought!.target * (-greeks.theta / price);
    expectClose(solution!.cost.funding, carry, 1e-6 * carry);
  });

  it("take capital at their price, and a limit that it does not reach is left out with a reason", () => {
    const { own, nav } = plain;
    const { targets, notes, options } = choose(
      [onAlt],
      { maxGamma: (-0.1 * own) / nav },
      { reserve: 1e9, marginFloor: 0.25, book: poor() },
    );
    expect(notes!.join("; ")).to.match(/gamma and vega are not limited now: These limits cannot be kept together/);
    expect(options![0]!.target).to.equal(0);
    expect(targets.find(({ market }) => market === ETH_MARKET)!.target).to.be.below(0);
    function poor() {
      return openBook(situationOf({ ...scene, idle: [0, 0, 0, 0], perp: { cash: 2_500, eth: -1 } }));
    }
  });

  it("say what no option reaches, and leave the hedge as it is", () => {
    const { own, nav } = plain;
    const alone = choose([], { maxGamma: 0.5 });
    expect(alone.targets).to.deep.equal(plain.targets);
    expect(alone.notes!.join()).to.include("breaks hedge.maxGamma").and.include("less liquidity or a wider range");
    const plan = buildPlan(situationOf(scene), parseConfig({ hedge: { maxGamma: 0.5 } }));
    expect(plan.reasons.join("; ")).to.include("breaks hedge.maxGamma");
    expect(plan.action).to.equal(buildPlan(situationOf(scene), parseConfig()).action);
    // ETH moves with ALT at 0.8: 64% of the gamma is within its options' reach, by their equivalent β²c.
    const across = choose([onEth], { maxGamma: (-0.1 * own) / nav });
    expect(across.notes![0]).to.include("options on WETH reach 64%").and.include("hedge.maxGamma");
    const greeks = optionGreeks({ ...onEth, time: 30 / 365 }, { spot: 2_000, volatility: onEth.volatility });
    const price = (onEth.quote!.bid + onEth.quote!.ask) / 2;
    const bought = (across.options![0]!.target / price) * 2_000 ** 2 * greeks.gamma;
    const beta = SIGMA[ALT]![WETH]! / SIGMA[WETH]![WETH]!;
    expectClose(bought / (-own * beta * beta), 1, 1e-5);
    // Within reach it is a limit like any other, and a fifth of the reach costs a fifth of the options.
    const some = choose([onEth], { maxGamma: (-(1 - 0.64 / 5) * own) / nav });
    expect(some.notes!.length).to.equal(1);
    expectClose(some.options![0]!.target, across.options![0]!.target / 5, 1e-4 * across.options![0]!.target);
  });

  it("of several assets are those that reach most, of several on one the cheapest for the limit", () => {
    const { own, nav } = plain;
    const maxGamma = (-0.7 * own) / nav;
    const best = choose([onEth, option(WBTC, 30_000), onAlt], { maxGamma });
    expect(best.options!.map(({ name }) => name)).to.deep.equal(["put on ALT"]);
    const wide = { ...onAlt, name: "dear", quote: { bid: onAlt.quote!.bid * 0.5, ask: onAlt.quote!.ask * 1.5 } };
    const two = choose([wide, onAlt], { maxGamma });
    expect(two.options!.find(({ name }) => name === "dear")!.target).to.be.below(1e-3 * nav);
    expect(two.options!.find(({ name }) => name === "put on ALT")!.target).to.be.above(100);
  });

  it("are sold when nothing asks for them any more, and stay where they cannot be traded", () => {
    const held = choose([{ ...onAlt, held: 1_000 }]);
    expect(held.options![0]!.target).to.equal(0);
    expect(held.notes!.join()).to.match(/\$0 of put on ALT wanted, \$\d+ held/);
    const stuck = choose([{ ...onAlt, held: 1_000, quote: null }]);
    expect(stuck.options![0]!.target).to.be.above(0);
    expect(stuck.eth).to.be.above(plain.eth);
    expect(choose([{ ...onAlt, expiry: NOW }]).options).to.deep.equal([]);
  });
});

describe("capital of a hedge with options", () => {
  it("is not what is held of them: they are paid for, and selling them brings it back", () => {
    const book = openBook(situationOf({ ...scene, idle: [0, 0, 0, 0], perp: { cash: 2_500, eth: -1 } }));
    const short = (options: readonly OptionMarket[]) => choose(options, {}, { book }, 100);
    const none = short([]);
    expect(none.solution!.binding.map(({ kind }) => kind)).to.include("margin");
    // A call so far out that it has no delta to speak of.
    const far = { ...onEth, kind: "call" as const, strike: 9_000, held: 100, quote: null };
    expectClose(short([far]).eth, none.eth, 1e-3 * -none.eth);
    // Worth $1,000, and sold: that is margin for more shorts.
    const sold = short([{ ...far, quote: { bid: 10, ask: 10 } }]);
    expect(sold.options![0]!.target).to.equal(0);
    expectClose(none.eth - sold.eth, 1_000 / 0.25, 1);
  });
});

describe("own vega and its limit", () => {
  it("is that of the positions' expected value, in USD", () => {
    const { book, measured } = choose([]);
    const [own] = ownVegas(book, SIGMA, 30 / 365);
    expect(own!.pair).to.deep.equal([ALT, USDC]);
    const real = {
      liquidity: Number(position.liquidity) / 1e12,
      lower: 1.0001 ** position.tickLower * 1e12,
      upper: 1.0001 ** position.tickUpper * 1e12,
    };
    // USDC hardly moves: 1% a year.
    const one = expectedVega(real, 10, Math.sqrt(SIGMA[ALT]![ALT]! + SIGMA[USDC]![USDC]!), 30 / 365);
    expectClose(own!.usd / one, 1, 2e-4);
    expect(own!.usd).to.be.below(-0.01 * (Number(measured.nav) / 1e18));
  });

  it("is brought inside by options, whose vega counts in proportion to volatility", () => {
    const { book, nav } = choose([]);
    const own = ownVegas(book, SIGMA, 30 / 365).reduce((sum, { usd }) => sum + usd, 0);
    const { options, solution } = choose([onAlt], { maxVega: (-0.5 * own) / nav });
    const { vega } = optionGreeks({ ...onAlt, time: 30 / 365 }, { spot: 10, volatility: onAlt.volatility });
    const price = (onAlt.quote!.bid + onAlt.quote!.ask) / 2;
    expectClose((options![0]!.target / price) * vega, -0.5 * own, -2e-4 * own);
    expect(solution!.binding.map(({ kind }) => kind)).to.include("vega");
    expect(choose([], { maxVega: 1e-4 }).notes!.join()).to.include("breaks hedge.maxVega");
  });
});

describe("rows of options", () => {
  it("count nothing against a position that does not move with their asset", () => {
    const apart = SIGMA.map((row, i) => row.map((value, j) => (i === j ? value : 0)));
    const { limits, notes, instruments } = optionRows({
      ...{ options: [onEth], covariance: apart, prices: [1, 10, 2_000, 30_000], now: NOW, symbols: SYMBOLS },
      ...{ gammas: [{ pair: [ALT, USDC], usd: -1_000 }], vegas: [], least: { gamma: -500, vega: null } },
    });
    expect(instruments[0]!.gamma).to.equal(0);
    expect(notes.join()).to.include("reach 0%");
    expect(limits.gamma!.lower).to.equal(-1_000);
  });
});
