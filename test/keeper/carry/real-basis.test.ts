import { createKeeper, type PassResult } from "@crosshedge/keeper";
import type { VaultDeployment } from "@crosshedge/sdk";
import { HedgeVault__factory, Rebalancer__factory } from "@crosshedge/sdk/contracts";
import { expect } from "chai";
import { deployVault } from "../../../scripts/deploy/system.js";
import { keeperParts } from "../../../scripts/devnet/keeper-parts.js";
import { movePerp } from "../../../scripts/devnet/venues.js";
import { fund, setFeed, type World } from "../../../scripts/devnet/world.js";
import { START, worldWithOracles } from "../../support/fixture.js";
import { usdc } from "../../support/orders.js";
import { reusable } from "../../support/reusable.js";

const DAY = 86_400;
const DEPOSIT = 100_000;
/** Among the vault's assets. */
const WETH = 2;
const CONFIG = {
  basis: { enabled: true, maxShare: 0.3 },
  // Prices stand still for months: without this the program would short for the funding alone.
  hedge: { riskAversion: 10_000 },
  liquidity: { manage: false },
  execution: { gasLimit: 15_000_000 },
} as const;

/** A vault with a WETH/USDC pool and an ETH perp, USDC in it, and nobody's money anywhere else. */
const fixture = reusable(async () => {
  const { world, oracles } = await worldWithOracles({ history: true });
  const { deployer, keeper, alice } = world.signers;
  const deployment: VaultDeployment = await deployVault(deployer, world.deployment, oracles, {
    ...{ name: "Crosshedge WETH/USDC", symbol: "xhETH", pool: "wethUsdc", keeper: keeper.address },
    settings: { managementFee: 0n, performanceFee: 0n },
  });
  const vault = HedgeVault__factory.connect(deployment.vault, alice);
  await fund(world, alice.address, { USDC: usdc(DEPOSIT) });
  await world.tokens.USDC.connect(alice).approve(vault, usdc(DEPOSIT));
  await vault.depositBasket([world.tokens.USDC], [usdc(DEPOSIT)], 0n, alice, 2n ** 63n);
  return { world, deployment, rebalancer: Rebalancer__factory.connect(deployment.rebalancer, keeper) };
});
type Fixture = Awaited<ReturnType<typeof fixture>>;

/** So many days on each of which somebody trades ETH's market away from its index; the feeds report just before each midnight. */
async function premiumFor({ world }: Fixture, days: number, premium: number): Promise<void> {
  const { time } = world.networkHelpers;
  for (let day = 0; day < days; day++) {
    await movePerp(world, "ETH", START.ETH * (1 + premium * (day % 2 === 0 ? 0.9 : 1.1)));
    await time.increaseTo(Math.ceil((await time.latest()) / DAY + 0.5) * DAY - 60);
    await report(world);
  }
  await time.increase(120);
}

/** Every feed at the price of the start. */
async function report(world: World): Promise<void> {
  for (const asset of ["USDC", "ALT", "ETH", "BTC"] as const) await setFeed(world, asset, START[asset]);
}

const why = ({ reasons, refused }: PassResult) => [...reasons, refused?.message ?? ""].join("; ");

describe("basis trade, on the real venues", () => {
  it("goes in while the market stands above its index, rests, and comes out when it has stood below", async () => {
    const f = await fixture();
    const keeper = await createKeeper({
      ...(await keeperParts(f.world, "keeper")),
      ...{ vault: f.deployment, config: CONFIG },
    });
    const bought = async () => (Number(await f.world.tokens.WETH.balanceOf(f.deployment.vault)) / 1e18) * START.ETH;
    await premiumFor(f, 62, 0.001);
    const first = await keeper.pass();
    expect(first.action, why(first)).to.equal("rebalanced");
    expect(first.mismatches).to.deep.equal([]);
    expect(why(first)).to.match(/the basis trade in WETH is worth it: shorts are expected to earn \d\d\.\d% a year/);
    const { outcome, exposure } = first.actual!;
    expect(first.orders.map(({ action }) => action)).to.deep.equal(["margin", "swap", "size"]);
    // As much as the pool takes of three tenths, and an equal short.
    expect(exposure[WETH]).to.be.within(-0.01 * DEPOSIT, 0.01 * DEPOSIT);
    expect(Math.sqrt(outcome.varianceUnhedged)).to.be.above(10 * Math.sqrt(outcome.varianceAfter));
    const held = await bought();
    expect(held).to.be.within(0.2 * DEPOSIT, 0.31 * DEPOSIT);
    await f.world.networkHelpers.time.increase(301);
    const second = await keeper.pass();
    expect(second.action, why(second)).to.equal("nothing");

    await premiumFor(f, 12, -0.002);
    const third = await keeper.pass();
    expect(third.action, why(third)).to.equal("rebalanced");
    expect(why(third)).to.match(/the basis trade in WETH is given up: shorts are expected to earn -\d\d\.\d% a year/);
    expect(third.mismatches).to.deep.equal([]);
    expect(third.orders.map(({ action }) => action)).to.deep.equal(["size", "swap"]);
    expect(await bought()).to.be.below(0.01 * held);
    await f.world.networkHelpers.time.increase(301);
    const fourth = await keeper.pass();
    expect(fourth.action, why(fourth)).to.equal("nothing");
  });
});
