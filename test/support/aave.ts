import {
  AaveV3ShortLeg__factory,
  CovarianceOracle__factory,
  HedgeVault__factory,
  type IRebalancer,
  PriceOracle__factory,
  Rebalancer__factory,
  UniswapV3Leg__factory,
} from "@crosshedge/sdk/contracts";
import { ZeroAddress } from "ethers";
import { UNHEDGED_LIMITS } from "../../scripts/deploy/parameters.js";
import { deployVault } from "../../scripts/deploy/system.js";
import type { Asset } from "../../scripts/devnet/assets.js";
import type { Aave } from "../../scripts/devnet/deploy/aave.js";
import { FluxAggregator__factory } from "../../scripts/devnet/generated/index.js";
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
    // Whoever leaves last shall be the last.
    settings: { managementFee: 0n, performanceFee: 0n },
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

/** The vault's own signer, for what only the vault may ask of its leg. */
export async function asVault(f: AaveFixture) {
  const { impersonateAccount, setBalance } = f.world.networkHelpers;
  const address = await f.vault.getAddress();
  await impersonateAccount(address);
  await setBalance(address, 10n ** 20n);
  return f.leg.connect(await f.world.ethers.getSigner(address));
}

/** What `sync` finds now: it takes note of it. */
export async function syncNow(f: AaveFixture): Promise<bigint> {
  const leg = await asVault(f);
  const found = await leg.sync.staticCall();
  await leg.sync();
  return found;
}

/** What a reader sees at the very second at which an action then takes place: interest accrues by the second. */
export async function justBefore<T>(f: AaveFixture, read: () => Promise<T>, act: () => Promise<unknown>): Promise<T> {
  const { time, mine, takeSnapshot } = f.world.networkHelpers;
  const at = (await time.latest()) + 10;
  const snapshot = await takeSnapshot();
  await time.setNextBlockTimestamp(at);
  await mine();
  const seen = await read();
  await snapshot.restore();
  await time.setNextBlockTimestamp(at);
  await act();
  return seen;
}

/** Collateral in USDC units and debts in token units, as the venue's tokens have them. */
export async function accountOf(f: AaveFixture) {
  const { dataProvider } = f.venue;
  const { tokens } = f.world.deployment;
  const of = async (token: string) => dataProvider.getUserReserveData(token, f.leg);
  const debt = async (asset: "ETH" | "BTC" | "ALT") => (await of(marketOf(f, asset))).currentVariableDebt;
  const { currentATokenBalance } = await of(tokens.USDC as string);
  return { collateral: currentATokenBalance, ETH: await debt("ETH"), BTC: await debt("BTC"), ALT: await debt("ALT") };
}

/** Let the venue price an asset by a feed of its own. */
export async function setVenuePrice(f: AaveFixture, asset: Asset, price: number): Promise<void> {
  const { deployer } = f.world.signers;
  const feed = await new FluxAggregator__factory(deployer).deploy(
    ZeroAddress,
    0,
    0,
    ZeroAddress,
    1,
    10n ** 18n,
    8,
    "of the venue",
  );
  await feed.changeOracles([], [deployer.address], [deployer.address], 1, 1, 0);
  await feed.submit(1, BigInt(Math.round(price * 1e8)));
  const token = asset === "USDC" ? (f.world.deployment.tokens.USDC as string) : marketOf(f, asset);
  await f.venue.oracle.setAssetSources([token], [feed]);
}

/** Both the feeds and the venue say that ETH is worth so much that the account's health factor is `target`. */
export async function priceForHealth(f: AaveFixture, target: number): Promise<number> {
  const { collateral, ETH, BTC, ALT } = await accountOf(f);
  const debt = ((Number(collateral) / 1e6) * 0.78) / target;
  const others = (Number(BTC) / 1e8) * START.BTC + (Number(ALT) / 1e18) * START.ALT;
  return (debt - others) / (Number(ETH) / 1e18);
}
