import {
  AaveV3ShortLeg__factory,
  CovarianceOracle__factory,
  HedgeVault__factory,
  type IRebalancer,
  PriceOracle__factory,
  Rebalancer__factory,
  UniswapV3Leg__factory,
} from "@crosshedge/sdk";
import { UNHEDGED_LIMITS } from "../../scripts/deploy/parameters.js";
import { deployVault } from "../../scripts/deploy/system.js";
import type { Asset } from "../../scripts/devnet/assets.js";
import type { Aave } from "../../scripts/devnet/deploy/aave.js";
import { setFeed, type World } from "../../scripts/devnet/world.js";
import { depositBasket } from "./actions.js";
import { type Fixture, START, worldWithOracles } from "./fixture.js";
import { type EncodedOrder, orders, planOf, usdc, wad } from "./orders.js";

/** A vault in ALT/USDC whose only hedge is Aave. */
async function aaveVault(limits?: IRebalancer.LimitsStruct) {
  const made = await worldWithOracles({ history: true });
  const { world, oracles } = made;
  const { deployer, keeper } = world.signers;
  const deployment = await deployVault(deployer, world.deployment, oracles, {
    name: "Crosshedge ALT/USDC on Aave",
    symbol: "xhALT",
    pool: "altUsdc",
    hedge: "aave",
    keeper: keeper.address,
    ...(limits && { limits }),
  });
  return {
    ...made,
    deployment,
    vault: HedgeVault__factory.connect(deployment.vault, deployer),
    rebalancer: Rebalancer__factory.connect(deployment.rebalancer, keeper),
    prices: PriceOracle__factory.connect(deployment.priceOracle, deployer),
    covariance: CovarianceOracle__factory.connect(deployment.covarianceOracle, deployer),
    liquidity: UniswapV3Leg__factory.connect(deployment.legs.liquidity as string, deployer),
    /** There is none. */
    perp: undefined as never,
    leg: AaveV3ShortLeg__factory.connect(deployment.legs.aave as string, deployer),
    venue: world.aave as Aave,
  };
}

export type AaveFixture = Awaited<ReturnType<typeof aaveVault>>;

/** With the limits of a vault that must be hedged. */
export const hedgedAaveVault = () => aaveVault();
/** With limits that let every order through. */
export const freeAaveVault = () => aaveVault(UNHEDGED_LIMITS);

/** Borrowed tokens by their asset: address and decimals. */
export function marketOf(f: Fixture, asset: Exclude<Asset, "USDC">): string {
  const { tokens } = f.world.deployment;
  return tokens[{ ETH: "WETH", BTC: "WBTC", ALT: f.world.altSymbol }[asset]] as string;
}

export const size = (f: AaveFixture, asset: Exclude<Asset, "USDC">, amount: bigint): EncodedOrder =>
  orders.size(f.deployment.legs.aave as string, marketOf(f, asset), amount);
export const margin = (f: AaveFixture, amount: bigint): EncodedOrder =>
  orders.margin(f.deployment.legs.aave as string, amount);

/** A plan of these orders, a cooldown after the one before. */
export async function send(f: AaveFixture, list: EncodedOrder[]) {
  await f.world.networkHelpers.time.increase(301);
  return f.rebalancer.rebalance(await planOf(f, list));
}

/** Alice holds the whole vault: 100,000 USDC and 5,000 ALT; shorts of 10 ETH, 0.3 BTC and 2,000 ALT, 49,000 USD. */
export async function shortPosition(f: AaveFixture): Promise<bigint> {
  const shares = await depositBasket(f, f.world.signers.alice, usdc(100_000), wad(5_000));
  await send(f, [
    margin(f, usdc(60_000)),
    size(f, "ETH", -wad(10)),
    size(f, "BTC", -wad("0.3")),
    size(f, "ALT", -wad(2_000)),
  ]);
  return shares;
}

/** Every feed reports, at START or at other prices. */
export async function report(world: World, changes: Partial<Record<Asset, number>> = {}): Promise<void> {
  for (const [asset, price] of Object.entries({ ...START, ...changes })) await setFeed(world, asset as Asset, price);
}
