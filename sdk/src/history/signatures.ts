/** Events of a vault's shares, flows, fees, queue and rules. */
export const VAULT_SIGNATURES = [
  "event Transfer(address indexed from, address indexed to, uint256 value)",
  "event BasketDeposit(address indexed sender, address indexed receiver, address[] tokens, uint256[] amounts, uint256 shares, int256 navBefore, uint256 half)",
  "event ExitInKind(address indexed sender, address indexed receiver, address indexed owner, uint256 shares, uint256[] amounts, address[] forfeit)",
  "event FeesAccrued(address indexed recipient, uint256 managementShares, uint256 performanceShares, uint256 highWaterMark)",
  "event HighWaterMarkMoved(uint256 highWaterMark)",
  "event ModeSet(uint8 mode, address indexed sender)",
  "event SettingsSet((address feeRecipient, uint64 managementFee, uint64 performanceFee, uint64 depositWindow, uint64 depositBand, uint64 minCash, uint32 maxWait, uint128 maxNav) settings)",
  "event LegImpaired(address indexed leg, uint8 impairment)",
  "event WrittenDown(address indexed token, uint256 from, uint256 to)",
  "event BountyPaid(address indexed to, uint256 amount)",
  "event LegAdded(address indexed leg, bool isHedge)",
  "event LegRemoved(address indexed leg)",
  "event RebalancerSet(address indexed rebalancer)",
  "event BasketSet(address indexed asset, bool accepted)",
  "event RedeemRequest(address indexed controller, address indexed owner, uint256 indexed requestId, address sender, uint256 shares)",
  "event RedeemRequestCancelled(address indexed controller, address indexed receiver, address sender, uint256 shares)",
  "event OperatorSet(address indexed controller, address indexed operator, bool approved)",
  "event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares)",
  "event Withdraw(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares)",
  "event Settled(address indexed sender, uint256 shares, uint256 assets, int256 nav, uint256 half, uint256 stillDue, uint256 stillWaiting)",
] as const;

/** Events of a Rebalancer. */
export const REBALANCER_SIGNATURES = [
  "event Rebalanced(uint256 indexed epoch, bytes32 indexed decisionHash, address indexed sender, uint8 profile, (int256 navBefore, int256 navAfter, uint256 varianceBefore, uint256 varianceAfter, uint256 varianceUnhedged, bool reduced) outcome, bool onlyReductions, uint256 lossSpent)",
  "event LimitsSet((uint64 maxVolatility, uint64 minHedge, uint64 hedgeFloor, uint64 maxGammaVolatility, uint64 maxLoss, uint64 poolBand, uint64 minMarginRatio, uint64 lossBudget, uint64 maxAsset, uint64 maxVenue, uint64 maxGross, uint32 horizon, uint32 cooldown, uint24 minRangeWidth) limits)",
  "event PublicLimitsSet((uint64 alarmVolatility, uint64 maxStep, uint64 minShare, uint64 maxCost, uint64 riskPrice, uint64 lossBudget, uint64 marginTarget, uint128 maxBounty, address gasAsset, uint32 grace, uint32 cooldown, uint32 maxSilence) limits)",
  "event Heartbeat(address indexed keeper)",
  "event AlarmRaised(address indexed sender, uint256 volatility)",
  "event AlarmCleared(address indexed sender, uint256 volatility)",
] as const;

const ACCOUNT = "(int256 balance, int256 owed, (int256 size, int256 openNotional, int256 fundingGrowth)[] booked)";

/** Events of legs. */
export const LEG_SIGNATURES = [
  `event AccountChanged(uint8 indexed cause, ${ACCOUNT} before, ${ACCOUNT} after_)`,
  "event PaidInPart(uint256 owed, uint256 paid)",
] as const;

/** Events of Uniswap v3 pools, by whom a leg's own are told: what they are called here, and what the pool calls them. */
export const POOL_SIGNATURES = [
  "event Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)",
  "event Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)",
  "event Collect(address indexed owner, address recipient, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount0, uint128 amount1)",
  "event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)",
] as const;
