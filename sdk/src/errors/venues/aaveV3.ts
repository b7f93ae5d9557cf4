import { NOT_DIRECTLY, OPERATORS } from "./types.js";

/**
 * What supplying, borrowing, repaying and withdrawing can meet: until 3.3 Aave v3 reverts with the number as text, since then with a custom
 * error of the name.
 */
const NAMES =
  "23 CallerMustBePool 24 InvalidMintAmount 25 InvalidBurnAmount 26 InvalidAmount 27 ReserveInactive 28 ReserveFrozen 29 ReservePaused 30 BorrowingNotEnabled 31 StableBorrowingNotEnabled 32 NotEnoughAvailableUserBalance 33 InvalidInterestRateModeSelected 34 CollateralBalanceIsZero 35 HealthFactorLowerThanLiquidationThreshold 36 CollateralCannotCoverNewBorrow 37 CollateralSameAsBorrowingCurrency 38 AmountBiggerThanMaxLoanSizeStable 39 NoDebtOfSelectedType 40 NoExplicitAmountToRepayOnBehalf 41 NoOutstandingStableDebt 42 NoOutstandingVariableDebt 43 UnderlyingBalanceZero 45 HealthFactorNotBelowThreshold 50 BorrowCapExceeded 51 SupplyCapExceeded 53 DebtCeilingExceeded 57 LtvValidationFailed 58 InconsistentEModeCategory 59 PriceOracleSentinelCheckFailed 60 AssetNotBorrowableInIsolation 62 UserInIsolationModeOrLtvZero 76 InconsistentParamsLength 77 ZeroAddressNotValid 80 OperationNotSupported 82 AssetNotListed 89 SiloedBorrowingViolation 91 FlashloanDisabled - WithdrawToAToken - SupplyToAToken - NotBorrowableInEMode - UserCannotHaveDebt - CallerNotPositionManager";

/** What to do, by what the name is like; the first that fits. */
const STEPS: readonly (readonly [RegExp, string])[] = [
  [/^HealthFactorL|CannotCover|^Ltv|CollateralBalance|^UserIn/, "Add margin first, or short less."],
  [
    /^Reserve(Ina|Fro|Pau)|^Borrowing|Sentinel|Borrowable|Siloed|tEModeCategory$/,
    "Wait until the venue allows it; leave the leg out with `forfeit` meanwhile.",
  ],
  [/(Cap|Ceiling)Exceeded$/, "Put less at this venue, or wait until its cap is raised."],
  [/Amount$|UserBalance$|^No(Debt|Out|Exp)|ByUser$|BalanceZero$|AToken$/, "Read the state again and make a new plan."],
  [/^Caller/, NOT_DIRECTLY],
];

/** An error of Aave v3. */
export interface AaveError {
  name: string;
  /** What versions until 3.3 revert with. */
  code?: string;
  /** The name in words. */
  meaning: string;
  nextStep: string;
}

/** The errors of Aave v3 that a vault can meet. */
export function aaveErrors(): AaveError[] {
  return [...NAMES.matchAll(/(\S+) (\S+)/g)].map(([, code = "-", name = ""]) => ({
    name,
    ...(code === "-" ? {} : { code }),
    meaning: name.replace(/(?<=[a-z])[A-Z]/g, " $&").toLowerCase(),
    nextStep: STEPS.find(([like]) => like.test(name))?.[1] ?? OPERATORS,
  }));
}
