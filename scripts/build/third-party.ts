const uniCore = "@uniswap/v3-core/artifacts/contracts";
const uniPeriphery = "@uniswap/v3-periphery/artifacts/contracts";
const perp = "@perp/curie-contract/artifacts/contracts";
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
  FluxAggregator: "@chainlink/abi/v0.6/FluxAggregator.json",
  EACAggregatorProxy: "@chainlink/abi/v0.6/EACAggregatorProxy.json",
  WETH9: "canonical-weth/build/contracts/WETH9.json",
  LinkToken: "@chainlink/abi/v0.4/LinkToken.json",
} as const;
