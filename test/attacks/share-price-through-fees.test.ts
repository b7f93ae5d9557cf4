import { UniswapV3Leg__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { depositBasket, exitInKind, hedgeOrders, liquidityLegIn, refreshFeeds } from "../support/actions.js";
import { type Fixture, START, vaultWithHistory } from "../support/fixture.js";
import { liquidityFor, oracleSqrtPrice, orders, planOf, rangeAround, usdc, wad } from "../support/orders.js";
import { emptyPool } from "../support/pools.js";
import { perpOf, send } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";
import { BRINGS, type Brings, bring } from "./support/late.js";
import { mostProfitable, printProfit, profitOf } from "./support/ledger.js";
import { makeRich, pushPool, type Signer } from "./support/trade.js";

// THREAT: fees of the vault's liquidity that nobody has collected move the share price at a moment that the attacker chooses: he pays them himself
// by wash trades or gifts around a deposit or an exit, comes in before those that are there are collected, or just before a large trade pays some.
// BOUND: nothing. docs/threat-model.md, "Gifts are counted in no price"; docs/architecture.md, "Uncollected fees included", and the spread, which is
// more than a trade through the whole range pays.

const fixture = reusable(vaultWithHistory);

/** A hedged vault that has all the liquidity of a pool of 1%, so that every fee there is its own. */
async function onlyMaker(f: Fixture, liquidityUsd: number) {
  const { alice, deployer, stranger: thief, trader } = f.world.signers;
  await depositBasket(f, alice, usdc(100_000), wad(5_000));
  const pool = await emptyPool(f.world, 10_000, await oracleSqrtPrice(f));
  const address = await liquidityLegIn(f, await pool.getAddress(), 1);
  await f.vault.addLeg(address);
  const range = await rangeAround(f, 1.25, 200);
  const half = liquidityUsd / 2;
  const liquidity = await liquidityFor(f, range, wad((half / START.ALT).toFixed(18)), usdc(half.toFixed(6)));
  const mint = orders.mint(address, range, liquidity);
  await f.rebalancer.rebalance(await planOf(f, [orders.margin(perpOf(f), usdc(50_000)), mint, ...hedgeOrders(f)]));
  for (const who of [thief, trader]) await makeRich(f, who);
  // An hour, for the deposit windows and the pool's average.
  await f.world.networkHelpers.time.increase(3_600);
  await refreshFeeds(f);
  return { thief, trader, pool, range, leg: UniswapV3Leg__factory.connect(address, deployer) };
}

type Place = Awaited<ReturnType<typeof onlyMaker>>;

/** Trades through a part of the range and back, which pay a fee each way. */
async function wash(f: Fixture, { pool }: Place, who: Signer, reach: number, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await pushPool(f, who, START.ALT * (1 + reach), pool);
    await pushPool(f, who, START.ALT, pool);
  }
}

/** A gift of fees to the liquidity in range, without a trade. */
async function giveFees(f: Fixture, { pool }: Place, who: Signer, usd: number): Promise<void> {
  const donor = await f.world.ethers.deployContract("MockDonor");
  const { USDC, ALT } = f.world.tokens;
  const cashFirst = (await pool.token0()) === (await USDC.getAddress());
  const amounts = [usdc(usd / 2), wad(usd / 2 / START.ALT)];
  await USDC.connect(who).transfer(donor, amounts[0] as bigint);
  await ALT.connect(who).transfer(donor, amounts[1] as bigint);
  await donor.getFunction("giveFees")(pool, ...(cashFirst ? amounts : amounts.reverse()));
}

/** He brings what the windows let in, something happens, and he leaves in kind. */
async function around(f: Fixture, who: Signer, brings: Brings, event: () => Promise<unknown>): Promise<void> {
  await bring(f, who, { ALT: 0 }, brings);
  await event();
  const shares = await f.vault.balanceOf(who);
  if (shares > 0n) await exitInKind(f, who, shares);
}

