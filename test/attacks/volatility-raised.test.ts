import { expect } from "chai";
import { HEDGED_LIMITS, PUBLIC_LIMITS } from "../../scripts/deploy/parameters.js";
import { fund } from "../../scripts/devnet/world.js";
import { exitInKind } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { wad } from "../support/orders.js";
import { newRounds, request, settle } from "../support/queue.js";
import { later, publicLimited, strangerOf, unhedgedPosition } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";
import { pushPerp, wholeMarket } from "./support/accomplice.js";
import { landed, mostProfitable, navAt, type Owner, printProfit, profitOf } from "./support/ledger.js";
import { sizeOf } from "./support/stolen.js";

/**
 * The threat: a vault runs just below the volatility of its alarm. Somebody carries it over, by a deposit of the volatile asset or by drawing its
 * cash out through the queue, raises the alarm, and hedges the vault step by step against his own order in the perp market, whose price he holds off.
 *
 * The bound (docs/threat-model.md, "Strangers"): what a public hedge may cost is in a budget of its own, less than 2C of NAV in seven days, each step at
 * most `maxCost` of `maxStep` of NAV, and the vault gets safer for it. In a market of others the raising and the push cost more than comes back. Where the whole market is his he keeps the
 * venue's fee and what he holds the price off by, on the step or two that bring a vault back that was at its trigger anyway.
 */
const fixture = reusable(vaultWithHistory);
const CAPACITY = PUBLIC_LIMITS.lossBudget as bigint;

interface Plan {
  /** How he raises the volatility. */
  raise: "deposit" | "deposit, then redeem" | "redeem";
  /** Of what the deposit window lets in, or of his shares, a percentage. */
  part: number;
  /** How far he holds the perp market off, a fraction. */
  push: number;
  /** ETH of a step. */
  eth: string;
}

const volatilityOf = async (f: Fixture): Promise<number> => {
  const [{ exposure, gammas, nav }] = await f.vault.portfolio();
  const terms = gammas.map(({ c, i, j }) => ({ c, i, j }));
  const [variance] = await f.covariance.variance([...exposure], terms, HEDGED_LIMITS.horizon);
  return (Math.sqrt(Number(variance) / 1e18) * 1e18) / Number(nav);
};

/** A vault just below its alarm, a fifth of which is the attacker's. */
async function begin(market: "his own" | "of others"): Promise<{ f: Fixture; attackers: Owner[] }> {
  const f = await fixture();
  const { alice, stranger, maker } = f.world.signers;
  const shares = await unhedgedPosition(f);
  await f.vault.connect(alice).transfer(stranger, shares / 5n);
  await publicLimited(f, { alarmVolatility: wad(((await volatilityOf(f)) * 1.001).toFixed(12)) });
  await fund(f.world, stranger.address, { ALT: wad(3_000) });
  await f.world.tokens.ALT.connect(stranger).approve(f.vault, wad(3_000));
  const [mover] = market === "his own" ? await wholeMarket(f) : [f.world.mover];
  const attackers: Owner[] = [mover as Owner, stranger];
  return { f, attackers: market === "his own" ? [...attackers, maker] : attackers };
}

/** Volatility goes up. */
async function raise(f: Fixture, { raise: how, part }: Plan): Promise<void> {
  const { stranger } = f.world.signers;
  if (how.startsWith("deposit")) {
    const room = await f.vault.depositRoom(f.world.tokens.ALT);
    const deposit = f.vault.connect(stranger)["deposit(address,uint256,uint256,address,uint256)"];
    await deposit(f.world.tokens.ALT, (room * BigInt(part) * 99n) / 100_000n, 0n, stranger, 2n ** 63n);
  }
  if (how.endsWith("redeem")) {
    await request(f, stranger, ((await f.vault.balanceOf(stranger)) * BigInt(part)) / 100n);
    await newRounds(f);
    await settle(f);
  }
}

/** Alarm, grace, and hedges against his own order for as long as they pass; then he leaves with all that he has. */
async function attack(f: Fixture, plan: Plan): Promise<void> {
  const { stranger } = f.world.signers;
  const { push, eth } = plan;
  await raise(f, plan);
  if (await landed(strangerOf(f).raiseAlarm())) {
    await later(f, PUBLIC_LIMITS.grace as bigint);
    for (let passes = true; passes; ) {
      const snapshot = await f.world.networkHelpers.takeSnapshot();
      await pushPerp(f, START.ETH, 1 - push);
      passes = await landed(strangerOf(f).hedge([sizeOf(f, -wad(eth))]));
      if (!passes) await snapshot.restore();
      await pushPerp(f, START.ETH);
      await later(f, PUBLIC_LIMITS.cooldown as bigint);
    }
  }
  const claim = await f.vault.maxRedeem(stranger);
  if (claim > 0n) await f.vault.connect(stranger).redeem(claim, stranger, stranger);
  const rest = (await f.vault.balanceOf(stranger)) + (await f.vault.pendingRedeemRequest(0, stranger));
  if (rest > 0n) await exitInKind(f, stranger, rest);
}

const GRID = [10, 100].flatMap((part) =>
  [0, 0.002, 0.006, 0.02].flatMap((push) => ["3", "7.2"].map((eth) => ({ part, push, eth }))),
);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
/** Most that one step may cost the vault: `maxCost` of `maxStep` of NAV. */
const stepCost = (nav: bigint): bigint =>
  (nav * (PUBLIC_LIMITS.maxStep as bigint) * (PUBLIC_LIMITS.maxCost as bigint)) / wad(1) / wad(1);
const gasOf = async (f: Fixture) =>
  (await f.world.ethers.provider.getBalance(f.world.signers.stranger)) * BigInt(START.ETH);

describe("attack: volatility raised, and hedged against one's own order", () => {
  for (const [how, market] of [
    ["deposit", "his own"],
    ["deposit, then redeem", "his own"],
    ["redeem", "his own"],
    ["deposit", "of others"],
    ["redeem", "of others"],
  ] as const) {
    it(`by a ${how}, in a market ${market}`, async () => {
      const { f, attackers } = await begin(market);
      const nav = await navAt(f, START);
      const epoch = await f.rebalancer.epoch();
      let hedged = 0;
      const bounds = new Map<Plan, bigint>();
      const best = await mostProfitable(
        f,
        GRID.map((choice): Plan => ({ raise: how, ...choice })),
        async (plan) => {
          // A bounty pays gas back: both count.
          const ether = await gasOf(f);
          const gained = await profitOf(f, START, attackers, () => attack(f, plan));
          const profit = gained + (await gasOf(f)) - ether;
          const steps = (await f.rebalancer.epoch()) - epoch;
          if (steps > 0n) hedged++;
          const bound = market === "his own" ? least((2n * nav * CAPACITY) / wad(1), steps * stepCost(nav)) : 0n;
          bounds.set(plan, bound);
          expect(profit, JSON.stringify(plan)).to.be.lessThanOrEqual(bound);
          return profit;
        },
      );
      printProfit(`volatility-raised by a ${how}, market ${market}`, best, bounds.get(best.choice));
      expect(hedged, "plans by which something was hedged").to.be.greaterThan(1);
    });
  }
});
