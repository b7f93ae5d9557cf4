import type { VaultState } from "@crosshedge/sdk";
import { expect } from "chai";
import { parseConfig } from "../../keeper/src/parse-config.js";
import { replay } from "../../keeper/src/plan/arrange.js";
import { openBook } from "../../keeper/src/plan/book.js";
import { buildPlan, type PlanDecision } from "../../keeper/src/plan/build-plan.js";
import { type DutyMemory, dutiesAfter, dutiesBefore, remember } from "../../keeper/src/plan/duties.js";
import { type DutyFacts, dutyFacts, pricedAt } from "../../keeper/src/plan/duty-facts.js";
import { measureBook } from "../../keeper/src/plan/measure-book.js";
import { isReduction } from "../../keeper/src/plan/orders.js";
import { queueCash } from "../../keeper/src/plan/queue-cash.js";
import { expectClose } from "./expect-close.js";
import { LENDING_LEG, NOW, PERP_LEG, POOL_LEG, type Scene, situationOf, USDC } from "./situation.js";

const config = parseConfig();
const usd = (value: bigint | undefined) => Number(value ?? 0n) / 1e18;
const actions = ({ orders }: PlanDecision) => orders.map(({ action }) => action);
const words = ({ reasons }: PlanDecision) => reasons.join("; ");

/** A vault with liquidity of some $64,000, margin and shorts, as a first plan leaves it. */
const settled = ((): Scene => {
  const scene: Scene = { idle: [140_000, 0, 0, 0] };
  const situation = situationOf(scene);
  const book = replay(openBook(situation), buildPlan(situation, config).orders)!;
  const pool = book.pools[POOL_LEG]!;
  const perp = book.hedges[PERP_LEG]!;
  const whole = (amount: bigint, decimals: number) => Math.round((Number(amount) / 10 ** decimals) * 1e6) / 1e6;
  return {
    idle: [whole(book.idle[0]!, 6), whole(book.idle[1]!, 18), 0, 0],
    position: { tickLower: pool.tickLower, tickUpper: pool.tickUpper, liquidity: pool.liquidity },
    perp: { cash: usd(perp.cash), eth: usd(perp.positions[0]!.size), btc: usd(perp.positions[1]!.size) },
  };
})();

describe("plan inside the vault's rules", () => {
  it("only adds margin while the cooldown lasts", () => {
    const thin: Scene = { idle: [50_000, 1000, 0, 0], perp: { cash: 5_000, eth: -20 }, cooling: 120 };
    const decision = buildPlan(situationOf(thin), config);
    expect(actions(decision)).to.deep.equal(["margin"]);
    expect(words(decision)).to.include("the cooldown lasts 120 more seconds");
    const calm = buildPlan(situationOf({ idle: [140_000, 6000, 0, 0], cooling: 120 }), config);
    expect(calm.action).to.equal("nothing");
    expect(buildPlan(situationOf({ idle: [140_000, 6000, 0, 0], cooling: 0 }), config).action).to.equal("rebalance");
  });

  it("only reduces in the modes ReduceOnly and Closed", () => {
    const scene: Scene = { idle: [50_000, 1000, 0, 0], perp: { cash: 5000, eth: -20, btc: -1 } };
    for (const mode of ["ReduceOnly", "Closed"] as const) {
      const decision = buildPlan(situationOf({ ...scene, mode }), config);
      expect(decision.orders.length).to.be.above(0);
      expect(decision.orders.every(isReduction), words(decision)).to.equal(true);
      expect(words(decision)).to.include(mode);
    }
    expect(actions(buildPlan(situationOf({ idle: [140_000, 6000, 0, 0], mode: "NoDeposit" }), config))).to.include(
      "mint",
    );
  });

  it("plans within what is left of the loss budget: in part, or not at all, and says so", () => {
    const scene: Scene = { idle: [140_000, 6000, 0, 0] };
    const whole = buildPlan(situationOf(scene), config);
    const { charge } = whole.predicted!.gate!;
    expect(charge).to.be.within(0.001, 0.02);
    const little = buildPlan(situationOf({ ...scene, lossSpent: 0.02 - charge / 4 }), config);
    expect(little.predicted!.gate!.charge).to.be.within(charge / 8, charge / 4);
    expect(words(little)).to.include("from the loss budget");
    expect(actions(little)).to.not.include("mint");
    const spent = buildPlan(situationOf({ ...scene, lossSpent: 0.02 }), config);
    expect([spent.action, spent.orders.length]).to.deep.equal(["refused", 0]);
    expect(words(spent)).to.include("0.00% is left");
  });

  it("makes no range narrower than the vault allows", () => {
    const narrow = parseConfig({ liquidity: { rangeFactor: 1.01 } });
    const scene: Scene = { idle: [140_000, 6000, 0, 0], limits: { maxGammaVolatility: 10n ** 19n } };
    const width = (minRangeWidth: bigint): number => {
      const { orders } = buildPlan(situationOf({ ...scene, limits: { ...scene.limits, minRangeWidth } }), narrow);
      const mint = orders.find((order) => order.action === "mint")!;
      return mint.tickUpper - mint.tickLower;
    };
    expect(width(0n)).to.be.below(300);
    expect(width(600n)).to.be.within(600, 780);
  });

  it("keeps venues, assets and shorts under their caps, and says which one stands in the way", () => {
    const scene: Scene = { idle: [140_000, 6000, 0, 0] };
    const full = buildPlan(situationOf({ ...scene, perp: { cash: 20_000 }, limits: { maxVenue: 10n ** 16n } }), config);
    expect(full.action, words(full)).to.equal("rebalance");
    expect(usd(full.predicted!.legEquity[PERP_LEG])).to.be.below(20_000);
    const asset = buildPlan(
      situationOf({ ...scene, idle: [200_000, 0, 0, 0], limits: { maxAsset: 10n ** 16n } }),
      config,
    );
    expect(words(asset)).to.include("exposure to ALT may be $1960 at most");
    for (const decision of [full, asset]) expect(decision.predicted?.gate?.accepted ?? true).to.equal(true);
  });
});

