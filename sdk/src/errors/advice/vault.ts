import type { AdviceTable } from "./types.js";

const OUTSIDE = "Call outside of other operations of the vault.";
const ONLY_INSIDE = "Nobody calls this directly: use the vault's own functions.";

/** Deposits, exits, fees and modes. */
export const VAULT_ADVICE: AdviceTable = {
  "Locked()": ["the vault is in the middle of an operation", OUTSIDE],
  "VaultLocked()": ["the vault is in the middle of an operation", OUTSIDE],
  "TooLate(uint deadline, uint now_)": ["the deadline passed", "Send it again with a later deadline."],
  "BadPrice()": [
    "a price cannot be used now",
    "Wait until the feeds report again; `report()` names the asset. Exits in kind need no price.",
  ],
  "NotInBasket(address)": [
    "the vault does not accept this token",
    "Deposit only tokens for which `inBasket` is true.",
    "TOKEN_NOT_IN_BASKET",
  ],
  "NoValue(int)": ["the vault's NAV is not above zero", "Leave in kind; deposits and plans are not possible."],
  "ZeroAmount()": ["the amount is zero, or too small to mint a share", "Use a larger amount."],
  "TooFewShares(uint shares, uint minShares)": [
    "the deposit would mint less than the least that was asked for",
    "Preview again and set `minShares` below it.",
    "SLIPPAGE",
  ],
  "DepositsStopped(uint8)": [
    "the vault takes no deposits in its present mode",
    "Wait until the mode is Normal again; `report()` shows it. Leaving works in every mode.",
  ],
  "DepositWindowSpent(address token, uint usd, uint left)": [
    "within an hour only so much of one asset comes in",
    "Deposit at most what is left, and the rest later; `rooms` of a smaller deposit's preview tells how much fits, and when.",
    "DEPOSIT_WINDOW",
  ],
  "NavCapped(int navAfter, uint maxNav)": [
    "the vault would grow beyond its cap",
    "Deposit less, or choose another vault.",
  ],
  "PoolDisagrees(address leg, uint disagreement, uint band)": [
    "a pool's price stands too far from the oracle's for a deposit",
    "Wait until they agree; leaving is possible.",
  ],
  "BandTooWide(uint half, uint most)": [
    "leaving the hedge would cost too much now to price shares fairly",
    "Wait until the venues' markets are back; leaving in kind is possible.",
  ],
  "TooLittleOut(address token, uint amount, uint minAmount)": [
    "the exit would pay less than the least that was asked for",
    "Preview again and set `minOut` below it.",
    "SLIPPAGE",
  ],
  "ExitShortfall(address token, int amount)": [
    "closing the leaver's part of a hedge costs more than the leaver's other parts of that token",
    "Leave with fewer shares, or list the hedge leg in `forfeit`.",
  ],
  "LastHolderForfeits()": [
    "the last holder cannot give anything up, as it would be the next depositor's",
    "Leave with a part of the shares, keep the rest for what cannot be left now, and come back for it.",
  ],
  "LegUnreachable(address leg, bytes reason)": [
    "the leg cannot be left now",
    "Wait, or list the leg in `forfeit` and give up its part.",
  ],
  "NotEnoughIdle(address token, uint asked, uint held)": [
    "the vault holds less of the token than was asked for",
    "Read the state again and make a new plan.",
  ],
  "WrongAmountReceived(address token, uint expected, uint received)": [
    "the token moved a different amount than asked",
    "Tokens that take a fee on transfer cannot be deposited.",
  ],
  "LengthMismatch(uint assets, uint feeds)": [
    "two lists that belong together differ in length",
    "Give one entry for each of the vault's assets.",
  ],
  "ModeOnlyTightens(uint8 mode, uint8 asked)": [
    "the guardian may only make the vault stricter",
    "Ask the administrators for a looser mode.",
  ],
  "ClosedForGood()": ["a closed vault never opens again", "Leave, in kind or by the queue."],
  "NotRebalancer(address)": ["only the vault's Rebalancer may call this", ONLY_INSIDE],
  "NotALeg(address)": ["the address is no leg of the vault", "Use one of the vault's `legs()`."],
  "NotVault(address)": ["only the leg's vault may call this", ONLY_INSIDE],
  "NotPool(address)": ["only the leg's pool may call this", ONLY_INSIDE],

  // The redemption queue
  "NotController(address caller, address controller)": [
    "the caller is neither the controller nor an operator of the controller",
    "Let the controller call `setOperator` first.",
  ],
  "NotEnoughWaiting(uint asked, uint waiting)": [
    "fewer shares wait than were asked back",
    "Look at `redemption()`; what was filled can be claimed.",
    "INSUFFICIENT_SHARES",
  ],
  "NotEnoughClaimable(uint asked, uint claimable)": [
    "less was filled than was asked for",
    "Look at `redemption()`; the rest is paid by later settlements.",
    "INSUFFICIENT_SHARES",
  ],
  "NoPreview()": ["nobody knows the price of a redemption before it is settled", "Look at `redemption()` instead."],
  "SettleTooEarly(uint now_, uint openFrom)": [
    "only the keeper may settle until the queue has waited for `maxWait`",
    "Wait; `redemption()` says from when anybody may.",
  ],
};
