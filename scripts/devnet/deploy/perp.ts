import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { getCreateAddress, MaxUint256 } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import type {
  AccountBalance,
  ClearingHouse,
  ClearingHouseConfig,
  CollateralManager,
  Exchange,
  InsuranceFund,
  MarketRegistry,
  OrderBook,
  QuoteToken,
  Vault,
} from "../generated/index.js";
import {
  AccountBalance__factory,
  ClearingHouse__factory,
  ClearingHouseConfig__factory,
  CollateralManager__factory,
  DelegateApproval__factory,
  Exchange__factory,
  InsuranceFund__factory,
  MarketRegistry__factory,
  OrderBook__factory,
  QuoteToken__factory,
  Vault__factory,
} from "../generated/index.js";

export interface PerpContracts {
  readonly clearingHouse: ClearingHouse;
  readonly clearingHouseConfig: ClearingHouseConfig;
  readonly accountBalance: AccountBalance;
  readonly vault: Vault;
  readonly exchange: Exchange;
  readonly orderBook: OrderBook;
  readonly marketRegistry: MarketRegistry;
  readonly insuranceFund: InsuranceFund;
  readonly collateralManager: CollateralManager;
}

/** Move the deployer's nonce to where the next contract's address passes: Perp v2 wants base tokens below the quote. */
export async function seekAddress(
  connection: NetworkConnection,
  deployer: HardhatEthersSigner,
  passes: (address: bigint) => boolean,
): Promise<void> {
  let nonce = await deployer.getNonce();
  const first = nonce;
  while (!passes(BigInt(getCreateAddress({ from: deployer.address, nonce })))) nonce += 1;
  if (nonce !== first) await connection.networkHelpers.setNonce(deployer.address, nonce);
}

/** Perp v2 as its own deployment scripts wire it, without markets; the deposit cap is lifted. */
export async function deployPerp(
  connection: NetworkConnection,
  deployer: HardhatEthersSigner,
  addresses: { usdc: string; weth: string; uniswapFactory: string },
): Promise<PerpContracts & { quote: QuoteToken }> {
  const config = await new ClearingHouseConfig__factory(deployer).deploy();
  await config.initialize();
  await seekAddress(connection, deployer, (address) => address >> 156n === 0xfn);
  const quote = await new QuoteToken__factory(deployer).deploy();
  await quote.initialize("vUSD", "vUSD");
  const marketRegistry = await new MarketRegistry__factory(deployer).deploy();
  await marketRegistry.initialize(addresses.uniswapFactory, quote);
  const orderBook = await new OrderBook__factory(deployer).deploy();
  await orderBook.initialize(marketRegistry);
  const insuranceFund = await new InsuranceFund__factory(deployer).deploy();
  await insuranceFund.initialize(addresses.usdc);
  const exchange = await new Exchange__factory(deployer).deploy();
  await exchange.initialize(marketRegistry, orderBook, config);
  const accountBalance = await new AccountBalance__factory(deployer).deploy();
  await accountBalance.initialize(config, orderBook);
  const vault = await new Vault__factory(deployer).deploy();
  await vault.initialize(insuranceFund, config, accountBalance, exchange);
  const collateralManager = await new CollateralManager__factory(deployer).deploy();
  const usd = 10n ** 6n;
  await collateralManager.initialize(config, vault, 5, 750_000, 500_000, 2_000, 30_000, 10_000n * usd, 500n * usd);
  await orderBook.setExchange(exchange);
  await exchange.setAccountBalance(accountBalance);
  const clearingHouse = await new ClearingHouse__factory(deployer).deploy();
  await clearingHouse.initialize(
    config,
    vault,
    quote,
    addresses.uniswapFactory,
    exchange,
    accountBalance,
    insuranceFund,
  );
  const delegateApproval = await new DelegateApproval__factory(deployer).deploy();
  await delegateApproval.initialize();

  await vault.setCollateralManager(collateralManager);
  await vault.setWETH9(addresses.weth);
  await insuranceFund.setVault(vault);
  await accountBalance.setVault(vault);
  for (const part of [vault, accountBalance, marketRegistry, orderBook, exchange]) {
    await part.setClearingHouse(clearingHouse);
  }
  await clearingHouse.setDelegateApproval(delegateApproval);
  await config.setSettlementTokenBalanceCap(MaxUint256);
  await quote.mintMaximumTo(clearingHouse);
  await quote.addWhitelist(clearingHouse);
  return {
    clearingHouse,
    clearingHouseConfig: config,
    accountBalance,
    vault,
    exchange,
    orderBook,
    marketRegistry,
    insuranceFund,
    collateralManager,
    quote,
  };
}