describe("hedge of a vault whose venue may hold little", () => {
  const passed = (scene: Scene): { scene: Scene; decision: PlanDecision; short: number } => {
    const situation = situationOf(scene);
    const decision = buildPlan(situation, config);
    const book = replay(openBook(situation), decision.orders)!;
    const perp = book.hedges[PERP_LEG]!;
    const [eth, btc] = perp.positions.map(({ size }) => usd(size));
    const pool = book.pools[POOL_LEG]!;
    const [idle, alt] = [Number(book.idle[USDC]) / 1e6, Number(book.idle[1]) / 1e18].map(
      (x) => Math.round(x * 1e6) / 1e6,
    );
    return {
      decision,
      short: -(eth! * 2_000 + btc! * 30_000),
      scene: {
        ...scene,
        idle: [idle!, alt!, 0, 0],
        position: { tickLower: pool.tickLower, tickUpper: pool.tickUpper, liquidity: pool.liquidity },
        perp: { cash: usd(perp.cash), eth: eth!, btc: btc! },
      },
    };
  };

  for (const [share, name] of [
    [25n, "a quarter"],
    [15n, "a seventh"],
    [5n, "a twentieth"],
  ] as const) {
    it(`is as large as ${name} of NAV there carries, and then rests`, () => {
      const limits = { maxVenue: share * 10n ** 16n };
      const fallen = passed({ ...settled, prices: [1, 8.2, 2_000, 30_000], limits, perp: { cash: 5_000, eth: -5 } });
      expect(fallen.decision.action, words(fallen.decision)).to.equal("rebalance");
      const { gate, legEquity, marginRatio, nav } = fallen.decision.predicted!;
      expect(gate!.accepted).to.equal(true);
      expect(usd(legEquity[PERP_LEG]) / usd(nav)).to.be.below(Number(share) / 100);
      expect(usd(marginRatio[PERP_LEG]!)).to.be.above(0.29);
      expect(fallen.short).to.be.above(10_000);
      const again = passed(fallen.scene);
      expect([again.decision.action, again.decision.orders.length], words(again.decision)).to.deep.equal([
        "nothing",
        0,
      ]);
      const moved = passed({ ...fallen.scene, prices: [1, 8.22, 2_001, 30_020] });
      expect(moved.decision.orders, words(moved.decision)).to.deep.equal([]);
    });
  }
});

