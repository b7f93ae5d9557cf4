/** What a call must come to that a stranger's token makes in the middle of an operation. */
export type Answer =
  /** The name of the error that stops it: `Locked` of the vault, `VaultLocked` of who asks it, or that of a guard that lets nobody but a part in. */
  | { error: string }
  /** Nothing stops it, because it can do no harm; why. */
  | { harmless: string };

const LOCKED = { error: "Locked" };
const VAULT_LOCKED = { error: "VaultLocked" };
const ONCE = { error: "InvalidInitialization" };
const REBALANCER_ONLY = { error: "NotRebalancer" };
const LEG_ONLY = { error: "NotALeg" };
const VAULT_ONLY = { error: "NotVault" };
const POOL_ONLY = { error: "NotPool" };
const AUTHORITY_ONLY = { error: "AccessManagedUnauthorized" };

const FIXED = { harmless: "a constant, or set when the vault was made" };
const SETTING = { harmless: "configuration, no value" };
const STATE = { harmless: "bookkeeping of somebody's own, from which no value follows" };
const SHARES = { harmless: "shares change hands among holders; supply and value come from views that are locked" };
const AUTHORITY = { harmless: "the authority's, no money moves, and the operation has read what it needs" };
const VENUE = { harmless: "reads the venue, which anybody can read" };
const SAYS = { harmless: "about the order that is given" };

type Table = Record<string, Answer>;
const all = (answer: Answer, names: string): Table =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, answer]));

const vault: Table = {
  ...all(LOCKED, "nav portfolio measure idle previewDepositBasket reserved depositRoom"),
  ...all(
    LOCKED,
    "convertToShares convertToAssets totalAssets navTimestamp previewDeposit previewMint maxDeposit maxMint",
  ),
  ...all(LOCKED, "deposit depositBasket depositBasketWithPermit mint exitInKind"),
  ...all(LOCKED, "requestRedeem cancelRedeemRequest redeem withdraw settle"),
  ...all(LOCKED, "accrueFees sync removeLeg setSettings setRebalancer"),
  ...all(REBALANCER_ONLY, "beginRebalance appraise carryOut payBounty endRebalance"),
  ...all(LEG_ONLY, "pay book"),
  ...all(ONCE, "initialize"),
  ...all(AUTHORITY_ONLY, "setAuthority"),
  ...all(AUTHORITY, "addLeg setMode tighten setInBasket isConsumingScheduledOp"),
  ...all(SHARES, "transfer transferFrom approve permit"),
  ...all(SHARES, "allowance balanceOf totalSupply supplyWithFees nonces DOMAIN_SEPARATOR eip712Domain"),
  ...all(
    STATE,
    "setOperator isOperator pendingRedeemRequest claimableRedeemRequest maxRedeem maxWithdraw waiting highWaterMark",
  ),
  ...all(FIXED, "MAX_DECIMALS MAX_LEGS VIRTUAL decimals name symbol asset share vault supportsInterface"),
  ...all(FIXED, "previewRedeem previewWithdraw"),
  ...all(FIXED, "assets covarianceOracle priceOracle settlementToken"),
  ...all(SETTING, "authority inBasket legs locked mode rebalancer settings"),
};

const rebalancer: Table = {
  ...all(LOCKED, "rebalance deleverage"),
  ...all(VAULT_LOCKED, "raiseAlarm"),
  // With an alarm it is the lock: public-paths.test.ts.
  ...all({ error: "NoAlarm" }, "clearAlarm hedge"),
  ...all(ONCE, "initialize"),
  ...all(AUTHORITY_ONLY, "setAuthority"),
  ...all(AUTHORITY, "setLimits setPublicLimits heartbeat isConsumingScheduledOp"),
  ...all(FIXED, "ALARM_FLOOR ASSET_CEILING BOUNTY_CEILING COOLDOWN_CEILING COST_CEILING GRACE_CEILING GRACE_FLOOR"),
  ...all(FIXED, "GROSS_CEILING HORIZON_CEILING LOSS_BUDGET_CEILING MARGIN_CEILING MARGIN_FLOOR MAX_LOSS_CEILING"),
  ...all(FIXED, "POOL_BAND_CEILING PUBLIC_COOLDOWN_FLOOR RANGE_WIDTH_FLOOR RISK_PRICE_CEILING SHARE_FLOOR"),
  ...all(FIXED, "SILENCE_CEILING SILENCE_FLOOR STEP_CEILING VENUE_CEILING VOLATILITY_CEILING vault"),
  ...all(SETTING, "authority limits publicLimits"),
  ...all(STATE, "alarmAt epoch lastSign lossSpent readyAt"),
};

const anyLeg: Table = {
  ...all(VAULT_LOCKED, "measure"),
  ...all(VAULT_ONLY, "execute appraise exit sync"),
  ...all(ONCE, "initialize"),
  ...all(FIXED, "SLIPPAGE_CEILING maxSlippage isHedge vault"),
  ...all(SAYS, "isReduction"),
  ...all(STATE, "isEmpty"),
};

const liquidity: Table = {
  ...anyLeg,
  ...all(VAULT_LOCKED, "amounts position"),
  ...all(POOL_ONLY, "uniswapV3MintCallback uniswapV3SwapCallback"),
  ...all(VENUE, "deviation disagreement"),
  ...all(FIXED, "MIN_OBSERVATIONS TWAP_WINDOW indices marginRatio pool token0 token1"),
};

const perp: Table = {
  ...anyLeg,
  ...all(VAULT_LOCKED, "cash position marginRatio"),
  ...all(VENUE, "quote deviation disagreement"),
  ...all(STATE, "lastSeen"),
  ...all(FIXED, "DUST MAX_MARKETS accountBalance clearingHouse collateralWeight exchange marketRegistry markets"),
  ...all(FIXED, "perpVault settlementToken venue"),
};

/**
 * Every function of the contracts that an operation goes through. A function that is not here fails the test of the lock: say what it must
 * answer while somebody else's operation is under way.
 */
export const LOCK_TABLE = { vault, rebalancer, liquidity, perp };
