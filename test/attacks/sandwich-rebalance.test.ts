import { createKeeper, encodeOrder } from "@crosshedge/keeper";
import { expect } from "chai";
import { outcomeUsd } from "../../keeper/src/execute/compare.js";
import { mostLoss } from "../../keeper/src/execute/transaction.js";
import { HEDGED_LIMITS, PUBLIC_LIMITS, percent } from "../../scripts/deploy/parameters.js";
import type { Market, Prices } from "../../scripts/devnet/assets.js";
import { keeperParts } from "../../scripts/devnet/keeper-parts.js";
import { depositBasket } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { orders, planOf, usdc, wad } from "../support/orders.js";
import {
  later,
  marketsOf,
  perpOf,
  poolOf,
  publicLimited,
  strangerOf,
  thinPosition,
  unhedgedPosition,
} from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";
import { type Best, landed, mostProfitable, navAt, type Owner, printProfit, profitOf } from "./support/ledger.js";
import { closePerp, makeRich, pushPerp, pushPool } from "./support/trade.js";

// THREAT: whoever sees a plan before it lands moves the markets that it will trade in, lets it land, and moves them back.
// BOUND: docs/threat-model.md. A plan may cost no more than it did when the keeper simulated it, and `slack` (0.05% of NAV). Whatever a plan costs is charged to the loss budget, and no plan costs more than `maxLoss` (1% of NAV), the
// public ones no more than `maxCost` (1%) of what they trade. Below that nobody gains who pays the venues' fees on what moves the
// market and lets trades through that move it by less than the fee: who moves a market of depth D by ε pays fee·D·ε, and wins ε·S of a trade S.
// Who makes the whole market himself pays the fee to himself, and has the published bound.

const fixture = reusable(vaultWithHistory);
/** Fees and funding of a few blocks, which makers have with and without the attack, USD. */
const CENT = 10n ** 16n;

interface Choice {
  /** By what the pool and the perp markets are moved before the plan lands. */
  pool: number;
  perp: number;
  markets: readonly Market[];
  /** How far from the true price the pool is left after it: within the pool's fee nobody else would bring it back. */
  left: number;
}

const NOTHING: Choice = { pool: 0, perp: 0, markets: ["ETH", "BTC"], left: 0 };
const both = (sizes: number[]) => sizes.flatMap((size) => [size, -size]);
const inPerps = (sizes: number[], markets = NOTHING.markets): Choice[] =>
  both(sizes).map((perp) => ({ ...NOTHING, perp, markets }));
const POOL: Choice[] = [
  ...both([0.005, 0.0245, 0.026]).map((pool) => ({ ...NOTHING, pool })),
  ...both([0.005, 0.0245]).map((pool) => ({ ...NOTHING, pool, left: 0.003 })),
];
const TOGETHER: Choice[] = both([0.0245]).flatMap((pool) =>
  both([0.01, 0.025]).map((perp) => ({ ...NOTHING, pool, perp })),
);
const CHOICES = [
  ...POOL,
  ...inPerps([0.005, 0.01, 0.02, 0.029, 0.06]),
  ...inPerps([0.01, 0.029], ["BTC"]),
  ...TOGETHER,
];

/** Move the markets, let the plan come, move them back. */
async function sandwich(f: Fixture, truth: Prices, { pool, perp, markets, left }: Choice, act: () => Promise<unknown>) {
  const { stranger: thief } = f.world.signers;
  if (pool !== 0) await pushPool(f, thief, truth.ALT * (1 + pool));
  for (const market of markets) {
    if (perp !== 0) await pushPerp(f, thief, market, truth[market] * (1 + perp));
  }
  const isIn = await landed(act());
  for (const market of markets) await closePerp(f, thief, market);
  if (pool !== 0) await pushPool(f, thief, truth.ALT * (1 + Math.sign(pool) * left));
  return isIn;
}

/** The best sandwich of a plan, beyond what the same accounts earn when nobody attacks. */
async function search(
  f: Fixture,
  truth: Prices,
  owners: Owner[],
  choices: Choice[],
  act: () => Promise<unknown>,
): Promise<Best<Choice>> {
  const run = (choice: Choice) => profitOf(f, truth, owners, () => sandwich(f, truth, choice, act));
  const honest = await mostProfitable(f, [NOTHING], () =>
    profitOf(f, truth, owners, async () => expect(await sandwich(f, truth, NOTHING, act)).to.equal(true)),
  );
  return mostProfitable(f, choices, async (choice) => (await run(choice)) - honest.profit);
}

/** The keeper's own plan for the vault as it stands. */
async function keepersPlan(f: Fixture) {
  const keeper = await createKeeper({
    ...(await keeperParts(f.world, "keeper")),
    vault: f.deployment,
  });
  return (await keeper.plan()).decision.orders
    .map(encodeOrder)
    .map((order) => ({ ...order, action: Number(order.action) }));
}

