import { createKeeper, type Keeper, type KeeperConfigInput, type PassResult } from "@crosshedge/keeper";
import { UniswapV3Leg__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { formatPlan } from "../../keeper/src/cli/format.js";
import { HEDGED_LIMITS } from "../../scripts/deploy/parameters.js";
import { keeperParts } from "../../scripts/devnet/keeper-parts.js";
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
    ...(await keeperParts(f.world, "keeper")),
    vault: f.deployment,
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

/** Trades there and back through a fiftieth of the price, and hours go by. */
async function trade(f: TwoPools, pool: "altUsdc" | "altWeth", hours: number): Promise<void> {
  const price = pool === "altUsdc" ? START.ALT : START.ALT / START.ETH;
  for (const to of [1.02, 1 / 1.02, 1]) await movePool(f.world, pool, price * to);
  await reportRounds(f.world, START, (await f.world.networkHelpers.time.latest()) + hours * 3_600);
}

const why = ({ reasons, refused }: PassResult) => [...reasons, refused?.message ?? ""].join("; ");

describe("keeper, against a vault in two pools", () => {
  it("makes both positions from a deposit, leaves the pool that earns nothing, and returns when it earns", async () => {
    const f = await fixture();
    await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
    const keeper = await keeperOf(f);
    const first = await keeper.pass();
    expect(first.action, why(first)).to.equal("rebalanced");
    const [one, two] = await shares(f, keeper);
    // Nearly all of ALT's risk is in both: equal risk is nearly equal liquidity.
    expect(one).to.be.within(0.2, 0.36);
    expect(two! / one!).to.be.within(0.8, 1.2);
    const { varianceAfter, varianceUnhedged } = first.actual!.outcome;
    expect(varianceAfter).to.be.below(0.6 * varianceUnhedged);

    const text = formatPlan(await keeper.plan());
    expect(text).to.match(/idle WETH: \$[\d,]+ counts for \$0, haircut 100.0%/);
    expect(text).to.match(/USDC\/ALT: \$[\d,]+ counts for \$[1-9][\d,]+, haircut \d\d.\d%/);
    expect(text).to.match(/as concentrated as [\d.]+ equal exposures, [23].\d equal venues, 1.0 equal stables/);

    const results = [await keeper.pass()];
    expect(results[0]!.action, why(results[0]!)).to.equal("nothing");
    const following = async (pool: "altUsdc" | "altWeth", times: number): Promise<number[]> => {
      for (let time = 0; time < times; time++) {
        await trade(f, pool, 2);
        results.push(await keeper.pass());
      }
      return shares(f, keeper);
    };
    const blind = await following("altUsdc", 2);
    expect(blind[1]! / blind[0]!).to.be.within(0.8, 1.2);
    const out = await following("altUsdc", 3);
    expect([out[0]! > 0.5, out[1]], why(results.at(-1)!)).to.deep.equal([true, 0]);
    const back = await following("altWeth", 6);
    expect([back[0], back[1]! > 0.5], why(results.at(-1)!)).to.deep.equal([0, true]);
    for (const result of [first, ...results]) {
      expect(result.action, why(result)).to.not.equal("refused");
      expect(result.mismatches).to.deep.equal([]);
    }
    const moved = results.filter(({ orders }) => orders.some(({ action }) => action === "mint" || action === "burn"));
    // Out in two parts, as the swap may not move its pool further, and over: it does not churn.
    expect(moved.length).to.be.within(2, 4);
    expect(why(moved[0]!)).to.match(/ALT\/WETH gets 0.0% of the liquidity.*net -.*does not pay/);
  });

  it("ends with more than by equal parts, where one pool earns", async () => {
    const navBy = async (allocation: "equal" | "risk"): Promise<number> => {
      const f = await fixture();
      await depositBasket(f, f.world.signers.alice, usdc(140_000), wad(6_000));
      const keeper = await keeperOf(f, { liquidity: { allocation } });
      await keeper.pass();
      for (let time = 0; time < 6; time++) {
        await trade(f, "altUsdc", 2);
        if (time > 1) await keeper.pass();
      }
      // No pass is needed for what the positions earn.
      for (let time = 0; time < 16; time++) await trade(f, "altUsdc", 2);
      return Number((await keeper.plan()).observation.state.portfolio.nav) / 1e18;
    };
    const [equal, risk] = [await navBy("equal"), await navBy("risk")];
    expect(risk).to.be.above(equal);
  });
});
