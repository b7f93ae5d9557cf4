import type { AdviceTable } from "./types.js";

const PARAMETER = "Correct the parameter; the error carries the value and its bound.";
const ROUND = "Look the rounds up again, at the same grid times, and poke with those.";
const CODE = "Check the address and the chain.";

/** What is configured, deployed or poked wrongly. */
export const SETUP_ADVICE: AdviceTable = {
  "AboveCeiling(bytes32 limit, uint value, uint ceiling)": ["a limit is above its constant ceiling", PARAMETER],
  "BelowFloor(bytes32 limit, uint value, uint floor)": ["a limit is below its constant floor", PARAMETER],
  "AdminDelayTooShort(uint32 delay, uint32 least)": ["administrators must wait longer than that", PARAMETER],
  "NotItsRole(bytes4 selector, uint64 roleId)": [
    "the function belongs to another role for good",
    "Leave the function with its role.",
  ],
  "ZeroAddress()": ["an address is zero", "Give an address that is not zero."],
  "BadAssetSet(uint length)": ["the set of assets is empty or too large", PARAMETER],
  "DuplicateAsset(address asset)": ["an asset is named twice", PARAMETER],
  "NotAnAsset(address token)": ["the token is none of the vault's assets", "Use one of the vault's `assets()`."],
  "NoFeed(address asset)": ["the asset has no feed", "Configure its feed first."],
  "NoCode(address implementation)": ["there is no contract at this address", CODE],
  "TooManyDecimals(address token, uint decimals, uint most)": [
    "the token has more decimals than can be counted with",
    "Choose another token.",
  ],
  "TooManyLegs(uint most)": ["the vault has as many legs as it may", "Remove an empty one first."],
  "AlreadyALeg(address leg)": ["the leg is one of the vault's already", "Nothing is to be done."],
  "ForeignLeg(address leg, address itsVault)": [
    "the leg belongs to another vault",
    "Make a leg for this vault with its factory.",
  ],
  "LegNotEmpty(address leg)": ["the leg still holds something", "Close its position first."],
  "NotAVault(address vault)": ["the factory did not make this vault", CODE],
  "NotApproved(address legImplementation)": [
    "the factory does not know this implementation",
    "Let the authority approve it first.",
  ],
  "NotAReserve(address token)": ["the lending pool does not have this token", CODE],
  "NotItsPool(address token, address pool)": ["the pool does not trade this token against the settlement token", CODE],
  "SlippageTooWide(uint maxSlippage, uint ceiling)": ["the largest slippage is above its ceiling", PARAMETER],
  "TooManyMarkets(uint given, uint most)": ["one account may trade only so many markets", PARAMETER],
  "InvalidInitialization()": ["it is initialized already", "Make a new one with the factory."],
  "NotInitializing()": ["this works only while it is initialized", "Make a new one with the factory."],
  "FailedDeployment()": ["the clone could not be made: its address is taken", "Use another salt."],
  "FailedCall()": ["a call inside failed without a reason", "Simulate it on a node that returns revert data."],
  "InsufficientBalance(uint balance, uint needed)": [
    "the contract holds less native coin than it should send",
    "Send no value.",
  ],
  "AddressEmptyCode(address target)": ["there is no contract at this address", CODE],

  // Oracles
  "HeartbeatOutOfRange(address asset, uint heartbeat, uint ceiling)": [
    "the feed's heartbeat is out of its bounds",
    PARAMETER,
  ],
  "CloneArgumentsTooLong()": ["a clone would carry more than its code may hold", PARAMETER],
  "Create2EmptyBytecode()": ["the code to deploy is empty", CODE],
  "TooManyAssets(uint assets, uint most)": ["one snapshot cannot hold so many assets", "Ask for 256 at most."],
  "NotInSteps(address asset, uint value, uint step)": [
    "a feed's threshold or band is finer than the oracle keeps it",
    "Give a multiple of a billionth.",
  ],
  "Malformed(address oracle)": [
    "the price oracle answered in another layout than that of a snapshot",
    "Use another vault: its oracle is not ours.",
  ],
  "DeviationOutOfRange(address asset, uint deviation, uint ceiling)": [
    "the feed's deviation threshold is out of its bounds",
    PARAMETER,
  ],
  "StableBandTooWide(address asset, uint stableBand, uint ceiling)": [
    "the stable's band is above its ceiling",
    PARAMETER,
  ],
  "NotEnoughGas(uint left, uint needed)": ["too little gas to read a feed", "Send it again with more gas."],
  "FeedUnavailable(address feed)": ["the feed does not answer", "Wait, or ask the authority to replace it."],
  "AssetCountOutOfRange(uint assets, uint floors)": ["the number of assets is out of its bounds", PARAMETER],
  "FloorOutOfRange(address asset, uint floor)": ["a variance floor is out of its bounds", PARAMETER],
  "GridStepOutOfRange(uint gridStep)": ["the grid step is out of its bounds", PARAMETER],
  "GridStepTooShort(address asset, uint gridStep, uint needed)": [
    "the grid step is too short for a feed of this threshold",
    PARAMETER,
  ],
  "GenesisOffGrid(uint genesis, uint gridStep)": ["the first grid time is no multiple of the step", PARAMETER],
  "HalfLifeOutOfRange(uint fast, uint slow)": ["a half-life is out of its bounds", PARAMETER],
  "HistoryTooShort(uint minHistory, uint needed)": ["the history is too short", PARAMETER],
  "MaxAgeOutOfRange(uint maxAge, uint gridStep)": ["the largest age is out of its bounds", PARAMETER],
  "DeviationTooWide(address asset, uint deviation, uint limit)": [
    "the feed's threshold is too wide for a covariance",
    "Choose a feed with a narrower threshold.",
  ],
  "NothingClaimed()": ["the poke names no grid time", "Name at least one."],
  "ClaimCountMismatch(uint claims, uint assets)": ["a grid time needs one round for each asset", ROUND],
  "GridTimeAhead(uint gridTime, uint timestamp)": ["the grid time has not come yet", "Wait for it."],
  "RoundMissing(address feed, uint80 round)": ["the feed has no such round", ROUND],
  "RoundAfterGridTime(address feed, uint80 round, uint updatedAt, uint gridTime)": [
    "the round is later than the grid time",
    ROUND,
  ],
  "RoundSuperseded(address feed, uint80 round, uint80 later, uint laterUpdatedAt, uint gridTime)": [
    "a later round was in force at the grid time",
    ROUND,
  ],
  "ExposureCountMismatch(uint exposures, uint assets)": ["there must be one exposure for each asset", PARAMETER],
  "TooManyGammas(uint gammas, uint ceiling)": ["too many gamma terms", PARAMETER],
  "IndexOutOfRange(uint index, uint assets)": ["an index names no asset", PARAMETER],
  "AmountTooLarge(int amount, uint ceiling)": ["an amount is larger than can be squared", PARAMETER],
  "SafeCastOverflowedIntDowncast(uint8 bits, int value)": ["a number too large for where it goes", PARAMETER],
  "SafeCastOverflowedIntToUint(int value)": ["a number below zero where none may be", PARAMETER],
  "SafeCastOverflowedUintDowncast(uint8 bits, uint value)": ["a number too large for where it goes", PARAMETER],
  "SafeCastOverflowedUintToInt(uint value)": ["a number too large for where it goes", PARAMETER],
};
