import { createKeeper, type Keeper, type KeeperConfigInput, type TickResult } from "@crosshedge/keeper";
import { UniswapV3Leg__factory } from "@crosshedge/sdk";
import { expect } from "chai";
import { HEDGED_LIMITS } from "../../scripts/deploy/parameters.js";
import { movePool, reportRounds } from "../../scripts/devnet/venues.js";
import { depositBasket } from "../support/actions.js";
import { START, vaultIn, worldWithOracles } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { reusable } from "../support/reusable.js";

async function vaultInTwoPools() {
  const { connection, world, oracles, rounds } = await worldWithOracles({ history: true });
  const parts = await vaultIn(world, oracles, { ...HEDGED_LIMITS, cooldown: 0n }, undefined, ["altWeth"]);
  const second = UniswapV3Leg__factory.connect(parts.deployment.legs["altWeth"] as string, world.signers.deployer);
  return { connection, world, oracles, rounds, second, ...parts };
}
type TwoPools = Awaited<ReturnType<typeof vaultInTwoPools>>;
const fixture = reusable(vaultInTwoPools);

async function keeperOf(f: TwoPools, config: KeeperConfigInput = {}): Promise<Keeper> {
  return createKeeper({
    provider: f.world.ethers.provider,
    signer: f.world.signers.keeper,
    vault: f.deployment,
    multicall: await f.world.multicall.getAddress(),
    config: { ...config, execution: { gasLimit: 15_000_000 } },
  });
}

/** Liquidity of both legs as shares of NAV, ALT/USDC first. */
async function shares(f: TwoPools, keeper: Keeper): Promise<number[]> {
  const { state } = (await keeper.plan()).observation;
  return [f.liquidity, f.second].map(({ target }) => {
    const leg = state.legs.find(({ address }) => address === target)!;
    return Number(leg.value!.equity) / Number(state.portfolio.nav);
  });
}

/** Trades there and back, through so much of the price, an hour later. */
async function tradeHour(f: TwoPools, pool: "altUsdc" | "altWeth", width: number): Promise<void> {
  const price = pool === "altUsdc" ? START.ALT : START.ALT / START.ETH;
  for (const to of [1 + width, 1 / (1 + width), 1]) await movePool(f.world, pool, price * to);
  await reportRounds(f.world, START, (await f.world.networkHelpers.time.latest()) + 3_600);
}

const why = ({ reasons, refused }: TickResult) => [...reasons, refused?.message ?? ""].join("; ");

describe("keeper, against a vault in two pools", () => {
  it("makes both positions from a plain deposit, hedged, as predicted, then rests", async () => {
    const f = await fixture();
    await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
    const keeper = await keeperOf(f);
    const first = await keeper.tick();
    expect(first.action, why(first)).to.equal("rebalanced");
    expect(first.mismatches).to.deep.equal([]);
    const [one, two] = await shares(f, keeper);
    // Nearly all of ALT's risk is in both: equal risk is nearly equal liquidity, of what two thirds of NAV less the margin leave.
    expect(one).to.be.within(0.2, 0.36);
    expect(two! / one!).to.be.within(0.8, 1.2);
    const { varianceAfter, varianceUnhedged } = first.actual!.outcome;
    expect(varianceAfter).to.be.below(0.6 * varianceUnhedged);
    const second = await keeper.tick();
    expect(second.action, why(second)).to.equal("nothing");
  });

  it("leaves the pool that earns nothing once fees are known, and returns to it when it earns", async () => {
    const f = await fixture();
    await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
    const keeper = await keeperOf(f);
    await keeper.tick();
    const results: TickResult[] = [];
    const hours = async (pool: "altUsdc" | "altWeth", count: number) => {
      for (let hour = 0; hour < count; hour++) {
        await tradeHour(f, pool, 0.01);
        results.push(await keeper.tick());
      }
      return shares(f, keeper);
    };
    const blind = await hours("altUsdc", 5);
    expect(blind[1]! / blind[0]!).to.be.within(0.8, 1.2);
    const [one, two] = await hours("altUsdc", 4);
    expect([one! > 0.5, two], why(results.at(-1)!)).to.deep.equal([true, 0]);
    const [left, entered] = await hours("altWeth", 8);
    expect([left, entered! > 0.5], why(results.at(-1)!)).to.deep.equal([0, true]);
    expect(results.flatMap(({ mismatches }) => mismatches)).to.deep.equal([]);
    expect(results.filter(({ action }) => action === "refused").map(why)).to.deep.equal([]);
    // Out, twice in parts, and over: it does not churn.
    const moved = results.filter(({ orders }) => orders.some(({ action }) => action === "mint" || action === "burn"));
    console.log(results.map((r) => [r.action, why(r).slice(0, 300), r.orderWords]));
    expect(moved.length).to.be.within(2, 4);
    expect(why(moved[0]!)).to.match(/ALT\/WETH gets 0.0% of the liquidity.*net -.*does not pay/);
  });
});
