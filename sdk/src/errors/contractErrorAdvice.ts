import type { ErrorCode } from "./codes.js";

/** What a custom error means to a caller, and what he can do. */
export interface ContractErrorAdvice {
  meaning: string;
  nextStep: string;
  /** CONTRACT_ERROR where the SDK's own checks have no code for the same thing. */
  code?: ErrorCode;
}

const FUND = "Lower the amount, or fund the account first.";
const REPLAN = "Read the state again and make a new plan.";

const ADVICE: Record<string, ContractErrorAdvice> = {
  // Tokens
  ERC20InsufficientBalance: {
    meaning: "the sender holds less than the amount",
    nextStep: FUND,
    code: "INSUFFICIENT_BALANCE",
  },
  ERC20InsufficientAllowance: {
    meaning: "the spender may not move that much",
    nextStep: "Approve the exact amount first.",
    code: "INSUFFICIENT_ALLOWANCE",
  },
  ERC2612ExpiredSignature: { meaning: "the permit is too old", nextStep: "Sign a new permit." },
  ERC2612InvalidSigner: {
    meaning: "the permit was signed by somebody else, or for other values",
    nextStep: "Sign a new permit with the owner's key.",
  },
  SafeERC20FailedOperation: {
    meaning: "the token refused the transfer",
    nextStep: "Check balance, allowance and the token's own rules.",
  },
  // Vault
  Locked: {
    meaning: "the vault is in the middle of an operation",
    nextStep: "Call outside of other operations of the vault.",
  },
  VaultLocked: {
    meaning: "the vault is in the middle of an operation",
    nextStep: "Call outside of other operations of the vault.",
  },
  TooLate: { meaning: "the deadline passed", nextStep: "Send it again with a later deadline." },
  BadPrice: {
    meaning: "a price cannot be used now",
    nextStep: "Wait until the feeds report again; `report()` names the asset. Exits in kind need no price.",
  },
  NotInBasket: {
    meaning: "the vault does not accept this token",
    nextStep: "Deposit only tokens for which `inBasket` is true.",
    code: "TOKEN_NOT_IN_BASKET",
  },
  NoValue: {
    meaning: "the vault's NAV is not above zero",
    nextStep: "Leave in kind; deposits and plans are not possible.",
  },
  DepositsStopped: {
    meaning: "the vault takes no deposits in this mode",
    nextStep: "Read `mode()`; holders can leave in every mode.",
  },
  DepositWindowSpent: {
    meaning: "more of this token would come in than may within an hour",
    nextStep:
      "Deposit what is left (USD, 1e18; `depositRoom` tells), and the rest later: the window opens again within an hour.",
  },
  NavCapped: {
    meaning: "the deposit would carry the vault beyond its largest size",
    nextStep: "Deposit less.",
  },
  PoolDisagrees: {
    meaning: "a pool's price and the oracle's differ by more than deposits allow",
    nextStep: "Wait until they agree.",
  },
  AboveCeiling: {
    meaning: "the limit would be above its ceiling, which is a constant",
    nextStep: "Choose a value up to the ceiling.",
  },
  BelowFloor: {
    meaning: "the limit would be below its floor, which is a constant",
    nextStep: "Choose a value from the floor up.",
  },
  ModeOnlyTightens: {
    meaning: "the guardian can only make the vault stricter",
    nextStep: "Choose a stricter mode, or have the administrators set it.",
  },
  ClosedForGood: { meaning: "a closed vault does not open again", nextStep: "Leave in kind." },
  ZeroAmount: { meaning: "the amount is zero, or too small to mint a share", nextStep: "Use a larger amount." },
  TooFewShares: {
    meaning: "the deposit would mint less than the least that was asked for",
    nextStep: "Preview again and set `minShares` below it.",
    code: "SLIPPAGE",
  },
  TooLittleOut: {
    meaning: "the exit would pay less than the least that was asked for",
    nextStep: "Preview again and set `minOut` below it.",
    code: "SLIPPAGE",
  },
  ExitShortfall: {
    meaning: "closing the leaver's part of a hedge costs more than the leaver's other parts of that token",
    nextStep: "Leave with fewer shares, or list the hedge leg in `forfeit`.",
  },
  LastHolderForfeits: {
    meaning: "the last holder cannot give anything up, as it would be the next depositor's",
    nextStep: "Leave with a part of the shares, keep the rest for what cannot be left now, and come back for it.",
  },
  LegUnreachable: {
    meaning: "the leg cannot be left now",
    nextStep: "Wait, or list the leg in `forfeit` and give up its part.",
  },
  NotEnoughIdle: { meaning: "the vault holds less of the token than was asked for", nextStep: REPLAN },
  WrongAmountReceived: {
    meaning: "the token moved a different amount than asked",
    nextStep: "Tokens that take a fee on transfer cannot be deposited.",
  },
  NotEnoughGas: { meaning: "too little gas to read a feed", nextStep: "Send it again with more gas." },
  AccessManagedUnauthorized: {
    meaning: "the caller has no role for this",
    nextStep: "Send it from the account that has the role.",
  },
  // Rebalancer and legs
  WrongEpoch: { meaning: "another plan landed first", nextStep: REPLAN },
  EmptyPlan: { meaning: "the plan has no orders", nextStep: "Send a plan with at least one order." },
  OnlyReductions: {
    meaning: "only reductions pass while the covariance or a price is missing",
    nextStep: "Send burns, added margin or smaller shorts; or poke the covariance oracle and wait for the feeds.",
  },
  PoolOutOfBand: { meaning: "the pool's price stands too far from the oracle's", nextStep: "Wait until they agree." },
  LossTooLarge: { meaning: "the plan would cost more than a plan may", nextStep: "Send smaller orders." },
  NeitherReducedNorHedged: {
    meaning: "the plan neither lowers the variance nor leaves the vault inside its limits and hedged",
    nextStep: "Add hedge, or take liquidity away.",
  },
  GammaTooLarge: {
    meaning: "the liquidity bends too much for its range",
    nextStep: "Use a wider range or less liquidity.",
  },
  MarginTooThin: { meaning: "the hedge would have too little margin", nextStep: "Add margin first, or short less." },
  NotAMarket: { meaning: "the leg does not trade this market", nextStep: "Use one of the leg's `markets()`." },
  WouldFlipLong: {
    meaning: "the order would turn the short into a long",
    nextStep: "Buy back at most the size of the short.",
  },
  NeedsPrice: {
    meaning: "a price is bad, and the order goes by it",
    nextStep: "Only reductions and added margin pass; wait for good prices.",
  },
  RangeInUse: { meaning: "the leg holds another range", nextStep: "Burn it first." },
  NotEnoughLiquidity: { meaning: "the leg holds less liquidity than that", nextStep: REPLAN },
  SwapTooDear: { meaning: "the swap would return too little against the oracle", nextStep: "Swap less, or wait." },
};

/** Advice for a custom error by its name, or undefined where the name says it all. */
export function contractErrorAdvice(name: string): ContractErrorAdvice | undefined {
  return Object.hasOwn(ADVICE, name) ? ADVICE[name] : undefined;
}