describe("cash for the redemption queue", () => {
  const planned = (scene: Scene) => {
    const situation = situationOf(scene);
    const decision = buildPlan(situation, config);
    const book = replay(openBook(situation), decision.orders)!;
    return { decision, book, cash: queueCash(situation.state), idle: Number(book.idle[USDC]) / 1e6 };
  };

  it("asks for the claims at the low side of the band, and the least cash beside them", () => {
    const { state } = situationOf({ idle: [100_000, 0, 0, 0], waiting: 0.1 });
    state.portfolio.half = 10n ** 21n;
    const { claims, reserve, shortfall } = queueCash(state);
    expect([claims, reserve, shortfall].map(Math.round)).to.deep.equal([9_900, 11_900, 0]);
    expect(queueCash(situationOf({ idle: [100_000, 0, 0, 0] }).state)).to.deep.equal({
      claims: 0,
      reserve: 0,
      shortfall: 0,
    });
  });

  it("burns, sells and takes margin back until claims and least cash are there, and stays hedged", () => {
    const { decision, idle, cash, book } = planned({ ...settled, waiting: 0.6 });
    expect(cash.shortfall).to.be.above(10_000);
    expect(decision.action, words(decision)).to.equal("rebalance");
    expect(actions(decision)).to.include.members(["burn", "swap", "size", "margin"]);
    expectClose(idle, cash.reserve, 0.01 * cash.reserve);
    expect(decision.orders.some((order) => order.action === "mint")).to.equal(false);
    const { gate, marginRatio } = decision.predicted!;
    expect(gate!.accepted).to.equal(true);
    expect(usd(marginRatio[PERP_LEG]!)).to.be.above(0.3);
    expect(usd(measureBook(book).nav)).to.be.above(0.99 * usd(situationOf(settled).state.portfolio.nav));
  });

  it("never spends what waits for the queue on liquidity or margin", () => {
    const { idle, cash, decision } = planned({ idle: [140_000, 6000, 0, 0], waiting: 0.3 });
    expect(cash.shortfall).to.equal(0);
    expect(actions(decision), words(decision)).to.include("mint");
    expect(idle).to.be.above(0.99 * cash.reserve);
  });

  it("leaves the claims alone where margin or liquidity would take them", () => {
    const thin: Scene = { idle: [30_000, 3_000, 0, 0], perp: { cash: 1_000, eth: -10 }, waiting: 0.4, cooling: 60 };
    const margin = planned(thin);
    expect(actions(margin.decision)).to.deep.equal(["margin"]);
    expect(margin.idle).to.be.at.least(margin.cash.claims - 1);
    const rich = planned({ idle: [60_000, 3_000, 0, 0], perp: { cash: 40_000 }, waiting: 0.3 });
    expect(actions(rich.decision)).to.include("mint");
    expect(rich.idle).to.be.at.least(0.99 * rich.cash.reserve);
  });

  it("burns alone where only reductions pass, as much as brings what is missing", () => {
    const { decision, idle, cash } = planned({ ...settled, waiting: 0.45, mode: "ReduceOnly" });
    expect(cash.shortfall).to.be.above(0);
    expect(decision.orders.every(isReduction)).to.equal(true);
    const held = settled.idle![0];
    expect(actions(decision)).to.include("burn");
    expect(idle - held).to.be.within(0.9 * cash.shortfall, 1.1 * cash.shortfall);
  });

  it("says that a pool without the settlement token cannot pay", () => {
    const { decision } = planned({ pair: "weth", idle: [1_000, 5_000, 25, 0], waiting: 0.5 });
    expect(words(decision)).to.include("does not trade the settlement token");
  });

  it("takes margin back from a venue that lends down to its target, not below", () => {
    const scene: Scene = { pair: "weth", idle: [5_000, 2_500, 0, 0], lending: { cash: 120_000, alt: -2_500 } };
    const some = planned({ ...scene, waiting: 0.2 });
    expect(some.idle).to.be.at.least(some.cash.reserve);
    const all = planned({ ...scene, waiting: 0.9 });
    expect(all.idle).to.be.below(all.cash.reserve);
    const back = all.decision.orders.find((order) => order.action === "margin" && order.leg === LENDING_LEG);
    expect(back, words(all.decision))
      .to.have.property("amount")
      .that.satisfies((amount: bigint) => amount < 0n);
    expectClose(usd(all.decision.predicted!.marginRatio[LENDING_LEG]!), 0.5, 0.01);
  });
});

