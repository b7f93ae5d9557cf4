import { expect } from "chai";
import type { Forecast } from "../../../keeper/src/model/forecaster.js";
import { firstPassageProbability } from "../../../keeper/src/model/margin/first-passage.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { openBook } from "../../../keeper/src/plan/book.js";
import { buildPlan, type PredictedPost } from "../../../keeper/src/plan/build-plan.js";
import { marginRequirement } from "../../../keeper/src/plan/margin-requirement.js";
import { landed } from "../carry/landed.js";
import { expectClose } from "../expect-close.js";
import { FORECAST, PERP_LEG, POOL_LEG, type Scene, SIGMA, situationOf, USDC, WBTC, WETH } from "../situation.js";

const config = parseConfig();
const SYMBOLS = ["USDC", "ALT", "WETH", "WBTC"];

/** Moves of WETH and WBTC; null where the history is too short. */
function forecastWith(eth: number | null, btc: number | null): Forecast {
  const moves = SIGMA.map((_, asset) => {
    if (asset !== WETH && asset !== WBTC) return null;
    return { move: asset === WETH ? eth : btc, windows: 1_234 };
  });
  return { ...FORECAST, moves };
}

function requirement(scene: Scene, forecast: Forecast, input: object = {}) {
  const book = openBook(situationOf({ ...scene, forecast }));
  return marginRequirement(book, forecast, SYMBOLS, parseConfig(input));
}

