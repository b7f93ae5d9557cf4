import { UniswapV3Leg__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { MaxUint256 } from "ethers";
import { HEDGED_LIMITS, MAX_SLIPPAGE, percent } from "../../scripts/deploy/parameters.js";
import { toSqrtX96 } from "../../scripts/devnet/math.js";
import { fund } from "../../scripts/devnet/world.js";
import { depositBasket, liquidityLegIn, refreshFeeds } from "../support/actions.js";
import { type Fixture, START } from "../support/fixture.js";
import { liquidityFor, oracleSqrtPrice, orders, rangeAround, usdc, wad } from "../support/orders.js";
import { emptyPool, giveLiquidity } from "../support/pools.js";
import { limited, poolOf, send, usdcFirst } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";
import { vaultWithStrangeToken } from "../support/strange.js";
import { landed, mostProfitable, navAt, printProfit, profitOf, wealthOf } from "./support/ledger.js";
import { makeRich, pushPool } from "./support/trade.js";

// THREAT: a plan's first order sends a token that hands control to the attacker, as ERC-777 did, and he moves the pool of the second order, after it
// was found in order and before it is traded in. He has the keeper's key too, so that he chooses the plan.
// BOUND: docs/threat-model.md, "A stolen keeper key". Where the pool is beyond `poolBand` the order is refused and he wins nothing; inside it a plan
// costs at most `maxLoss`, and all of them together at once at most the loss budget C.

const fixture = reusable(() => vaultWithStrangeToken(18));
const BAND = Number(HEDGED_LIMITS.poolBand) / 1e18;
const FEE = 500;

interface Choice {
  /** By what the token's hook moves the second pool. */
  push: number;
  second: "mint" | "sell" | "buy";
  /** Range of the mint: price/factor to price·factor. */
  factor: number;
}

const PUSHES = [0.005, 0.01, 0.02, 0.0245, 0.026, 0.05, 0.1].flatMap((push) => [push, -push]);
const CHOICES: Choice[] = PUSHES.flatMap((push) => [
  ...[1.04, 1.25].map((factor) => ({ push, second: "mint", factor }) as const),
  { push, second: push < 0 ? "sell" : "buy", factor: 1 } as const,
]);

/** An idle vault of $150,000 with a leg in each of two pools, and a token whose hook the attacker commands. */
async function twoPools(f: Fixture) {
  const { alice, deployer, stranger: thief, keeper } = f.world.signers;
  await depositBasket(f, alice, usdc(100_000), wad(5_000));
  await limited(f, { maxVolatility: percent(1_000), minHedge: 0n });
  const pool = await emptyPool(f.world, FEE, await oracleSqrtPrice(f));
  await giveLiquidity(f.world, pool, { tickLower: -887_270, tickUpper: 887_270 }, 1_000_000n);
  const leg = UniswapV3Leg__factory.connect(
    await liquidityLegIn(f, await pool.getAddress(), 1, MAX_SLIPPAGE),
    deployer,
  );
  await f.vault.addLeg(leg);
  await makeRich(f, thief);
  const hook = await f.world.ethers.deployContract("MockListener");
  await fund(f.world, await hook.getAddress(), { USDC: usdc(10_000_000), ALT: wad(1_000_000) });
  await f.world.networkHelpers.time.increase(960);
  await refreshFeeds(f);
  return { pool, leg, hook, owners: [thief, keeper, hook] };
}

type Place = Awaited<ReturnType<typeof twoPools>>;

/** At the token's next transfer the hook moves the second pool by a part of its price. */
async function arm(f: Fixture, { pool, hook }: Place, push: number): Promise<void> {
  const { tokens, uniswap } = f.world;
  const altFirst = !(await usdcFirst(f));
  const raw = START.ALT * (1 + push) * 1e-12;
  const [tokenIn, tokenOut] = push < 0 ? [tokens.ALT, tokens.USDC] : [tokens.USDC, tokens.ALT];
  const swap = {
    tokenIn: await tokenIn.getAddress(),
    tokenOut: await tokenOut.getAddress(),
    fee: await pool.fee(),
    recipient: await hook.getAddress(),
    deadline: MaxUint256,
    amountIn: (await tokenIn.balanceOf(hook)) / 2n,
    amountOutMinimum: 0,
    sqrtPriceLimitX96: toSqrtX96(altFirst ? raw : 1 / raw),
  };
  const router = await uniswap.router.getAddress();
  await hook.getFunction("prepare")([
    { target: swap.tokenIn, data: tokenIn.interface.encodeFunctionData("approve", [router, MaxUint256]) },
    { target: router, data: uniswap.router.interface.encodeFunctionData("exactInputSingle", [swap]) },
  ]);
  await f.world.ethers
    .getContractAt("MockStrangeToken", await tokens.ALT.getAddress())
    .then((token) => token.getFunction("setListener")(hook));
}

async function disarm(f: Fixture, { hook }: Place): Promise<void> {
  const token = await f.world.ethers.getContractAt("MockStrangeToken", await f.world.tokens.ALT.getAddress());
  await token.getFunction("setListener")("0x0000000000000000000000000000000000000000");
  await hook.getFunction("forget")();
}

/** One plan, and the second pool brought back. Returns whether the plan landed. */
async function attack(f: Fixture, place: Place, { push, second, factor }: Choice): Promise<boolean> {
  const [first, other] = [poolOf(f), await place.leg.getAddress()];
  const sellsAlt = !(await usdcFirst(f));
  const range = await rangeAround(f, factor, 10);
  const orderOf = {
    mint: async () => orders.mint(other, range, await liquidityFor(f, range, wad(2_000), usdc(20_000))),
    sell: async () => orders.swap(other, sellsAlt, wad(500)),
    buy: async () => orders.swap(other, !sellsAlt, usdc(5_000)),
  };
  const plan = [orders.swap(first, sellsAlt, wad(1)), await orderOf[second]()];
  await arm(f, place, push);
  const isIn = await landed(send(f, plan));
  await disarm(f, place);
  await pushPool(f, f.world.signers.stranger, START.ALT, place.pool);
  return isIn;
}

describe("attack: pool moved after it was checked", () => {
  it("wins nothing beyond the band, and no more than a plan may cost inside it", async () => {
    const f = await fixture();
    const place = await twoPools(f);
    const most = ((await navAt(f, START)) * (HEDGED_LIMITS.maxLoss as bigint)) / wad(1);
    for (const isInside of [false, true]) {
      const choices = CHOICES.filter(({ push }) => Math.abs(push) < BAND === isInside);
      const best = await mostProfitable(f, choices, (choice) =>
        profitOf(f, START, place.owners, () => attack(f, place, choice)),
      );
      const bound = isInside ? most : 0n;
      printProfit(`pool-moved-after-check, ${isInside ? "inside" : "beyond"} the band`, best, bound);
      expect(best.profit).to.be.lessThanOrEqual(bound);
    }
  });

  it("wins no more than the loss budget by repeating it", async () => {
    const f = await fixture();
    const place = await twoPools(f);
    const most = ((await navAt(f, START)) * (HEDGED_LIMITS.lossBudget as bigint)) / wad(1);
    const before = await wealthOf(f, START, place.owners);
    let plans = 0;
    // Sell dear what was bought cheap, until the budget is spent.
    for (let isIn = true; isIn; plans++) {
      isIn = await attack(f, place, {
        push: plans % 2 === 0 ? -0.0245 : 0.0245,
        second: plans % 2 === 0 ? "sell" : "buy",
        factor: 1,
      });
    }
    const profit = (await wealthOf(f, START, place.owners)) - before;
    printProfit("pool-moved-after-check, until refused", { profit, tried: plans, choice: { plans: plans - 1 } }, most);
    expect(plans).to.be.greaterThan(2);
    expect(profit).to.be.lessThanOrEqual(most);
  });
});