describe("duties", () => {
  const memory: DutyMemory = { feesAt: NOW, settled: null };
  const round = (updatedAt: number) => [{ roundId: 1n, answer: 1n, updatedAt, answeredInRound: 1n }];
  const facts = (scene: Scene = {}, change: Partial<VaultState> = {}, ages = [10, 10, 10, 10]): DutyFacts => {
    const { state } = situationOf({ idle: [50_000, 5_000, 0, 0], ...scene });
    Object.assign(state, change);
    const rounds = ages.map((age) => round(NOW - age));
    return dutyFacts(state, { modeAfterSync: state.mode, pricedAt: pricedAt(state, rounds) });
  };
  const kinds = (list: { kind: string }[]) => list.map(({ kind }) => kind);

  it("rests when there is nothing to do", () => {
    expect(dutiesBefore(facts(), memory, config)).to.deep.equal([]);
    expect(dutiesAfter(facts(), memory, config)).to.deep.equal([]);
  });

  it("gives a sign of life a quarter of the way to the vault's patience", () => {
    const silent = facts({}, { lastSign: NOW - 5_400 });
    expect(kinds(dutiesAfter(silent, memory, config))).to.deep.equal(["heartbeat"]);
    expect(dutiesAfter(facts({}, { lastSign: NOW - 5_399 }), memory, config)).to.deep.equal([]);
    const often = parseConfig({ duties: { heartbeatMinutes: 10 } });
    expect(kinds(dutiesAfter(facts({}, { lastSign: NOW - 600 }), memory, often))).to.deep.equal(["heartbeat"]);
  });

  it("gives a sign of life before anything else where strangers may act already", () => {
    const { maxSilence } = facts().state.publicLimits;
    const silent = (seconds: number) => facts({}, { lastSign: NOW - seconds });
    expect(kinds(dutiesBefore(silent(Number(maxSilence) + 1), memory, config))).to.deep.equal(["heartbeat"]);
    expect(dutiesBefore(silent(Number(maxSilence)), memory, config)).to.deep.equal([]);
  });

  it("settles while shares wait at good prices, and moves the queue on once for each set of new prices", () => {
    const [duty] = dutiesAfter(facts({ waiting: 0.1 }), memory, config);
    expect(duty).to.include({ kind: "settle", movesQueue: true });
    const done = remember(memory, "settle", duty!.key, NOW);
    expect(dutiesAfter(facts({ waiting: 0.1 }), done, config)[0]).to.include({ movesQueue: false });
    expect(dutiesAfter(facts({ waiting: 0.2 }), done, config)[0]).to.include({ movesQueue: true });
    // What that settlement has filled moves nothing.
    expect(dutiesAfter(facts({ waiting: 0.05 }), done, config)[0]).to.include({ movesQueue: false });
    // A round from before the first request prices nothing; one of an asset that the vault hardly holds does not matter.
    expect(dutiesAfter(facts({ waiting: 0.1 }, {}, [7200, 10, 10, 10]), memory, config)[0]).to.include({
      movesQueue: false,
    });
    expect(dutiesAfter(facts({ waiting: 0.1 }, {}, [10, 10, 10, 7200]), memory, config)[0]).to.include({
      movesQueue: true,
    });
    // Newer prices do once more; after that everything is priced, and waits for cash.
    const older = { ...done, settled: { ...done.settled!, pricedAt: 1 } };
    const [again] = dutiesAfter(facts({ waiting: 0.1 }), older, config);
    expect(again).to.include({ movesQueue: true });
    const twice = remember(older, "settle", again!.key, NOW);
    const newer = { ...twice, settled: { ...twice.settled!, pricedAt: 1 } };
    expect(dutiesAfter(facts({ waiting: 0.1 }), newer, config)[0]).to.include({ movesQueue: false });
    expect(dutiesAfter(facts({ waiting: 0.2 }), newer, config)[0]).to.include({ movesQueue: true });
    expect(dutiesAfter(facts({ waiting: 0.1, pricesOk: false }), memory, config)).to.deep.equal([]);
    expect(dutiesAfter(facts({ waiting: 0.1 }), memory, parseConfig({ duties: { settle: false } }))).to.deep.equal([]);
  });

  it("syncs only where that makes the vault stricter", () => {
    const found = { ...facts(), modeAfterSync: "ReduceOnly" as const };
    expect(kinds(dutiesBefore(found, memory, config))).to.deep.equal(["sync"]);
    const strict = { ...facts({ mode: "Closed" }), modeAfterSync: "ReduceOnly" as const };
    expect(dutiesBefore(strict, memory, config)).to.deep.equal([]);
  });

  it("accrues fees daily, where there are any to accrue", () => {
    const old = { ...memory, feesAt: NOW - 86_400 };
    expect(kinds(dutiesBefore(facts(), old, config))).to.deep.equal(["accrueFees"]);
    expect(dutiesBefore(facts(), { ...memory, feesAt: NOW - 86_399 }, config)).to.deep.equal([]);
    expect(dutiesBefore(facts({ mode: "Closed" }), old, config)).to.deep.equal([]);
  });

  it("clears an alarm that has no reason any more", () => {
    const quiet = facts({ idle: [50_000, 0, 0, 0] }, { alarmAt: NOW - 100 });
    expect(kinds(dutiesAfter(quiet, memory, config))).to.deep.equal(["clearAlarm"]);
    const wild = facts({ idle: [0, 5_000, 0, 0] }, { alarmAt: NOW - 100 });
    expect(dutiesAfter(wild, memory, config)).to.deep.equal([]);
  });
});
