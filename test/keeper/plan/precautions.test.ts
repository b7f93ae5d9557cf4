import { expect } from "chai";
import type { Guard } from "../../../keeper/src/model/breakdown/guard.js";
import { covarianceWithBetas } from "../../../keeper/src/model/covariance-with-betas.js";
import type { Forecast } from "../../../keeper/src/model/forecaster.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { openBook } from "../../../keeper/src/plan/book.js";
import { buildPlan, type PlanDecision } from "../../../keeper/src/plan/build-plan.js";
import { frozenGross, precautionsFor, withMarginBuffer } from "../../../keeper/src/plan/precautions.js";
import { expectClose } from "../expect-close.js";
import { ALT, FORECAST, PERP_LEG, type Scene, SIGMA, situationOf, WBTC, WETH } from "../situation.js";

const config = parseConfig();
const usd = (value: bigint | undefined) => Number(value ?? 0n) / 1e18;

function guardOf(change: Partial<Guard> & { alarmed?: boolean; holds?: number } = {}): Guard {
  const { alarmed = true, holds = 0.3, ...guard } = change;
  const belief = { holds, varianceHolding: 1e-4, varianceBroken: 1e-4 };
  const times = { time: 1_700_000_000, alarmedAt: alarmed ? 1_699_990_000 : null };
  return {
    state: { ...times, alarmed, reference: 0.8, correlation: 0.2, levels: null, belief },
    ...{ marginBuffer: alarmed ? 1.5 : 1, most: null, cut: 0.7 },
    ...guard,
  };
}

/** ALT with these betas on WETH and WBTC, and what its guard says. */
function forecastWith(betas: readonly number[], guard: Guard | null): Forecast {
  const learned = SIGMA.map((_, asset) => (asset === ALT ? betas : null));
  const guards = SIGMA.map((_, asset) => (asset === ALT ? guard : null));
  return { ...FORECAST, covariance: covarianceWithBetas(SIGMA, FORECAST.hedges, learned), betas: learned, guards };
}

const shorts = ({ predicted }: PlanDecision) =>
  -usd(predicted!.hedgeExposure[WETH]!) - usd(predicted!.hedgeExposure[WBTC]!);