describe("attack: share price through fees of liquidity", () => {
  it("wins nothing by paying fees oneself, before the deposit or after it", async () => {
    const f = await fixture();
    const place = await onlyMaker(f, 80_000);
    const { thief } = place;
    const ways = {
      wash: (reach: number, times: number) => wash(f, place, thief, reach, times),
      gift: (reach: number, times: number) => giveFees(f, place, thief, 1e5 * reach * times),
    };
    const choices = (["wash", "gift"] as const)
      .flatMap((way) =>
        (["before", "after"] as const).flatMap((when) =>
          [0.02, -0.2].flatMap((reach) =>
            [1, 5].map((times) => ({ way, when, reach, times, brings: "all" as Brings })),
          ),
        ),
      )
      .filter(({ way, reach }) => way === "wash" || reach > 0);
    const best = await mostProfitable(f, choices, ({ way, when, reach, times, brings }) =>
      profitOf(f, START, [thief], async () => {
        if (when === "before") await ways[way](reach, times);
        await around(f, thief, brings, async () => when === "after" && ways[way](reach, times));
      }),
    );
    printProfit("share-price-through-fees, his own", best);
    expect(best.profit).to.be.lessThanOrEqual(0n);
  });

  it("wins nothing by coming in before fees are collected that are there already", async () => {
    const f = await fixture();
    const place = await onlyMaker(f, 80_000);
    const { thief, trader, leg } = place;
    const choices = [1, 5, 20].flatMap((trades) =>
      BRINGS.flatMap((brings) => [true, false].map((collects) => ({ trades, brings, collects }))),
    );
    const best = await mostProfitable(f, choices, async ({ trades, brings, collects }) => {
      await wash(f, place, trader, 0.2, trades);
      await f.world.networkHelpers.time.increase(960);
      return profitOf(f, START, [thief], () =>
        around(f, thief, brings, async () => collects && send(f, [orders.burn(await leg.getAddress(), 0n)])),
      );
    });
    printProfit("share-price-through-fees, uncollected", best);
    expect(best.profit).to.be.lessThanOrEqual(0n);
  });

  it("wins nothing by coming in just before a large trade, and leaving after it", async () => {
    const f = await fixture();
    const place = await onlyMaker(f, 80_000);
    const { thief, trader } = place;
    const choices = [0.05, -0.05, 0.2, -0.2, 0.3].flatMap((reach) => BRINGS.map((brings) => ({ reach, brings })));
    const best = await mostProfitable(f, choices, ({ reach, brings }) =>
      // And the arbitrage back, which pays a fee too.
      profitOf(f, START, [thief], () => around(f, thief, brings, () => wash(f, place, trader, reach, 1))),
    );
    printProfit("share-price-through-fees, just in time", best);
    expect(best.profit).to.be.lessThanOrEqual(0n);
  });

  it("wins nothing from a next depositor by fees on liquidity of next to nothing", async () => {
    const f = await fixture();
    const place = await onlyMaker(f, 0.000_01);
    const { thief } = place;
    const { carol, alice } = f.world.signers;
    await f.vault.connect(alice).transfer(thief, (await f.vault.balanceOf(alice)) / 2n);
    await makeRich(f, carol);
    const run = (gift: number, victim: boolean) =>
      profitOf(f, START, [thief], async () => {
        if (gift > 0) await giveFees(f, place, thief, gift);
        if (victim) await bring(f, carol, {}, "cash");
        await exitInKind(f, thief, await f.vault.balanceOf(thief));
      });
    const choices = [1, 1_000, 100_000, 10_000_000].flatMap((gift) =>
      [true, false].map((victim) => ({ gift, victim })),
    );
    // Half of the spread that a newcomer pays is his as a holder, with and without a gift.
    const honest = await mostProfitable(f, [true, false], (victim) => run(0, victim));
    const best = await mostProfitable(
      f,
      choices,
      async ({ gift, victim }) => (await run(gift, victim)) - honest.profit,
    );
    printProfit("share-price-through-fees, dust", best);
    expect(best.profit).to.be.lessThanOrEqual(0n);
  });
});
