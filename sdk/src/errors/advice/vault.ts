import { NOT_DIRECTLY } from "../venues/types.js";
import type { AdviceTable } from "./types.js";

/** Deposits, exits, fees and modes. */
export const VAULT_ADVICE: AdviceTable = {
  "TooLate(uint deadline, uint now_)": ["the deadline passed", "Send it again with a later deadline."],
  "ZeroAmount()": ["the amount is zero, or too small to mint a share", "Use a larger amount."],
  "TooFewShares(uint shares, uint minShares)": [
    "the deposit would mint less than the least that was asked for",
    "Preview again and set `minShares` below it.",
    "SLIPPAGE",
  ],
  "DepositsStopped(uint8 mode)": [
    "the vault takes no deposits in its present mode",
    "Wait until the mode is Normal again; `readReport` shows it. Leaving works in every mode.",
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
  "ModeOnlyTightens(uint8 mode, uint8 asked)": [
    "the guardian may only make the vault stricter",
    "Ask the administrators for a looser mode.",
  ],
  "ClosedForGood()": ["a closed vault never opens again", "Leave, in kind or by the queue."],
  "NotRebalancer(address caller)": ["only the vault's Rebalancer may call this", NOT_DIRECTLY],
  "NotALeg(address caller)": ["the address is no leg of the vault", "Use one of the vault's `legs`."],
  "NotPool(address caller)": ["only the leg's pool may call this", NOT_DIRECTLY],

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
  "SettleTooEarly(uint now_, uint openFrom)": [
    "only the keeper may settle until the queue has waited for `maxWait`",
    "Wait; `redemption()` says from when anybody may.",
  ],
};