/** How much more than in its simulation the keeper lets a plan cost, share of NAV. */
const SLACK = 0.0005;

/** A vault of so many times $200,000, and the keeper's first plan for it: margin, swap, mint, two shorts. */
async function planned(scale: number) {
  const f = await fixture();
  const { stranger: thief, maker, alice } = f.world.signers;
  await makeRich(f, thief);
  await depositBasket(f, alice, usdc(140_000 * scale), wad(6_000 * scale));
  const plan = await keepersPlan(f);
  expect(plan).to.have.length(5);
  const nav = await navAt(f, START);
  const maxLoss = mostLoss(outcomeUsd(await f.rebalancer.rebalance.staticCall(await planOf(f, plan))), SLACK);
  return {
    f,
    thief,
    maker,
    mostLost: (nav * (HEDGED_LIMITS.maxLoss as bigint)) / wad(1),
    mostSlack: (nav * percent(SLACK * 100)) / wad(1),
    act: async () => f.rebalancer.rebalance(await planOf(f, plan)),
    bounded: async () => f.rebalancer.rebalance(await planOf(f, plan, { maxLoss })),
  };
}

describe("attack: sandwich around a rebalance", () => {
  it("wins nothing from the keeper's plan", async () => {
    const { f, thief, act } = await planned(1);
    const best = await search(f, START, [thief], CHOICES, act);
    printProfit("sandwich-rebalance", best);
    expect(best.profit).to.be.lessThanOrEqual(0n);
  });

  it("wins no more than a plan may cost where the attacker makes the markets himself", async () => {
    const { f, thief, maker, mostLost, act } = await planned(1);
    const best = await search(f, START, [thief, maker], CHOICES, act);
    printProfit("sandwich-rebalance, by the only maker", best, mostLost);
    expect(best.profit).to.be.lessThanOrEqual(mostLost);
  });

  it("wins no more than a plan may cost from trades that move their market by more than its fee", async () => {
    const { f, thief, mostLost, act } = await planned(10);
    const best = await search(f, START, [thief], CHOICES, act);
    printProfit("sandwich-rebalance, of a plan ten times as large", best, mostLost);
    expect(best.profit).to.be.lessThanOrEqual(mostLost);
  });

  it("wins no more than the slack that the keeper sends such a plan with", async () => {
    const { f, thief, mostSlack, bounded } = await planned(10);
    const best = await search(f, START, [thief], [...CHOICES, ...inPerps([0.001, 0.002])], bounded);
    printProfit("sandwich-rebalance, of that plan as the keeper sends it", best, mostSlack);
    expect(best.profit).to.be.lessThanOrEqual(mostSlack);
  });
});

describe("attack: sandwich around a public step, which the attacker sends himself", () => {
  const SIZES = inPerps([0.002, 0.005, 0.007, 0.0085, 0.01, 0.02, 0.029, 0.06, 0.09], ["ETH"]);

  async function attacked(f: Fixture, truth: Prices, name: string, moved: bigint, act: () => Promise<unknown>) {
    const { stranger: thief, maker } = f.world.signers;
    await makeRich(f, thief);
    // A bounty pays for gas, which is not counted here either.
    await publicLimited(f, { alarmVolatility: percent(25), maxBounty: 0n });
    const alone = await search(f, truth, [thief], SIZES, act);
    printProfit(`sandwich-rebalance, ${name}`, alone);
    expect(alone.profit).to.be.lessThanOrEqual(0n);
    const bound = (moved * (PUBLIC_LIMITS.maxCost as bigint)) / wad(1) + CENT;
    const ofMaker = await search(f, truth, [thief, maker], SIZES, act);
    printProfit(`sandwich-rebalance, ${name} by the only maker`, ofMaker, bound);
    expect(ofMaker.profit).to.be.lessThanOrEqual(bound);
  }

  it("wins nothing by `hedge`", async () => {
    const f = await fixture();
    await unhedgedPosition(f);
    await publicLimited(f, { alarmVolatility: percent(25) });
    await strangerOf(f).raiseAlarm();
    await later(f, PUBLIC_LIMITS.grace as bigint);
    const act = () => strangerOf(f).hedge([orders.size(perpOf(f), marketsOf(f).ETH.base, -wad(7))]);
    await attacked(f, START, "of hedge", wad(7 * START.ETH), act);
  });

  it("wins nothing by `deleverage`", async () => {
    const f = await fixture();
    await thinPosition(f);
    const truth = { ...START, ETH: START.ETH * 1.27 };
    const { liquidity } = await f.liquidity.position();
    const steps = [
      orders.burn(poolOf(f), liquidity / 100n),
      orders.margin(perpOf(f), usdc(1_400)),
      orders.size(perpOf(f), marketsOf(f).ETH.base, wad(3)),
    ];
    await attacked(f, truth, "of deleverage", wad(3 * truth.ETH), () => strangerOf(f).deleverage(steps));
  });
});
