import type { AdviceTable } from "./types.js";

const REPLAN = "Read the state again and make a new plan.";
const SMALLER = "Send smaller orders.";
const NOTHING_WRONG = "There is nothing to mend; the keeper goes on.";

/** The Rebalancer, the legs and their venues. */
export const PLAN_ADVICE: AdviceTable = {
  WrongEpoch: ["another plan landed first", REPLAN],
  EmptyPlan: ["the plan has no orders", "Send a plan with at least one order."],
  TooSoon: ["the cooldown after the last plan is not over", "Wait until `readyAt`; added margin needs no cooldown."],
  OnlyReductions: [
    "only reductions pass while the covariance or a price is missing, or in a stricter mode",
    "Send burns, added margin or smaller shorts; or poke the covariance oracle and wait for the feeds.",
  ],
  PoolOutOfBand: ["the pool's price stands too far from the oracle's", "Wait until they agree."],
  LossTooLarge: ["the plan would cost more than it may", SMALLER],
  Overspent: ["the budget has less left than that", "Wait until it has refilled, or do less at once."],
  NeitherReducedNorHedged: [
    "the plan neither lowers the variance nor leaves the vault inside its limits and hedged",
    "Add hedge, or take liquidity away.",
  ],
  GammaTooLarge: ["the liquidity bends too much for its range", "Use a wider range or less liquidity."],
  MarginTooThin: ["the hedge would have too little margin", "Add margin first, or short less."],
  VenueTooLarge: ["too much of the vault would lie at one venue", "Add less margin there."],
  AssetTooLarge: ["the exposure to one asset would be too large", "Hedge more, or take liquidity away."],
  GrossTooLarge: ["the shorts together would be too large", "Short less."],
  RangeTooNarrow: ["the range is narrower than the vault allows", "Use a wider range."],
  SupplyChanged: ["shares were minted or burned in the middle of a plan", "Please report it with the plan."],

  // Anybody may make it safer
  NotMeasurable: [
    "a price is bad or the covariance oracle is not usable, so nothing can be measured",
    "Poke the covariance oracle, and wait for the feeds.",
  ],
  Calm: ["volatility is under the alarm's trigger", NOTHING_WRONG],
  NotCalm: ["volatility is still above the alarm's trigger", "Hedge first."],
  NoAlarm: ["no alarm was raised", "Call `raiseAlarm` while volatility is above its trigger."],
  AlarmStands: ["the alarm was raised already", "Wait for the grace period, then call `hedge`."],
  AlarmTooYoung: ["the keeper's grace period is not over", "Call again at `hedgeAt`."],
  VaultReduceOnly: ["the vault's mode lets only reductions pass", "Use `deleverage`, or leave."],
  OnlyHedgeLegs: ["strangers may trade hedge legs only", "Send orders of hedge legs."],
  OutOfOrder: ["burns come first, then margin, then reductions", "Sort the orders."],
  CashFirst: ["margin can be added from idle cash", "Add margin before reducing the hedge."],
  MarginIsSound: ["the leg has enough margin", NOTHING_WRONG],
  AboveTarget: ["the leg would have more margin than the target", SMALLER],
  NoReasonToBurn: ["more would be burned than mends what is wrong", SMALLER],
  StepTooLarge: ["the order is larger than one step may be", SMALLER],
  StepTooSmall: ["the step is too small to be worth a cooldown", "Send a larger step."],
  AssetStepTooLarge: ["the orders in one asset are together larger than one step may be", SMALLER],
  ReducedTooLittle: ["the variance would fall by too little", "Hedge more, or in another market."],
  HedgeTooDear: ["the hedge would cost more than it is worth", "Trade less, or in a deeper market."],

  // Legs
  NotAMarket: ["the leg does not trade this market", "Use one of the leg's `markets()`."],
  WouldFlipLong: ["the order would turn the short into a long", "Buy back at most the size of the short."],
  RangeInUse: ["the leg holds another range", "Burn it first."],
  NotEnoughLiquidity: ["the leg holds less liquidity than that", REPLAN],
  SwapTooDear: ["the swap would return too little against the oracle", "Swap less, or wait."],
  SoldTooCheap: ["selling what was borrowed would bring too little against the oracle", "Sell less, or wait."],
  BoughtTooDear: ["buying back what was borrowed would cost too much against the oracle", "Buy less, or wait."],
  PartlyFilled: ["the pool could not fill the trade", "Trade less."],
  NeedsPrice: ["the order needs a good price", "Wait for the feeds; added margin needs none."],
  UnsupportedAction: [
    "the leg does not know this action",
    "Size and margin are for hedge legs, the others for liquidity.",
  ],
  PriceOutOfRange: ["the price lies outside of what the pool can hold", "Check the feeds of the pool's tokens."],
};
