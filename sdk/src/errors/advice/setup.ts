import { BOUNDS, CODE, SIZE } from "./texts.js";
import type { AdviceTable } from "./types.js";

const FACTORY = "Make a new one with the factory.";
const ROUND = [
  "the round is not the one in force at the grid time",
  "Look the rounds up again, at the same grid times, and poke with those.",
] as const;

/** What is configured, deployed or poked wrongly. */
export const SETUP_ADVICE: AdviceTable = {
  "AboveCeiling(bytes32 limit, uint value, uint ceiling)": BOUNDS,
  "BelowFloor(bytes32 limit, uint value, uint floor)": BOUNDS,
  "AdminDelayTooShort(uint32 delay, uint32 least)": BOUNDS,
  "NotItsRole(bytes4 selector, uint64 roleId)": [
    "the function belongs to another role for good",
    "Leave the function with its role.",
  ],
  "ZeroAddress()": ["an address is zero", "Give an address that is not zero."],
  "BadAssetSet(uint length)": BOUNDS,
  "DuplicateAsset(address asset)": ["an asset is named twice", "Name each asset once."],
  "NotAnAsset(address token)": ["the token is none of the vault's assets", "Use one of the vault's `assets`."],
  "FailedCall()": ["a call inside failed without a reason", "Simulate it on a node that returns revert data."],
  "AddressEmptyCode(address target)": ["there is no contract at this address", CODE],
  "NoFeed(address asset)": ["the asset has no feed", "Configure its feed first."],
  "NoCode(address feed)": ["there is no contract at this address", CODE],
  "TooManyDecimals(address token, uint decimals, uint most)": BOUNDS,
  "TooManyLegs(uint most)": BOUNDS,
  "AlreadyALeg(address leg)": ["the leg is one of the vault's already", "Nothing is to be done."],
  "ForeignLeg(address leg, address itsVault)": ["the leg belongs to another vault", FACTORY],
  "LegNotEmpty(address leg)": ["the leg still holds something", "Close its position first."],
  "NotAVault(address vault)": ["the factory did not make this vault", CODE],
  "NotApproved(address legImplementation)": [
    "the factory does not know this implementation",
    "Let the authority approve it first.",
  ],
  "NotAReserve(address token)": ["the lending pool does not have this token", CODE],
  "NotItsPool(address token, address pool)": ["the pool trades other tokens", CODE],
  "SlippageTooWide(uint maxSlippage, uint ceiling)": BOUNDS,
  "TooManyMarkets(uint given, uint most)": BOUNDS,
  "InvalidInitialization()": ["it is initialized already", FACTORY],
  "NotInitializing()": ["this works only while it is initialized", FACTORY],
  "FailedDeployment()": ["the clone's address is taken", "Use another salt."],
  "InsufficientBalance(uint balance, uint needed)": [
    "the contract holds less native coin than it should send",
    "Send no value.",
  ],

  // Oracles
  "HeartbeatOutOfRange(address asset, uint heartbeat, uint ceiling)": BOUNDS,
  "CloneArgumentsTooLong()": SIZE,
  "Create2EmptyBytecode()": ["the code to deploy is empty", CODE],
  "NotInSteps(address asset, uint value, uint step)": BOUNDS,
  "DeviationOutOfRange(address asset, uint deviation, uint ceiling)": BOUNDS,
  "StableBandTooWide(address asset, uint stableBand, uint ceiling)": BOUNDS,
  "FeedUnavailable(address feed)": ["the feed does not answer", "Wait, or ask the authority to replace it."],
  "AssetCountOutOfRange(uint assets, uint floors)": BOUNDS,
  "FloorOutOfRange(address asset, uint floor)": BOUNDS,
  "GridStepOutOfRange(uint gridStep)": BOUNDS,
  "GridStepTooShort(address asset, uint gridStep, uint needed)": BOUNDS,
  "GenesisOffGrid(uint genesis, uint gridStep)": BOUNDS,
  "HalfLifeOutOfRange(uint fast, uint slow)": BOUNDS,
  "HistoryTooShort(uint minHistory, uint needed)": BOUNDS,
  "MaxAgeOutOfRange(uint maxAge, uint gridStep)": BOUNDS,
  "DeviationTooWide(address asset, uint deviation, uint limit)": BOUNDS,
  "NothingClaimed()": ["the poke names no grid time", "Name at least one."],
  "ClaimCountMismatch(uint claims, uint assets)": ROUND,
  "GridTimeAhead(uint gridTime, uint timestamp)": ["the grid time has not come yet", "Wait for it."],
  "RoundMissing(address feed, uint80 round)": ROUND,
  "RoundAfterGridTime(address feed, uint80 round, uint updatedAt, uint gridTime)": ROUND,
  "RoundSuperseded(address feed, uint80 round, uint80 later, uint laterUpdatedAt, uint gridTime)": ROUND,
  "SafeCastOverflowedIntDowncast(uint8 bits, int value)": SIZE,
  "SafeCastOverflowedIntToUint(int value)": SIZE,
  "SafeCastOverflowedUintDowncast(uint8 bits, uint value)": SIZE,
};
