import type { AdviceTable } from "./types.js";

const REPLAN = "Read the state again and make a new plan.";
const STEP = ["more than one step may do", "Send smaller orders."] as const;
const SMALLER = "Send smaller orders.";
const NOTHING_WRONG = "There is nothing to mend; the keeper goes on.";

/** The Rebalancer, the legs and their venues. */
export const PLAN_ADVICE: AdviceTable = {
  "WrongEpoch(uint expected, uint given)": ["another plan landed first", REPLAN],
  "EmptyPlan()": ["the plan has no orders", "Send a plan with at least one order."],
  "TooSoon(uint readyAt, uint now_)": [
    "the cooldown after the last plan is not over",
    "Wait until `readyAt`; added margin needs no cooldown.",
  ],
  "OnlyReductions(address leg, uint8 action)": [
    "only reductions pass while the covariance or a price is missing, or in a stricter mode",
    "Send burns, added margin or smaller shorts; or poke the covariance oracle and wait for the feeds.",
  ],
  "PoolOutOfBand(address leg, uint deviation, uint band)": [
    "the pool's price stands too far from the oracle's",
    "Wait until they agree.",
  ],
  "LossTooLarge(int navBefore, int navAfter, uint maxLoss)": ["the plan would cost more than it may", SMALLER],
  "Overspent(uint amount, uint left)": [
    "the budget has less left than that",
    "Wait until it has refilled, or do less at once.",
  ],
  "NeitherReducedNorHedged(uint varianceBefore, uint varianceAfter, uint varianceUnhedged, uint volatility)": [
    "the plan neither lowers the variance nor leaves the vault inside its limits and hedged",
    "Add hedge, or take liquidity away.",
  ],
  "GammaTooLarge(uint gammaVolatility, uint maxGammaVolatility)": [
    "the liquidity bends too much for its range",
    "Use a wider range or less liquidity.",
  ],
  "MarginTooThin(address leg, uint ratio, uint minRatio)": [
    "the hedge would have too little margin",
    "Add margin first, or short less.",
  ],
  "VenueTooLarge(address leg, int equity, uint most)": [
    "too much of the vault would lie at one venue",
    "Add less margin there.",
  ],
  "AssetTooLarge(address asset, int exposure, uint most)": [
    "the exposure to one asset would be too large",
    "Hedge more, or take liquidity away.",
  ],
  "GrossTooLarge(uint gross, uint most)": ["the shorts together would be too large", "Short less."],
  "RangeTooNarrow(address leg, int width, uint minRangeWidth)": [
    "the range is narrower than the vault allows",
    "Use a wider range.",
  ],
  "SupplyChanged(uint before, uint now_)": [
    "shares were minted or burned in the middle of a plan",
    "Please report it with the plan.",
  ],

  // Anybody may make it safer
  "NotMeasurable()": [
    "a price is bad or the covariance oracle is not usable, so nothing can be measured",
    "Poke the covariance oracle, and wait for the feeds.",
  ],
  "Calm(uint volatility, uint alarmVolatility)": ["volatility is under the alarm's trigger", NOTHING_WRONG],
  "NotCalm(uint volatility, uint alarmVolatility)": ["volatility is still above the alarm's trigger", "Hedge first."],
  "NoAlarm()": ["no alarm was raised", "Call `raiseAlarm` while volatility is above its trigger."],
  "AlarmStands(uint since)": ["the alarm was raised already", "Wait for the grace period, then call `hedge`."],
  "AlarmTooYoung(uint hedgeAt, uint now_)": ["the keeper's grace period is not over", "Call again at `hedgeAt`."],
  "VaultReduceOnly(uint8 mode)": ["the vault's mode lets only reductions pass", "Use `deleverage`, or leave."],
  "OnlyHedgeLegs(address leg, uint8 action)": ["strangers may trade hedge legs only", "Send orders of hedge legs."],
  "OutOfOrder(address leg, uint8 action)": ["burns come first, then margin, then reductions", "Sort the orders."],
  "CashFirst(address leg, uint idle, uint missing)": [
    "margin can be added from idle cash",
    "Add margin before reducing the hedge.",
  ],
  "MarginIsSound(address leg, uint ratio, uint floor)": ["the leg has enough margin", NOTHING_WRONG],
  "AboveTarget(address leg, uint ratio, uint target)": ["the leg would have more margin than the target", SMALLER],
  "NoReasonToBurn(uint burnt, uint most)": STEP,
  "StepTooLarge(address leg, uint share, uint maxStep)": STEP,
  "StepTooSmall(uint moved, uint least)": ["the step is too small to be worth a cooldown", "Send a larger step."],
  "AssetStepTooLarge(address asset, uint notional, uint most)": STEP,
  "ReducedTooLittle(uint varianceBefore, uint varianceAfter, uint minShare)": [
    "the variance would fall by too little",
    "Hedge more, or in another market.",
  ],
  "HedgeTooDear(uint cost, uint most)": [
    "the hedge would cost more than it is worth",
    "Trade less, or in a deeper market.",
  ],

  // Legs
  "WouldFlipLong(address baseToken, int size, int change)": [
    "the order would turn the short into a long",
    "Buy back at most the size of the short.",
  ],
  "RangeInUse(int24 tickLower, int24 tickUpper)": ["the leg holds another range", "Burn it first."],
  "NotEnoughLiquidity(uint128 asked, uint128 held)": ["the leg holds less liquidity than that", REPLAN],
  "SwapTooDear(uint amountIn, uint amountOut, uint minAmountOut)": [
    "the swap would return too little against the oracle",
    "Swap less, or wait.",
  ],
  "SoldTooCheap(address token, uint received, uint least)": [
    "selling what was borrowed would bring too little against the oracle",
    "Sell less, or wait.",
  ],
  "BoughtTooDear(address token, uint paid, uint most)": [
    "buying back what was borrowed would cost too much against the oracle",
    "Buy less, or wait.",
  ],
  "PartlyFilled(uint asked, uint filled)": ["the pool could not fill the trade", "Trade less."],
  "NeedsPrice(uint8 action, int amount)": [
    "the order needs a good price",
    "Wait for the feeds; added margin needs none.",
  ],
  "UnsupportedAction(uint8 action)": [
    "the leg does not know this action",
    "Size and margin are for hedge legs, the others for liquidity.",
  ],
  "HistoryTooShort(address pool, uint32 window)": [
    "the pool's price history is too short",
    "Wait until it has recorded more, or let it remember more prices.",
  ],
};