describe("precautions", () => {
  const deposit: Scene = { idle: [140_000, 6_000, 0, 0] };

  it("are none without an alarm, for what the vault does not hold, and where no model is followed", () => {
    const none = { marginBuffer: 1, guardBuffer: 1, frozen: false, noNewLiquidity: false, reasons: [] };
    const calm = guardOf({ alarmed: false });
    expect(precautionsFor(situationOf({ ...deposit, forecast: null }), config)).to.deep.equal(none);
    expect(precautionsFor(situationOf(deposit), config)).to.deep.equal(none);
    expect(precautionsFor(situationOf({ ...deposit, forecast: forecastWith([1, 0], calm) }), config)).to.deep.equal(
      none,
    );
    const alarmed = forecastWith([1, 0], guardOf({ most: 1 }));
    const naive = parseConfig({ hedge: { policy: "naive" } });
    expect(precautionsFor(situationOf({ ...deposit, forecast: alarmed }), naive)).to.deep.equal(none);
    const elsewhere = { ...FORECAST, guards: [null, null, null, guardOf({ most: 1 })] };
    expect(precautionsFor(situationOf({ ...deposit, forecast: elsewhere }), config)).to.deep.equal(none);
    const dust = situationOf({ idle: [140_000, 6_000, 0, 0.01], forecast: elsewhere });
    expect(precautionsFor(dust, config), "dust").to.deep.equal(none);
    const held = situationOf({ idle: [140_000, 6_000, 0, 0.1], forecast: elsewhere });
    expect(precautionsFor(held, config).frozen).to.equal(true);
  });

  it("are the widest margin of what is in the pools or held, and a freeze if one freezes", () => {
    const guards = [null, guardOf({ marginBuffer: 1.5 }), null, guardOf({ marginBuffer: 2, most: 1, cut: 0 })];
    const both = situationOf({ idle: [140_000, 6_000, 0, 1], forecast: { ...FORECAST, guards } });
    const { marginBuffer, frozen, reasons } = precautionsFor(both, config);
    expect([marginBuffer, frozen]).to.deep.equal([2, true]);
    expect(reasons).to.deep.equal([
      "ALT may no longer move with its hedges (30% that it does): 70% of its hedge is cut, margin is 1.5 times as wide",
      "WBTC may no longer move with its hedges (30% that it does): 0% of its hedge is cut, margin is 2 times as wide, and shorts do not grow but with what they hedge",
    ]);
    const onlyAlt = situationOf({ idle: [140_000, 0, 0, 0], forecast: { ...FORECAST, guards } });
    expect(precautionsFor(onlyAlt, config).marginBuffer, "in the pool before it is held").to.equal(1.5);
  });

  it("widen every margin, in their order", () => {
    const { margin } = withMarginBuffer(config, 1.5);
    expect(margin).to.deep.equal({ ...config.margin, low: 0.6000000000000001, target: 0.75, high: 1.5 });
    const [calm, alarmed] = [guardOf({ alarmed: false }), guardOf({ cut: 0 })].map((guard) =>
      buildPlan(situationOf({ ...deposit, forecast: forecastWith([1, 0.2], guard) }), config),
    );
    expect(usd(calm!.predicted!.marginRatio[PERP_LEG]!)).to.be.within(0.49, 0.51);
    expect(usd(alarmed!.predicted!.marginRatio[PERP_LEG]!)).to.be.within(0.74, 0.76);
    expect(alarmed!.reasons[0]).to.match(/^ALT may no longer move/);
  });

  it("give no more margin than there is", () => {
    const scene: Scene = { idle: [5_000, 6_000, 0, 0], perp: { cash: 26_000, eth: -27 } };
    const calm = guardOf({ alarmed: false });
    const asIs = parseConfig({ liquidity: { manage: false } });
    const [before, plan] = [calm, guardOf({ cut: 0 })].map((guard) =>
      buildPlan(situationOf({ ...scene, forecast: forecastWith([0.9, 0], guard) }), asIs),
    );
    expect(before!.orders).to.deep.equal([]);
    expect(plan!.orders.map(({ action }) => action)).to.deep.equal(["margin"]);
    const [order] = plan!.orders;
    if (order!.action === "margin") expect(order!.amount).to.equal(5_000_000_000n);
    expect(usd(plan!.predicted!.marginRatio[PERP_LEG]!)).to.be.within(0.57, 0.58);
    expect(plan!.predicted!.gate, "the chain does not measure added margin").to.equal(null);
  });

  it("give a venue no more margin than it may hold", () => {
    const scene: Scene = { idle: [60_000, 6_000, 0, 0], perp: { cash: 27_000, eth: -27 } };
    const asIs = parseConfig({ liquidity: { manage: false } });
    const plan = buildPlan(
      situationOf({
        ...{ ...scene, limits: { maxVenue: 22n * 10n ** 16n } },
        forecast: forecastWith([0.9, 0], guardOf({ cut: 0 })),
      }),
      asIs,
    );
    expect(plan.action, plan.reasons.join()).to.equal("rebalance");
    expect(plan.orders.map(({ action }) => action)).to.deep.equal(["margin"]);
    const { legEquity, nav } = plan.predicted!;
    expect(usd(legEquity[PERP_LEG]) / usd(nav)).to.be.within(0.21, 0.22);
  });

  it("let frozen shorts grow with what is to be hedged, but not beyond what the guarded betas ask for", () => {
    const held: Scene = { idle: [140_000, 6_000, 0, 0], perp: { cash: 60_000, eth: -10 } };
    const guarded = forecastWith([0.5, 0.1], guardOf({ most: 0.6, holds: 0.4 }));
    const book = openBook(situationOf(held));
    const exposure = [0, 60_000, 0, 0];
    expectClose(frozenGross(book, exposure, guarded), 36_000, 1e-6);
    expectClose(frozenGross(book, [0, 20_000, 0, 0], guarded), 20_000, 1e-6);
    expectClose(frozenGross(book, [0, 60_000, 10_000, 0], guarded), 46_000, 1e-6);

    // Its own hedge is refused, and the chain's matrix knows of no guard.
    const limits = { minHedge: 5n * 10n ** 17n };
    const [free, frozen] = [null, guardOf({ most: 0.6, holds: 0.4 })].map((guard) =>
      buildPlan(situationOf({ ...held, limits, forecast: forecastWith([0.5, 0.1], guard) }), config),
    );
    for (const plan of [free!, frozen!])
      expect(plan.reasons.join()).to.include("not taken: liquidity and hedge by the");
    const asked = ({ predicted }: PlanDecision) =>
      0.6 * usd(predicted!.exposure[ALT]! - predicted!.hedgeExposure[ALT]!);
    expect(shorts(free!)).to.be.above(1.2 * asked(free!));
    expectClose(shorts(frozen!), asked(frozen!), 1);
  });

  it("keep held shorts that no longer need to be: to cut is the betas' business", () => {
    const scene: Scene = { idle: [140_000, 6_000, 0, 0], perp: { cash: 60_000, eth: -40 } };
    const book = openBook(situationOf(scene));
    expectClose(frozenGross(book, [0, 60_000, 0, 0], forecastWith([0.5, 0.1], guardOf({ most: 0.6 }))), 80_000, 1e-6);
  });

  it("are among the reasons", () => {
    const forecast = forecastWith([0.5, 0.1], guardOf({ most: 0.6 }));
    const situation = situationOf({ ...deposit, limits: { minHedge: 0n }, forecast });
    expect(buildPlan(situation, config).reasons.join()).to.include("ALT may no longer move");
  });
});