describe("margin requirement", () => {
  const short: Scene = { idle: [60_000, 0, 0, 0], perp: { cash: 40_000, eth: -20 } };

  it("is what the short needs to be at maintenance after the move, and the cost of closing", () => {
    const { ratio, reasons } = requirement(short, forecastWith(Math.log(1.3), 0.1), { hedge: { maxImpact: 0.05 } });
    const price = 1.3 * 1.0625 - 1;
    expect(ratio).to.be.within(price, price + 0.06);
    expect(reasons).to.have.lengthOf(1);
    expect(reasons[0]).to.match(
      /outlive 24 h .* 0\.1% probability.* within the configured 40%|more than the configured 40%/,
    );
    expect(reasons[0]).to.include("by normal returns of 80% a year");
  });

  it("says how likely the account is liquidated as it is, by the covariance of all its shorts", () => {
    const thin: Scene = { idle: [60_000, 0, 0, 0], perp: { cash: 7_000, eth: -10, btc: -1 } };
    const [eth, btc] = [20 / 50, 30 / 50];
    const volatility = Math.sqrt((0.8 * eth) ** 2 + (0.65 * btc) ** 2 + 2 * 0.85 * 0.8 * eth * 0.65 * btc);
    const p = firstPassageProbability({ margin: 0.14, maintenance: 0.0625, volatility, years: 24 / 8_760 });
    const said = requirement(thin, forecastWith(0.1, 0.1)).reasons.join();
    expect(said).to.include("they have 14%");
    expect(said).to.include(`with a probability of ${Number((100 * p).toPrecision(2))}%`);
    expect(p).to.be.within(0.001, 0.1);
  });

  it("counts longer for what cannot be closed in one trade", () => {
    const forecast = forecastWith(0.3, 0.1);
    const deep = requirement({ ...short, depth: 1e9 }, forecast).ratio!;
    expectClose(deep, 1.0625 * Math.exp(0.3) - 1 + 0.001, 2e-3);
    const shallow = requirement({ ...short, depth: 200 }, forecast).ratio!;
    expect(shallow).to.be.above(deep + 0.02);
  });

  it("is bounded, and leaves a plan, however little depth a market has left", () => {
    for (const depth of [1, 1e-3, 1e-9, 0]) {
      const scene: Scene = { ...short, depth, forecast: forecastWith(0.3, 0.3) };
      expect(requirement(scene, scene.forecast!).ratio).to.be.within(0.4, 10);
      expect(buildPlan(situationOf(scene), config).action).to.be.oneOf(["rebalance", "nothing"]);
    }
    const gone = requirement({ ...short, depth: 1e-3 }, forecastWith(0.3, 0.3));
    expect(gone.reasons.join()).to.include("shorts need more than 1000% of margin");
  });

  it("is of the shorts that are known where the account has others", () => {
    const both: Scene = { ...short, perp: { cash: 40_000, eth: -15, btc: -0.3 }, depth: 1e9 };
    const { ratio, reasons } = requirement(both, forecastWith(0.6, null));
    expectClose(ratio!, requirement(short, forecastWith(0.6, 0.6), {}).ratio!, 2e-3);
    expect(reasons[0]).to.include("margin is for the other shorts: too few windows of 24 h are known (WBTC 1234)");
    expect(requirement({ idle: [60_000, 0, 0, 0] }, forecastWith(0.6, null)).ratio).to.equal(null);
  });

  it("is of the account's own shorts, or of the worst market where it has none", () => {
    const forecast = forecastWith(0.5, 0.1);
    const only = (scene: Scene) => requirement({ ...scene, depth: 1e9 }, forecast).ratio!;
    const ofBtc = only({ ...short, perp: { cash: 40_000, btc: -1 } });
    const ofEth = only(short);
    expect(ofBtc).to.be.below(ofEth / 2);
    expect(only({ ...short, perp: { cash: 40_000, eth: -10, btc: -1 } })).to.be.within(ofBtc, ofEth);
    expectClose(only({ idle: [100_000, 0, 0, 0] }), ofEth, 1e-6);
  });

  it("leaves a lender's account at zero of own capital, a perp's at maintenance", () => {
    const forecast = forecastWith(0.3, 0.1);
    const lender: Scene = { idle: [60_000, 0, 0, 0], lending: { cash: 80_000, eth: -10 }, depth: 1e9 };
    const both = requirement(lender, forecast);
    const perp = requirement({ ...short, depth: 1e9 }, forecast).ratio!;
    expect(both.ratio).to.be.at.most(perp + 1e-9);
    expect(both.reasons.join()).to.include("shorts need 35%");
  });

  it("raises the margins of a plan, keeps their proportions, and never lowers them", () => {
    const scene: Scene = { idle: [200_000, 0, 0, 0], perp: { cash: 16_200, eth: -20 }, cooling: 60 };
    const plan = (forecast: Forecast | null, input: object = {}) =>
      buildPlan(situationOf({ ...scene, forecast }), parseConfig(input));
    const added = (forecast: Forecast | null, input: object = {}): number => {
      const order = plan(forecast, input).orders.find(({ leg, action }) => leg === PERP_LEG && action === "margin");
      return order?.action === "margin" ? Number(order.amount) / 1e6 : 0;
    };
    // 40.5% of $40,000: enough for the configured 40%.
    for (const calm of [null, FORECAST, forecastWith(0.01, 0.01), forecastWith(null, null)]) {
      expect(added(calm)).to.equal(0);
    }
    const wild = forecastWith(0.6, 0.6);
    const { ratio } = requirement(scene, wild);
    expect(ratio).to.be.above(0.9);
    expectClose(added(wild), (0.5 / 0.4) * ratio! * 40_000 - 16_200, 0.01);
    expect(plan(wild).reasons.join()).to.include("more than the configured 40%");
    const high = { margin: { low: 2, target: 3, high: 4 } };
    expectClose(added(wild, high), 3 * 40_000 - 16_200, 0.01);
  });

  it("cuts no hedge for margin that cannot be brought, but gives what is at hand", () => {
    const calm = situationOf({ idle: [140_000, 6_000, 0, 0], forecast: forecastWith(0.1, 0.1) });
    const on = landed(calm, buildPlan(calm, config));
    const idle = Number(on.state.assets[USDC]!.idle);
    // The pool has left the oracle: its liquidity cannot be sold for margin.
    const pool = on.pools[POOL_LEG]!;
    const pools = { [POOL_LEG]: { ...pool, sqrtPriceX96: (pool.sqrtPriceX96 * 102n) / 100n } };
    const plan = buildPlan({ ...on, pools, forecast: forecastWith(0.9, 0.9) }, config);
    expect(plan.reasons.join()).to.include("shorts need 161% of margin").and.include("liquidity waits");
    expect(plan.orders.map(({ action }) => action)).to.deep.equal(["margin"]);
    const [order] = plan.orders;
    expect(order!.action === "margin" && Number(order!.amount)).to.equal(idle);
  });

  it("lets no short grow beyond what has the margin for it", () => {
    const asIs = parseConfig({ liquidity: { manage: false } });
    const plan = (scene: Scene, move: number) =>
      buildPlan(situationOf({ ...scene, forecast: forecastWith(move, move) }), asIs).predicted!;
    const shorts = ({ hedgeExposure }: PredictedPost): number =>
      -Number(hedgeExposure[WETH]! + hedgeExposure[WBTC]!) / 1e18;
    const fresh: Scene = { idle: [30_000, 6_000, 0, 0] };
    expect(shorts(plan(fresh, 0.1))).to.be.above(35_000);
    expect(shorts(plan(fresh, 0.9))).to.be.within(20_000, 30_000);
    const held: Scene = { idle: [10_000, 8_000, 0, 0], perp: { cash: 20_000, eth: -15 } };
    expect(shorts(plan(held, 0.1))).to.be.above(32_000);
    expect(shorts(plan(held, 0.9))).to.be.within(29_000, 30_500);
  });

  it("says that the history is too short, and uses what is configured", () => {
    const { ratio, reasons } = requirement(short, forecastWith(null, 0.2));
    expect(ratio).to.equal(null);
    expect(reasons.join()).to.include("margin stays as configured, at least 40%");
    expect(reasons.join()).to.include("WETH 1234");
    const situation = situationOf({ ...short, forecast: forecastWith(null, 0.2) });
    expect(buildPlan(situation, config).reasons.join()).to.include("margin stays as configured");
  });

  it("says nothing where no short is to be had", () => {
    expect(requirement(short, FORECAST)).to.deep.equal({ ratio: null, reasons: [] });
    const situation = situationOf({ ...short, forecast: forecastWith(0.9, 0.9) });
    const none = buildPlan(situation, parseConfig({ hedge: { policy: "none" } }));
    expect(none.reasons.join()).to.not.include("outlive");
  });
});
