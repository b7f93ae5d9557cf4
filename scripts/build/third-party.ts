const uniCore = "@uniswap/v3-core/artifacts/contracts";
const uniPeriphery = "@uniswap/v3-periphery/artifacts/contracts";
const perp = "@perp/curie-contract/artifacts/contracts";
const aave = "@aave/core-v3/artifacts/contracts";
const aaveLogic = `${aave}/protocol/libraries/logic`;
const perpOracle = "@perp/perp-oracle-contract/artifacts/contracts";

/** Published artifacts (module paths) of the protocols that the devnet deploys and that we call, by contract name. */
export const THIRD_PARTY_ARTIFACTS = {
  UniswapV3Factory: `${uniCore}/UniswapV3Factory.sol/UniswapV3Factory.json`,
  UniswapV3Pool: `${uniCore}/UniswapV3Pool.sol/UniswapV3Pool.json`,
  NonfungiblePositionManager: `${uniPeriphery}/NonfungiblePositionManager.sol/NonfungiblePositionManager.json`,
  NFTDescriptor: `${uniPeriphery}/libraries/NFTDescriptor.sol/NFTDescriptor.json`,
  NonfungibleTokenPositionDescriptor: `${uniPeriphery}/NonfungibleTokenPositionDescriptor.sol/NonfungibleTokenPositionDescriptor.json`,
  SwapRouter: `${uniPeriphery}/SwapRouter.sol/SwapRouter.json`,
  QuoterV2: `${uniPeriphery}/lens/QuoterV2.sol/QuoterV2.json`,
  AccountBalance: `${perp}/AccountBalance.sol/AccountBalance.json`,
  BaseToken: `${perp}/BaseToken.sol/BaseToken.json`,
  ClearingHouse: `${perp}/ClearingHouse.sol/ClearingHouse.json`,
  ClearingHouseConfig: `${perp}/ClearingHouseConfig.sol/ClearingHouseConfig.json`,
  CollateralManager: `${perp}/CollateralManager.sol/CollateralManager.json`,
  DelegateApproval: `${perp}/DelegateApproval.sol/DelegateApproval.json`,
  Exchange: `${perp}/Exchange.sol/Exchange.json`,
  InsuranceFund: `${perp}/InsuranceFund.sol/InsuranceFund.json`,
  MarketRegistry: `${perp}/MarketRegistry.sol/MarketRegistry.json`,
  OrderBook: `${perp}/OrderBook.sol/OrderBook.json`,
  QuoteToken: `${perp}/QuoteToken.sol/QuoteToken.json`,
  Vault: `${perp}/Vault.sol/Vault.json`,
  ChainlinkPriceFeedV3: `${perpOracle}/ChainlinkPriceFeedV3.sol/ChainlinkPriceFeedV3.json`,
  PriceFeedDispatcher: `${perpOracle}/PriceFeedDispatcher.sol/PriceFeedDispatcher.json`,
  ACLManager: `${aave}/protocol/configuration/ACLManager.sol/ACLManager.json`,
  PoolAddressesProvider: `${aave}/protocol/configuration/PoolAddressesProvider.sol/PoolAddressesProvider.json`,
  Pool: `${aave}/protocol/pool/Pool.sol/Pool.json`,
  PoolConfigurator: `${aave}/protocol/pool/PoolConfigurator.sol/PoolConfigurator.json`,
  DefaultReserveInterestRateStrategy: `${aave}/protocol/pool/DefaultReserveInterestRateStrategy.sol/DefaultReserveInterestRateStrategy.json`,
  AToken: `${aave}/protocol/tokenization/AToken.sol/AToken.json`,
  StableDebtToken: `${aave}/protocol/tokenization/StableDebtToken.sol/StableDebtToken.json`,
  VariableDebtToken: `${aave}/protocol/tokenization/VariableDebtToken.sol/VariableDebtToken.json`,
  AaveOracle: `${aave}/misc/AaveOracle.sol/AaveOracle.json`,
  AaveProtocolDataProvider: `${aave}/misc/AaveProtocolDataProvider.sol/AaveProtocolDataProvider.json`,
  BorrowLogic: `${aaveLogic}/BorrowLogic.sol/BorrowLogic.json`,
  BridgeLogic: `${aaveLogic}/BridgeLogic.sol/BridgeLogic.json`,
  ConfiguratorLogic: `${aaveLogic}/ConfiguratorLogic.sol/ConfiguratorLogic.json`,
  EModeLogic: `${aaveLogic}/EModeLogic.sol/EModeLogic.json`,
  FlashLoanLogic: `${aaveLogic}/FlashLoanLogic.sol/FlashLoanLogic.json`,
  LiquidationLogic: `${aaveLogic}/LiquidationLogic.sol/LiquidationLogic.json`,
  PoolLogic: `${aaveLogic}/PoolLogic.sol/PoolLogic.json`,
  SupplyLogic: `${aaveLogic}/SupplyLogic.sol/SupplyLogic.json`,
  FluxAggregator: "@chainlink/abi/v0.6/FluxAggregator.json",
  EACAggregatorProxy: "@chainlink/abi/v0.6/EACAggregatorProxy.json",
  WETH9: "canonical-weth/build/contracts/WETH9.json",
  LinkToken: "@chainlink/abi/v0.4/LinkToken.json",
} as const;
