import type { AdviceTable } from "./types.js";

const PARAMETER = "Correct the parameter; the error carries the value and its bound.";
/** The error's own name and arguments say the rest. */
const BOUNDS = ["a parameter is out of its bounds", PARAMETER] as const;
const SIZE = ["a number does not fit where it goes", PARAMETER] as const;
const COUNT = ["two lists that belong together differ in length", PARAMETER] as const;
const FACTORY = "Make a new one with the factory.";
const ROUND = [
  "the round is not the one in force at the grid time",
  "Look the rounds up again, at the same grid times, and poke with those.",
] as const;
const CODE = "Check the address and the chain.";

/** What is configured, deployed or poked wrongly. */
export const SETUP_ADVICE: AdviceTable = {
  "AboveCeiling(bytes32, uint, uint)": BOUNDS,
  "BelowFloor(bytes32, uint, uint)": BOUNDS,
  "AdminDelayTooShort(uint32, uint32)": BOUNDS,
  "NotItsRole(bytes4, uint64)": ["the function belongs to another role for good", "Leave the function with its role."],
  "ZeroAddress()": ["an address is zero", "Give an address that is not zero."],
  "BadAssetSet(uint)": BOUNDS,
  "DuplicateAsset(address)": ["an asset is named twice", PARAMETER],
  "NotAnAsset(address)": ["the token is none of the vault's assets", "Use one of the vault's `assets()`."],
  "NoFeed(address)": ["the asset has no feed", "Configure its feed first."],
  "NoCode(address)": ["there is no contract at this address", CODE],
  "TooManyDecimals(address, uint, uint)": BOUNDS,
  "TooManyLegs(uint)": BOUNDS,
  "AlreadyALeg(address)": ["the leg is one of the vault's already", "Nothing is to be done."],
  "ForeignLeg(address, address)": ["the leg belongs to another vault", FACTORY],
  "LegNotEmpty(address)": ["the leg still holds something", "Close its position first."],
  "NotAVault(address)": ["the factory did not make this vault", CODE],
  "NotApproved(address)": ["the factory does not know this implementation", "Let the authority approve it first."],
  "NotAReserve(address)": ["the lending pool does not have this token", CODE],
  "NotItsPool(address, address)": ["the pool trades other tokens", CODE],
  "SlippageTooWide(uint, uint)": BOUNDS,
  "TooManyMarkets(uint, uint)": BOUNDS,
  "InvalidInitialization()": ["it is initialized already", FACTORY],
  "NotInitializing()": ["this works only while it is initialized", FACTORY],
  "FailedDeployment()": ["the clone's address is taken", "Use another salt."],
  "FailedCall()": ["a call inside failed without a reason", "Simulate it on a node that returns revert data."],
  "InsufficientBalance(uint, uint)": ["the contract holds less native coin than it should send", "Send no value."],
  "AddressEmptyCode(address)": ["there is no contract at this address", CODE],

  // Oracles
  "HeartbeatOutOfRange(address, uint, uint)": BOUNDS,
  "CloneArgumentsTooLong()": SIZE,
  "Create2EmptyBytecode()": ["the code to deploy is empty", CODE],
  "TooManyAssets(uint, uint)": BOUNDS,
  "NotInSteps(address, uint, uint)": BOUNDS,
  "Malformed(address)": ["the price oracle answered in another layout", CODE],
  "DeviationOutOfRange(address, uint, uint)": BOUNDS,
  "StableBandTooWide(address, uint, uint)": BOUNDS,
  "NotEnoughGas(uint, uint)": ["too little gas to read a feed", "Send it again with more gas."],
  "FeedUnavailable(address)": ["the feed does not answer", "Wait, or ask the authority to replace it."],
  "AssetCountOutOfRange(uint, uint)": BOUNDS,
  "FloorOutOfRange(address, uint)": BOUNDS,
  "GridStepOutOfRange(uint)": BOUNDS,
  "GridStepTooShort(address, uint, uint)": BOUNDS,
  "GenesisOffGrid(uint, uint)": BOUNDS,
  "HalfLifeOutOfRange(uint, uint)": BOUNDS,
  "HistoryTooShort(uint, uint)": BOUNDS,
  "MaxAgeOutOfRange(uint, uint)": BOUNDS,
  "DeviationTooWide(address, uint, uint)": BOUNDS,
  "NothingClaimed()": ["the poke names no grid time", "Name at least one."],
  "ClaimCountMismatch(uint, uint)": ROUND,
  "GridTimeAhead(uint, uint)": ["the grid time has not come yet", "Wait for it."],
  "RoundMissing(address, uint80)": ROUND,
  "RoundAfterGridTime(address, uint80, uint, uint)": ROUND,
  "RoundSuperseded(address, uint80, uint80, uint, uint)": ROUND,
  "ExposureCountMismatch(uint, uint)": COUNT,
  "TooManyGammas(uint, uint)": BOUNDS,
  "IndexOutOfRange(uint, uint)": BOUNDS,
  "AmountTooLarge(int, uint)": SIZE,
  "SafeCastOverflowedIntDowncast(uint8, int)": SIZE,
  "SafeCastOverflowedIntToUint(int)": SIZE,
  "SafeCastOverflowedUintDowncast(uint8, uint)": SIZE,
  "SafeCastOverflowedUintToInt(uint)": SIZE,
};
