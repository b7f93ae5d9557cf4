import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { parseUnits } from "ethers";
import { ASSETS, type Asset, DECIMALS, FEED_DECIMALS, type Prices } from "../assets.js";
import type { AaveOracle, AaveProtocolDataProvider, Pool, PoolAddressesProvider } from "../generated/index.js";
import {
  AaveOracle__factory,
  AaveProtocolDataProvider__factory,
  AToken__factory,
  DefaultReserveInterestRateStrategy__factory,
  Pool__factory,
  type PoolConfigurator,
  StableDebtToken__factory,
  VariableDebtToken__factory,
} from "../generated/index.js";
import { usdWorth } from "../math.js";
import { deployAaveCore } from "./aave-core.js";
import type { Feeds } from "./feeds.js";

export interface Aave {
  readonly pool: Pool;
  readonly addressesProvider: PoolAddressesProvider;
  readonly dataProvider: AaveProtocolDataProvider;
  readonly configurator: PoolConfigurator;
  readonly oracle: AaveOracle;
}

const ZERO = "0x0000000000000000000000000000000000000000";
/** USD of each token that the maker lends. */
export const LENDING_DEPTH_USD = 50_000_000;

/** Share of it that is lent out: at 40% loans cost 2% a year. */
const UTILISATION = 0.4;
const VARIABLE_RATE = 2;

/** What a reserve counts as collateral, in basis points, as the public markets have it. */
const COLLATERAL: Record<Asset, { ltv: number; threshold: number; bonus: number }> = {
  USDC: { ltv: 7_500, threshold: 7_800, bonus: 10_450 },
  ETH: { ltv: 8_000, threshold: 8_250, bonus: 10_500 },
  BTC: { ltv: 7_300, threshold: 7_800, bonus: 10_500 },
  ALT: { ltv: 5_300, threshold: 6_800, bonus: 10_700 },
};
const RESERVE_FACTOR = 1_000;

const ray = (rate: string) => parseUnits(rate, 27);
/** 80% optimal use; 0 to 4% up to there, 75% more beyond; the rest is for stable rates, which no reserve offers. */
const RATES = [
  ray("0.8"),
  ray("0"),
  ray("0.04"),
  ray("0.75"),
  ray("0.005"),
  ray("0.75"),
  ray("0.01"),
  ray("0.08"),
  ray("0.2"),
] as const;

/** Aave v3 with a reserve for each asset, all of them collateral and open to borrowers, priced by the world's own feeds. */
export async function deployAave(
  deployer: HardhatEthersSigner,
  token: (asset: Asset) => string,
  feeds: Feeds,
): Promise<Aave> {
  const { addressesProvider, configurator } = await deployAaveCore(deployer);
  const pool = Pool__factory.connect(await addressesProvider.getPool(), deployer);
  const proxies = await Promise.all(ASSETS.map((asset) => feeds[asset].proxy.getAddress()));
  const oracle = await new AaveOracle__factory(deployer).deploy(
    addressesProvider,
    ASSETS.map(token),
    proxies,
    ZERO,
    ZERO,
    10n ** BigInt(FEED_DECIMALS),
  );
  await addressesProvider.setPriceOracle(oracle);
  const dataProvider = await new AaveProtocolDataProvider__factory(deployer).deploy(addressesProvider);
  await addressesProvider.setPoolDataProvider(dataProvider);
  await listReserves(deployer, { addressesProvider, configurator, pool }, token);
  return { pool, addressesProvider, dataProvider, configurator, oracle };
}

async function listReserves(
  deployer: HardhatEthersSigner,
  { addressesProvider, configurator, pool }: Pick<Aave, "addressesProvider" | "configurator" | "pool">,
  token: (asset: Asset) => string,
): Promise<void> {
  const strategy = await new DefaultReserveInterestRateStrategy__factory(deployer).deploy(addressesProvider, ...RATES);
  const implementations = {
    aTokenImpl: await (await new AToken__factory(deployer).deploy(pool)).getAddress(),
    stableDebtTokenImpl: await (await new StableDebtToken__factory(deployer).deploy(pool)).getAddress(),
    variableDebtTokenImpl: await (await new VariableDebtToken__factory(deployer).deploy(pool)).getAddress(),
    interestRateStrategyAddress: await strategy.getAddress(),
  };
  await configurator.initReserves(
    ASSETS.map((asset) => ({
      ...implementations,
      underlyingAssetDecimals: DECIMALS[asset],
      underlyingAsset: token(asset),
      treasury: deployer.address,
      incentivesController: ZERO,
      aTokenName: `Aave ${asset}`,
      aTokenSymbol: `a${asset}`,
      variableDebtTokenName: `Aave variable debt ${asset}`,
      variableDebtTokenSymbol: `variableDebt${asset}`,
      stableDebtTokenName: `Aave stable debt ${asset}`,
      stableDebtTokenSymbol: `stableDebt${asset}`,
      params: "0x10",
    })),
  );
  for (const asset of ASSETS) {
    const { ltv, threshold, bonus } = COLLATERAL[asset];
    await configurator.configureReserveAsCollateral(token(asset), ltv, threshold, bonus);
    await configurator.setReserveBorrowing(token(asset), true);
    await configurator.setReserveFactor(token(asset), RESERVE_FACTOR);
  }
}

/** The maker lends every token and borrows a part of each, so that there are rates; he must hold and have approved them. */
export async function addLendingLiquidity(
  { pool }: Aave,
  maker: HardhatEthersSigner,
  token: (asset: Asset) => string,
  prices: Prices,
): Promise<void> {
  for (const asset of ASSETS) {
    const amount = usdWorth(asset, LENDING_DEPTH_USD, prices[asset]);
    await pool.connect(maker).supply(token(asset), amount, maker.address, 0);
  }
  for (const asset of ASSETS) {
    const amount = usdWorth(asset, LENDING_DEPTH_USD * UTILISATION, prices[asset]);
    await pool.connect(maker).borrow(token(asset), amount, VARIABLE_RATE, 0, maker.address);
  }
}
