import { expect } from "chai";
import { formatPlan } from "../../../keeper/src/cli/format.js";
import type { PlannedPass } from "../../../keeper/src/keeper.js";
import type { MarketState } from "../../../keeper/src/model/cycles/market-watch.js";
import type { Regime } from "../../../keeper/src/model/cycles/regime-filter.js";
import { parseConfig } from "../../../keeper/src/parse-config.js";
import { buildPlan, type PlanDecision } from "../../../keeper/src/plan/build-plan.js";
import { cyclesOf } from "../../../keeper/src/plan/cycles.js";
import { ALT, BTC_MARKET, ETH_MARKET, FORECAST, NOW, PERP_LEG, type Scene, situationOf } from "../situation.js";

const config = parseConfig();
const probabilities = { calm: 0.04, crash: 0.95, decoupled: 0.01 };
const marketIn = (regime: Regime): MarketState => ({ regime, probabilities, since: NOW - 7200, fall: 0.183 });
const deposit: Scene = { idle: [140_000, 6_000, 0, 0] };
const planIn = (market: MarketState | null, scene: Scene = deposit): PlanDecision =>
  buildPlan(situationOf({ ...scene, forecast: { ...FORECAST, market } }), config);
const actions = ({ orders }: PlanDecision): string[] => orders.map(({ action }) => action);

describe("cycles in the plan", () => {
  it("are said first, whatever is done", () => {
    const situation = situationOf({ ...deposit, forecast: { ...FORECAST, market: marketIn("crash") } });
    const decision = buildPlan(situation, config);
    expect(decision.cycles.words).to.deep.equal([
      "market: crash since 2023-11-14 20:13 (95%), 18% below the high of seven days",
      "liquidity: ample",
    ]);
    const pass = { observation: situation, decision, due: 0 } as unknown as PlannedPass;
    expect(formatPlan(pass).split("\n").slice(1, 3)).to.deep.equal(decision.cycles.words);
    expect(planIn(null).cycles.words[0]).to.equal("market: not known yet");
    const blind = buildPlan(situationOf({ ...deposit, pricesOk: false }), config);
    expect([blind.action, blind.cycles.liquidity]).to.deep.equal(["nothing", null]);
  });

  it("add no liquidity in a crash, and hedge what is there with half as much margin again", () => {
    const [calm, crash] = [planIn(marketIn("calm")), planIn(marketIn("crash"))];
    expect(actions(calm)).to.include.members(["mint", "size"]);
    expect(actions(crash)).to.include("size").and.not.include("mint");
    expect(crash.reasons.join()).to.include("margin is 1.5 times as wide, and no liquidity is added");
    const ratio = ({ predicted }: PlanDecision): number => Number(predicted!.marginRatio[PERP_LEG]!) / 1e18;
    expect(ratio(calm)).to.be.within(0.49, 0.51);
    expect(ratio(crash)).to.be.within(0.74, 0.76);
    expect(actions(planIn(marketIn("decoupled")))).to.include("mint");
  });

  it("cut no short in a crash for margin that is not there", () => {
    const asIs = parseConfig({ liquidity: { manage: false } });
    const scene: Scene = { idle: [0, 6_000, 0, 0], perp: { cash: 16_800, eth: -20 } };
    const plan = (regime: Regime): PlanDecision =>
      buildPlan(situationOf({ ...scene, forecast: { ...FORECAST, market: marketIn(regime) } }), asIs);
    expect(plan("calm").orders.filter((order) => order.action === "size" && order.size > 0n)).to.deep.equal([]);
    expect(plan("crash").orders.filter((order) => order.action === "size" && order.size > 0n)).to.deep.equal([]);
  });

  it("leave a range as it is in a crash, and make it anew after", () => {
    // The price has left it: LP in ALT alone.
    const left: Scene = {
      ...{ idle: [60_000, 0, 0, 0], prices: [1, 10, 2000, 30_000] },
      position: { tickLower: -252_600, tickUpper: -248_400, liquidity: 3n * 10n ** 16n },
    };
    expect(actions(planIn(marketIn("calm"), left))).to.include.members(["burn", "mint"]);
    expect(actions(planIn(marketIn("crash"), left)))
      .to.not.include("mint")
      .and.not.include("burn");
  });

  it("take nothing from a policy that follows no model", () => {
    const naive = parseConfig({ hedge: { policy: "naive" } });
    const crash = situationOf({ ...deposit, forecast: { ...FORECAST, market: marketIn("crash") } });
    expect(actions(buildPlan(crash, naive))).to.include("mint");
  });

  it("call markets thin and dry by the whole hedge's impact, and by what shorts pay", () => {
    const stateOf = (scene: Scene): string | null => cyclesOf(situationOf(scene)).liquidity;
    const held: Scene = { idle: [140_000, 6_000, 0, 0], perp: { cash: 60_000, eth: -20 } };
    expect(stateOf({ ...held, depth: 20 * 150 })).to.equal("ample");
    expect(stateOf({ ...held, depth: 20 * 50 })).to.equal("thin");
    expect(stateOf({ ...held, depth: 20 * 15 })).to.equal("dry");
    expect(stateOf({ ...held, closed: [ETH_MARKET] })).to.equal("dry");
    expect(stateOf({ ...held, funding: -0.2 })).to.equal("ample");
    expect(stateOf({ ...held, funding: -0.5 })).to.equal("thin");
    expect(stateOf({ ...held, funding: -0.9 })).to.equal("dry");
    expect(stateOf({ ...held, funding: 1.9 })).to.equal("thin");
    // A market that is closed keeps no vault from beginning with another.
    expect(stateOf({ ...deposit, closed: [ETH_MARKET] })).to.equal("ample");
    expect(stateOf({ ...deposit, closed: [ETH_MARKET, BTC_MARKET] })).to.equal("dry");
    // Nothing to hedge, nothing to trade.
    expect(stateOf({ idle: [140_000, 0, 0, 0], depth: 1, funding: -0.9 })).to.equal("ample");
    expect(cyclesOf(situationOf({ ...held, depth: 20 * 15, funding: -0.5 })).words[1]).to.equal(
      "liquidity: dry (WETH: 6% of impact for the whole hedge, funding -50% a year)",
    );
  });

  it("add no liquidity in dry markets, and leave margins as they are", () => {
    const [usual, plan] = [-0.5, -0.9].map((funding) => planIn(marketIn("calm"), { ...deposit, funding })) as [
      PlanDecision,
      PlanDecision,
    ];
    expect(actions(usual), "thin").to.include("mint");
    expect(actions(plan)).to.not.include("mint");
    expect(plan.reasons[0]).to.match(/^liquidity: dry .*: no liquidity is added$/);
    expect(plan.reasons.join()).to.not.include("as wide");
  });

  it("keep the guards' precautions beside their own", () => {
    const state = {
      ...{ time: NOW, alarmedAt: NOW - 100, alarmed: true, reference: 0.8, correlation: 0.2, levels: null },
      belief: { holds: 0.3, varianceHolding: 1e-4, varianceBroken: 1e-4 },
    };
    const guards = FORECAST.guards.map((_, i) => (i === ALT ? { state, marginBuffer: 1.5, most: null, cut: 0 } : null));
    const situation = situationOf({ ...deposit, forecast: { ...FORECAST, guards, market: marketIn("crash") } });
    const { reasons } = buildPlan(situation, config);
    expect(reasons[0]).to.match(/^market: crash/);
    expect(reasons[1]).to.match(/^ALT may no longer move/);
  });
});
